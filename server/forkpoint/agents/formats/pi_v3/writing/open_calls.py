"""Tool calls without a result at the end of a path.

Source: pi coding-agent 0.87.1 agent loop; pi-ai 0.87.1 `transform-messages`, which sends no answer that failed or was
aborted, and gives every other call that has no result before the next message an empty one.
"""

from collections.abc import Sequence

from forkpoint.agents.formats.pi_v3.header import without_mark
from forkpoint.agents.formats.pi_v3.records import ASSISTANT, TOOL_RESULT
from forkpoint.agents.formats.pi_v3.values import as_object, as_text, objects
from forkpoint.agents.formats.pi_v3.writing.appended import ToolCall
from forkpoint.agents.writing import Lines
from forkpoint.parsing import json_lines

_WITHOUT_CONTEXT = frozenset(
    {
        "label",
        "session_info",
        "model_change",
        "thinking_level_change",
        "custom",
        "usage",
        "context_edit",
        "active_tools_change",
    }
)
"""Kinds that may stand between a call and its result; anything else is a message of its own for the model."""
_NOT_SENT = ("error", "aborted")


def open_calls(lines: Lines, path: Sequence[int]) -> list[ToolCall]:
    """Give the calls of the last answer that have no result, in their order."""
    answered: set[str | None] = set()
    for number in reversed(path):
        kind = lines.line(number).kind
        if kind == ASSISTANT:
            return [call for call in _calls_of(lines, number) if call.id not in answered]
        if kind == TOOL_RESULT:
            answered.add(as_text(_message(lines, number).get("toolCallId")))
        elif kind not in _WITHOUT_CONTEXT:
            return []
    return []


def _calls_of(lines: Lines, number: int) -> list[ToolCall]:
    if not lines.line(number).calls:
        return []
    message = _message(lines, number)
    if message.get("stopReason") in _NOT_SENT:
        return []
    calls = [block for block in objects(message.get("content")) if block.get("type") == "toolCall"]
    named = [(as_text(call.get("id")), as_text(call.get("name")) or "") for call in calls]
    return [ToolCall(own, name) for own, name in named if own is not None]


def _message(lines: Lines, number: int) -> dict[str, object]:
    record = as_object(json_lines.decode_lenient(without_mark(lines.read(number)))[0]) or {}
    return as_object(record.get("message")) or {}
