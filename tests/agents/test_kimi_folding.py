"""Records of a wire log folded into entries.

The names `kimi_8_N` number the behaviour cases that the agent's own tests check.
"""

import json
from typing import Any

import pytest

from forkpoint.agents.kimi.reading import WireReader
from forkpoint.model.entry import Block, TokenUsage
from tests.agents.kimi_logs import Row, called, event, fold, outline, returned, said, stored_lines
from tests.agents.reading import folded

TURN = event("TurnBegin", user_input="go")
STEP = event("StepBegin", n=1)
END = event("TurnEnd")
BROKEN_OFF = event("StepInterrupted")
RETRY = event("StepRetry", n=1, next_attempt=2, max_attempts=3, wait_s=1.0, error_type="E", status_code=None)
REJECTED = "The tool call is rejected by the user. Stop what you are doing."


def _status(output: int | None = None, **more: Any) -> Row:
    counted = {"input_other": 1, "output": output, "input_cache_read": 2, "input_cache_creation": None}
    return event("StatusUpdate", token_usage=None if output is None else counted, **more)


def _outline(*rows: Row) -> list[str]:
    return outline(fold(*rows))


# --- steps ------------------------------------------------------------------------------------------------------


def test_a_step_is_one_entry_with_its_content_in_order() -> None:
    think = event("ContentPart", type="think", think="hm", encrypted="opaque")
    assert _outline(TURN, STEP, think, said("a"), called("c"), said("b"), returned("c"), END) == [
        "user: go",
        "assistant: hm a c=done b",
        "toolResult: out",
    ]


def test_an_entry_is_named_by_its_first_line() -> None:
    entries = fold(TURN, STEP, event("Notification", title="t"), said("a"), called("c"), returned("c"))
    assert [entry.entry_id for entry in entries] == ["wire@a", "wire@1e", "wire@28", "wire@3c"]
    assert {entry.at for entry in entries} == {1790000000500}


def test_results_come_in_any_order() -> None:
    rows = (STEP, called("a"), called("b"), returned("b"), _status(5), returned("a", error=True))
    assert _outline(*rows) == ["assistant: a=failed b=done", "toolResult: out", "toolResult: out"]


def test_a_result_names_its_call_and_how_that_ended() -> None:
    display: list[Any] = [
        {"type": "diff", "path": "a", "old_text": "1", "new_text": "2", "old_start": 7},
        {"type": "diff", "path": "a"},
        {"type": "brief", "text": "short"},
    ]
    value = {"is_error": True, "output": "", "message": "went wrong", "display": display}
    (result,) = fold(event("ToolResult", tool_call_id="c", return_value=value))
    mark: dict[str, Any] = {"call_id": "c", "state": "failed"}
    assert result.content == [
        Block(type="text", text="went wrong", **mark),
        Block(type="diff", path="a", old_text="1", new_text="2", **mark),
        Block(type="raw", raw=display[1], **mark),
        Block(type="raw", raw=display[2], **mark),
    ]


@pytest.mark.parametrize(
    ("value", "blocks"),
    [
        ({"output": "", "message": ""}, [("text", "")]),
        ({"output": "same", "message": "same"}, [("text", "same")]),
        ({"output": [{"type": "text", "text": "a"}, {"type": "image_url", "image_url": {"url": "ms://1"}}]}, None),
        ({"output": {"odd": 1}}, [("raw", None)]),
        ([1], [("raw", None)]),
        (None, [("raw", None)]),
    ],
)
def test_a_result_of_any_shape_is_shown(value: Any, blocks: list[tuple[str, str | None]] | None) -> None:
    (result,) = fold(event("ToolResult", tool_call_id="c", return_value=value))
    expected = blocks or [("text", "a"), ("image", None)]
    assert [(block.type, block.text) for block in result.content] == expected


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        ('{"command": "make"}', {"command": "make"}),
        ("", ""),
        (None, None),
        ("[1]", "[1]"),
        ('{"cut": ', '{"cut": '),
        ('{"lone": "\ud800"}', {"lone": "\ud800"}),
    ],
)
def test_arguments_are_an_object_or_the_stored_text(arguments: str | None, shown: Any) -> None:
    row = event("ToolCall", id="c", function={"name": "Shell", "arguments": arguments})
    lines = [(place, line, raw) for place, line, raw in stored_lines([_ascii(row)])]
    (entry,) = folded(WireReader(), lines)
    assert entry.content[0].arguments == shown


def _ascii(row: Row) -> bytes:
    return json.dumps(row).encode()


def test_pieces_of_arguments_belong_to_the_latest_call() -> None:
    piece = event("ToolCallPart", arguments_part='"b"}')
    (entry,) = fold(STEP, called("x", arguments='{"n": 1}'), called("y", arguments='{"a": '), piece)
    assert [block.arguments for block in entry.content] == [{"n": 1}, {"a": "b"}]
    assert _outline(STEP, piece) == ["unknown: <raw>"]


def test_a_retry_takes_back_what_the_step_has_produced() -> None:
    rows = (STEP, said("half"), called("c"), returned("c"), _status(9), RETRY, said("whole"), called("c"))
    (entry,) = fold(*rows)
    assert outline([entry]) == ["assistant: whole c=interrupted"]
    assert (entry.entry_id, entry.usage) == ("wire@46", None)
    assert _outline(STEP, said("half"), RETRY) == []
    assert _outline(RETRY, STEP, said("x")) == ["assistant: x"]


def test_an_interruption_closes_open_calls() -> None:
    assert _outline(STEP, called("a"), called("b"), returned("a"), BROKEN_OFF, END) == [
        "assistant: a=done b=interrupted",
        "toolResult: out",
    ]
    assert _outline(STEP, called("a"), called("a")) == ["assistant: a=interrupted a=interrupted"]


def test_a_late_result_still_finds_its_call() -> None:
    assert _outline(STEP, called("a"), BROKEN_OFF, END, returned("a")) == ["assistant: a=done", "toolResult: out"]


def test_a_result_without_its_call_in_the_block_stands_alone() -> None:
    assert _outline(STEP, called("a"), STEP, returned("a"), returned("b")) == [
        "assistant: a=interrupted",
        "toolResult: out",
        "toolResult: out",
    ]


def test_a_turn_without_an_end_is_closed_by_the_next() -> None:
    assert _outline(TURN, STEP, called("a"), TURN, STEP, said("x")) == [
        "user: go",
        "assistant: a=interrupted",
        "user: go",
        "assistant: x",
    ]


def test_a_slash_command_is_answered_without_a_step() -> None:
    rows = (event("TurnBegin", user_input="/init"), said("done"), said(" twice"), END, said("late"))
    assert _outline(*rows) == ["user: /init", "assistant: done  twice", "assistant: late"]


def test_a_steer_is_a_users_entry_inside_the_turn() -> None:
    steer = event("SteerInput", user_input=[{"type": "text", "text": "also docs"}])
    assert _outline(TURN, STEP, said("a"), steer, STEP, said("b")) == [
        "user: go",
        "assistant: a",
        "user: also docs",
        "assistant: b",
    ]


# --- tokens -----------------------------------------------------------------------------------------------------


def test_tokens_belong_to_the_step() -> None:
    (entry,) = fold(STEP, _status(context_tokens=5), said("x"), _status(7, context_tokens=50), _status(plan_mode=True))
    assert entry.usage == TokenUsage(input=1, output=7, cache_read=2, total=50)
    (late,) = fold(STEP, said("x"), _status(7, max_context_tokens=9), END, _status(context_tokens=60))
    assert late.usage == TokenUsage(input=1, output=7, cache_read=2, total=60, window=9)


def test_tokens_of_a_step_that_said_nothing_are_kept() -> None:
    (entry,) = fold(STEP, _status(7))
    assert (entry.kind, entry.content, entry.entry_id) == ("assistant", [], "wire@14")
    assert fold(TURN, _status(7))[1:] == []


@pytest.mark.parametrize("value", ["7", -1, True, None, 1.5, [7]])
def test_tokens_that_are_no_count_are_left_out(value: Any) -> None:
    (entry,) = fold(STEP, said("x"), event("StatusUpdate", token_usage={"output": value}, context_tokens=value))
    assert entry.usage is None


# --- approvals --------------------------------------------------------------------------------------------------


def test_kimi_8_6_a_rejected_call_of_an_old_log() -> None:
    asked = event("ApprovalRequest", id="p", tool_call_id="c", sender="Shell", action="run", description="`rm`")
    answer = event("ApprovalRequestResolved", request_id="p", response="reject")
    entries = fold(STEP, called("c"), asked, answer, returned("c", error=True))
    assert outline(entries) == [
        "assistant: c=rejected",
        "note: Asks for approval: run: `rm`",
        "note: Rejected",
        "toolResult: out",
    ]
    assert entries[-1].content[0].state == "rejected"


def test_a_rejection_is_told_by_the_result_too() -> None:
    assert _outline(STEP, called("c"), returned("c", error=True, output="", message=REJECTED))[0] == (
        "assistant: c=rejected"
    )


# --- everything else --------------------------------------------------------------------------------------------


def test_a_compaction_is_one_entry() -> None:
    begin, end = event("CompactionBegin"), event("CompactionEnd")
    assert _outline(TURN, begin, end, begin) == ["user: go", "compaction:", "compaction:"]
    assert _outline(STEP, begin, STEP, end) == ["compaction:", "compaction:"]


@pytest.mark.parametrize(
    ("row", "shown"),
    [
        (event("PlanDisplay", content="1. Do.", file_path="/p.md"), "note: 1. Do. <file>"),
        (event("Notification", title="Done", body="exit 0"), "note: Done\nexit 0"),
        (event("Notification", title=5), "note: <raw>"),
        (event("ApprovalResponse", request_id="x", response="approve", feedback=""), "note: Approved"),
        (event("ApprovalResponse", request_id="x", response="maybe"), "note: maybe"),
        (
            event("QuestionRequest", questions=[{"question": "Which?", "options": [{"label": "A"}]}]),
            "note: Which?\n- A",
        ),
        (event("QuestionRequest", questions="?"), "note: <raw>"),
        (event("BtwBegin", question="why?"), "note: why?"),
        (event("BtwEnd", response=None, error="no model"), "note: no model"),
        (event("SomethingNew", a=1), "unknown: <raw>"),
        (event("ToolCallRequest", id="c", name="open", arguments="{}"), "assistant: c=interrupted"),
        (event("ToolCall", id=5), "unknown: <raw>"),
        (event("ContentPart", type="hologram"), "assistant: <raw>"),
        (event("ContentPart", type="text", text=5), "assistant: <raw>"),
    ],
)
def test_records_that_are_neither_talk_nor_tool(row: Row, shown: str) -> None:
    assert _outline(row) == [shown]


@pytest.mark.parametrize(
    "name",
    ["HookTriggered", "HookResolved", "HookRequest", "MCPLoadingBegin", "MCPLoadingEnd", "TurnEnd", "StatusUpdate"],
)
def test_records_that_show_nothing(name: str) -> None:
    assert fold(event(name)) == []


def test_a_request_for_a_known_call_shows_nothing_more() -> None:
    assert _outline(STEP, called("c"), event("ToolCallRequest", id="c", name="open")) == ["assistant: c=interrupted"]


@pytest.mark.parametrize(
    ("part", "block"),
    [
        ({"type": "text", "text": "a"}, Block(type="text", text="a")),
        ({"type": "think", "think": "a", "encrypted": None}, Block(type="thinking", text="a")),
        (
            {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA", "id": None}},
            Block(type="image", mime_type="image/png", data="AAAA"),
        ),
        ({"type": "image_url", "image_url": {"url": "ms://file"}}, Block(type="image", uri="ms://file")),
        ({"type": "video_url", "video_url": {"url": "ms://file"}}, Block(type="file", uri="ms://file")),
        (
            {"type": "audio_url", "audio_url": {"url": "data:audio/wav;x=y;base64,AA"}},
            Block(type="file", mime_type="audio/wav", data="AA"),
        ),
        (
            {"type": "image_url", "image_url": {"url": "data:text/plain,plain"}},
            Block(type="image", uri="data:text/plain,plain"),
        ),
        (
            {"type": "image_url", "image_url": "no object"},
            Block(type="raw", raw={"type": "image_url", "image_url": "no object"}),
        ),
    ],
)
def test_content_parts_are_blocks(part: dict[str, Any], block: Block) -> None:
    (entry,) = fold(event("ContentPart", **part))
    assert entry.content == [block]


def test_a_bad_byte_is_named_where_it_is_shown() -> None:
    bad = b'{"timestamp": 1.0, "message": {"type": "ContentPart", "payload": {"type": "text", "text": "a\xffb"}}}'
    (entry,) = fold(STEP, said("x"), bad)
    assert outline([entry]) == ["assistant: x a\ufffdb"]
    assert entry.problems is not None
    assert [(problem.kind, problem.line, problem.byte_offset) for problem in entry.problems] == [("badUtf8", 3, 30)]
