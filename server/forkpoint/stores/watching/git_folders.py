"""The repositories of the folders that a client shows sessions of, looked at by the stamps of a few files of git's."""

import os
import threading
from collections import OrderedDict
from collections.abc import Iterable

from forkpoint.model.source import Stamp
from forkpoint.stores.repositories import find_repository
from forkpoint.stores.watching.looks import stamp_at

KEPT = 50
"""How many folders are watched: those shown last."""
OWN = ("HEAD", "index", "logs/HEAD", "MERGE_HEAD", "REBASE_HEAD")
SHARED = ("packed-refs", "FETCH_HEAD")

_Marks = tuple[Stamp | None, ...]


class GitFolders:
    """Which folders to look at, and how their repositories looked."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._marks: OrderedDict[str, _Marks | None] = OrderedDict()

    def show(self, folders: Iterable[str]) -> None:
        """Take folders that a client shows now; those shown longest ago are let go of."""
        with self._lock:
            for folder in folders:
                self._marks[folder] = self._marks.pop(folder, None)
            while len(self._marks) > KEPT:
                self._marks.popitem(last=False)

    def is_shown(self, folder: str) -> bool:
        """Whether a folder is among them."""
        with self._lock:
            return folder in self._marks

    def look(self) -> list[str]:
        """Give the folders whose branch, commit or index changed since the last look; waits on the disk."""
        with self._lock:
            before = dict(self._marks)
        now = {folder: _marks_of(folder) for folder in before}
        with self._lock:
            for folder in self._marks.keys() & now.keys():
                self._marks[folder] = now[folder]
        return [folder for folder, mark in before.items() if mark is not None and mark != now[folder]]


def _marks_of(folder: str) -> _Marks:
    """The marks of a folder's repository; none outside of one."""
    repository = find_repository(folder)
    if repository is None:
        return ()
    paths = [os.path.join(repository.git_dir, name) for name in OWN]
    paths += [os.path.join(repository.common_dir, name) for name in SHARED]
    return tuple(map(stamp_at, paths))
