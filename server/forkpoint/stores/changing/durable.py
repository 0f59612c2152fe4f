"""System calls that a change is made of, on folders held open, and what their errors mean."""

import errno
import os
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from functools import cache

from forkpoint.model.failures import Failure, NameTaken, NoSpace, PathRefused, SessionChangedOnDisk, Unwritable
from forkpoint.parsing.path_rules import LINK

SAFELY: int = getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0)
"""Flags of every open by a name that somebody else could have made."""
AT_ONCE: int = getattr(os, "O_NONBLOCK", 0)
"""So that a FIFO cannot hang the open."""
NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | SAFELY
WRITE_AT_ONCE = 1 << 30
"""The most bytes given to one write; Linux takes 2 GiB less a page."""

_NO_REPLACE = 4 if sys.platform == "darwin" else 1
"""`RENAME_EXCL` of renameatx_np(2), macOS 10.12; `RENAME_NOREPLACE` of renameat2(2), Linux 3.15."""
_SWAP = 2
"""`RENAME_SWAP` of the one, `RENAME_EXCHANGE` of the other."""
_MISSING = {errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP, errno.ENOTSUP}
_NO_LINKS = _MISSING | {errno.EPERM, errno.EMLINK}

Rename = Callable[[int, str, int, str, int], None]
"""Renames with flags: from a folder and name to another, or OSError."""


def write_all(descriptor: int, data: bytes | memoryview) -> None:
    """Write everything, in as many writes as it takes."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view[:WRITE_AT_ONCE]) :]


def link_new(from_folder: int, from_name: str, to_folder: int, to_name: str) -> None:
    """Give a file its final name, which must be free, and take the other one away.

    Where the file system has no hard links it is renamed. Raises OSError, FileExistsError when the name is taken.
    """
    try:
        os.link(from_name, to_name, src_dir_fd=from_folder, dst_dir_fd=to_folder, follow_symlinks=False)
    except OSError as problem:
        if problem.errno not in _NO_LINKS:
            raise
        rename_new(from_folder, from_name, to_folder, to_name)
    else:
        os.unlink(from_name, dir_fd=from_folder)


def rename_new(from_folder: int, from_name: str, to_folder: int, to_name: str) -> None:
    """Rename a file or folder to a name that must be free. Raises OSError, FileExistsError when it is taken."""
    if _renamed(from_folder, from_name, to_folder, to_name, _NO_REPLACE):
        return
    # Without the kernel's help two steps are left; a plain rename would still never replace a folder that has something
    # in it, and files are linked before it comes to this.
    if is_there(to_folder, to_name):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
    os.rename(from_name, to_name, src_dir_fd=from_folder, dst_dir_fd=to_folder)


def swap(from_folder: int, from_name: str, to_folder: int, to_name: str) -> bool:
    """Let two names change places in one step; False where that cannot be done. Raises OSError."""
    return _renamed(from_folder, from_name, to_folder, to_name, _SWAP)


def _renamed(from_folder: int, from_name: str, to_folder: int, to_name: str, flags: int) -> bool:
    call = _rename()
    if call is None:
        return False
    try:
        call(from_folder, from_name, to_folder, to_name, flags)
    except OSError as problem:
        if problem.errno not in _MISSING:
            raise
        return False
    return True


@cache
def _rename() -> Rename | None:
    import ctypes  # several milliseconds to load, and only needed for a change

    name = "renameatx_np" if sys.platform == "darwin" else "renameat2"
    call = getattr(ctypes.CDLL(None, use_errno=True), name, None)
    if call is None:
        return None
    call.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint)

    def rename(from_folder: int, from_name: str, to_folder: int, to_name: str, flags: int) -> None:
        if call(from_folder, os.fsencode(from_name), to_folder, os.fsencode(to_name), flags) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))

    return rename


def is_there(folder: int, name: str) -> bool:
    """Whether a folder has such a name, whatever it stands for."""
    try:
        os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True


def make_home(path: str) -> None:
    """Make a folder with those above it, for its owner alone, each durable before the next. Raises a Failure."""
    if os.path.isdir(path):
        return
    above = os.path.dirname(path)
    if above == path:
        raise Unwritable(path=path, reason="it is no folder")
    make_home(above)
    with telling(path):
        try:
            os.mkdir(path, 0o700)
        except FileExistsError:
            if not os.path.isdir(path):
                raise
        sync_folder(above)


def sync_folder(path: str) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def telling(path: str) -> Generator[None]:
    """Say in our own words what the system refused about `path`."""
    try:
        yield
    except OSError as problem:
        raise told(problem, path) from problem


def told(problem: OSError, path: str) -> Failure:
    """Give the failure that an error of the system means."""
    shown = os.fsencode(path).decode("utf-8", "replace")
    match problem.errno:
        case errno.ENOSPC | errno.EDQUOT | errno.EFBIG:
            return NoSpace(path=shown)
        case errno.EEXIST | errno.ENOTEMPTY:
            return NameTaken(path=shown)
        case errno.ELOOP:
            return PathRefused(path=shown, reason=LINK)
        case errno.ENOENT | errno.ENOTDIR | errno.ESTALE:
            return SessionChangedOnDisk(path=shown)
        case _:
            return Unwritable(path=shown, reason=problem.strerror or str(problem))
