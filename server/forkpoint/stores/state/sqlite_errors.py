"""What SQLite refuses, in our own words."""

import errno
import os
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager

from forkpoint.model.failures import Failure, NoSpace, TimedOut, Unwritable

# The numbers of SQLite's result codes. Source: sqlite.org/rescode.html, "Primary Result Code List".
_BUSY, _LOCKED, _IO_ERROR, _CORRUPT, _FULL, _NOT_A_DATABASE = 5, 6, 10, 11, 13, 26
_ROOM = 1 << 20
"""With less free than this many bytes, a failed write was one for want of room."""
_OUT_OF_ROOM = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG))


class Damaged(Exception):
    """The file is not what SQLite left there."""


@contextmanager
def telling(path: str, patience: float) -> Generator[None]:
    """Turn SQLite's and the system's errors about a database that is written into failures, or into `Damaged`."""
    try:
        yield
    except sqlite3.Error as problem:
        if is_damage(problem):
            raise Damaged(str(problem)) from problem
        raise _failure(problem, path, patience) from problem
    except OSError as problem:
        if problem.errno in _OUT_OF_ROOM:
            raise NoSpace(path=path) from problem
        raise Unwritable(path=path, reason=problem.strerror or str(problem)) from problem


def is_damage(problem: sqlite3.Error) -> bool:
    """Whether an error says that the bytes of the database are broken."""
    return _code(problem) in (_CORRUPT, _NOT_A_DATABASE)


def is_busy(problem: sqlite3.Error) -> bool:
    """Whether an error says that another process has a lock just now."""
    return _code(problem) in (_BUSY, _LOCKED)


def is_full(problem: sqlite3.Error) -> bool:
    """Whether an error says that the disk has no room."""
    return _code(problem) == _FULL


def _failure(problem: sqlite3.Error, path: str, patience: float) -> Failure:
    if is_full(problem) or (_code(problem) == _IO_ERROR and _has_no_room(path)):
        return NoSpace(path=path)
    if is_busy(problem):
        return TimedOut(what=f"Waiting for {path!r}", after_ms=round(patience * 1000))
    return Unwritable(path=path, reason=str(problem))


def _code(problem: sqlite3.Error) -> int:
    """The primary result code; 0 for an error of Python's own."""
    return getattr(problem, "sqlite_errorcode", 0) & 0xFF


def _has_no_room(path: str) -> bool:
    """Whether there is no room for a file, which SQLite reports like a broken disk when a size limit says so."""
    try:
        import resource

        if resource.getrlimit(resource.RLIMIT_FSIZE)[0] != resource.RLIM_INFINITY:
            return True
        free = os.statvfs(os.path.dirname(path))
    except (ImportError, OSError):
        return False
    return free.f_bavail * free.f_frsize < _ROOM
