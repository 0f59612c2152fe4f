"""A home as an adapter sees it when only some paths matter: the sessions there are found without walking the rest."""

import os
from collections.abc import Iterable, Iterator, Sequence

import attrs

from forkpoint.agents.adapter import Adapter, Ask, Candidate, DirEntry, Discovery, Home
from forkpoint.model.failures import Unreadable
from forkpoint.stores.disk import HomeFolder, LocalDisk, ask_in_rounds
from forkpoint.stores.workers import CancelFlag


@attrs.frozen
class Found:
    """What an adapter found at some paths."""

    candidates: Sequence[Candidate]
    """The sessions that lie at, below or above these paths."""
    consulted: frozenset[str]
    """The index files and databases that it looked into on the way."""
    asked: frozenset[str]
    """All paths that it asked about in any way: what becomes of others means nothing to it."""


class FocusedDisk(LocalDisk):
    """Shows of each folder only the names that lead to the paths, or lie below one of them."""

    def __init__(self, home: HomeFolder, flag: CancelFlag, paths: Iterable[str]) -> None:
        super().__init__(home, flag)
        self._paths = [*paths]
        self.consulted: set[str] = set()
        self.asked: set[str] = set()

    def folder(self, path: str) -> Sequence[DirEntry] | None:
        """The names that matter in a folder."""
        entries = super().folder(path)
        if entries is None or any(is_at_or_below(path, wanted) for wanted in self._paths):
            return entries
        below = path.rstrip(os.sep) + os.sep
        names = {wanted[len(below) :].partition(os.sep)[0] for wanted in self._paths if wanted.startswith(below)}
        return [entry for entry in entries if entry.name in names]

    def fetch(self, ask: Ask) -> None:
        """Read what was asked for, and take note of what could tell of sessions that lie elsewhere."""
        self.consulted.update(ask.texts, (query.path for query in ask.queries))
        self.asked.update(ask.folders, ask.stamps, (peek.path for peek in ask.peeks), self.consulted)
        super().fetch(ask)


def sessions_at(
    adapter: Adapter, home: Home, paths: Sequence[str], known_folders: Sequence[str], flag: CancelFlag
) -> Found:
    """Ask an adapter for the sessions at some paths of a home. Raises Cancelled."""
    try:
        folder = HomeFolder(home.path)
    except Unreadable:
        return Found((), frozenset(), frozenset())
    with folder:
        disk = FocusedDisk(folder, flag, paths)

        def question(seen: LocalDisk) -> Ask | Discovery:
            return adapter.discover(home, seen, known_folders)

        discovery = ask_in_rounds(question, disk)
    wanted, above = {*paths}, {parent for path in paths for parent in ancestors(path)}
    near = [
        found for found in discovery.candidates if found.path in above or not wanted.isdisjoint(lineage(found.path))
    ]
    return Found(near, frozenset(disk.consulted), frozenset(disk.asked))


def is_at_or_below(path: str, top: str) -> bool:
    """Whether a path is this folder or lies in it."""
    return path == top or path.startswith(top.rstrip(os.sep) + os.sep)


def lineage(path: str) -> Iterator[str]:
    """A path and every folder above it, from the inside out."""
    while True:
        yield path
        parent = os.path.dirname(path)
        if parent == path:
            return
        path = parent


def ancestors(path: str) -> Iterator[str]:
    """Every folder above a path."""
    return lineage(os.path.dirname(path))
