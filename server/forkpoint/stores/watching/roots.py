"""The homes of all agents under watch: each in the way that works for it, anew whenever they are others."""

import os
import time
from collections.abc import Callable, Sequence

from forkpoint.model.settings import WatchMode
from forkpoint.stores.watching.network import is_remote
from forkpoint.stores.watching.polling import Polling
from forkpoint.stores.watching.sightings import CannotWatch, Eyes, outermost
from forkpoint.stores.watching.surroundings import Surroundings
from forkpoint.stores.watching.watcher import Notices, can_notify

Roots = dict[str, tuple[int, int]]
"""The folders to watch, each with its device and inode: a folder that was replaced tells nothing any more."""


class WatchedRoots:
    """The ways that are open now; used by one thread."""

    def __init__(self, store: Surroundings, mode: Callable[[], WatchMode], newest: Callable[[], Sequence[str]]) -> None:
        """`newest` gives the paths of the sessions that polling looks at most often."""
        self._store = store
        self._mode = mode
        self._newest = newest
        self._opened: tuple[WatchMode, Roots] = ("off", {})
        self._without_notices = False
        self.eyes: list[Eyes] = []
        self.blind_since: float | None = None
        """Since when nothing is watched, in seconds since 1970 UTC; None while something is."""
        self.way = "off"
        """How the roots are watched: off, notices or polling."""

    def are_others(self) -> bool:
        """Whether the roots, or the way they are to be watched in, are not those that were opened."""
        return (self._mode(), self._roots()) != self._opened

    def open(self, *, without_notices: bool = False) -> float:
        """Watch the roots that there are now; gives since when what happened at them may have been missed.

        `without_notices` says that the system has refused to give any.
        """
        began = time.time()
        self.close()
        self._without_notices = without_notices
        mode, roots = self._opened = (self._mode(), self._roots())
        folders = outermost([*roots]) if mode != "off" else []
        polled = self._noticed(folders) if mode == "on" else folders
        if polled:
            self.eyes.append(Polling(polled, self._newest))
        self.way = "off" if not self.eyes else "polling" if polled else "notices"
        missed_since = began if self.blind_since is None else self.blind_since
        self.blind_since = None if self.eyes else missed_since
        return missed_since

    def close(self) -> None:
        """Watch nothing any more."""
        for eyes in self.eyes:
            eyes.close()
        self.eyes.clear()

    def _noticed(self, folders: list[str]) -> list[str]:
        """Let the system tell of the folders that it can tell of; gives the others."""
        if self._without_notices or not can_notify():
            return folders
        remote = [folder for folder in folders if is_remote(folder)]
        near = [folder for folder in folders if folder not in remote]
        try:
            self.eyes += [Notices(near)] if near else []
        except CannotWatch:
            self._without_notices = True
            return folders
        return remote

    def _roots(self) -> Roots:
        roots: Roots = {}
        for _, home in self._store.homes():
            try:
                found = os.stat(home.path)
            except OSError:
                continue
            roots[home.path] = (found.st_dev, found.st_ino)
        return roots
