"""The stores put together, the same for the language server and for the command line."""

from collections.abc import Callable, Sequence

from forkpoint.agents.discovery import adapters
from forkpoint.model.settings import Settings
from forkpoint.operations.services import Call, Services
from forkpoint.stores.file_store import FileStore
from forkpoint.stores.git_store import GitStore
from forkpoint.stores.session_store import SessionStore
from forkpoint.stores.workers import Workers


class Assembly:
    """One set of stores, over settings and workspace folders that may change under it."""

    def __init__(
        self, settings: Callable[[], Settings], workspace: Callable[[], Sequence[str]], startup_folder: str
    ) -> None:
        self._settings = settings
        self._workspace = workspace
        self._startup_folder = startup_folder
        workers = Workers()
        self._sessions = SessionStore(workers, adapters(), settings, lambda: (*workspace(), startup_folder))
        self._files = FileStore(workers, lambda: settings().max_read_bytes)
        self._git = GitStore(workers, self._files, lambda: settings().git_timeout_ms, lambda: settings().max_read_bytes)

    def services(self, call: Call) -> Services:
        """Give what one call needs, with the settings and folders as they are now."""
        return Services(
            sessions=self._sessions,
            files=self._files,
            git=self._git,
            settings=self._settings(),
            workspace=tuple(self._workspace()),
            startup_folder=self._startup_folder,
            call=call,
        )
