"""An index of lines that is kept, and brought up to date with the files it was made from."""

from collections.abc import Sequence

import attrs

from forkpoint.agents.adapter import Reader
from forkpoint.model.source import FileSource, Part, Stamp
from forkpoint.stores.line_index import LineIndex
from forkpoint.stores.line_sources import LineSource
from forkpoint.stores.workers import CancelFlag

CHECKED_BYTES = 64
"""How many bytes before the known end must be unchanged for a grown file to count as the same."""


@attrs.frozen
class _Known:
    """The state an index was made from."""

    stamps: list[Stamp]
    before_end: bytes


class KeptIndex:
    """The index of some parts, made when it is first asked for. One thread at a time may call."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._index: LineIndex | None = None
        self._known: _Known | None = None

    @property
    def weight(self) -> int:
        """How many lines it holds."""
        return 0 if self._index is None else len(self._index)

    def of(
        self, parts: Sequence[Part], sources: Sequence[LineSource], flag: CancelFlag, *, thorough: bool
    ) -> LineIndex:
        """Give the index of open parts: kept, grown by what was appended, or made anew."""
        index = self._index
        if index is None or (thorough and not index.thorough) or not self.fits(parts, sources):
            index = self._built(parts, sources, flag, thorough=thorough)
        elif self._known is not None and self._known.stamps != [source.stamp for source in sources]:
            index.grow(sources[-1], flag)
            index.settle()
            self._remember(index, parts, sources)
        return index

    def fits(self, parts: Sequence[Part], sources: Sequence[LineSource]) -> bool:
        """Whether there is an index that fits the open parts, or only has to grow a little."""
        index, known = self._index, self._known
        stamps = [source.stamp for source in sources]
        if index is None or known is None or len(stamps) != len(known.stamps):
            return False
        if stamps == known.stamps:
            return True
        if stamps[:-1] != known.stamps[:-1] or not index.last_line_ended:
            return False
        if parts[-1].end is not None or not isinstance(parts[-1].source, FileSource):
            return False
        old, new = known.stamps[-1], stamps[-1]
        same_file = (old.inode, old.device) == (new.inode, new.device)
        return same_file and new.size > old.size and _before_end(index, parts, sources) == known.before_end

    def _built(
        self, parts: Sequence[Part], sources: Sequence[LineSource], flag: CancelFlag, *, thorough: bool
    ) -> LineIndex:
        self._index = None
        index = LineIndex(parts, self._reader, thorough=thorough)
        for source in sources:
            index.add_part(source, flag)
        index.settle()
        self._index = index
        self._remember(index, parts, sources)
        return index

    def _remember(self, index: LineIndex, parts: Sequence[Part], sources: Sequence[LineSource]) -> None:
        self._known = _Known([source.stamp for source in sources], _before_end(index, parts, sources))


def _before_end(index: LineIndex, parts: Sequence[Part], sources: Sequence[LineSource]) -> bytes:
    """The last bytes the index knows, as they are in the file now; empty for rows of a database."""
    if not parts or not isinstance(parts[-1].source, FileSource):
        return b""
    end = index.end()
    return sources[-1].read(max(0, end - CHECKED_BYTES), min(end, CHECKED_BYTES))
