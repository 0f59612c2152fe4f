"""Where every line of a session's shown parts lies and what it is, in columns, grown as the files grow."""

from array import array
from collections.abc import Collection, Iterable, Iterator, KeysView, Sequence

import attrs

from forkpoint.agents.adapter import Digest, Line, Place, Reader
from forkpoint.model.entry import entry_id_at
from forkpoint.model.entry_tree import faults, path_to
from forkpoint.model.problem import Problem
from forkpoint.model.source import Part
from forkpoint.stores.line_sources import LineSource, ReadLine, TakeLine
from forkpoint.stores.workers import CancelFlag

KEPT_PROBLEMS = 1000
"""How many problems of one session are kept; a rubbish file of millions of lines must not fill the memory."""

_Class = tuple[str, bool, bool, bool, int]
"""kind, node, starts, turn, calls of a line: few different ones, so each is kept once."""


@attrs.frozen
class Current:
    """The current path as of some moment."""

    path: list[int]
    """The ordinals of its lines, in order."""
    turns: list[int]
    """The places on the path, counted from 0, where turns begin."""


class LineIndex:
    """The lines of the shown parts, each an ordinal from 0 over all parts.

    One thread at a time adds lines and then settles. Others may read meanwhile: columns only grow.
    """

    def __init__(self, parts: Sequence[Part], reader: Reader, *, thorough: bool) -> None:
        self.parts = parts
        self.thorough = thorough
        self.digest: Digest | None = reader.digest() if thorough else None
        self.problems: list[Problem] = []
        self._reader = reader
        self._offsets = array("q")
        self._lengths = array("q")
        self._classes = array("H")
        self._class_numbers: dict[_Class, int] = {}
        self._class_values: list[_Class] = []
        self._class_lines: list[Line] = []
        self._ids: list[str | None] = []
        self._parents: list[str | None] = []
        self._by_id: dict[str, int] = {}
        self._first: list[int] = []
        self.last_line_ended = True
        self.current = Current([], [])

    def __len__(self) -> int:
        return len(self._offsets)

    # -- growing ------------------------------------------------------------------------------------------------

    def add_part(self, source: LineSource, flag: CancelFlag) -> None:
        """Scan the next part whole."""
        part = self.parts[len(self._first)]
        self._first.append(len(self))
        self._scan(len(self._first) - 1, source, part.start, flag)

    def grow(self, source: LineSource, flag: CancelFlag) -> None:
        """Scan what the last part gained since; its last line must have been ended."""
        self._scan(len(self._first) - 1, source, self.end(), flag)

    def settle(self) -> None:
        """Find the current path anew. Whoever holds the former one goes on with lines that are all still there."""
        path = self._tree_path() if self._reader.shape == "tree" else self.nodes()
        begins = {number for number, value in enumerate(self._class_values) if value[3]}
        classes = self._classes
        self.current = Current(path, [place for place, ordinal in enumerate(path) if classes[ordinal] in begins])

    def end(self) -> int:
        """The offset after the last line of the last part."""
        if len(self) == self._first[-1]:
            return self.parts[-1].start
        return self._offsets[-1] + self._lengths[-1] + 1

    def _scan(self, number: int, source: LineSource, start: int, flag: CancelFlag) -> None:
        part = self.parts[number]
        take = self._taker(part)
        for offset in source.scan(start, part.end, take, flag):
            self.problems.append(
                Problem(kind="lineTooLong", reason="skipped", path=part.source.path, byte_offset=offset)
            )

    def _taker(self, part: Part) -> TakeLine:
        """Give the function that takes one line; what it needs is bound once, as it runs for every line there is."""
        classify, thorough = self._reader.classify, self.thorough
        feed = None if self.digest is None else self.digest.feed
        offsets, lengths, classes = self._offsets.append, self._lengths.append, self._classes.append
        ids, parents, by_id = self._ids, self._parents, self._by_id
        numbers = self._class_numbers

        def take(buffer: bytes | bytearray, begin: int, end: int, offset: int, ended: bool) -> None:
            line = classify(part, buffer, begin, end, thorough=thorough)
            if not ended:
                line = self._unended(line)
            self.last_line_ended = ended
            kind, node, name, parent, starts, turn, calls, problem, reason = line
            if node and name is not None:
                by_id[name] = len(ids)
            if parent is not None:
                # The parent mostly stands before, and its id need not be kept twice.
                before = by_id.get(parent)
                parent = parent if before is None else ids[before]
            ids.append(name)
            parents.append(parent)
            offsets(offset)
            lengths(end - begin)
            # Last, since the other columns are read as far as this one goes, by readers that do not wait.
            known = numbers.get((kind, node, starts, turn, calls))
            classes(self._new_class((kind, node, starts, turn, calls)) if known is None else known)
            if problem is not None:
                self._complain(problem, reason, len(ids) - 1)
            if feed is not None:
                feed(line, buffer, begin, end)

        return take

    def _new_class(self, key: _Class) -> int:
        number = self._class_numbers[key] = len(self._class_values)
        self._class_values.append(key)
        kind, node, starts, turn, calls = key
        self._class_lines.append(Line(kind, node, None, None, starts, turn, calls))
        return number

    def _unended(self, line: Line) -> Line:
        if not self.thorough:
            return line
        if line.problem in ("notJson", "badUtf8"):
            return line._replace(problem="tornTail", reason="the last line was not written whole")
        if line.problem is None:
            return line._replace(problem="noFinalNewline", reason="the last line has no line break yet")
        return line

    def _complain(self, kind: str, reason: str, ordinal: int) -> None:
        if len(self.problems) < KEPT_PROBLEMS:
            place = self.place(ordinal)
            self.problems.append(
                Problem(kind=kind, reason=reason, path=place.path, line=place.number, byte_offset=place.offset)
            )

    # -- asking -------------------------------------------------------------------------------------------------

    def line(self, ordinal: int) -> Line:
        """What a line is."""
        line, name, parent = self._class_lines[self._classes[ordinal]], self._ids[ordinal], self._parents[ordinal]
        if name is None and parent is None:
            return line
        return Line(line.kind, line.node, name, parent, line.starts, line.turn, line.calls)

    def span(self, ordinal: int) -> tuple[int, int]:
        """Where a line begins and where the next byte after its line break lies, whether or not it has one."""
        offset = self._offsets[ordinal]
        return offset, offset + self._lengths[ordinal] + 1

    def of_part(self, number: int) -> range:
        """The ordinals of the lines of a part."""
        after = number + 1
        return range(self._first[number], self._first[after] if after < len(self._first) else len(self))

    def of_kinds(self, kinds: Collection[str], among: range) -> list[int]:
        """The ordinals of the lines of some kinds, in order, among those of a range without gaps."""
        wanted = frozenset(number for number, value in enumerate(self._class_values) if value[0] in kinds)
        if not wanted:
            return []
        classes = enumerate(self._classes[among.start : among.stop], among.start)
        return [ordinal for ordinal, number in classes if number in wanted]

    @property
    def ids(self) -> KeysView[str]:
        """The ids of all entries, for formats that have ids; it grows with the index."""
        return self._by_id.keys()

    def part_number(self, ordinal: int) -> int:
        """Which part a line lies in."""
        number = len(self._first) - 1
        while number and self._first[number] > ordinal:
            number -= 1
        return number

    def place(self, ordinal: int) -> Place:
        """Where a line lies."""
        number = self.part_number(ordinal)
        part = self.parts[number]
        count = ordinal - self._first[number] + 1 if part.start == 0 else None
        return Place(part.name, self._offsets[ordinal], part.source.path, count)

    def read(self, ordinals: Iterable[int], reads: Sequence[ReadLine]) -> Iterator[tuple[Place, Line, bytes]]:
        """Read lines, each with its place and its class; `reads` has a way to read each part.

        It runs for every line of a replay, so what a line's part tells is bound once per part.
        """
        if not reads:
            return
        offsets, lengths, classes, lines = self._offsets, self._lengths, self._classes, self._class_lines
        ids, parents, several = self._ids, self._parents, len(self._first) > 1
        number, first, name, path, whole = -1, 0, "", "", False
        read = reads[0]
        for ordinal in ordinals:
            lies_in = self.part_number(ordinal) if several else 0
            if lies_in != number:
                number, part = lies_in, self.parts[lies_in]
                first, read = self._first[number], reads[number]
                name, path, whole = part.name, part.source.path, part.start == 0
            offset = offsets[ordinal]
            line = lines[classes[ordinal]]
            if ids[ordinal] is not None or parents[ordinal] is not None:
                line = self.line(ordinal)
            place = Place(name, offset, path, ordinal - first + 1 if whole else None)
            yield place, line, read(offset, lengths[ordinal])

    def starts(self, ordinal: int) -> bool:
        """Whether folding may begin at a line."""
        return self._class_values[self._classes[ordinal]][2]

    def calls(self, ordinal: int) -> int:
        """How many tool calls a line makes."""
        return self._class_values[self._classes[ordinal]][4]

    def find(self, entry_id: str) -> int | None:
        """The ordinal of the line an entry id names, by the format's own id or by part and offset."""
        own = self._by_id.get(entry_id)
        if own is not None:
            return own
        name, _, offset = entry_id.rpartition("@")
        for number, part in enumerate(self.parts[: len(self._first)]):
            if part.name == name:
                found = self._at(number, offset)
                if found is not None:
                    return found
        return None

    def _at(self, number: int, offset: str) -> int | None:
        try:
            wanted = int(offset, 16)
        except ValueError:
            return None
        low = self._first[number]
        high = high_end = self._first[number + 1] if number + 1 < len(self._first) else len(self)
        while low < high:
            middle = (low + high) // 2
            if self._offsets[middle] < wanted:
                low = middle + 1
            else:
                high = middle
        found = low < high_end and self._offsets[low] == wanted
        return low if found and entry_id_at(self.parts[number].name, wanted).endswith("@" + offset) else None

    def nodes(self) -> list[int]:
        """The ordinals of all lines that belong to the conversation."""
        is_node = [value[1] for value in self._class_values]
        return [ordinal for ordinal, number in enumerate(self._classes) if is_node[number]]

    def _tree_path(self) -> list[int]:
        named = self._reader.leaf
        if named == "":
            return []
        if named is not None and named in self._by_id:
            return path_to(self._by_id[named], self._parents, self._by_id)
        nodes = self.nodes()
        return path_to(nodes[-1] if nodes else None, self._parents, self._by_id)

    def tree_problems(self) -> list[Problem]:
        """Broken links of a tree format, each with its line."""
        if self._reader.shape != "tree":
            return []
        found: list[Problem] = []
        for fault in faults(self.nodes(), self._ids, self._parents)[:KEPT_PROBLEMS]:
            place = self.place(fault.ordinal)
            found.append(
                Problem(
                    kind=fault.kind, reason=fault.reason, path=place.path, line=place.number, byte_offset=place.offset
                )
            )
        return found
