"""Watching by looking again and again: for file systems without notices, and when there are no more to be had.

Every half a second to 4 s, as a look costs little or much, the times of folders show new and removed names, and stamps
of the newest and open sessions show appends, which no folder's time shows; every 60 s everything is compared.
"""

import os
import stat
import time
from collections.abc import Callable, Iterable, Sequence

import attrs

from forkpoint.stores.watching.looks import is_temporary
from forkpoint.stores.watching.sightings import Sighting, Wake
from forkpoint.stores.watching.watcher import MOST_PATHS

SOONEST = 0.5
LATEST = 4.0
"""The least and the most seconds between two looks."""
SHARE = 100
"""How many times as long as a look took the next one waits, within these bounds."""
FULL_EVERY = 60.0

COARSENESS = 100_000_000
"""How coarse the times of a file system may be, in nanoseconds."""
_UNSURE = -1


@attrs.frozen
class _Folder:
    """One folder as it looked."""

    mark: int
    files: dict[str, int]
    """What each file in it looked like, by name; links and special files too."""
    folders: frozenset[str]
    """The names of the folders in it."""


_Tree = dict[str, _Folder]


class Polling:
    """Looks at folders with all that lies below them."""

    def __init__(
        self,
        folders: Sequence[str],
        newest: Callable[[], Iterable[str]],
        *,
        soonest: float = SOONEST,
        full: float = FULL_EVERY,
    ) -> None:
        """Look a first time. `newest` gives the paths of the sessions to look at most often; times in seconds."""
        self._roots = folders
        self._newest = newest
        self._soonest, self._full = soonest, full
        self._tree: _Tree = {}
        now = time.monotonic()
        self._next, self._next_full = now + soonest, now + full
        self._compare_all()

    def wait(self, seconds: float, wake: Wake) -> Sighting:
        """Wait, and look when it is time."""
        now = time.monotonic()
        if now < self._next:
            wake.wait(min(seconds, self._next - now))
            now = time.monotonic()
        if now < self._next or wake.is_set():
            return Sighting()
        if now >= self._next_full:
            self._next_full = now + self._full
            seen = self._compare_all() | self._look_at_newest()
        else:
            seen = self._compare_folders() | self._look_at_newest()
        ended = time.monotonic()
        self._next = ended + max(self._soonest, min(LATEST, SHARE * (ended - now)))
        return Sighting(everything=True) if len(seen) > MOST_PATHS else Sighting(frozenset(seen))

    def close(self) -> None:
        """There is nothing to let go of."""

    def _look_at_newest(self) -> set[str]:
        """Compare the files of the sessions that are most likely to grow."""
        seen: set[str] = set()
        for path in self._newest():
            waiting = [path] if path in self._tree else []
            parent, name = os.path.split(path)
            if not waiting and parent in self._tree:
                seen |= self._compare_files(parent, (name,))
            while waiting:
                folder = waiting.pop()
                if folder in self._tree:
                    seen |= self._compare_files(folder, [*self._tree[folder].files])
                    waiting += [os.path.join(folder, name) for name in self._tree[folder].folders]
        return seen

    def _compare_files(self, folder: str, names: Iterable[str]) -> set[str]:
        """Compare some files of a folder that were known; the folder's own time shows those that come."""
        files = self._tree[folder].files
        seen: set[str] = set()
        for name in names:
            path = os.path.join(folder, name)
            try:
                now = _number(os.lstat(path))
            except OSError:  # gone: the folder's time shows it
                continue
            if name in files and files[name] != now:
                files[name] = now
                seen.add(path)
        return seen

    def _compare_folders(self) -> set[str]:
        """Look again into the folders whose own time moved, and into new ones in them."""
        before: _Tree = {}
        for folder, known in self._tree.items():
            if known.mark == _UNSURE or _mark(folder) != known.mark:
                before[folder] = known
        after: _Tree = {}
        for folder, known in before.items():
            found = _scan(folder)
            if found is not None:
                after[folder] = found
                for name in found.folders - known.folders:
                    after.update(_walk(os.path.join(folder, name)))
        after.update(
            (root, tree) for root in self._roots if root not in self._tree for root, tree in _walk(root).items()
        )
        for folder in before:
            gone = [folder] if folder not in after else []
            gone += [os.path.join(folder, name) for name in before[folder].folders - _names(after.get(folder))]
            for path in gone:
                below = path + os.sep
                before.update(
                    {known: self._tree[known] for known in self._tree if known == path or known.startswith(below)}
                )
        for folder in before:
            self._tree.pop(folder, None)
        self._tree.update(after)
        _look_again(self._tree, before.keys() - after.keys())
        return _differences(before, after)

    def _compare_all(self) -> set[str]:
        before, self._tree = self._tree, {}
        for root in self._roots:
            self._tree.update(_walk(root))
        return _differences(before, self._tree)


def _names(folder: _Folder | None) -> frozenset[str]:
    return frozenset() if folder is None else folder.folders


def _differences(before: _Tree, after: _Tree) -> set[str]:
    """The files that came, went or changed, and the folders that came or went."""
    seen = set(before.keys() ^ after.keys())
    for folder in before.keys() | after.keys():
        old = before[folder].files if folder in before else {}
        new = after[folder].files if folder in after else {}
        if old != new:
            seen.update(
                os.path.join(folder, name) for name in old.keys() | new.keys() if old.get(name) != new.get(name)
            )
    return seen


def _walk(top: str) -> _Tree:
    """A folder and all below it, following no links."""
    found: _Tree = {}
    missing: list[str] = []
    waiting = [top]
    while waiting:
        path = waiting.pop()
        folder = _scan(path)
        if folder is None:
            missing.append(path)
        else:
            found[path] = folder
            waiting += [os.path.join(path, name) for name in folder.folders]
    _look_again(found, missing)
    return found


def _look_again(tree: _Tree, missing: Iterable[str]) -> None:
    """Take note that folders could not be looked into where others named them: they may be back without a trace.

    A home that is moved away and back in the midst of a look is as it was by all its times.
    """
    for path in missing:
        above, name = os.path.split(path)
        known = tree.get(above)
        if known is not None and name in known.folders:
            tree[above] = _Folder(_UNSURE, known.files, known.folders - {name})


def _scan(folder: str) -> _Folder | None:
    """One folder as it looks now; None when it is none, or cannot be read. Its mark is older than its names."""
    mark = _mark(folder)
    if mark is None:
        return None
    files: dict[str, int] = {}
    folders: set[str] = set()
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if is_temporary(entry.name):
                    continue
                try:
                    found = entry.stat(follow_symlinks=False)
                except OSError:  # gone since it was listed
                    continue
                if stat.S_ISDIR(found.st_mode):
                    folders.add(entry.name)
                else:
                    files[entry.name] = _number(found)
    except OSError:
        return None
    return _Folder(mark, files, frozenset(folders))


def _mark(folder: str) -> int | None:
    try:
        found = os.lstat(folder)
    except OSError:
        return None
    if not stat.S_ISDIR(found.st_mode):
        return None
    # The next change may leave the same time, so the folder is looked into again until its time is in the past.
    return _number(found) if time.time_ns() - found.st_mtime_ns > COARSENESS else _UNSURE


def _number(found: os.stat_result) -> int:
    return hash((found.st_size, found.st_mtime_ns, found.st_ino))
