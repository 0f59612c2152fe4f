"""One stored line as one entry of a history.

Source: pi coding-agent 0.87.1 `docs/session.md`, session manager and message types; pi_agent_rust 0.8.
"""

from collections.abc import Callable
from typing import Any

from forkpoint.agents.adapter import Line, Place
from forkpoint.agents.formats.pi_v3.blocks import content_blocks, rest_block
from forkpoint.agents.formats.pi_v3.header import without_mark
from forkpoint.agents.formats.pi_v3.records import MESSAGE, UNKNOWN, flaw, kind_of
from forkpoint.agents.formats.pi_v3.values import (
    as_object,
    as_text,
    model_name,
    time_of,
    token_usage,
    without,
)
from forkpoint.model.entry import Block, Entry, entry_id_at
from forkpoint.model.problem import Problem
from forkpoint.parsing import json_lines

Members = dict[str, Any]
_BASE = ("type", "id", "parentId", "timestamp", "usage")
_MESSAGE_BASE = ("role", "timestamp", "usage")
_CUT_OFF = ("aborted", "error")
"""Stop reasons after which pi runs none of the calls of a message."""


def entry_of(place: Place, line: Line, raw: bytes) -> Entry:
    """Give the entry of a line; what is wrong with the line makes it one of kind `unknown` that holds it as it is."""
    value, problem, reason = json_lines.decode_lenient(without_mark(raw))
    entry = Entry(
        entry_id=line.id or entry_id_at(place.part, place.offset),
        kind=UNKNOWN,
        agent_kind=UNKNOWN,
        parent_id=line.parent,
    )
    record = as_object(value)
    if record is None:
        entry.content = [Block(type="raw", raw=json_lines.stored_value(raw))]
        problem, reason = problem or "notObject", reason or "JSON, but no object"
    else:
        wrong = flaw(record)
        _fill(entry, record, kind_of(record, wrong))
        if wrong is not None and problem is None:
            problem, reason = "badRecord", wrong
    if problem is not None:
        entry.problems = [
            Problem(kind=problem, reason=reason, path=place.path, line=place.number, byte_offset=place.offset)
        ]
    return entry


def _fill(entry: Entry, record: Members, kind: str) -> None:
    message = as_object(record.get("message")) if record.get("type") == MESSAGE else None
    shown = record if message is None else message
    entry.agent_kind = as_text(shown.get("type" if message is None else "role")) or UNKNOWN
    entry.at = time_of(record)
    entry.usage = token_usage(shown.get("usage"))
    shape = _SHAPES.get(kind)
    if shape is None:
        entry.content = [Block(type="raw", raw=record)]
        return
    entry.kind, show = shape
    entry.content = show(shown if message is not None else without(record, *_BASE))


# --- messages ---------------------------------------------------------------------------------------------------


def _user(message: Members) -> list[Block]:
    return content_blocks(message.get("content"))


def _assistant(message: Members) -> list[Block]:
    cut_off = message.get("stopReason") in _CUT_OFF
    blocks = content_blocks(message.get("content"), "interrupted" if cut_off else None)
    complaint = message.get("errorMessage")
    if isinstance(complaint, str) and complaint:
        blocks.append(Block(type="text", text=complaint))
    return blocks


def _tool_result(message: Members) -> list[Block]:
    blocks = content_blocks(message.get("content")) or [Block(type="text", text="")]
    diff = (as_object(message.get("details")) or {}).get("diff")
    if isinstance(diff, str):
        blocks.append(Block(type="diff", text=diff))
    call_id, name = as_text(message.get("toolCallId")), as_text(message.get("toolName"))
    state = "failed" if message.get("isError") is True else "done"
    for block in blocks:
        block.call_id, block.name, block.state = call_id, name, state
    return blocks


def _shell_run(message: Members) -> list[Block]:
    call = Block(
        type="toolCall", name="bash", arguments={"command": message.get("command")}, state=_shell_state(message)
    )
    rest = without(message, *_MESSAGE_BASE, "command", "output")
    said = {name: value for name, value in rest.items() if value}
    return [call, *content_blocks(as_text(message.get("output"))), *rest_block(said)]


def _shell_state(message: Members) -> str | None:
    if message.get("cancelled") is True:
        return "interrupted"
    code = message.get("exitCode")
    if not isinstance(code, int):
        return None
    return "failed" if code else "done"


def _message_note(message: Members) -> list[Block]:
    return _content_and_rest(without(message, *_MESSAGE_BASE))


# --- other records ----------------------------------------------------------------------------------------------


def _content_and_rest(members: Members) -> list[Block]:
    return [*content_blocks(members.get("content")), *rest_block(without(members, "content"))]


def _text_and_rest(member: str) -> Callable[[Members], list[Block]]:
    def show(members: Members) -> list[Block]:
        text = content_blocks(as_text(members.get(member)))
        return [*text, *rest_block(without(members, *_MESSAGE_BASE, member))]

    return show


def _model(members: Members) -> list[Block]:
    name = model_name(members.get("provider"), members.get("modelId"))
    return [*content_blocks(name), *rest_block(without(members, "provider", "modelId"))]


_SHAPES: dict[str, tuple[str, Callable[[Members], list[Block]]]] = {
    "message:user": ("user", _user),
    "message:assistant": ("assistant", _assistant),
    "message:toolResult": ("toolResult", _tool_result),
    "message:bashExecution": ("toolCall", _shell_run),
    "message:custom": ("note", _message_note),
    "message:hookMessage": ("note", _message_note),
    "message:system": ("note", _message_note),
    "message:branchSummary": ("branchSummary", _text_and_rest("summary")),
    "message:compactionSummary": ("compaction", _text_and_rest("summary")),
    "compaction": ("compaction", _text_and_rest("summary")),
    "branch_summary": ("branchSummary", _text_and_rest("summary")),
    "model_change": ("modelChange", _model),
    "thinking_level_change": ("modelChange", _text_and_rest("thinkingLevel")),
    "label": ("label", _text_and_rest("label")),
    "session_info": ("note", _text_and_rest("name")),
    "custom_message": ("note", _content_and_rest),
    "custom": ("note", rest_block),
    "usage": ("note", rest_block),
    "context_edit": ("note", rest_block),
    "active_tools_change": ("note", rest_block),
}
"""By the kind of a record: the kind of its entry, and how its members are shown."""
