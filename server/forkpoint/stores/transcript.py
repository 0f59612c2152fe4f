"""One session's transcript: opened, indexed, and kept up to date with the files it lies in."""

import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager

import attrs

from forkpoint.agents.adapter import Adapter, Arrangement, Reader, Summary
from forkpoint.model.failures import Failure, FileNotFound
from forkpoint.model.problem import Problem
from forkpoint.model.source import SHOWN, FileSource, Part, Stamp
from forkpoint.stores.disk import HomeFolder, problem_of
from forkpoint.stores.line_index import LineIndex
from forkpoint.stores.line_sources import LineSource, open_source
from forkpoint.stores.workers import CancelFlag

WHOLE_READ_LIMIT = 8 << 20
"""Transcripts up to this many bytes (8 MiB) are read whole for a row; larger ones when they are asked for."""
HEAD_READ = 1 << 20
"""How much of a larger transcript is read for its row, in bytes (1 MiB): its title mostly stands there."""
CHECKED_BYTES = 64
"""How many bytes before the known end must be unchanged for a grown file to count as the same."""


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


@attrs.frozen
class _Known:
    """The state an index was made from."""

    stamps: list[Stamp]
    before_end: bytes


class Transcript:
    """The shown parts of one arranged session.

    Used from several worker threads; one at a time reads the files, the others wait for its index.
    """

    def __init__(self, adapter: Adapter, home: str, arrangement: Arrangement) -> None:
        self.arrangement = arrangement
        self.reader: Reader = adapter.reader(arrangement)
        self._home = home
        self._lock = threading.Lock()
        self._index: LineIndex | None = None
        self._known: _Known | None = None

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
        """How many lines the kept index holds."""
        return 0 if self._index is None else len(self._index)

    def has_index(self, opened: OpenParts) -> bool:
        """Whether an index is kept that fits the open files, or only has to grow a little."""
        with self._lock:
            return self._fits(opened)

    def index(self, opened: OpenParts, flag: CancelFlag, *, thorough: bool) -> LineIndex:
        """Give the index of the open parts: kept, grown by what was appended, or made anew."""
        with self._lock:
            index = self._index
            if index is None or (thorough and not index.thorough) or not self._fits(opened):
                index = self._built(opened, flag, thorough=thorough)
            elif self._known is not None and self._known.stamps != [source.stamp for source in opened.sources]:
                index.grow(opened.sources[-1], flag)
                index.settle()
                self._remember(index, opened)
            return index

    def _built(self, opened: OpenParts, flag: CancelFlag, *, thorough: bool) -> LineIndex:
        self._index = None
        index = LineIndex(opened.parts, self.reader, thorough=thorough)
        for source in opened.sources:
            index.add_part(source, flag)
        index.settle()
        self._index = index
        self._remember(index, opened)
        return index

    def _remember(self, index: LineIndex, opened: OpenParts) -> None:
        self._known = _Known([source.stamp for source in opened.sources], _before_end(index, opened))

    def _fits(self, opened: OpenParts) -> bool:
        index, known = self._index, self._known
        stamps = [source.stamp for source in opened.sources]
        if index is None or known is None or len(stamps) != len(known.stamps):
            return False
        if stamps == known.stamps:
            return True
        if stamps[:-1] != known.stamps[:-1] or not index.last_line_ended:
            return False
        if opened.parts[-1].end is not None or not isinstance(opened.parts[-1].source, FileSource):
            return False
        old, new = known.stamps[-1], stamps[-1]
        same_file = (old.inode, old.device) == (new.inode, new.device)
        return same_file and new.size > old.size and _before_end(index, opened) == known.before_end

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


def _before_end(index: LineIndex, opened: OpenParts) -> bytes:
    """The last bytes the index knows, as they are in the file now; empty for rows of a database."""
    if not opened.parts or not isinstance(opened.parts[-1].source, FileSource):
        return b""
    end = index.end()
    return opened.sources[-1].read(max(0, end - CHECKED_BYTES), min(end, CHECKED_BYTES))
