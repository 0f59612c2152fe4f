"""Watching by the system's own notices, through watchfiles.

Step and debounce are the ones measured: a notice after about 15 ms. Watch limits, a root that is gone and mistakes of
the library all raise `CannotWatch`. Folders that just came are not to be relied on: what is written in them before
the system watches them is told by nobody, so whoever takes a sighting looks into new folders itself.
"""

import importlib.util
import os
from collections.abc import Iterable, Iterator, Sequence

from forkpoint.stores.watching.looks import is_temporary
from forkpoint.stores.watching.sightings import CannotWatch, Sighting, Wake

STEP_MS = 10
DEBOUNCE_MS = 100
MOST_PATHS = 10_000
"""More paths than this in one sighting are not told apart any more."""


def can_notify() -> bool:
    """Whether watchfiles is installed."""
    return importlib.util.find_spec("watchfiles") is not None


class Notices:
    """Watches folders with all that lies below them."""

    def __init__(self, folders: Sequence[str]) -> None:
        """Begin at once. Raises CannotWatch."""
        # The function `watch` of the library makes threads and handles signals; what is below it does neither.
        try:
            from watchfiles._rust_notify import RustNotify, WatchfilesRustInternalError
        except ImportError as problem:
            raise CannotWatch(str(problem)) from problem
        self._folders = folders
        self._failures = (OSError, WatchfilesRustInternalError)
        try:
            # The last one, if true, would also keep quiet about a missing folder and a limit that is reached.
            self._notify = RustNotify(list(folders), False, False, 0, True, False)
        except self._failures as problem:
            raise CannotWatch(str(problem)) from problem

    def wait(self, seconds: float, wake: Wake) -> Sighting:
        """Give what changed, after at most so long, woken or not. Raises CannotWatch."""
        if wake.stopped:
            return Sighting()
        # An event to stop at makes the library forget what it has seen, so it gets none: its waits are short instead.
        try:
            found = self._notify.watch(DEBOUNCE_MS, STEP_MS, max(1, int(seconds * 1000)), None)
        except self._failures as problem:
            raise CannotWatch(str(problem)) from problem
        if isinstance(found, str):
            return Sighting()
        if len(found) > MOST_PATHS:
            return Sighting(everything=True)
        return Sighting(frozenset(wanted((path for _, path in found), self._folders)))

    def close(self) -> None:
        """Stop the library's thread."""
        self._notify.close()


def wanted(paths: Iterable[str], folders: Sequence[str]) -> Iterator[str]:
    """Leave out what has a name of ours below one of the folders that lasts only as long as a change; nothing else."""
    for path in paths:
        below = next((path[len(folder) :] for folder in folders if path.startswith(folder)), path)
        if not any(is_temporary(name) for name in below.split(os.sep)):
            yield path
