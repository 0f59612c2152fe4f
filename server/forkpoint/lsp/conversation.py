"""The parts of one conversation with one client, wired together; how its bytes travel is not its matter."""

import os
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

from forkpoint.lsp.client_profile import ClientProfile
from forkpoint.lsp.editor import Editor
from forkpoint.lsp.envelope import Envelope
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
        server = build_server(catalogue)
        server.lsp.connect(outgoing, requests)
        bind(server, self._editor, requests)
        wire = WireConverter()
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

    def _greet(self, profile: ClientProfile) -> None:
        self._editor.greet(profile)
        self._on_client(profile)

    def _services(self, call: Call) -> Services:
        """Give the services of a call; the stores are loaded and built for the first one."""
        if self._assembly is None:
            from forkpoint.operations.assembly import Assembly

            self._assembly = Assembly(lambda: self._editor.settings, lambda: self._editor.folders, _startup_folder())
        return self._assembly.services(call)


def _startup_folder() -> str:
    """Give the folder the server was started in; the home folder when that is gone."""
    try:
        return os.getcwd()
    except OSError:
        return os.environ.get("HOME") or os.sep
