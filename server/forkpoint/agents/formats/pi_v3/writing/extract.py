"""Which lines of a session a fork keeps, as they are.

pi takes the labels out of the path and writes them again at its end, with new parents for what followed them; before
0.79.2 it left that out and the fork lost all that came before a label. Here labels stay where they are on the path:
no line changes, and every parent, and every `firstKeptEntryId`, is there.
Source: pi coding-agent 0.73.1 and 0.87.1 `createBranchedSession`, `forkFrom`.
"""

from collections.abc import Sequence
from typing import NamedTuple

import attrs

from forkpoint.agents.formats.pi_v3.header import HEADER_TYPE, without_mark
from forkpoint.agents.formats.pi_v3.messages import read_message
from forkpoint.agents.formats.pi_v3.records import USER
from forkpoint.agents.writing import Copied, Cut, Lines
from forkpoint.model.failures import EntryNotFound, NotSupported, TurnOutOfRange


@attrs.frozen(kw_only=True)
class Kept:
    """The lines that a fork keeps."""

    numbers: Sequence[int]
    """Their numbers, in the order in which they are written."""
    path: Sequence[int]
    """Those of them that are on the path to the fork's leaf, in order."""
    whole: bool = False
    """Whether branches come along too."""
    prefill: str | None = None
    """The text of the user's entry before which it was cut."""


class _Place(NamedTuple):
    path: Sequence[int]
    """The path that an entry is on."""
    position: int
    """Where on it the entry is."""


def kept_lines(lines: Lines, cut: Cut, session: str) -> Kept:
    """Find what a cut keeps. Raises EntryNotFound for `session`, TurnOutOfRange."""
    if cut.turn is not None:
        path = _after_turn(lines, cut.turn)
        return Kept(numbers=path, path=path)
    if cut.after is not None:
        path, position = _place_of(lines, cut.after, session)
        path = path[: position + 1]
        return Kept(numbers=path, path=path)
    if cut.before is not None:
        path, position = _place_of(lines, cut.before, session)
        prefill = _text_of(lines, path[position])
        path = path[:position]
        return Kept(numbers=path, path=path, prefill=prefill)
    return Kept(numbers=_all_lines(lines), path=lines.path(), whole=True)


def _after_turn(lines: Lines, turn: int) -> Sequence[int]:
    path = lines.path()
    begins = [position for position, number in enumerate(path) if lines.line(number).turn]
    if not 0 <= turn < len(begins):
        raise TurnOutOfRange(turn=turn, turns=len(begins))
    return path if turn + 1 == len(begins) else path[: begins[turn + 1]]


def _place_of(lines: Lines, entry_id: str, session: str) -> _Place:
    """Find an entry on the current path, else on the path that leads to it; pi forks at any entry."""
    number = lines.find(entry_id)
    if number is None or not lines.line(number).node:
        raise EntryNotFound(session_id=session, entry_id=entry_id)
    current = lines.path()
    if number in current:
        return _Place(current, current.index(number))
    path = path_to(lines, number)
    return _Place(path, len(path) - 1)


def path_to(lines: Lines, number: int) -> list[int]:
    """Give the path to a line; a walk that comes back to a line it has passed stops before it."""
    path: list[int] = []
    seen: set[int] = set()
    at: int | None = number
    while at is not None and at not in seen:
        seen.add(at)
        path.append(at)
        parent = lines.line(at).parent
        at = None if parent is None else lines.find(parent)
    return path[::-1]


def _text_of(lines: Lines, number: int) -> str | None:
    if lines.line(number).kind != USER:
        return None
    record = read_message(without_mark(lines.read(number)))
    return None if record is None else record.message.text


def _all_lines(lines: Lines) -> Sequence[int]:
    """Every line after the header; a second header, which pi 0.73.1 may write, and a torn last line stay behind."""
    headers = lines.of_kinds((HEADER_TYPE,))
    end = len(lines) - 1 if is_torn(lines) else len(lines)
    if len(headers) < 2:
        return range(headers[0] + 1 if headers else 0, end)
    left_out = frozenset(headers)
    return [number for number in range(headers[0] + 1, end) if number not in left_out]


def is_torn(lines: Lines) -> bool:
    """Tell whether the last line was not written whole; one that only lacks its line break was."""
    last = len(lines) - 1
    return last >= 0 and not lines.line(last).node and lines.line(last).kind != HEADER_TYPE and _is_open(lines, last)


def _is_open(lines: Lines, number: int) -> bool:
    """Tell whether a line has no line break yet, which only the last one may lack."""
    if number + 1 < len(lines):
        return False
    start, end = lines.span(number)
    return min(end, lines.stamp.size) - start == len(lines.read(number))


def is_orphan(lines: Lines, path: Sequence[int]) -> bool:
    """Tell whether a path begins at an entry whose parent is missing: for pi that is a root.

    Raises NotSupported for a path in a circle, on which pi would walk for ever.
    """
    parent = lines.line(path[0]).parent if path else None
    if parent is None:
        return False
    if lines.find(parent) is not None:
        raise NotSupported(capability="fork", reason="the parents of its entries lead in a circle")
    return True


def copied_pieces(lines: Lines, numbers: Sequence[int], path: str) -> list[bytes | Copied]:
    """Give lines as ranges of their file, as few as there can be, each ended by a line break."""
    pieces: list[bytes | Copied] = []
    for first, last in _runs(numbers):
        pieces.append(Copied(path, lines.span(first)[0], min(lines.span(last)[1], lines.stamp.size), lines.stamp))
        if _is_open(lines, last):
            pieces.append(b"\n")
    return pieces


def _runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Give the first and the last of each run of numbers that follow each other."""
    if not numbers:
        return []
    if isinstance(numbers, range):
        return [(numbers[0], numbers[-1])]
    breaks = [place for place in range(1, len(numbers)) if numbers[place] != numbers[place - 1] + 1]
    firsts = [0, *breaks]
    lasts = [*(place - 1 for place in breaks), len(numbers) - 1]
    return [(numbers[first], numbers[last]) for first, last in zip(firsts, lasts, strict=True)]
