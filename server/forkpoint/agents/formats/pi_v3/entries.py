"""One stored line as one entry of a history.

Source: pi coding-agent 0.87.1 `docs/session.md`, session manager and message types; pi_agent_rust 0.8.
"""

from collections.abc import Callable
from typing import Any

from forkpoint.agents.adapter import Line, Place
from forkpoint.agents.formats.pi_v3.blocks import (
    answer_blocks,
    content_blocks,
    rest_block,
    result_blocks,
    state_of_calls,
)
from forkpoint.agents.formats.pi_v3.header import without_mark
from forkpoint.agents.formats.pi_v3.records import MESSAGE, UNKNOWN, USUAL, kind_and_flaw
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

try:
    from forkpoint.agents.formats.pi_v3 import usual
except ImportError:  # msgspec is missing; the pure way must work alone
    usual = None

Members = dict[str, Any]
_BASE = ("type", "id", "parentId", "timestamp", "usage")
_MESSAGE_BASE = ("role", "timestamp", "usage")


def entry_of(place: Place, line: Line, raw: bytes) -> Entry:
    """Give the entry of a line; what is wrong with the line makes it one of kind `unknown` that holds it as it is."""
    name = line.id or entry_id_at(place.part, place.offset)
    if usual is not None and line.kind in USUAL:
        entry = usual.usual_entry(name, line.parent, raw)
        if entry is not None:
            return entry
    value, problem, reason = json_lines.decode_lenient(without_mark(raw))
    record = as_object(value)
    if record is None:
        content = [Block(type="raw", raw=json_lines.stored_value(raw))]
        entry = Entry(entry_id=name, kind=UNKNOWN, agent_kind=UNKNOWN, content=content, parent_id=line.parent)
        problem, reason = problem or "notObject", reason or "JSON, but no object"
    else:
        kind, wrong = kind_and_flaw(record)
        entry = _entry(name, line.parent, kind, record)
        if wrong is not None and problem is None:
            problem, reason = "badRecord", wrong
    if problem is not None:
        entry.problems = [
            Problem(kind=problem, reason=reason, path=place.path, line=place.number, byte_offset=place.offset)
        ]
    return entry


def _entry(name: str, parent: str | None, kind: str, record: Members) -> Entry:
    message = as_object(record.get("message")) if record.get("type") == MESSAGE else None
    shown = record if message is None else message
    shape = _SHAPES.get(kind)
    if shape is None:
        content = [Block(type="raw", raw=record)]
    else:
        content = shape[1](without(record, *_BASE) if message is None else message)
    return Entry(
        entry_id=name,
        kind=UNKNOWN if shape is None else shape[0],
        agent_kind=as_text(shown.get("type" if message is None else "role")) or UNKNOWN,
        content=content,
        parent_id=parent,
        at=time_of(record),
        usage=token_usage(shown.get("usage")),
    )


# --- messages ---------------------------------------------------------------------------------------------------


def _user(message: Members) -> list[Block]:
    return content_blocks(message.get("content"))


def _assistant(message: Members) -> list[Block]:
    blocks = content_blocks(message.get("content"), state_of_calls(message.get("stopReason")))
    return answer_blocks(blocks, message.get("errorMessage"))


def _tool_result(message: Members) -> list[Block]:
    blocks = content_blocks(message.get("content"))
    diff = (as_object(message.get("details")) or {}).get("diff")
    failed = message.get("isError") is True
    return result_blocks(blocks, diff, message.get("toolCallId"), message.get("toolName"), failed=failed)


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
