"""Opening a path from outside under a folder, by descriptor: never checked by name and then opened by name.

Links are refused, whichever component they are and whenever they appear, so nothing is opened that does not lie in
the folder at that moment. Two ways give the same answers: `openat2` where the kernel has it, else a walk that opens
every component from the descriptor of the one before. What neither stops: a hard link (its name is judged, not its
other names; making one needs write access to the folder, and Linux' `protected_hardlinks` the ownership of the file)
and a mount below the folder.
"""

import errno
import os
import stat
from collections.abc import Sequence
from functools import cache
from types import TracebackType
from typing import Protocol, Self

from forkpoint.model.failures import Failure, FileNotFound, NotSupported, PathRefused, Unreadable
from forkpoint.model.settings import GuardLevel
from forkpoint.parsing import path_rules
from forkpoint.stores.openat2 import OpenAt2, openat2

_NO_FOLLOW: int = getattr(os, "O_NOFOLLOW", 0)
_FOLDER: int = getattr(os, "O_DIRECTORY", 0)
_CLOSE_ON_EXEC: int = getattr(os, "O_CLOEXEC", 0)
_PATH_ONLY: int = getattr(os, "O_PATH", 0)
FILE_FLAGS = os.O_RDONLY | _CLOSE_ON_EXEC | _NO_FOLLOW | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
"""Not blocking, so that a FIFO without a writer cannot hang the open."""
FOLDER_FLAGS = os.O_RDONLY | _CLOSE_ON_EXEC | _NO_FOLLOW | _FOLDER
_LOOK_FLAGS = _PATH_ONLY | _CLOSE_ON_EXEC | _NO_FOLLOW

_REASONS_BY_KIND = {
    stat.S_IFLNK: path_rules.LINK,
    stat.S_IFIFO: path_rules.FIFO,
    stat.S_IFSOCK: path_rules.SOCKET,
    stat.S_IFCHR: path_rules.DEVICE,
    stat.S_IFBLK: path_rules.DEVICE,
}


class _Way(Protocol):
    """One way of opening; both raise OSError, ELOOP for a link."""

    def open(self, root: int, names: Sequence[bytes], flags: int) -> int: ...

    def mode(self, root: int, names: Sequence[bytes]) -> int:
        """Give the mode of what is there without opening it, a link's own if it is one."""
        ...


class _Kernel(_Way):
    def __init__(self, call: OpenAt2) -> None:
        self._call = call

    def open(self, root: int, names: Sequence[bytes], flags: int) -> int:
        return self._call(root, b"/".join(names) or b".", flags)

    def mode(self, root: int, names: Sequence[bytes]) -> int:
        descriptor = self.open(root, names, _LOOK_FLAGS)
        try:
            return os.fstat(descriptor).st_mode
        finally:
            os.close(descriptor)


class _Walk(_Way):
    def open(self, root: int, names: Sequence[bytes], flags: int) -> int:
        folder = _descend(root, names[:-1])
        try:
            return _open_one(folder, names[-1] if names else b".", flags)
        finally:
            if folder != root:
                os.close(folder)

    def mode(self, root: int, names: Sequence[bytes]) -> int:
        folder = _descend(root, names[:-1])
        try:
            return os.stat(names[-1] if names else b".", dir_fd=folder, follow_symlinks=False).st_mode
        finally:
            if folder != root:
                os.close(folder)


def _descend(root: int, names: Sequence[bytes]) -> int:
    """Give the descriptor of a folder below `root`, to be closed by the caller unless it is `root` itself."""
    folder = root
    for name in names:
        try:
            inner = _open_one(folder, name, FOLDER_FLAGS | _PATH_ONLY)
        finally:
            if folder != root:
                os.close(folder)
        folder = inner
    return folder


def _open_one(folder: int, name: bytes, flags: int) -> int:
    try:
        return os.open(name, flags, dir_fd=folder)
    except NotADirectoryError as problem:
        # With O_DIRECTORY the kernel calls a link "not a directory"; the look only chooses the reason that is told.
        if stat.S_ISLNK(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode):
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP)) from problem
        raise


_WALK = _Walk()


def _way(walk: bool) -> _Way:
    if os.open not in os.supports_dir_fd or not _NO_FOLLOW:
        raise NotSupported(capability="guardedRead", reason="this platform cannot open a path by descriptor")
    return _WALK if walk else _best_way()


@cache
def _best_way() -> _Way:
    call = openat2()
    return _WALK if call is None else _Kernel(call)


def open_beneath(
    root_fd: int, relative: bytes | str, *, folder: bool = False, look_first: bool = False, walk: bool = False
) -> int:
    """Open a regular file, or a folder, below an open folder for reading; the caller closes the descriptor.

    The path's shape is judged, its names are not. `look_first` asks what the name is before it is opened, so that a
    FIFO's writer or a device never notices; it costs a second look-up. `walk` forces the portable way.
    Raises PathRefused (with a reason of `path_rules.REASONS`), FileNotFound, Unreadable, NotSupported.
    """
    way = _way(walk)
    names = _names(relative, empty_is_root=folder)
    try:
        if look_first:
            _require(way.mode(root_fd, names), folder, relative)
        descriptor = way.open(root_fd, names, FOLDER_FLAGS if folder else FILE_FLAGS)
    except OSError as problem:
        raise _told(problem, way, root_fd, names, folder, _shown(relative)) from problem
    try:
        _require(os.fstat(descriptor).st_mode, folder, relative)
    except (Failure, OSError):
        os.close(descriptor)
        raise
    return descriptor


def _names(relative: bytes | str, *, empty_is_root: bool) -> list[bytes]:
    try:
        raw = relative if isinstance(relative, bytes) else relative.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        raise PathRefused(path=_shown(relative), reason=path_rules.BAD_TEXT) from None
    names, reason = path_rules.take_apart(raw)
    if reason is None or (reason == path_rules.EMPTY and empty_is_root):
        return names
    raise PathRefused(path=_shown(relative), reason=reason)


def _shown(path: bytes | str) -> str:
    """Give a path for an error, which must be sendable whatever the path holds."""
    raw = path if isinstance(path, bytes) else path.encode("utf-8", "replace")
    return raw.decode("utf-8", "replace")


def _require(mode: int, folder: bool, relative: bytes | str) -> None:
    reason = _kind_refusal(mode, folder)
    if reason is not None:
        raise PathRefused(path=_shown(relative), reason=reason)


def _kind_refusal(mode: int, folder: bool) -> str | None:
    if folder:
        return None if stat.S_ISDIR(mode) else _REASONS_BY_KIND.get(stat.S_IFMT(mode), path_rules.NOT_FOLDER)
    if stat.S_ISDIR(mode):
        return path_rules.IS_FOLDER
    return None if stat.S_ISREG(mode) else _REASONS_BY_KIND.get(stat.S_IFMT(mode), path_rules.DEVICE)


def _told(problem: OSError, way: _Way, root_fd: int, names: Sequence[bytes], folder: bool, shown: str) -> Failure:
    """Say in our own words why an open failed."""
    match problem.errno:
        case errno.ELOOP:
            return PathRefused(path=shown, reason=path_rules.LINK)
        case errno.EXDEV:
            return PathRefused(path=shown, reason=path_rules.LEAVES_ROOT)
        case errno.ENAMETOOLONG:
            return PathRefused(path=shown, reason=path_rules.NAME_TOO_LONG)
        case errno.ENOENT:
            return FileNotFound(path=shown)
        case errno.ENOTDIR | errno.ENXIO | errno.ENODEV | errno.EOPNOTSUPP:
            # The name may be there and be no file: a socket, a device without a driver, a file asked for as a folder.
            return _told_by_kind(way, root_fd, names, folder, shown)
        case _:
            return Unreadable(path=shown, reason=problem.strerror or "it cannot be opened")


def _told_by_kind(way: _Way, root_fd: int, names: Sequence[bytes], folder: bool, shown: str) -> Failure:
    try:
        reason = _kind_refusal(way.mode(root_fd, names), folder)
    except OSError:
        reason = None
    return FileNotFound(path=shown) if reason is None else PathRefused(path=shown, reason=reason)


class GuardedRoot:
    """A folder held open, and the one way to open what lies in it for somebody outside."""

    def __init__(self, descriptor: int, level: GuardLevel, in_home: bool, walk: bool) -> None:
        self._descriptor = descriptor
        self._level: GuardLevel = level
        self._in_home = in_home
        self._walk = walk

    @classmethod
    def open(cls, root: str, level: GuardLevel = "standard", *, walk: bool = False) -> Self:
        """Open a root, given absolute and with its links resolved; a link that stands in it by now is refused.

        So what `path_rules.root_refusal` judged by name is what is opened. Raises FileNotFound, PathRefused,
        Unreadable, NotSupported.
        """
        _way(walk)
        relative = root.lstrip("/")
        if relative == "" or not root.startswith("/"):
            raise PathRefused(path=root, reason=path_rules.ROOT_TOO_WIDE)
        top = os.open("/", FOLDER_FLAGS)
        try:
            descriptor = open_beneath(top, relative, folder=True, walk=walk)
        finally:
            os.close(top)
        return cls(descriptor, level, _is_home(descriptor), walk)

    @classmethod
    def over(cls, descriptor: int, level: GuardLevel) -> Self:
        """Take over a folder that was opened safely, and its descriptor with it."""
        return cls(descriptor, level, _is_home(descriptor), walk=False)

    def close(self) -> None:
        """Let go of the folder; what was opened below it stays open."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def refusal(self, path: bytes | str) -> str | None:
        """Give the reason why a path below this root is refused by its names, or None."""
        text = path.decode("utf-8", "surrogateescape") if isinstance(path, bytes) else path
        return path_rules.refusal(text, self._level, in_home=self._in_home)

    def open_file(self, path: bytes | str) -> int:
        """Open a regular file for reading; the caller closes the descriptor.

        Raises PathRefused, FileNotFound, Unreadable.
        """
        self._judge(path)
        return open_beneath(self._descriptor, path, look_first=True, walk=self._walk)

    def open_folder(self, path: bytes | str = b"") -> int:
        """Open a folder for listing, an empty path being the root itself; the caller closes the descriptor.

        Raises PathRefused, FileNotFound, Unreadable.
        """
        self._judge(path, may_be_root=True)
        return open_beneath(self._descriptor, path, folder=True, walk=self._walk)

    def _judge(self, path: bytes | str, *, may_be_root: bool = False) -> None:
        reason = self.refusal(path)
        if reason is not None and not (may_be_root and reason == path_rules.EMPTY):
            raise PathRefused(path=_shown(path), reason=reason)


def _is_home(descriptor: int) -> bool:
    """Whether an open folder is the user's own home."""
    try:
        home = os.stat(os.path.expanduser("~"))
    except OSError:
        return False
    return os.path.samestat(home, os.fstat(descriptor))
