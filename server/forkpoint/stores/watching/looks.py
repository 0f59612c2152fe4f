"""What tells that the files of a session are still as they were."""

import os
import stat

import attrs

from forkpoint.model.source import Stamp
from forkpoint.stores.changing.staging import PREFIX
from forkpoint.stores.disk import stamp_of

_MASK = (1 << 64) - 1


@attrs.frozen
class Look:
    """One look at a session's file, or at its folder with all that lies in it."""

    digest: int
    """Differs when a file came, went, grew or was written anew."""
    changed_at: float
    """When one of them last changed by the file system's clock (ctime), in seconds since 1970 UTC."""


def look_at(path: str) -> Look | None:
    """Look at a file or folder, following no links; None when it is gone. Our own temporary names do not count."""
    try:
        found = os.lstat(path)
    except OSError:
        return None
    digest, changed = _of(path, found), found.st_ctime
    folders = [path] if stat.S_ISDIR(found.st_mode) else []
    while folders:
        try:
            with os.scandir(folders.pop()) as entries:
                for entry in entries:
                    if is_temporary(entry.name):
                        continue
                    try:
                        found = entry.stat(follow_symlinks=False)
                    except OSError:  # gone since it was listed
                        continue
                    digest = (digest + _of(entry.path, found)) & _MASK
                    changed = max(changed, found.st_ctime)
                    if stat.S_ISDIR(found.st_mode):
                        folders.append(entry.path)
        except OSError:
            continue
    return Look(digest, changed)


def _of(path: str, found: os.stat_result) -> int:
    # A folder's own size and time also move when a temporary name of ours comes and goes in it.
    if stat.S_ISDIR(found.st_mode):
        return hash((path, found.st_ino)) & _MASK
    return hash((path, found.st_size, found.st_mtime_ns, found.st_ino)) & _MASK


def stamp_at(path: str) -> Stamp | None:
    """Give the stamp of a file; None when there is none, or an empty one, as SQLite's log is while nobody writes."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return stamp_of(found) if found.st_size else None


def database_stamps(path: str) -> tuple[Stamp | None, Stamp | None]:
    """Give the stamps of a file and of the log that SQLite may keep beside it."""
    return stamp_at(path), stamp_at(path + "-wal")


def is_temporary(name: str) -> bool:
    """Whether a name is one of ours that lasts only as long as a change."""
    return name.startswith(PREFIX)
