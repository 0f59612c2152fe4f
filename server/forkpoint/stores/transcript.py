"""One session's transcript: opened, indexed, and kept up to date with the files it lies in."""

import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager

import attrs

from forkpoint.agents.adapter import Adapter, Arrangement, Reader, Summary
from forkpoint.model.failures import Failure, FileNotFound
from forkpoint.model.problem import Problem
from forkpoint.model.source import SHOWN, Part
from forkpoint.stores.disk import HomeFolder, problem_of
from forkpoint.stores.kept_index import KeptIndex
from forkpoint.stores.line_index import LineIndex
from forkpoint.stores.line_sources import LineSource, open_source
from forkpoint.stores.workers import CancelFlag

WHOLE_READ_LIMIT = 8 << 20
"""Transcripts up to this many bytes (8 MiB) are read whole for a row; larger ones when they are asked for."""
HEAD_READ = 1 << 20
"""How much of a larger transcript is read for its row, in bytes (1 MiB): its title mostly stands there."""


@attrs.frozen
class OpenParts:
    """The shown parts that could be opened, in order, and what is wrong with the others."""

    parts: list[Part]
    sources: list[LineSource]
    problems: list[Problem]

    @property
    def size(self) -> int:
        """The bytes of all their files."""
        return sum({part.source.path: source.stamp.size for part, source in self}.values())

    def __iter__(self) -> Iterator[tuple[Part, LineSource]]:
        return zip(self.parts, self.sources, strict=True)


class Transcript:
    """The shown parts of one arranged session.

    Used from several worker threads; one at a time reads the files, the others wait for its index.
    """

    def __init__(self, adapter: Adapter, home: str, arrangement: Arrangement) -> None:
        self.arrangement = arrangement
        self.reader: Reader = adapter.reader(arrangement)
        self._home = home
        self._lock = threading.Lock()
        self._shown = KeptIndex(self.reader)
        self._contexts: dict[str, KeptIndex] = {}

    @contextmanager
    def opened(self) -> Generator[OpenParts]:
        """Open every shown part; those that cannot be had are left out, with a problem each."""
        found = OpenParts([], [], [])
        with HomeFolder(self._home) as home:
            try:
                for part in self.arrangement.parts:
                    if part.role == SHOWN:
                        _open_into(found, home, part)
                yield found
            finally:
                for source in found.sources:
                    source.close()

    @property
    def weight(self) -> int:
        """How many lines the kept indexes hold."""
        return self._shown.weight + sum(kept.weight for kept in [*self._contexts.values()])

    def has_index(self, opened: OpenParts) -> bool:
        """Whether an index is kept that fits the open files, or only has to grow a little."""
        with self._lock:
            return self._shown.fits(opened.parts, opened.sources)

    def index(self, opened: OpenParts, flag: CancelFlag, *, thorough: bool) -> LineIndex:
        """Give the index of the open parts: kept, grown by what was appended, or made anew."""
        with self._lock:
            return self._shown.of(opened.parts, opened.sources, flag, thorough=thorough)

    def context_index(self, part: Part, source: LineSource, flag: CancelFlag) -> LineIndex:
        """Give the index of an open part that is not shown, in the same way."""
        with self._lock:
            kept = self._contexts.setdefault(part.name, KeptIndex(self.reader))
            return kept.of([part], [source], flag, thorough=False)

    def summary(self, index: LineIndex) -> Summary | None:
        """What a whole read adds to a row; None when the index was made without one."""
        return None if index.digest is None else index.digest.summary(index.current.path)

    def head_summary(self, opened: OpenParts, flag: CancelFlag) -> Summary:
        """What the first bytes of the first part tell: for rows of transcripts too large to read whole."""
        index = LineIndex([attrs.evolve(part, end=HEAD_READ) for part in opened.parts[:1]], self.reader, thorough=True)
        for source in opened.sources[:1]:
            index.add_part(source, flag)
        index.settle()
        assert index.digest is not None
        return index.digest.summary(index.current.path)


def _open_into(found: OpenParts, home: HomeFolder, part: Part) -> None:
    try:
        source = open_source(home, part)
    except FileNotFound:
        found.problems.append(Problem(kind="unreadable", reason="the file is gone", path=part.source.path))
    except Failure as failure:
        found.problems.append(problem_of(part.source.path, failure))
    else:
        found.parts.append(part)
        found.sources.append(source)
