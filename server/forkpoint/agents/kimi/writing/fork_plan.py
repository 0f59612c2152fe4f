"""A fork thought out: what its log and its context are made of.

Kimi's files have no field for where a fork comes from; that is noted elsewhere. As in Kimi's own fork, approvals, plan
mode, tasks, helper agents' folders and contexts that were moved aside do not come along: none of it is needed to open
the fork or to go on with it.
"""

from collections.abc import Iterable, Mapping, Sequence

import attrs

from forkpoint.agents.adapter import Reader
from forkpoint.agents.kimi.arranging import CONTEXT_PART, WIRE
from forkpoint.agents.kimi.reading import payload_of
from forkpoint.agents.kimi.values import as_object, as_text
from forkpoint.agents.kimi.writing.closing import context_closing, wire_closing
from forkpoint.agents.kimi.writing.context_map import ContextMap
from forkpoint.agents.kimi.writing.kept import Keep, content, whole
from forkpoint.agents.kimi.writing.pairing import ContextCut, cut_context
from forkpoint.agents.kimi.writing.shown_cut import cut_shown
from forkpoint.agents.kimi.writing.wire_map import WireMap
from forkpoint.agents.writing import Content, Cut, Lines
from forkpoint.model.failures import NotSupported
from forkpoint.model.source import SHOWN, FileSource, Part
from forkpoint.parsing import json_lines

_FIRST_WITH_TURN_ENDS = (1, 2)
"""The first version of the wire protocol that ends a turn by a record."""


@attrs.frozen(kw_only=True)
class Branch:
    """The contents of a fork."""

    wire: Content | None
    """None for a session without a log."""
    context: Content
    prefill: str | None
    closed: int
    """How many calls were open and are closed."""
    kept: Sequence[tuple[Lines, Keep]]
    """The lines of the shown part that were kept."""

    def lines(self) -> Iterable[bytes]:
        """Give the kept lines of the shown part."""
        return (lines.read(number) for lines, keep in self.kept for number in keep.numbers())


def branch(
    reader: Reader, parts: Sequence[Part], lines: Mapping[str, Lines], cut: Cut, session_id: str, now: int
) -> Branch:
    """Cut a session. Raises NotSupported, EntryNotFound, TurnOutOfRange."""
    shown = next((part for part in parts if part.role == SHOWN), None)
    if shown is None or shown.name not in lines:
        raise NotSupported(capability="fork", reason="the session's files cannot be read")
    found = cut_shown(reader, shown, lines[shown.name], cut, session_id)
    kept = [(lines[shown.name], found.keep)]
    if shown.name == CONTEXT_PART:
        context = ContextMap(CONTEXT_PART, lines[shown.name])
        keep = found.keep if found.keep == whole(context.lines) else context.without_checkpoints(found.keep)
        pieces, closed = _context(parts, ContextCut(context, keep))
        return Branch(wire=None, context=pieces, prefill=found.prefill, closed=len(closed), kept=kept)
    model = _model_cut(found.keep, parts, lines)
    context_content, context_open = _context(parts, model)
    open_calls, end_turn = _open_end(lines[WIRE], found.keep)
    log = [*content(_path(parts, WIRE), lines[WIRE], found.keep)]
    log.append(wire_closing(open_calls, now, end_turn=end_turn))
    closed = len({*open_calls, *context_open})
    return Branch(wire=log, context=context_content, prefill=found.prefill, closed=closed, kept=kept)


def _model_cut(shown: Keep, parts: Sequence[Part], lines: Mapping[str, Lines]) -> ContextCut:
    names = [part.name for part in parts if part.name == CONTEXT_PART and part.name in lines]
    older = [part.name for part in parts if part.name.startswith(f"{CONTEXT_PART}_") and part.name in lines]
    if not names:
        raise NotSupported(capability="fork", reason="the model's context cannot be read")
    if shown == whole(lines[WIRE]):
        present = ContextMap(CONTEXT_PART, lines[CONTEXT_PART])
        return ContextCut(present, whole(present.lines))
    contexts = [ContextMap(name, lines[name]) for name in [*names, *reversed(older)]]
    found = cut_context(WireMap(lines[WIRE]), shown, contexts)
    if found is None:
        reason = "the place cannot be found in what the model saw: no context has the messages around it as the log has"
        raise NotSupported(capability="fork", reason=reason)
    return found


def _context(parts: Sequence[Part], cut: ContextCut) -> tuple[Content, Sequence[str]]:
    open_calls = cut.context.open_calls(cut.keep)
    pieces = content(_path(parts, cut.context.name), cut.context.lines, cut.keep)
    return [*pieces, context_closing(open_calls)], open_calls


def _open_end(lines: Lines, keep: Keep) -> tuple[Sequence[str], bool]:
    """Give the calls that are open where the log is cut, and whether the turn has to be ended."""
    step: int | None = None
    for number in range(keep.end - 1, -1, -1):
        kind = lines.line(number).kind if keep.has(number) else ""
        if kind == "TurnEnd":
            return [], False
        if kind in ("StepBegin", "TurnBegin") and step is None:
            step = number
        if kind == "TurnBegin":
            break
    else:
        return [], False
    calls: dict[str, None] = {}
    for number in keep.numbers(step or 0):
        _follow(calls, lines, number)
    return list(calls), _ends_turns(lines)


def _follow(calls: dict[str, None], lines: Lines, number: int) -> None:
    kind = lines.line(number).kind
    if kind in ("StepRetry", "StepInterrupted"):
        calls.clear()
    elif kind in ("ToolCall", "ToolCallRequest", "ToolResult"):
        payload = payload_of(lines.read(number))
        if kind == "ToolResult":
            calls.pop(as_text(payload.get("tool_call_id")) or "", None)
        elif as_text(payload.get("id")):
            calls[payload["id"]] = None


def _ends_turns(lines: Lines) -> bool:
    """Whether this log ends its turns by a record: old ones do not, unless a newer agent went on with them."""
    header = as_object(json_lines.decode(lines.read(0))[0]) or {}
    version = as_text(header.get("protocol_version")) or ""
    numbers = tuple(int(number) for number in version.split(".") if number.isdecimal())
    return numbers >= _FIRST_WITH_TURN_ENDS or bool(lines.of_kinds(("TurnEnd",)))


def _path(parts: Sequence[Part], name: str) -> str:
    source = next(part.source for part in parts if part.name == name)
    assert isinstance(source, FileSource)
    return source.path
