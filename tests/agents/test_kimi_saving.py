"""Folds that stop and go on, and blocks that fold alone."""

from typing import Any, cast

import pytest

from forkpoint.agents.kimi.folding import WireFold
from forkpoint.agents.kimi.reading import WireReader
from tests.agents.kimi_logs import Row, called, event, helper, outline, returned, said, stored_lines
from tests.agents.reading import blocks_of, folded

TURN = event("TurnBegin", user_input="go")
STEP = event("StepBegin", n=1)
END = event("TurnEnd")
BROKEN_OFF = event("StepInterrupted")
RETRY = event("StepRetry", n=1, next_attempt=2, max_attempts=3, wait_s=1.0, error_type="E", status_code=None)


def _status(output: int | None = None, **more: Any) -> Row:
    return event("StatusUpdate", token_usage=None if output is None else {"output": output}, **more)


LONG = (
    *(TURN, event("CompactionBegin"), event("CompactionEnd"), said("done")),
    *(STEP, said("half"), called("c"), returned("c"), RETRY, said("whole")),
    *(
        called("c", arguments='{"a": '),
        event("ToolCallPart", arguments_part='"b'),
        event("ToolCallPart", arguments_part='"}'),
    ),
    *(event("ApprovalRequest", id="p", tool_call_id="c"), event("ApprovalResponse", request_id="p", response="reject")),
    *(helper("c", "StepBegin"), helper("c", "ToolCall", id="i", function={"name": "x", "arguments": "{}"})),
    *(
        helper("c", "ToolResult", tool_call_id="i", return_value={"output": "in"}),
        _status(5),
        returned("c", error=True),
    ),
    *(helper("gone", "ContentPart", type="text", text="x"), helper("gone", "ContentPart", type="text", text="y")),
    *(BROKEN_OFF, END, _status(None, context_tokens=9), said("late"), called("open")),
    *(
        STEP,
        event("ApprovalRequest", id="p", tool_call_id="x"),
        STEP,
        event("ApprovalResponse", request_id="p", response="reject"),
    ),
    *(called("x"), returned("x")),
)
"""A log with everything a fold must remember."""


@pytest.mark.parametrize("stop", range(len(LONG)))
def test_a_fold_saved_at_any_line_goes_on(stop: int) -> None:
    lines = stored_lines(LONG)
    assert folded(WireReader(), lines, save_after=stop) == folded(WireReader(), lines)


def test_each_block_folds_alone() -> None:
    lines = stored_lines(LONG)
    whole = folded(WireReader(), lines)
    assert [entry for block in blocks_of(lines) for entry in folded(WireReader(), block)] == whole
    assert outline(whole) == [
        "user: go",
        "compaction:",
        "assistant: done",
        "assistant: whole c=rejected(assistant: i=done, toolResult: in)",
        "note: Asks for approval",
        "note: Rejected",
        "toolResult: out",
        "toolCall: gone=None(assistant: x y)",
        "assistant: late open=interrupted",
        "note: Asks for approval",
        "note: Rejected",
        "assistant: x=done",
        "toolResult: out",
    ]


def test_a_saved_state_is_plain_and_does_not_change_any_more() -> None:
    rows = (STEP, called("c"), helper("c", "ToolCall", id="i", function={"name": "x", "arguments": "{}"}), _status(3))
    lines = stored_lines(rows)
    fold_ = WireFold()
    for place, line, raw in lines:
        list(fold_.feed(place, line, raw))
    saved = fold_.save()
    _hold_plain(saved)
    first = WireReader().fold(saved)
    assert (
        outline([change.entry for change in first.finish()])[-1] == "assistant: c=interrupted(assistant: i=interrupted)"
    )
    second = WireReader().fold(saved)
    assert (
        outline([change.entry for change in second.finish()])[-1]
        == "assistant: c=interrupted(assistant: i=interrupted)"
    )


def _hold_plain(value: Any) -> None:
    assert type(value) in (dict, list, str, int, float, bool, type(None))
    items = cast("dict[str, Any]", value).values() if isinstance(value, dict) else value
    for item in cast("list[Any]", items) if isinstance(value, dict | list) else ():
        _hold_plain(item)
