"""A conversation without a process: bodies in, decoded messages out. Everything else is the real thing."""

import asyncio
import json
from collections.abc import Callable, Sequence
from typing import Any

from forkpoint.lsp.conversation import Conversation
from forkpoint.lsp.frames import Frame
from forkpoint.operations.catalogue import Listing
from tests.lsp.odd_operations import ODD_CATALOGUE

PATIENCE = 45.0


class _Absent:
    def __repr__(self) -> str:
        return "absent"


ABSENT: Any = _Absent()
"""Stands for params that are left out."""


class Talk:
    """Sends frames as a client would and keeps what comes back, in order."""

    def __init__(self, catalogue: Sequence[Listing] = ODD_CATALOGUE) -> None:
        self.messages: list[dict[str, Any]] = []
        self.exit_codes: list[int] = []
        self._news = asyncio.Event()
        self._last_id = 1000
        self._room = asyncio.Event()
        self._room.set()
        self.conversation = Conversation(
            catalogue,
            send=self._take,
            room=self._room_for_more,
            on_client=lambda profile: None,
            on_exit=self.exit_codes.append,
        )

    def _take(self, body: bytes) -> None:
        self.messages.append(json.loads(body, parse_constant=_no_constant))
        self._news.set()

    async def _room_for_more(self) -> None:
        await self._room.wait()

    def fill(self) -> None:
        """Let the client be behind."""
        self._room.clear()

    def take_all(self) -> None:
        """Let the client catch up."""
        self._room.set()

    # --- in ---

    def body(self, frame: Frame) -> None:
        """Send one body as it is."""
        self.conversation.receive([frame])

    def send(self, message: Any) -> None:
        """Send one message."""
        self.body(json.dumps(message).encode())

    def begin(self, method: str, params: Any = ABSENT) -> int:
        """Send a request; give its id."""
        self._last_id += 1
        message = {"jsonrpc": "2.0", "id": self._last_id, "method": method}
        self.send(message if params is ABSENT else message | {"params": params})
        return self._last_id

    def notify(self, method: str, params: Any = ABSENT) -> None:
        """Send a notification."""
        message = {"jsonrpc": "2.0", "method": method}
        self.send(message if params is ABSENT else message | {"params": params})

    async def call(self, method: str, params: Any = ABSENT) -> dict[str, Any]:
        """Send a request and give the whole reply."""
        return await self.reply(self.begin(method, params))

    async def start(self, **params: Any) -> dict[str, Any]:
        """Send `initialize` with these params and `initialized`; give the reply to the first."""
        reply = await self.call("initialize", {"capabilities": {}, "processId": None} | params)
        self.notify("initialized", {})
        return reply

    # --- out ---

    def replies(self, id: Any) -> list[dict[str, Any]]:
        """Give all replies to an id so far; 1 is not "1", and null matches null alone."""
        return [
            message
            for message in self.messages
            if "method" not in message and message["id"] == id and type(message["id"]) is type(id)
        ]

    def notifications(self, method: str) -> list[Any]:
        """Give the params of each such notification so far."""
        return [m["params"] for m in self.messages if m.get("method") == method and "id" not in m]

    def asked(self, method: str) -> list[dict[str, Any]]:
        """Give each such request of the server so far."""
        return [message for message in self.messages if message.get("method") == method and "id" in message]

    async def reply(self, id: Any) -> dict[str, Any]:
        """Wait for the reply to an id."""
        return (await self.until(lambda: self.replies(id)))[0]

    async def until(self, condition: Callable[[], Any]) -> Any:
        """Wait until the condition gives something true, asked again after each message; give what it gave."""
        async with asyncio.timeout(PATIENCE):
            while not (found := condition()):
                self._news.clear()
                await self._news.wait()
            return found

    async def settle(self) -> list[dict[str, Any]]:
        """Let everything that was sent be worked off, and give all messages: a later request is answered later."""
        await self.call("odd/echo", {})
        return self.messages


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")
