"""A new file that is written beside its place and gets its name last.

On Linux it has no name before, so that nothing is left of it when its process is killed (`O_TMPFILE` of open(2), Linux
3.11: ext4, XFS, Btrfs, tmpfs). Elsewhere it has a temporary name, which is noted.
"""

import os
from contextlib import ExitStack
from typing import Protocol

from forkpoint.stores.changing.durable import NEW_FILE, link_new
from forkpoint.stores.changing.staging import Staged, StagingBook

NAMELESS: int = getattr(os, "O_TMPFILE", 0)
"""The flag that makes a file without a name; 0 where there is none."""


class StagedFile(Protocol):
    """An empty file, open for writing until the block that it was made in is left."""

    descriptor: int

    def give_name(self, folder: int, name: str) -> None:
        """Give it its name, which must be free, in an open folder. Raises OSError, FileExistsError when it is taken."""
        ...


class _Nameless(StagedFile):
    def __init__(self, descriptor: int, link: str) -> None:
        self.descriptor = descriptor
        self._link = link

    def give_name(self, folder: int, name: str) -> None:
        os.link(self._link, name, dst_dir_fd=folder, follow_symlinks=True)


class _Named(StagedFile):
    def __init__(self, descriptor: int, staged: Staged) -> None:
        self.descriptor = descriptor
        self._staged = staged

    def give_name(self, folder: int, name: str) -> None:
        link_new(self._staged.folder, self._staged.name, folder, name)
        self._staged.committed()


def staged_file(book: StagingBook, folder: int, folder_path: str, mode: int, stack: ExitStack) -> StagedFile:
    """Make a file in an open folder; leaving `stack` closes it, and removes it when it has no name. Raises OSError."""
    nameless = _nameless(folder, mode)
    if nameless is not None:
        stack.callback(os.close, nameless.descriptor)
        return nameless
    staged = stack.enter_context(Staged(book, folder, folder_path))
    descriptor = os.open(staged.name, NEW_FILE, mode, dir_fd=folder)
    stack.callback(os.close, descriptor)
    return _Named(descriptor, staged)


def _nameless(folder: int, mode: int) -> _Nameless | None:
    """Give a file without a name; None where the file system has none, or none could be given a name later."""
    if not NAMELESS:
        return None
    try:
        descriptor = os.open(".", NAMELESS | os.O_WRONLY | os.O_CLOEXEC, mode, dir_fd=folder)
    except OSError:
        return None  # whatever else it may be, the other way tells it
    link = f"/proc/self/fd/{descriptor}"
    if os.path.lexists(link):
        return _Nameless(descriptor, link)
    os.close(descriptor)
    return None
