"""What helper agents do, folded under the call that started them."""

from typing import Any

from tests.agents.kimi_logs import Row, called, event, fold, helper, outline, returned, said

STEP = event("StepBegin", n=1)
END = event("TurnEnd")
RETRY = event("StepRetry", n=1, next_attempt=2, max_attempts=3, wait_s=1.0, error_type="E", status_code=None)


def _outline(*rows: Row) -> list[str]:
    return outline(fold(*rows))


def test_a_helper_is_folded_under_its_call() -> None:
    rows = (
        STEP,
        called("c", "Agent"),
        helper("c", "TurnBegin", user_input="look"),
        helper("c", "StepBegin", n=1),
        helper("c", "ContentPart", type="text", text="found"),
        helper("c", "ToolCall", id="i", function={"name": "Grep", "arguments": "{}"}),
        helper("c", "TurnEnd"),
    )
    assert _outline(*rows) == ["assistant: c=interrupted(user: look, assistant: found i=interrupted)"]
    nested = fold(*rows)[0].content[0].nested or []
    assert [entry.entry_id for entry in nested] == ["wire@1e", "wire@32"]


def test_a_retry_inside_a_helper_stays_inside() -> None:
    rows = (
        STEP,
        said("mine"),
        called("c"),
        helper("c", "StepBegin", n=1),
        helper("c", "ContentPart", type="text", text="half"),
        helper("c", "StepRetry"),
        helper("c", "ContentPart", type="text", text="whole"),
    )
    assert _outline(*rows) == ["assistant: mine c=interrupted(assistant: whole)"]


def test_helpers_under_helpers_go_down_to_a_limit() -> None:
    row: dict[str, Any] = {"type": "ContentPart", "payload": {"type": "text", "text": "deep"}}
    for depth in range(6):
        row = {"type": "SubagentEvent", "payload": {"parent_tool_call_id": f"c{depth}", "event": row}}
    (entry,) = fold({"timestamp": 1.0, "message": row})
    depth = 0
    while entry.content[0].nested:
        (entry,) = entry.content[0].nested
        depth += 1
    assert (depth, entry.kind, entry.content[0].type) == (4, "unknown", "raw")


def test_a_helper_of_another_block_has_an_entry_of_its_own() -> None:
    rows = (
        STEP,
        called("c", "Agent"),
        returned("c"),
        STEP,
        helper("c", "ContentPart", "task_tool_call_id", type="text", text="late"),
        helper("c", "ContentPart", "task_tool_call_id", type="text", text="later"),
        helper(None, "ContentPart", type="text", text="of nobody"),
    )
    entries = fold(*rows)
    assert outline(entries) == [
        "assistant: c=done",
        "toolResult: out",
        "toolCall: c=None(assistant: late later)",
        "toolCall: None=None(assistant: of nobody)",
    ]
    assert entries[2].content[0].name == "explore"


def test_a_helper_goes_on_after_its_turn_was_over() -> None:
    rows = (
        STEP,
        called("c"),
        helper("c", "ToolCall", id="i", function={"name": "Grep", "arguments": "{}"}),
        END,
        said("said late"),
        helper("c", "ContentPart", type="text", text="helped late"),
    )
    assert _outline(*rows) == [
        "assistant: c=interrupted(assistant: i=interrupted)",
        "assistant: said late",
        "toolCall: c=None(assistant: helped late)",
    ]


def test_a_helper_without_an_event_is_kept_as_it_is() -> None:
    assert _outline(event("SubagentEvent", parent_tool_call_id="c", event=None)) == ["unknown: <raw>"]


def test_a_retry_takes_the_helpers_of_its_calls_back_too() -> None:
    rows = (
        STEP,
        called("c"),
        helper("c", "ContentPart", type="text", text="half"),
        RETRY,
        called("c"),
        helper("c", "ContentPart", type="text", text="whole"),
    )
    assert _outline(*rows) == ["assistant: c=interrupted(assistant: whole)"]


def test_of_two_calls_with_one_id_each_keeps_what_was_done_under_it() -> None:
    rows = (
        STEP,
        called("c"),
        helper("c", "ContentPart", type="text", text="x"),
        called("c"),
        helper("c", "ContentPart", type="text", text="y"),
    )
    assert _outline(*rows) == ["assistant: c=interrupted(assistant: x) c=interrupted(assistant: x y)"]
