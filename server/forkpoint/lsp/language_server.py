"""Our language server as pygls knows it: its name, its abilities, its commands, and the messages of LSP it handles."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, cast

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.protocol import default_converter

from forkpoint.lsp import errors
from forkpoint.lsp.editor import Editor
from forkpoint.lsp.lsp_protocol import LspProtocol
from forkpoint.lsp.open_requests import OpenRequests
from forkpoint.model.version import VERSION
from forkpoint.operations.catalogue import FILTERS, NOTIFICATIONS, PROTOCOL_VERSION, Listing

NAME = "forkpoint"

PATIENCE_AT_SHUTDOWN = 3.0
"""Seconds that cancelled work gets to end in before `shutdown` is answered."""


class SidecarServer(LanguageServer):
    """A pygls server that starts no transport and no threads of its own."""

    def __init__(self, catalogue: Sequence[Listing]) -> None:
        super().__init__(  # pyright: ignore[reportUnknownMemberType]  (pygls leaves some of it untyped)
            NAME,
            VERSION,
            text_document_sync_kind=types.TextDocumentSyncKind.None_,
            protocol_cls=LspProtocol,
            converter_factory=default_converter,
        )
        self.lsp.experimental = abilities(catalogue)
        self.lsp.offer_commands([listing.command for listing in catalogue])

    @property
    def lsp(self) -> LspProtocol:
        """The protocol, by its own type."""
        return cast("LspProtocol", self.protocol)

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Log it: an error never becomes a window that pops up."""
        errors.mistake(error)


def build_server(catalogue: Sequence[Listing]) -> SidecarServer:
    """Make a server that offers a catalogue and is not connected to anything yet."""
    return SidecarServer(catalogue)


def bind(
    server: SidecarServer, editor: Editor, requests: OpenRequests, be_silent: Callable[[], Awaitable[None]]
) -> None:
    """Let the editor's state follow what LSP tells; `be_silent` ends all that is told without being asked."""

    async def shutdown(*_: Any) -> None:
        await requests.cancel_all(PATIENCE_AT_SHUTDOWN, but=types.SHUTDOWN)
        await be_silent()

    async def initialized(*_: Any) -> None:
        await editor.initialized()

    async def configuration_changed(params: types.DidChangeConfigurationParams) -> None:
        await editor.configuration_changed(params.settings)

    def folders_changed(params: types.DidChangeWorkspaceFoldersParams) -> None:
        event = params.event
        editor.folders_changed([folder.uri for folder in event.removed], [folder.uri for folder in event.added])

    handlers: dict[str, Callable[..., Any]] = {
        types.SHUTDOWN: shutdown,
        types.INITIALIZED: initialized,
        types.WORKSPACE_DID_CHANGE_CONFIGURATION: configuration_changed,
        types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS: folders_changed,
    }
    for method, handler in handlers.items():
        server.feature(method)(handler)


def abilities(catalogue: Sequence[Listing]) -> dict[str, Any]:
    """Give what `initialize` says of us under `capabilities.experimental`."""
    return {
        NAME: {
            "protocolVersion": PROTOCOL_VERSION,
            "methods": [listing.method for listing in catalogue],
            "notifications": [notice.method for notice in NOTIFICATIONS],
            "filters": list(FILTERS),
        }
    }
