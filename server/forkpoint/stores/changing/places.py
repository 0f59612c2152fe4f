"""Where in an agent's home something is put: a name in a folder held open, which no link can lead elsewhere."""

import errno
import os
import stat
import sys
from contextlib import ExitStack
from types import TracebackType
from typing import Self

import attrs

from forkpoint.model.failures import Failure, FileNotFound, NotSupported, PathRefused, Unreadable
from forkpoint.parsing.path_rules import LEAVES_ROOT, LINK
from forkpoint.stores.changing.durable import AT_ONCE, SAFELY, make_home, telling
from forkpoint.stores.guarded_open import open_beneath


@attrs.define
class Place:
    """A name in a folder; folders that are missing on the way to it are made when it is needed."""

    path: str
    """Absolute, the links on the way resolved."""
    folder: int
    """The deepest folder on the way that is there, open; what is to become of the place is staged in it."""
    folder_path: str
    missing: list[str]
    """The folders that have to be made below it first."""

    @property
    def name(self) -> str:
        """The last component."""
        return os.path.basename(self.path)

    def ready(self, stack: ExitStack) -> int:
        """Make the missing folders, each durable before the next, and give the one that the name is in.

        Raises a Failure.
        """
        folder = self.folder
        for name in self.missing:
            with telling(self.path):
                try:
                    os.mkdir(name, 0o700, dir_fd=folder)
                except FileExistsError:
                    pass  # somebody made it meanwhile; a link or file is refused by the next line
                else:
                    os.fsync(folder)
            folder = open_beneath(folder, os.fsencode(name), folder=True)
            stack.callback(os.close, folder)
        return folder


class WritableHome:
    """One agent's home, for a change; `make` makes it when it is missing. Raises a Failure."""

    def __init__(self, path: str, *, make: bool = True) -> None:
        if os.open not in os.supports_dir_fd:
            raise NotSupported(capability="change", reason="this platform cannot open a path by descriptor")
        if make:
            make_home(path)
        try:
            self._descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError as problem:
            raise Unreadable(path=path, reason=problem.strerror or str(problem)) from problem
        self._given = path
        self.path = _real_path(self._descriptor, path)
        """Absolute, links resolved."""
        self._stack = ExitStack()
        self._stack.callback(os.close, self._descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None) -> None:
        self._stack.close()

    def place(self, path: str, *, follow: bool = False) -> Place:
        """Give the place of a path; `follow` takes the target's instead when it is a link that stays in the home.

        Raises PathRefused, Unreadable, SessionChangedOnDisk.
        """
        path = self._inside(path)
        if follow and os.path.islink(path):
            path = self._inside(os.path.realpath(path))
        above, missing = os.path.dirname(path), list[str]()
        with telling(path):
            while True:
                try:
                    folder = self._open_folder(above)
                    break
                except FileNotFound:
                    above, name = os.path.split(above)
                    missing.insert(0, name)
            self._stack.callback(os.close, folder)
            real = _real_path(folder, above)
        return Place(os.path.join(real, *missing, os.path.basename(path)), folder, real, missing)

    def _open_folder(self, path: str) -> int:
        """Open a folder; a link on the way to it is followed when it stays in the home."""
        if path == self.path:
            return os.dup(self._descriptor)
        try:
            return open_beneath(self._descriptor, self._relative(path), folder=True)
        except PathRefused as refused:
            if refused.reason != LINK:
                raise
        real = os.path.realpath(path)
        if real == self.path:
            return os.dup(self._descriptor)
        return open_beneath(self._descriptor, self._relative(real), folder=True)

    def _relative(self, path: str) -> str:
        if not path.startswith(self.path + os.sep):
            raise PathRefused(path=path, reason=LEAVES_ROOT)
        return path[len(self.path) + 1 :]

    def _inside(self, path: str) -> str:
        for spelled in (self.path, self._given):
            if path.startswith(spelled + os.sep):
                names = path[len(spelled) + 1 :].split(os.sep)
                if not any(name in ("", ".", "..") for name in names):
                    return os.path.join(self.path, *names)
        raise PathRefused(path=path, reason=LEAVES_ROOT)


def _real_path(descriptor: int, path: str) -> str:
    """Give the path of an open folder with its links resolved: as Linux itself says it, which is much faster."""
    if sys.platform.startswith("linux"):
        return os.readlink(f"/proc/self/fd/{descriptor}")
    return os.path.realpath(path)


def open_for_change(place: Place, folder: int, flags: int) -> int:
    """Open the regular file at a place, never through a link; the caller closes it. Raises a Failure."""
    with telling(place.path):
        descriptor = os.open(place.name, flags | SAFELY | AT_ONCE, dir_fd=folder)
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise OSError(errno.EINVAL, "not a regular file")
        except (OSError, Failure):
            os.close(descriptor)
            raise
    return descriptor


def require_no_link(folder: int, name: str, path: str) -> None:
    """Refuse a name that is a link by now. Raises PathRefused."""
    try:
        found = os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return
    if stat.S_ISLNK(found.st_mode):
        raise PathRefused(path=path, reason=LINK)
