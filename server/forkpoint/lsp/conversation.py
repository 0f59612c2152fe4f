"""The parts of one conversation with one client, wired together; how its bytes travel is not its matter."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

from forkpoint.lsp.client_profile import ClientProfile
from forkpoint.lsp.editor import Editor
from forkpoint.lsp.envelope import Envelope
from forkpoint.lsp.events import Events
from forkpoint.lsp.frames import Frame
from forkpoint.lsp.language_server import bind, build_server
from forkpoint.lsp.open_requests import OpenRequests
from forkpoint.lsp.operation_calls import OperationCalls
from forkpoint.lsp.outgoing import Outgoing
from forkpoint.lsp.wire_converter import WireConverter
from forkpoint.operations.catalogue import Listing
from forkpoint.operations.services import Call, Services

if TYPE_CHECKING:
    from forkpoint.operations.assembly import Assembly

LIVE = frozenset({"sessions/changed", "git/changed"})
"""Notifications that a client gets without asking, once it has named them."""
LOAD_AFTER = 0.2
"""Seconds after `initialize` until the stores are loaded for them, should no request have done so before."""
LOAD_AT_LAST = 5.0
"""The same for a client that named none of them: what killed processes left is removed even if it asks for nothing."""


class Conversation:
    """Takes frames and sends bodies."""

    def __init__(
        self,
        catalogue: Sequence[Listing],
        *,
        send: Callable[[bytes], None],
        room: Callable[[], Awaitable[None]],
        on_client: Callable[[ClientProfile], None],
        on_exit: Callable[[int], None],
    ) -> None:
        """Wire it up.

        `send` takes each body and never waits; `room` waits until the client has taken most of them. `on_client`
        hears what `initialize` told, `on_exit` the exit code that `exit` asks for.
        """
        outgoing = Outgoing(send)
        requests = OpenRequests(outgoing)
        self._on_client = on_client
        self._editor = Editor(outgoing)
        self._assembly: Assembly | None = None
        self._named: frozenset[str] = frozenset()
        self._load_later: asyncio.TimerHandle | None = None
        server = build_server(catalogue)
        server.lsp.connect(outgoing, requests)
        bind(server, self._editor, requests, self._be_silent)
        wire = WireConverter()
        self._events = Events(outgoing.notify, room, wire)
        self._envelope = Envelope(
            protocol=server.lsp,
            calls=OperationCalls(catalogue, self._services, wire),
            outgoing=outgoing,
            requests=requests,
            wire=wire,
            room=room,
            on_client=self._greet,
            on_exit=on_exit,
        )

    def receive(self, frames: Sequence[Frame], *, answered_before: bool = False) -> None:
        """Take frames; `answered_before` says that the first one has its reply already."""
        self._envelope.receive(frames, answered_before=answered_before)

    async def close(self) -> None:
        """Cancel what is in flight, and see that all of it is answered."""
        await self._envelope.close()
        await self._be_silent()

    def _greet(self, profile: ClientProfile) -> None:
        self._editor.greet(profile)
        self._on_client(profile)
        self._named = profile.notifications
        load_after = LOAD_AFTER if self._named & LIVE else LOAD_AT_LAST
        self._load_later = asyncio.get_running_loop().call_later(load_after, self._assembled)

    async def _be_silent(self) -> None:
        """Tell nothing more of what changes, look at nothing any more, and keep house no more."""
        if self._load_later is not None:
            self._load_later.cancel()
        if self._assembly is not None:
            await self._assembly.rounds.close()
            await self._assembly.live.close()

    def _services(self, call: Call) -> Services:
        return self._assembled().services(call)

    def _assembled(self) -> "Assembly":
        """Give the stores; they are loaded and built when they are first needed."""
        if self._assembly is None:
            from forkpoint.operations.assembly import Assembly

            self._assembly = Assembly(lambda: self._editor.settings, lambda: self._editor.folders, _startup_folder())
            self._assembly.live.greet(self._events, self._named)
            self._assembly.rounds.start()
        return self._assembly


def _startup_folder() -> str:
    """Give the folder the server was started in; the home folder when that is gone."""
    try:
        return os.getcwd()
    except OSError:
        return os.environ.get("HOME") or os.sep
