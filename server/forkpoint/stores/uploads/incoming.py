"""A file that is coming in: under a temporary name in our state folder until its last byte is there."""

import hashlib
import os
import threading
import time
from contextlib import ExitStack

from forkpoint.model.failures import TooLarge
from forkpoint.parsing.media_types import LOOK
from forkpoint.stores.changing.durable import NEW_FILE, make_home, telling, write_all
from forkpoint.stores.changing.staging import Staged, StagingBook
from forkpoint.stores.guarded_open import FOLDER_FLAGS


class Incoming:
    """One upload under way. Used by one thread at a time, that holds `lock`."""

    def __init__(self, session_id: str, name: str, folder: str, book: StagingBook) -> None:
        """Begin it in a folder of ours, absolute, which is made when it is missing. Raises a Failure."""
        self.session_id = session_id
        self.name = name
        """As the client gave it."""
        self.size = 0
        """The bytes that are there, counted as they come."""
        self.lock = threading.Lock()
        self.touched = time.monotonic()
        self.ended = False
        self._digest = hashlib.sha256()
        make_home(folder)
        with telling(folder), ExitStack() as stack:
            self.folder = os.open(folder, FOLDER_FLAGS)
            """The folder it is staged in."""
            stack.callback(os.close, self.folder)
            self.staged = stack.enter_context(Staged(book, self.folder, os.path.realpath(folder)))
            flags = NEW_FILE & ~os.O_WRONLY | os.O_RDWR
            self.descriptor = os.open(self.staged.name, flags, 0o600, dir_fd=self.folder)
            stack.callback(os.close, self.descriptor)
            self._stack = stack.pop_all()

    def add(self, portion: list[bytes], limit: int) -> None:
        """Add the next bytes, all of them. Raises TooLarge, before anything is written, NoSpace, Unwritable."""
        size = self.size + sum(map(len, portion))
        if size > limit:
            raise TooLarge(what="The upload", size=size, limit=limit)
        with telling(self.staged.path):
            for piece in portion:
                write_all(self.descriptor, piece)
                self._digest.update(piece)
        self.size = size
        self.touched = time.monotonic()

    def settle(self) -> None:
        """Make the bytes durable. Raises NoSpace, Unwritable."""
        with telling(self.staged.path):
            os.fsync(self.descriptor)

    def head(self) -> bytes:
        """The first bytes, by which its type is told."""
        return os.pread(self.descriptor, LOOK, 0)

    def sha256(self) -> str:
        """The digest of what is there, in hex."""
        return self._digest.copy().hexdigest()

    def end(self) -> None:
        """Let go of it; what has no name of its own by now is removed. Raises what refuses the note of that."""
        self.ended = True
        self._stack.close()
