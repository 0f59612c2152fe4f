"""Entries of a transcript: pages along the current path, its turns, and all of it block by block."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import attrs

from forkpoint.agents.adapter import Line, Place, Reader
from forkpoint.model.entry import Entry
from forkpoint.model.problem import Problem
from forkpoint.model.session import clip_title
from forkpoint.stores.block_folding import Begun, BlockLine, fold_blocks
from forkpoint.stores.line_index import LineIndex
from forkpoint.stores.line_sources import LineSource
from forkpoint.stores.transcript import WHOLE_READ_LIMIT, OpenParts, Transcript
from forkpoint.stores.workers import CancelFlag

TURN_TEXT_LIMIT = 300
"""The most a turn's text carries in a list of turns, in characters."""
REPLAY_CHUNK = 1 << 20
"""Stored bytes folded for one portion of a replay (1 MiB)."""
TAIL_READ_LIMIT = 4 << 20
"""The most that is read from the end of a large transcript for its last page, in bytes (4 MiB)."""


@attrs.frozen(kw_only=True)
class HistoryPage:
    """Some entries, oldest first."""

    entries: list[Entry]
    has_more_before: bool
    has_more_after: bool
    problems: list[Problem]


@attrs.frozen(kw_only=True)
class Turn:
    """One turn: what a person asked, and the span of what the agent did."""

    turn: int
    """Counted from 0 along the current path."""
    entry_id: str
    """The user's entry that begins it."""
    text: str
    """The user's text on one line, at most 300 characters; empty when there is only an image."""
    started_at: int | None = None
    """Milliseconds since 1970 UTC; absent when the log does not say."""
    ended_at: int | None = None
    """The time of its last record, in milliseconds since 1970 UTC; absent when the log does not say."""
    tool_calls: int
    """How many tools were called."""


class Block(NamedTuple):
    """One block of the current path."""

    lines: int
    size: int
    """How many bytes its lines have."""
    entries: list[Entry]


class HistoryReader:
    """Reads along the current path of an indexed transcript."""

    def __init__(self, reader: Reader, index: LineIndex, sources: Sequence[LineSource], *, raw: bool = False) -> None:
        self._reader = reader
        self._index = index
        self._sources = sources
        self._raw = raw
        current = index.current
        self._path, self._turns = current.path, current.turns

    @property
    def turn_count(self) -> int:
        """The number of turns on the path."""
        return len(self._turns)

    def position_of(self, entry_id: str) -> int | None:
        """The place on the path of the line an entry began on; None when it is not on the path."""
        ordinal = self._index.find(entry_id)
        if ordinal is None:
            return None
        try:
            return self._path.index(ordinal)
        except ValueError:
            return None

    # -- blocks -------------------------------------------------------------------------------------------------

    def _begin(self, position: int) -> int:
        """The beginning of the block a position lies in."""
        while position > 0 and not self._index.starts(self._path[position]):
            position -= 1
        return position

    def _end(self, position: int) -> int:
        """The end, exclusive, of the block a position lies in."""
        position += 1
        while position < len(self._path) and not self._index.starts(self._path[position]):
            position += 1
        return position

    def read_line(self, ordinal: int) -> tuple[Place, Line, bytes]:
        """One line, with its place and its class."""
        return next(self._index.read((ordinal,), [source.read for source in self._sources]))

    def _fold(self, begin: int, end: int) -> list[Begun]:
        """The entries of one block, each with the position it began at."""
        return self._sized(begin, end)[0]

    def _sized(self, begin: int, end: int) -> tuple[list[Begun], int]:
        """The entries of one block, each with the position it began at, and the bytes of its lines."""
        size = 0

        def counted() -> Iterator[BlockLine]:
            nonlocal size
            for item in self._index.read(self._path[begin:end], [source.read for source in self._sources]):
                size += len(item[2])
                yield item

        (folded,) = fold_blocks(self._reader, counted(), begin, raw=self._raw)
        self._number(folded)
        return folded, size

    def _number(self, folded: list[Begun]) -> None:
        """Give entries the turns they belong to."""
        turns = self._turns
        number, upcoming = -1, 0
        for position, entry in folded:
            if position >= upcoming or number < 0:
                number = bisect_right(turns, position) - 1
                upcoming = turns[number + 1] if number + 1 < len(turns) else len(self._path)
            entry.turn = number if number >= 0 else None

    # -- pages --------------------------------------------------------------------------------------------------

    def page_before(self, stop: int | None, limit: int, flag: CancelFlag) -> HistoryPage:
        """The last `limit` entries that began before a position, or of the whole path."""
        limit_position = len(self._path) if stop is None else stop
        found: list[Begun] = []
        position = limit_position
        while position > 0 and len(found) <= limit:
            flag.check()
            begin = self._begin(position - 1)
            block = self._fold(begin, self._end(position - 1))
            found[:0] = [item for item in block if item[0] < limit_position]
            position = begin
        kept = found[-limit:]
        return self._page(kept, more_before=len(found) > limit, more_after=stop is not None)

    def page_after(self, start: int | None, limit: int, flag: CancelFlag) -> HistoryPage:
        """The first `limit` entries that began after a position, or of the whole path."""
        found: list[Begun] = []
        position = 0 if start is None else self._begin(start)
        while position < len(self._path) and len(found) <= limit:
            flag.check()
            end = self._end(position)
            found += [item for item in self._fold(position, end) if start is None or item[0] > start]
            position = end
        return self._page(found[:limit], more_before=start is not None, more_after=len(found) > limit)

    def _page(self, kept: list[Begun], *, more_before: bool, more_after: bool) -> HistoryPage:
        return HistoryPage(
            entries=[entry for _, entry in kept],
            has_more_before=more_before,
            has_more_after=more_after,
            problems=self._problems_between(kept, more_before, more_after),
        )

    def _problems_between(self, kept: list[Begun], more_before: bool, more_after: bool) -> list[Problem]:
        """The problems of the lines a page covers; of a page at an end of the history also those beyond."""
        if not kept:
            return [] if more_before or more_after else self._index.problems
        first = self._index.place(self._path[kept[0][0]])
        last = self._index.place(self._path[kept[-1][0]])
        return [
            problem
            for problem in self._index.problems
            if (not more_before or (problem.byte_offset or 0) >= first.offset or problem.path != first.path)
            and (not more_after or (problem.byte_offset or 0) <= last.offset or problem.path != last.path)
        ]

    def blocks_from(self, start: int) -> Iterator["Block"]:
        """The blocks from the one that a position lies in."""
        position = self._begin(start)
        while position < len(self._path):
            end = self._end(position)
            folded, size = self._sized(position, end)
            yield Block(end - position, size, [entry for _, entry in folded])
            position = end

    # -- turns and replay ---------------------------------------------------------------------------------------

    def turns(self, after: int, limit: int, flag: CancelFlag) -> list[Turn]:
        """At most `limit` turns that come after turn number `after`."""
        found: list[Turn] = []
        for number in range(after + 1, min(len(self._turns), after + 1 + limit)):
            flag.check()
            found.append(self._turn(number))
        return found

    def _turn(self, number: int) -> Turn:
        index, path = self._index, self._path
        begin = self._turns[number]
        end = self._turns[number + 1] if number + 1 < len(self._turns) else len(path)
        place, line, data = self.read_line(path[begin])
        text, started = self._reader.turn_text(line, data)
        return Turn(
            turn=number,
            entry_id=line.id or f"{place.part}@{place.offset:x}",
            text=clip_title(text, TURN_TEXT_LIMIT),
            started_at=started,
            ended_at=self._last_time(begin, end),
            tool_calls=sum(index.calls(path[position]) for position in range(begin, end)),
        )

    def _last_time(self, begin: int, end: int) -> int | None:
        for position in range(end - 1, begin - 1, -1):
            _, line, data = self.read_line(self._path[position])
            found = self._reader.time(line, data)
            if found is not None:
                return found
        return None

    def portions(self, flag: CancelFlag) -> Iterator[list[Entry]]:
        """All entries in order, in portions of about `REPLAY_CHUNK` stored bytes."""
        size = 0

        def counted() -> Iterator[BlockLine]:
            nonlocal size
            for item in self._index.read(self._path, [source.in_order() for source in self._sources]):
                size += len(item[2])
                yield item

        portion: list[Begun] = []
        for block in fold_blocks(self._reader, counted(), 0, raw=self._raw):
            portion += block
            if size >= REPLAY_CHUNK:
                flag.check()
                self._number(portion)
                yield [entry for _, entry in portion]
                portion, size = [], 0
        if portion:
            self._number(portion)
            yield [entry for _, entry in portion]


def history_of(transcript: Transcript, opened: OpenParts, flag: CancelFlag, *, raw: bool) -> HistoryReader:
    """Give the reader of a transcript's current path, its index made or brought up to date."""
    index = transcript.index(opened, flag, thorough=opened.size <= WHOLE_READ_LIMIT)
    return HistoryReader(transcript.reader, index, opened.sources, raw=raw)


def tail_page(reader: Reader, opened: OpenParts, limit: int, flag: CancelFlag, *, raw: bool) -> HistoryPage | None:
    """The last entries of a transcript read from its end, without an index and so without turn numbers.

    None when that does not get far enough: several parts, a leaf elsewhere, or a page of more than 4 MiB.
    """
    if len(opened.parts) != 1 or reader.leaf is not None:
        return None
    found: list[Entry] = []
    for block in _blocks_backwards(reader, opened, flag):
        if block is None:
            return None
        (folded,) = fold_blocks(reader, block, 0, raw=raw)
        found[:0] = [entry for _, entry in folded]
        if len(found) > limit:
            return HistoryPage(entries=found[-limit:], has_more_before=True, has_more_after=False, problems=[])
    return HistoryPage(entries=found, has_more_before=False, has_more_after=False, problems=[])


def _blocks_backwards(reader: Reader, opened: OpenParts, flag: CancelFlag) -> Iterator[list[BlockLine] | None]:
    """The blocks of the current path from the last to the first; None where the end of the file does not suffice."""
    part, source = opened.parts[0], opened.sources[0]
    tree = reader.shape == "tree"
    block: list[BlockLine] = []
    wanted: str | None = None
    for offset, data, _ in source.backwards(part.start, part.end):
        flag.check()
        if source.stamp.size - offset > TAIL_READ_LIMIT:
            yield None
            return
        line = reader.classify(part, data, 0, len(data), thorough=False)
        if not line.node or (wanted is not None and line.id != wanted):
            continue
        block.append((Place(part.name, offset, part.source.path, None), line, data))
        if line.starts:
            yield block[::-1]
            block = []
        if tree:
            wanted = line.parent
            if wanted is None:
                return
    if wanted is not None:
        yield None
    elif block:
        yield block[::-1]
