"""What every operation is handed: the stores, the settings, the workspace and the call it answers."""

from collections.abc import Sequence
from typing import Any, Protocol

import attrs

from forkpoint.model.settings import Settings
from forkpoint.stores.file_store import FileStore
from forkpoint.stores.git_store import GitStore
from forkpoint.stores.session_changes.changes import SessionChanges
from forkpoint.stores.session_store import SessionStore
from forkpoint.stores.state.own_state import OwnState
from forkpoint.stores.uploads.upload_store import UploadStore
from forkpoint.stores.watching.changes import ChangeStream
from forkpoint.stores.watching.live_feed import LiveFeed


class Call(Protocol):
    """The request that is being answered."""

    @property
    def streams(self) -> bool:
        """Whether the client takes partial results, by token or by notification."""
        ...

    async def partial(self, value: Any) -> None:
        """Send one portion of the result; waits while the client is behind."""
        ...

    async def progress(self, message: str, done: int | None = None, total: int | None = None) -> None:
        """Tell how far the work is; sent only when the client asked and the work has lasted 300 ms."""
        ...


class SilentCall:
    """A call whose client takes neither portions nor progress."""

    streams = False

    async def partial(self, value: Any) -> None:
        """Send nothing."""

    async def progress(self, message: str, done: int | None = None, total: int | None = None) -> None:
        """Send nothing."""


@attrs.frozen(kw_only=True)
class Services:
    """The frozen bag; a copy per request carries the request's own `call`."""

    sessions: SessionStore
    session_changes: SessionChanges
    """What creates, changes, forks, deletes and restores sessions."""
    files: FileStore
    uploads: UploadStore
    git: GitStore
    state: OwnState
    """Our own notes, trash and books; every method waits on the disk."""
    live: LiveFeed
    """What the client asked to be told of."""
    settings: Settings
    workspace: Sequence[str]
    """The editor's workspace folders as absolute paths, in the editor's order."""
    startup_folder: str
    """The folder the server was started in."""
    call: Call = attrs.field(factory=SilentCall)

    @property
    def changes(self) -> ChangeStream:
        """The stream of changed sessions, where our own changes are announced."""
        return self.live.stream
