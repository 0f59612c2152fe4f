"""Which process is meant by an id, whether it still runs, and who holds a file open."""

import os
import sys
from functools import cache

import attrs

_STARTED = 19
"""Field 22 of `/proc/<pid>/stat`, counted from the one after the command's name. Source: proc_pid_stat(5)."""


@attrs.frozen
class ProcessMark:
    """One process, told from a later one that got the same id."""

    pid: int
    started: str
    """When it started, in the system's own count; empty where that is unknown."""


def this_process() -> ProcessMark:
    """Give the mark of this process."""
    return _own_mark(os.getpid())


def mark_of(pid: int) -> ProcessMark:
    """Give the mark of the process that has an id now; without a start time where the system does not tell."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            fields = file.read().rpartition(b")")[2].split()
    except OSError:
        return ProcessMark(pid, "")
    return ProcessMark(pid, fields[_STARTED].decode() if len(fields) > _STARTED else "")


@cache
def _own_mark(pid: int) -> ProcessMark:
    """Remember the mark for as long as it is this process: a fork has another id."""
    return mark_of(pid)


def is_running(mark: ProcessMark) -> bool:
    """Whether a process still runs; where start times are unknown, whether any process has its id."""
    try:
        os.kill(mark.pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # somebody else's, so it is there
    except OverflowError:
        return False
    now = mark_of(mark.pid).started
    return not mark.started or not now or now == mark.started


def open_by(path: str) -> list[int] | None:
    """Give the ids of the processes that hold a file open, without this one; None when that cannot be told.

    Linux alone tells, and of other users' processes only to root: an empty list is about the user's own.
    """
    if not sys.platform.startswith("linux"):
        return None
    try:
        wanted = os.stat(path)
        pids = [int(name) for name in os.listdir("/proc") if name.isdigit()]
    except OSError:
        return None
    return [pid for pid in pids if pid != os.getpid() and _holds(pid, wanted)]


def _holds(pid: int, wanted: os.stat_result) -> bool:
    folder = f"/proc/{pid}/fd"
    try:
        names = os.listdir(folder)
    except OSError:
        return False
    return any(_is(f"{folder}/{name}", wanted) for name in names)


def _is(path: str, wanted: os.stat_result) -> bool:
    try:
        return os.path.samestat(os.stat(path), wanted)
    except OSError:
        return False
