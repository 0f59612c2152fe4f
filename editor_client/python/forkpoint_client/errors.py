"""What a call can raise."""

from typing import Any


class ForkpointError(Exception):
    """The server answered a call with an error.

    `kind` is what a program should look at: one of the kinds that PROTOCOL.md lists, or None for an error of
    JSON-RPC itself (`code` -32602 and its neighbours). The message is for people and may change.
    """

    def __init__(self, code: int, message: str, data: Any = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.data: dict[str, Any] = data if isinstance(data, dict) else {}
        kind = self.data.get("kind")
        self.kind: str | None = kind if isinstance(kind, str) else None

    def __str__(self) -> str:
        return f"{self.message} ({self.kind or self.code})"


class ConnectionLost(Exception):
    """The server's process ended, or its output was no longer a stream of frames."""
