"""Where a fork cuts the shown history: after a turn, after an entry, or before one."""

from collections.abc import Iterable

import attrs

from forkpoint.agents.adapter import Change, Place, Reader
from forkpoint.agents.kimi.writing.kept import Keep, block_of, whole
from forkpoint.agents.writing import Cut, Lines
from forkpoint.model.failures import EntryNotFound, TurnOutOfRange
from forkpoint.model.source import Part

_SAID = frozenset(("TurnBegin", "SteerInput", "user"))
"""Lines with what a user said."""
_TURNS = ("TurnBegin", "user")
"""Lines that begin a turn, of a wire log and of a context."""


@attrs.frozen
class ShownCut:
    """What is kept of the shown history."""

    keep: Keep
    prefill: str | None = None
    """The user's words before which it was cut."""


@attrs.define
class _Fed:
    """What one line of a block did to the list of entries."""

    number: int
    added: set[str]
    touched: set[str]


@attrs.define
class _Block:
    """A block of lines, folded as the history folds it."""

    lines: list[_Fed]
    order: list[str]
    """The entries, in order; those taken back are left out."""
    compactions: set[str]
    """The entries that are compactions."""


def cut_shown(reader: Reader, part: Part, lines: Lines, cut: Cut, session_id: str) -> ShownCut:
    """Find the lines to keep. Raises EntryNotFound, TurnOutOfRange."""
    if cut.turn is not None:
        return ShownCut(_after_turn(lines, cut.turn))
    entry_id = cut.after if cut.before is None else cut.before
    if entry_id is None:
        return ShownCut(whole(lines))
    number = lines.find(entry_id)
    block = None if number is None else _folded(reader, part, lines, number)
    if number is None or block is None or entry_id not in block.order:
        raise EntryNotFound(session_id=session_id, entry_id=entry_id)
    place = block.order.index(entry_id)
    if cut.before is None:
        return ShownCut(_after(lines, block, place))
    line = lines.line(number)
    prefill = reader.turn_text(line, lines.read(number))[0] if line.kind in _SAID else None
    keep = _after(lines, block, place - 1) if place else Keep(min(number, block.lines[0].number))
    return ShownCut(keep, prefill)


def _after_turn(lines: Lines, turn: int) -> Keep:
    begins = lines.of_kinds(_TURNS)
    if not 0 <= turn < len(begins):
        raise TurnOutOfRange(turn=turn, turns=len(begins))
    return whole(lines) if turn + 1 == len(begins) else Keep(begins[turn + 1])


def _folded(reader: Reader, part: Part, lines: Lines, number: int) -> _Block:
    fold, block = reader.fold(), _Block([], [], set())
    for each in block_of(lines, number):
        line, fed = lines.line(each), _Fed(each, set(), set())
        block.lines.append(fed)
        if line.node:
            _feed(fold.feed(Place(part.name, lines.span(each)[0], "", None), line, lines.read(each)), fed, block)
    return block


def _feed(changes: Iterable[Change], fed: _Fed, block: _Block) -> None:
    for action, entry in changes:
        fed.touched.add(entry.entry_id)
        if action == "hide":
            block.order = [name for name in block.order if name != entry.entry_id]
        elif action == "add":
            fed.added.add(entry.entry_id)
            block.order.append(entry.entry_id)
            if entry.kind == "compaction":
                block.compactions.add(entry.entry_id)


def _after(lines: Lines, block: _Block, place: int) -> Keep:
    """Keep the entries up to one: every line that made them, and no line that made another.

    An assistant's entry grows after the results of its first calls have been stored, so that lines in between may have
    to go.
    """
    kept, later = set(block.order[: place + 1]), set(block.order[place + 1 :])
    if not later:
        last = block.lines[-1].number
        return whole(lines) if last + 1 == len(lines) else Keep(last + 1)
    last = max(fed.number for fed in block.lines if fed.touched & kept and not fed.added & later)
    if block.order[place] in block.compactions:
        last = next((end for end in lines.of_kinds(("CompactionEnd",), last, block.lines[-1].number + 1)), last)
    others = (fed for fed in block.lines if fed.added & later or (fed.touched & later and not fed.touched & kept))
    return Keep(last + 1, frozenset(fed.number for fed in others if fed.number <= last))
