"""Notices to a client that wants them, in the order they are made."""

from collections.abc import Awaitable, Callable
from typing import Any

from forkpoint.lsp.progress import Notify
from forkpoint.lsp.wire_converter import WireConverter


class Events:
    """The client as the live feed sees it; an implementation of `forkpoint.stores.watching.live_feed.Client`."""

    def __init__(self, notify: Notify, room: Callable[[], Awaitable[None]], wire: WireConverter) -> None:
        self._notify = notify
        self._room = room
        self._wire = wire

    async def room(self) -> None:
        """Wait while the client is behind."""
        await self._room()

    def send(self, method: str, value: Any) -> None:
        """Send a notification."""
        self._notify(method, self._wire.unstructure(value))
