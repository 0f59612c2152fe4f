"""The stores put together, the same for the language server and for the command line."""

from collections.abc import Callable, Sequence

from forkpoint.agents.discovery import adapters
from forkpoint.model.settings import Settings
from forkpoint.operations.services import Call, Services
from forkpoint.stores.file_store import FileStore
from forkpoint.stores.git_store import GitStore
from forkpoint.stores.housekeeping.rounds import Rounds, pace_of
from forkpoint.stores.own_folders import own_folders
from forkpoint.stores.session_changes.changes import SessionChanges
from forkpoint.stores.session_store import SessionStore
from forkpoint.stores.state.own_state import OwnState
from forkpoint.stores.uploads.upload_store import UploadStore
from forkpoint.stores.watching.live_feed import LiveFeed
from forkpoint.stores.workers import Workers


class Assembly:
    """One set of stores, over settings and workspace folders that may change under it."""

    def __init__(
        self,
        settings: Callable[[], Settings],
        workspace: Callable[[], Sequence[str]],
        startup_folder: str,
        state_folder: str | None = None,
    ) -> None:
        """`state_folder` is where our own state lies, absolute; None for the environment's or the platform's."""
        self._settings = settings
        self._workspace = workspace
        self._startup_folder = startup_folder
        workers = Workers()
        self._state = OwnState(state_folder or own_folders().state)
        self._sessions = SessionStore(
            workers, adapters(), settings, lambda: (*workspace(), startup_folder), self._state
        )
        self._changes = SessionChanges(workers, self._sessions, self._state)
        self._files = FileStore(workers, lambda: settings().max_read_bytes)
        self._uploads = UploadStore(workers, self._sessions, self._changes, self._files, self._state.folder)
        self._git = GitStore(workers, self._files, lambda: settings().git_timeout_ms, lambda: settings().max_read_bytes)

        self.live = LiveFeed(self._sessions, workers, self._state, lambda: settings().watch)
        """What the client is told while it looks on; to be closed at the end."""

        self.rounds = Rounds(self._changes, self.live.stream, settings, pace_of())
        """The housekeeping that nobody has to ask for, once it is started; to be closed at the end."""

    def services(self, call: Call) -> Services:
        """Give what one call needs, with the settings and folders as they are now."""
        self.rounds.disturbed()
        return Services(
            sessions=self._sessions,
            session_changes=self._changes,
            files=self._files,
            uploads=self._uploads,
            git=self._git,
            state=self._state,
            live=self.live,
            settings=self._settings(),
            workspace=tuple(self._workspace()),
            startup_folder=self._startup_folder,
            call=call,
        )
