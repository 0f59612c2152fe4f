"""Uploaded files as clients ask for them: handed in, listed, read."""

import asyncio

from forkpoint.model.failures import FileNotFound, PathRefused
from forkpoint.model.files import FileContent
from forkpoint.model.settings import GuardLevel
from forkpoint.model.uploads import UploadListing
from forkpoint.parsing.base64_text import decode_pieces
from forkpoint.parsing.path_rules import HIDDEN
from forkpoint.stores.file_store import FileStore
from forkpoint.stores.guarded_open import GuardedRoot
from forkpoint.stores.session_changes.changes import SessionChanges
from forkpoint.stores.session_changes.uploading import Portion, Received, receive
from forkpoint.stores.session_store import SessionStore
from forkpoint.stores.uploads.listing import list_files
from forkpoint.stores.uploads.places import UploadPlace, place_of
from forkpoint.stores.uploads.reception import PATIENCE, Reception
from forkpoint.stores.workers import CancelFlag, Workers


class UploadStore:
    """The uploaded files of all sessions."""

    def __init__(
        self,
        workers: Workers,
        store: SessionStore,
        changes: SessionChanges,
        files: FileStore,
        state_folder: str,
        patience: float = PATIENCE,
    ) -> None:
        """`patience` is how long an upload waits for its next portion, in seconds."""
        self._workers = workers
        self._store = store
        self._changes = changes
        self._files = files
        self._state_folder = state_folder
        self._reception = Reception(patience)

    async def decoded(self, data: str) -> list[bytes]:
        """Give the bytes of a portion. Raises ValueError when it is no base64."""
        return await self._workers.quick(lambda _: decode_pieces(data))

    async def add(self, portion: Portion) -> Received:
        """Take the next bytes of an upload. Raises a Failure, and then nothing of it is left."""
        received = await self._changes.keep_house(lambda tools, flag: receive(tools, self._reception, portion, flag))
        if received.kept is None:
            asyncio.get_running_loop().call_later(self._reception.patience, self._tidy)
        return received

    def _tidy(self) -> None:
        """End what nobody continued; a portion that came meanwhile has a timer of its own."""
        asyncio.get_running_loop().run_in_executor(None, self._reception.drop_idle)

    async def list(self, session_id: str, guard: GuardLevel) -> UploadListing:
        """List what was uploaded to a session. Raises SessionNotFound, Discontinued, PathRefused, Unreadable."""
        place = await self._place(session_id)

        def work(flag: CancelFlag) -> UploadListing:
            descriptor = place.opened()
            if descriptor is None:
                return UploadListing(items=[], hidden=0, truncated=False, problems=[])
            with GuardedRoot.over(descriptor, guard) as root:
                return list_files(root, flag)

        return await self._workers.heavy(work)

    async def read(self, session_id: str, path: str, guard: GuardLevel, offset: int, length: int | None) -> FileContent:
        """Read an uploaded file. Raises SessionNotFound, Discontinued, and what `FileStore.read` does."""
        place = await self._place(session_id)

        def opened() -> GuardedRoot:
            if any(name.startswith(".") and name not in (".", "..") for name in path.split("/")):
                raise PathRefused(path=path, reason=HIDDEN)
            descriptor = place.opened()
            if descriptor is None:
                raise FileNotFound(path=path)
            return GuardedRoot.over(descriptor, guard)

        return await self._files.read_in(opened, path, offset, length)

    async def _place(self, session_id: str) -> UploadPlace:
        located, _ = await self._store.locate(session_id)
        return await self._workers.quick(
            lambda flag: place_of(located, self._store.rows.arrange(located, flag), self._state_folder)
        )
