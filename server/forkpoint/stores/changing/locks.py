"""Leases between our own processes: one window at a time changes a session, or commits to a file.

A lease is an flock(2) on a file of ours, so the system lets it go when its holder dies. The files are never removed,
since a lock on a removed file excludes nobody; there are at most 4,096 of each kind.
"""

import hashlib
import os
import time
from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Literal

from forkpoint.model.failures import SessionBusy
from forkpoint.stores.changing.durable import SAFELY, make_home, telling
from forkpoint.stores.workers import CancelFlag

PATIENCE = 5.0
"""How long a lease or a lock is waited for, in seconds."""
FIRST_PAUSE, LONGEST_PAUSE = 0.001, 0.05
_DIGITS = 3
_OPEN = os.O_RDWR | os.O_CREAT | SAFELY

Kind = Literal["session", "trash", "file", "round"]


class Leases:
    """The leases that lie in one folder, shared by all our processes of one state folder."""

    def __init__(self, folder: str) -> None:
        self._folder = folder

    @contextmanager
    def sessions(self, session_ids: Sequence[str], flag: CancelFlag, *, patience: float = PATIENCE) -> Generator[None]:
        """Hold the leases of sessions, all of them or none. Raises SessionBusy, Cancelled, or what refuses the folder.

        They are taken in the order of their files, so that two who want the same ones cannot wait for each other.
        """
        wanted = {self._file("session", session_id): session_id for session_id in session_ids}
        deadline = time.monotonic() + patience
        with ExitStack() as stack:
            for file in sorted(wanted):
                stack.enter_context(self._hold(file, wanted[file], flag, deadline))
            yield

    @contextmanager
    def single(self, kind: Kind, name: str, flag: CancelFlag, *, patience: float = PATIENCE) -> Generator[None]:
        """Hold the lease of one folder of the trash, or below it that of one file. Raises SessionBusy, Cancelled."""
        with self._hold(self._file(kind, name), name, flag, time.monotonic() + patience):
            yield

    def file_of(self, session_id: str) -> str:
        """Give the file whose lock is the lease of a session, and of all others that share its digits."""
        return self._file("session", session_id)

    def _file(self, kind: Kind, name: str) -> str:
        digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
        return os.path.join(self._folder, f"{kind}-{digest[:_DIGITS]}.lock")

    @contextmanager
    def _hold(self, file: str, what: str, flag: CancelFlag, deadline: float) -> Generator[None]:
        with telling(file):
            try:
                descriptor = os.open(file, _OPEN, 0o600)
            except FileNotFoundError:
                make_home(self._folder)
                descriptor = os.open(file, _OPEN, 0o600)
        try:
            wait_for_flock(descriptor, what, flag, deadline)
            _sign(descriptor)
            yield
        finally:
            os.close(descriptor)


def wait_for_flock(descriptor: int, what: str, flag: CancelFlag, deadline: float) -> None:
    """Take an exclusive flock by a moment of the monotonic clock. Raises SessionBusy, Cancelled."""
    import fcntl

    pause = FIRST_PAUSE
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                raise SessionBusy(what=what, holder=_signature(descriptor)) from None
        else:
            return
        flag.check()
        time.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)


def _sign(descriptor: int) -> None:
    """Say who holds it, for others' error messages; a full disk takes the message and not the lock."""
    try:
        os.pwrite(descriptor, b"%-20d\n" % os.getpid(), 0)
    except OSError:
        return


def _signature(descriptor: int) -> str:
    text = os.pread(descriptor, 20, 0).strip()
    return f"process {int(text)}" if text.isdigit() else "unknown"
