"""Which lines of a part a fork keeps, as ranges of bytes to copy."""

from collections.abc import Iterator, Sequence

import attrs

from forkpoint.agents.writing import Copied, Lines
from forkpoint.parsing import json_lines


@attrs.frozen
class Keep:
    """The first lines of a part, but for a few among the last of them."""

    end: int
    """The number of the first line that is not kept."""
    without: frozenset[int] = frozenset()
    """Lines before it that are not kept either."""

    def has(self, number: int) -> bool:
        """Whether a line is kept."""
        return number < self.end and number not in self.without

    def numbers(self, start: int = 0) -> Iterator[int]:
        """Give the kept lines from one on."""
        return (number for number in range(start, self.end) if number not in self.without)


def whole(lines: Lines) -> Keep:
    """Keep every line; a last line that was not written whole is none."""
    end = len(lines)
    if end and not _ended(lines, end - 1) and json_lines.decode(lines.read(end - 1))[1] is not None:
        end -= 1
    return Keep(end)


def content(path: str, lines: Lines, keep: Keep) -> list[bytes | Copied]:
    """Give the kept lines as they lie in the file, and the line break that the last one may lack."""
    ranges: list[tuple[int, int]] = []
    begin = 0
    for gap in [*sorted(keep.without), keep.end]:
        if begin < gap <= keep.end:
            ranges.append((_offset(lines, begin), _offset(lines, gap)))
        begin = gap + 1
    pieces: list[bytes | Copied] = [Copied(path, start, end, lines.stamp) for start, end in ranges]
    last = next((number for number in range(keep.end - 1, -1, -1) if keep.has(number)), None)
    if last is not None and not _ended(lines, last):
        pieces.append(b"\n")
    return pieces


def block_of(lines: Lines, number: int) -> Sequence[int]:
    """Give the lines of the block that a line lies in."""
    start, end = number, number + 1
    while start > 0 and not lines.line(start).starts:
        start -= 1
    while end < len(lines) and not lines.line(end).starts:
        end += 1
    return range(start, end)


def _offset(lines: Lines, number: int) -> int:
    """Give where a line begins, or where the last one ends."""
    return lines.span(number)[0] if number < len(lines) else lines.span(number - 1)[1] if number else 0


def _ended(lines: Lines, number: int) -> bool:
    start, end = lines.span(number)
    return end - start > len(lines.read(number))
