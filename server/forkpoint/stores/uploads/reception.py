"""The uploads that are under way in this process, and the end of those that nobody continues."""

import threading
import time
import uuid
from contextlib import suppress

from forkpoint.model.failures import Failure, UploadNotFound
from forkpoint.stores.uploads.incoming import Incoming

PATIENCE = 600.0
"""How long an upload waits for its next portion, in seconds."""
MOST = 128
"""How many there are at once; one more drops the one that has waited longest. Each holds two descriptors."""


class Reception:
    """Knows uploads by their ids; for use in workers."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self.patience = patience
        self._under_way: dict[str, Incoming] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._under_way)

    def enter(self, incoming: Incoming) -> str:
        """Take one up; gives its id."""
        upload_id = str(uuid.uuid4())
        with self._lock:
            self._under_way[upload_id] = incoming
            waiting = sorted(self._under_way, key=lambda each: self._under_way[each].touched)
        for other in waiting[: max(0, len(waiting) - MOST)]:
            self.drop(other)
        return upload_id

    def find(self, upload_id: str, session_id: str, name: str) -> Incoming:
        """Give one, for the session and the name that it began with. Raises UploadNotFound."""
        with self._lock:
            found = self._under_way.get(upload_id)
        if found is None or (found.session_id, found.name) != (session_id, name):
            raise UploadNotFound(upload_id=upload_id)
        return found

    def drop(self, upload_id: str) -> None:
        """End one, and remove what is left of it. One that is at work at this moment is left alone."""
        with self._lock:
            found = self._under_way.get(upload_id)
            if found is None or not found.lock.acquire(blocking=False):
                return
            del self._under_way[upload_id]
        try:
            found.end()
        finally:
            found.lock.release()

    def finish(self, upload_id: str) -> None:
        """End one whose lock the caller holds."""
        with self._lock:
            found = self._under_way.pop(upload_id, None)
        if found is not None:
            found.end()

    def drop_idle(self) -> None:
        """End all that have waited for too long."""
        now = time.monotonic()
        with self._lock:
            idle = [each for each, incoming in self._under_way.items() if now - incoming.touched >= self.patience]
        for upload_id in idle:
            with suppress(Failure):  # it is noted still: the next start tries again
                self.drop(upload_id)
