"""Who holds a session, as far as lock files tell: they are looked at and never taken, and nothing of them is changed.

Two forms lie beside a transcript as `<transcript>.lock`. pi_agent_rust takes an flock(2) on it and leaves the file
there; OpenClaw makes it with its own process id in it and removes it afterwards. Who has an flock stands in
`/proc/locks` on Linux, and is unknown elsewhere. Source: pi_agent_rust 0.8; OpenClaw's session write lock, 2026;
proc_locks(5).
"""

import json
import os
import stat
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, cast

import attrs

from forkpoint.agents.adapter import Arrangement
from forkpoint.model.session import Holder
from forkpoint.model.source import SHOWN
from forkpoint.stores.changing.processes import ProcessMark, is_running

OLDEST = timedelta(minutes=30)
"""An owner file that is older holds nothing, whoever wrote it."""
_LARGEST = 4096
_LOCKS = "/proc/locks"
_OPENCLAW = "openclaw"


@attrs.frozen(kw_only=True)
class LockSign:
    """One lock file that is there."""

    path: str
    form: Literal["flock", "ownerFile"]
    held: bool | None
    """Whether a process holds it; None when that is unknown."""
    pid: int | None = None
    """That process."""
    since: int | None = None
    """Milliseconds since 1970 UTC."""


def locks_beside(arrangement: Arrangement) -> list[LockSign]:
    """Give the agents' own locks that lie beside the transcripts of a session."""
    paths = dict.fromkeys(part.source.path for part in arrangement.parts if part.role == SHOWN)
    signs = (sign_of(f"{path}.lock") for path in paths)
    return [sign for sign in signs if sign is not None]


def holder_of(agent: str, arrangement: Arrangement) -> Holder | None:
    """Give the other process that holds a session of an agent; None when none is known to."""
    for sign in locks_beside(arrangement):
        if sign.held and sign.pid != os.getpid():
            name = _OPENCLAW if sign.form == "ownerFile" else agent
            return Holder(agent=name, pid=sign.pid, since=sign.since)
    return None


def sign_of(path: str) -> LockSign | None:
    """Look at one lock file; None when there is none, or something else has its name."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    try:
        found = os.fstat(descriptor)
        text = os.read(descriptor, _LARGEST) if stat.S_ISREG(found.st_mode) else None
    except OSError:
        return None
    finally:
        os.close(descriptor)
    if text is None:
        return None
    owner = _owner(text)
    return _flock_sign(path, found) if owner is None else _owner_sign(path, owner)


def _owner(text: bytes) -> dict[str, Any] | None:
    try:
        owner = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return cast("dict[str, Any]", owner) if isinstance(owner, dict) and "pid" in owner else None


def _owner_sign(path: str, owner: dict[str, Any]) -> LockSign:
    pid, started = owner["pid"], owner.get("starttime")
    try:
        since = datetime.fromisoformat(str(owner.get("createdAt")))
        fresh = since.tzinfo is not None and datetime.now(UTC) - since <= OLDEST
    except ValueError:
        since, fresh = None, False
    runs = isinstance(pid, int) and pid > 0 and is_running(ProcessMark(pid, str(started or "")))
    if since is None or not (fresh and runs):
        return LockSign(path=path, form="ownerFile", held=False)
    return LockSign(path=path, form="ownerFile", held=True, pid=pid, since=int(since.timestamp() * 1000))


def _flock_sign(path: str, found: os.stat_result) -> LockSign:
    try:
        with open(_LOCKS, "rb") as file:
            lines = file.read().decode(errors="replace").splitlines()
    except OSError:
        return LockSign(path=path, form="flock", held=None)
    pid = next((pid for pid in (_flock_of(line, found) for line in lines) if pid is not None), None)
    return LockSign(path=path, form="flock", held=pid is not None, pid=pid or None)


def _flock_of(line: str, found: os.stat_result) -> int | None:
    """Give the process of a line of `/proc/locks` that is about a file, 0 for one that is unknown.

    Some file systems name another device there than a file's own, always one without a major number.
    """
    fields = line.split()
    if len(fields) < 6 or fields[1] != "FLOCK":
        return None
    try:
        major, minor, inode = fields[5].split(":")
        if int(inode) != found.st_ino:
            return None
        device = (int(major, 16), int(minor, 16))
        own = (os.major(found.st_dev), os.minor(found.st_dev))
        return max(int(fields[4]), 0) if device == own or 0 in (device[0], own[0]) else None
    except ValueError:
        return None
