"""Messages to the client, encoded and handed to the writer."""

import asyncio
import contextlib
import itertools
import math
from collections.abc import Callable
from typing import Any

from forkpoint.lsp.errors import ErrorReply
from forkpoint.lsp.incoming import Response
from forkpoint.lsp.json_values import is_array, is_object
from forkpoint.parsing.json_lines import encode

try:
    import msgspec
except ImportError:  # the pure way must work alone
    msgspec = None


class ClientRefused(Exception):
    """The client answered one of our requests with an error."""


class Outgoing:
    """Replies, notifications, and requests of our own."""

    def __init__(self, send: Callable[[bytes], None]) -> None:
        self._send = send
        self._numbers = itertools.count(1)
        self._asked: dict[str, asyncio.Future[Any]] = {}
        self._given_up: set[str] = set()
        """Requests whose answers nobody waits for any more, such as those cut off by a shutdown."""

    def result(self, id: Any, result: Any) -> int:
        """Send a result; give its size. Errors: as `encode_message`, and then nothing was sent."""
        return self.message({"jsonrpc": "2.0", "id": id, "result": result})

    def error(self, id: Any, error: ErrorReply) -> int:
        """Send an error; give its size."""
        return self.message({"jsonrpc": "2.0", "id": id, "error": error})

    def notify(self, method: str, params: Any) -> None:
        """Send a notification. Errors: as `encode_message`."""
        self.message({"jsonrpc": "2.0", "method": method, "params": params})

    async def ask(self, method: str, params: Any) -> Any:
        """Send a request and give the client's result. Errors: ClientRefused."""
        id = f"forkpoint-{next(self._numbers)}"
        future = self._asked[id] = asyncio.get_running_loop().create_future()
        try:
            self.message({"jsonrpc": "2.0", "id": id, "method": method, "params": params})
            return await future
        finally:
            del self._asked[id]
            if not future.done() or future.cancelled():
                self._given_up.add(id)

    def answered(self, response: Response) -> bool:
        """Take the answer to a request of ours; False when it answers none."""
        if not isinstance(response.id, str):
            return False
        if response.id in self._given_up:
            self._given_up.remove(response.id)
            return True
        future = self._asked.get(response.id)
        if future is None:
            return False
        if not future.done():
            if response.error is None:
                future.set_result(response.result)
            else:
                future.set_exception(ClientRefused())
        return True

    def message(self, message: dict[str, Any]) -> int:
        """Send any message; give its size. Errors: as `encode_message`."""
        body = encode_message(message)
        self._send(body)
        return len(body)


def encode_message(message: Any) -> bytes:
    """Give the body of a message. Errors: TypeError, ValueError, RecursionError for what JSON cannot carry.

    NaN and the infinities, which agents' logs may hold and JSON may not, become null: msgspec writes them so.
    """
    if msgspec is not None:
        with contextlib.suppress(UnicodeEncodeError):  # a lone surrogate
            return msgspec.json.encode(message)
    body = encode(message)
    if b"NaN" in body or b"Infinity" in body:
        body = encode(_finite(message))
    return body


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if is_object(value):
        return {name: _finite(member) for name, member in value.items()}
    if is_array(value):
        return [_finite(item) for item in value]
    return value
