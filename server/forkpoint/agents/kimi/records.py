"""The lines of a wire log and of a context, told apart by their first bytes, and decoded.

Source: kimi-cli 1.49, `wire/file.py`, `wire/types.py` (protocol 1.10) and `soul/context.py`.
"""

import re
from collections.abc import Callable
from typing import Any

import attrs

from forkpoint.agents.adapter import Line, Place
from forkpoint.agents.kimi.values import as_list, as_object, as_text, milliseconds
from forkpoint.model.entry import entry_id_at
from forkpoint.model.problem import Problem
from forkpoint.parsing import json_lines

Buffer = bytes | bytearray

UNKNOWN = "unknown"
"""The kind of every record we have no name for: kinds are few, whatever a file holds."""

_OLD_NAMES = {"ApprovalRequestResolved": "ApprovalResponse"}
"""Names of protocol 1.0."""

_BLANK = Line("", starts=False)
_HEADER = Line("metadata", starts=False)


def _wire_lines() -> dict[str, Line]:
    plain = """TurnEnd StepInterrupted StepRetry ContentPart ToolCall ToolCallPart ToolResult SubagentEvent StatusUpdate
        CompactionBegin CompactionEnd ApprovalRequest ApprovalResponse PlanDisplay Notification BtwBegin BtwEnd
        HookTriggered HookResolved HookRequest MCPLoadingBegin MCPLoadingEnd ToolCallRequest QuestionRequest"""
    lines = {name: Line(name, node=True, starts=False) for name in plain.split()}
    lines["ToolCall"] = Line("ToolCall", node=True, starts=False, calls=1)
    lines["TurnBegin"] = Line("TurnBegin", node=True, turn=True)
    lines["SteerInput"] = Line("SteerInput", node=True)
    lines["StepBegin"] = Line("StepBegin", node=True)
    return lines | {old: lines[new] for old, new in _OLD_NAMES.items()}


_WIRE_LINES = _wire_lines()
_WIRE_LINES_BY_BYTES = {name.encode(): line for name, line in _WIRE_LINES.items()}
_WIRE_UNKNOWN = Line(UNKNOWN, node=True, starts=False)

WIRE_HEAD = re.compile(
    rb'\{\s*"timestamp":\s*(-?[0-9][0-9.eE+-]*),\s*"message":\s*\{\s*"type":\s*"([A-Za-z]+)",\s*"payload":\s*\{'
)
"""The head of a wire record as every version writes it: timestamp, name."""

_ENDS = frozenset(b"}\r \t")
"""What a whole record may end with."""


# --- wire.jsonl -------------------------------------------------------------------------------------------------


def classify_wire(buffer: Buffer, start: int, end: int, *, thorough: bool) -> Line:
    """Class a line of a wire log; one that begins a block is always checked whole, since turns hang on it."""
    head = WIRE_HEAD.match(buffer, start, end)
    if head is None or buffer[end - 1] not in _ENDS:
        return _classify_decoded(bytes(buffer[start:end]), _wire_line)
    line = _WIRE_LINES_BY_BYTES.get(head[2], _WIRE_UNKNOWN)
    if not thorough and not line.starts:
        return line
    return _checked(line, buffer[start:end])


def _wire_line(value: dict[str, Any]) -> Line:
    message = as_object(value.get("message"))
    if message is None and value.get("type") == "metadata":
        return _HEADER
    if message is None:
        return _broken("badRecord", "no object `message`")
    record = record_of(message)
    if record is None:
        return _broken("badRecord", "no `type` in its message")
    return _WIRE_LINES.get(record.name, _WIRE_UNKNOWN)


# --- context.jsonl ----------------------------------------------------------------------------------------------

_CONTEXT_LINES = {
    "_system_prompt": Line("_system_prompt", starts=False),
    "_checkpoint": Line("_checkpoint", starts=False),
    "_usage": Line("_usage", node=True, starts=False),
    "tool": Line("tool", node=True, starts=False),
    "system": Line("system", node=True),
}
_USER_LINES = {
    "user": Line("user", node=True, turn=True),
    "checkpoint": Line("checkpoint", starts=False),
    "compaction": Line("compaction", node=True),
    "notice": Line("notice", node=True),
}
_CONTEXT_UNKNOWN = Line(UNKNOWN, node=True)

_CONTEXT_HEAD = re.compile(rb'\{\s*"role":\s*"(_checkpoint|_usage|_system_prompt|tool)"\s*,')
_ASSISTANT_HEAD = re.compile(rb'\{\s*"role":\s*"assistant"\s*,')
_ASSISTANT = Line("assistant", node=True)
_CHECKPOINT = re.compile(r"\s*<system>CHECKPOINT [0-9]+</system>\s*")
_COMPACTED = "<system>Previous context has been compacted."
_NOTICES = ("<system-reminder>", "<notification ", "<system>The following background tasks are still active")


def classify_context(buffer: Buffer, start: int, end: int, *, thorough: bool) -> Line:
    """Class a line of a context. What a user or an assistant said is decoded: who said it shows only inside."""
    head = _CONTEXT_HEAD.match(buffer, start, end)
    if head is None or buffer[end - 1] not in _ENDS:
        return _classify_decoded(bytes(buffer[start:end]), _context_line)
    line = _CONTEXT_LINES[head[1].decode()]
    return _checked(line, buffer[start:end]) if thorough else line


def classify_model_context(buffer: Buffer, start: int, end: int) -> Line:
    """Class a line of a context that nobody reads as a conversation: what the model said need not be decoded."""
    if _ASSISTANT_HEAD.match(buffer, start, end) is not None and buffer[end - 1] in _ENDS:
        return _ASSISTANT
    return classify_context(buffer, start, end, thorough=False)


def _context_line(value: dict[str, Any]) -> Line:
    role = as_text(value.get("role"))
    if role is None:
        return _broken("badRecord", "no `role`")
    if role == "assistant":
        return Line("assistant", node=True, calls=len(as_list(value.get("tool_calls")) or ()))
    if role == "user":
        return _USER_LINES[user_kind(value.get("content"))]
    return _CONTEXT_LINES.get(role, _CONTEXT_UNKNOWN)


def user_kind(content: Any) -> str:
    """Tell what a message of the role `user` is: user, checkpoint, compaction or notice.

    The agent itself puts reminders, background news and compactions under this role.
    """
    parts = as_list(content)
    first = (parts[0] if parts else "") if parts is not None else content
    text = as_text(first) or as_text((as_object(first) or {}).get("text")) or ""
    if (parts is None or len(parts) == 1) and _CHECKPOINT.fullmatch(text):
        return "checkpoint"
    if text.startswith(_COMPACTED):
        return "compaction"
    return "notice" if text.lstrip().startswith(_NOTICES) else "user"


# --- both -------------------------------------------------------------------------------------------------------


def _broken(kind: str, reason: str) -> Line:
    return Line("", starts=False, problem=kind, reason=reason)


def _checked(line: Line, raw: Buffer) -> Line:
    fault = json_lines.fault(raw)
    if fault is None:
        return line
    kind, reason = fault
    return line._replace(problem=kind, reason=reason) if kind == "badUtf8" else _broken(kind, reason)


def _classify_decoded(raw: bytes, classify: Callable[[dict[str, Any]], Line]) -> Line:
    if not raw or raw.isspace():
        return _BLANK
    value, kind, reason = json_lines.decode_lenient(raw)
    if kind == "notJson":
        return _broken(kind, reason)
    fields = as_object(value)
    if fields is None:
        return _broken("notObject", "JSON, but not an object")
    line = classify(fields)
    return line if kind is None or line.problem is not None else line._replace(problem=kind, reason=reason)


@attrs.define
class Spot:
    """Where and when what is being folded was written."""

    entry_id: str
    at: int | None
    problem: Problem | None = None
    """What is wrong with the line, though it could be read."""


@attrs.define
class Record:
    """One record of a wire log."""

    name: str
    payload: dict[str, Any]
    message: dict[str, Any]
    """The record as it is stored."""


def record_of(message: Any) -> Record | None:
    """Give the record of a `message`, with its present name; None when it has no name.

    One whose payload is no object is `unknown`, whatever it is called.
    """
    fields = as_object(message)
    name = None if fields is None else fields.get("type")
    if fields is None or not isinstance(name, str):
        return None
    payload = fields.get("payload")
    if payload is not None and as_object(payload) is None:
        return Record(UNKNOWN, {}, fields)
    return Record(_OLD_NAMES.get(name, name), payload or {}, fields)


def read_line(place: Place, raw: Buffer) -> tuple[dict[str, Any] | None, Spot]:
    """Decode a stored line as far as it can be; the value is None when it is no object."""
    value, reason = json_lines.decode(raw)
    problem = None
    if reason is not None:
        value, kind, reason = json_lines.decode_lenient(raw)
        number, offset = place.number, place.offset
        problem = Problem(kind=kind or "notJson", reason=reason, path=place.path, line=number, byte_offset=offset)
    fields = as_object(value)
    at = None if fields is None else milliseconds(fields.get("timestamp"))
    return fields, Spot(entry_id_at(place.part, place.offset), at, problem)
