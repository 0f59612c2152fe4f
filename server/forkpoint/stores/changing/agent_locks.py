"""The locks that agents themselves take around a write to a transcript, in their own form.

- pi_agent_rust: an exclusive advisory lock (flock) on `<transcript>.lock`, which is never removed.
- OpenClaw: `<transcript>.lock` made exclusively, `{pid, createdAt, starttime?}` in it, removed afterwards; waiters take
  one that is stale away. Source: its session write lock, 2026.
"""

import json
import os
import time
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from forkpoint.agents.writing import LockForm
from forkpoint.model.failures import SessionBusy
from forkpoint.stores.changing.durable import AT_ONCE, NEW_FILE, SAFELY, telling, write_all
from forkpoint.stores.changing.locks import LONGEST_PAUSE, PATIENCE, wait_for_flock
from forkpoint.stores.changing.places import Place
from forkpoint.stores.changing.processes import ProcessMark, is_running, this_process
from forkpoint.stores.workers import CancelFlag

OLDEST = timedelta(minutes=30)
"""An owner file that is older is stale, whoever wrote it."""
UNFINISHED = 5.0
"""How many seconds an owner file may be empty or broken before it is stale."""
_LARGEST = 4096


@contextmanager
def agent_lock(place: Place, form: LockForm, flag: CancelFlag, *, patience: float = PATIENCE) -> Generator[None]:
    """Hold the lock of the transcript at a place. Raises SessionBusy, Cancelled, or what refuses the lock file."""
    deadline = time.monotonic() + patience
    if form == "ownerFile":
        with _owner_file(place, flag, deadline):
            yield
    else:
        with _flock(place, form == "flock", flag, deadline):
            yield


@contextmanager
def _flock(place: Place, make: bool, flag: CancelFlag, deadline: float) -> Generator[None]:
    flags = os.O_RDWR | SAFELY | AT_ONCE | (os.O_CREAT if make else 0)
    with telling(place.path + ".lock"):
        try:
            descriptor = os.open(place.name + ".lock", flags, 0o600, dir_fd=place.folder)
        except FileNotFoundError:
            descriptor = None
    if descriptor is None:
        yield
        return
    try:
        wait_for_flock(descriptor, place.path, flag, deadline)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def _owner_file(place: Place, flag: CancelFlag, deadline: float) -> Generator[None]:
    name = place.name + ".lock"
    while not _made(place, name):
        holder = _holder(place, name)
        if holder is not None:
            if time.monotonic() >= deadline:
                raise SessionBusy(what=place.path, holder=holder)
            flag.check()
            time.sleep(LONGEST_PAUSE)
    try:
        yield
    finally:
        _remove_own(place, name)


def _made(place: Place, name: str) -> bool:
    with telling(place.path + ".lock"):
        try:
            descriptor = os.open(name, NEW_FILE, 0o600, dir_fd=place.folder)
        except FileExistsError:
            return False
        try:
            write_all(descriptor, _owner())
        except OSError:
            os.unlink(name, dir_fd=place.folder)
            raise
        finally:
            os.close(descriptor)
    return True


def _owner() -> bytes:
    mark = this_process()
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    owner: dict[str, Any] = {"pid": mark.pid, "createdAt": now}
    if mark.started:
        owner["starttime"] = int(mark.started)
    return json.dumps(owner).encode()


def _holder(place: Place, name: str) -> str | None:
    """Give who holds the lock; None when it is gone, or was stale and has been taken away."""
    try:
        descriptor = os.open(name, os.O_RDONLY | SAFELY | AT_ONCE, dir_fd=place.folder)
    except FileNotFoundError:
        return None
    except OSError:
        return "unknown"
    try:
        found = os.fstat(descriptor)
        owner = _read_owner(os.read(descriptor, _LARGEST))
        stale = time.time() - found.st_mtime > UNFINISHED if owner is None else _is_stale(owner)
        if not stale:
            return "unknown" if owner is None else f"process {owner['pid']}"
        # The name may stand for a newer lock by now, which is left alone.
        if os.path.samestat(os.stat(name, dir_fd=place.folder, follow_symlinks=False), found):
            os.unlink(name, dir_fd=place.folder)
    except FileNotFoundError:
        return None
    except OSError:
        return "unknown"
    finally:
        os.close(descriptor)
    return None


def _read_owner(text: bytes) -> dict[str, Any] | None:
    try:
        owner = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return cast("dict[str, Any]", owner) if isinstance(owner, dict) and "pid" in owner else None


def _is_stale(owner: dict[str, Any]) -> bool:
    pid, created, started = owner["pid"], owner.get("createdAt"), owner.get("starttime")
    if not isinstance(pid, int) or pid <= 0 or not is_running(ProcessMark(pid, str(started or ""))):
        return True
    try:
        at = datetime.fromisoformat(str(created))
        return at.tzinfo is None or datetime.now(UTC) - at > OLDEST
    except ValueError:
        return True


def _remove_own(place: Place, name: str) -> None:
    """Take our lock away; one that somebody else took over is left alone."""
    try:
        descriptor = os.open(name, os.O_RDONLY | SAFELY, dir_fd=place.folder)
    except OSError:
        return
    try:
        owner = _read_owner(os.read(descriptor, _LARGEST))
        if owner is not None and owner["pid"] == os.getpid():
            os.unlink(name, dir_fd=place.folder)
    except FileNotFoundError:
        return
    finally:
        os.close(descriptor)
