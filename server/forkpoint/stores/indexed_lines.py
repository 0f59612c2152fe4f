"""The lines of one part as a fork asks for them, taken from an index and read from the open file."""

from bisect import bisect_left
from collections.abc import Collection, Sequence

from forkpoint.agents.adapter import Line
from forkpoint.agents.writing import Lines
from forkpoint.stores.line_index import LineIndex
from forkpoint.stores.line_sources import LineSource


class IndexedLines(Lines):
    """The lines of a part, numbered from 0, as far as the file went when it was opened.

    The index may grow meanwhile, as other requests use it too; what it gains is no line of this.
    """

    def __init__(self, index: LineIndex, part_number: int, source: LineSource) -> None:
        self.stamp = source.stamp
        self._index = index
        ordinals = index.of_part(part_number)
        self._first = ordinals.start
        self._stop = bisect_left(ordinals, self.stamp.size, key=lambda ordinal: index.span(ordinal)[0]) + self._first
        path = index.current.path
        self._path = [ordinal - self._first for ordinal in path if self._first <= ordinal < self._stop]
        self._read = source.in_order()

    def __len__(self) -> int:
        return self._stop - self._first

    def line(self, number: int) -> Line:
        """What a line is."""
        return self._index.line(self._ordinal(number))

    def span(self, number: int) -> tuple[int, int]:
        """Where a line begins and where the next one does, in bytes."""
        start, end = self._index.span(self._ordinal(number))
        return start, min(end, self.stamp.size)

    def read(self, number: int) -> bytes:
        """A line's bytes, without the line break."""
        start, end = self._index.span(self._ordinal(number))
        return self._read(start, end - 1 - start)

    def of_kinds(self, kinds: Collection[str], start: int = 0, end: int | None = None) -> Sequence[int]:
        """The numbers of the lines of some kinds, in order."""
        stop = len(self) if end is None else min(end, len(self))
        found = self._index.of_kinds(kinds, range(self._first + start, self._first + max(start, stop)))
        return [ordinal - self._first for ordinal in found]

    def path(self) -> Sequence[int]:
        """The numbers of the lines on the current path, in order."""
        return self._path

    def find(self, entry_id: str) -> int | None:
        """The line that an entry begins with."""
        ordinal = self._index.find(entry_id)
        return ordinal - self._first if ordinal is not None and self._first <= ordinal < self._stop else None

    def _ordinal(self, number: int) -> int:
        if not 0 <= number < len(self):
            raise IndexError(number)
        return self._first + number
