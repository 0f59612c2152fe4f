"""What a line of Kimi CLI is, told from its first bytes, and what a row shows of many.

The names `kimi_8_N` number the behaviour cases that the agent's own tests check.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from forkpoint.agents.adapter import Line, Summary
from forkpoint.agents.kimi import ADAPTER
from forkpoint.agents.kimi.reading import WireReader
from forkpoint.agents.kimi.records import user_kind
from tests.agents.kimi_logs import HEADER, Row, bytes_of, called, classify, event, fold, read_one, said, write_session
from tests.agents.reading import discovered

EVENTS = re.findall(
    r"\w+",
    """TurnBegin SteerInput TurnEnd StepBegin StepInterrupted StepRetry ContentPart ToolCall ToolCallPart ToolResult
    SubagentEvent StatusUpdate CompactionBegin CompactionEnd ApprovalResponse PlanDisplay Notification BtwBegin BtwEnd
    HookTriggered HookResolved MCPLoadingBegin MCPLoadingEnd ApprovalRequest ToolCallRequest QuestionRequest
    HookRequest""",
)
WHOLE = event("ContentPart", type="text", text="hi")


def _summary(*rows: Row) -> Summary:
    reader = WireReader()
    digest = reader.digest()
    for row in rows:
        raw = bytes_of(row)
        digest.feed(classify(row), raw, 0, len(raw))
    return digest.summary(range(len(rows)))


# --- classes ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EVENTS)
@pytest.mark.parametrize("thorough", [False, True])
def test_kimi_8_4_every_record_is_known_by_its_name(name: str, thorough: bool) -> None:
    line = classify(event(name), thorough=thorough)
    assert (line.kind, line.node, line.problem) == (name, True, None)
    assert line.turn == (name == "TurnBegin")
    assert line.starts == (name in ("TurnBegin", "SteerInput", "StepBegin"))
    assert line.calls == (name == "ToolCall")


@pytest.mark.parametrize("thorough", [False, True])
@pytest.mark.parametrize(
    "data",
    [
        json.dumps(WHOLE, separators=(",", ":")).encode(),
        json.dumps({"message": WHOLE["message"], "timestamp": 1}).encode() if isinstance(WHOLE, dict) else b"",
        b'  {"timestamp": 1.5, "message": {"type": "ContentPart", "payload": {}}}  ',
        b'{ "timestamp": 1e9, "message": { "type": "ContentPart", "payload": {}}}\r',
        b'{"timestamp": 1.5, "extra": 1, "message": {"payload": {}, "type": "ContentPart"}}',
        b'{"timestamp": 1.5, "message": {"type": "Content\\u0050art", "payload": {}}}',
        b'{"timestamp": 1.5, "message": {"type": "ContentPart"}}',
        b'{"timestamp": null, "message": {"type": "ContentPart", "payload": null}}',
    ],
)
def test_a_record_is_known_however_it_is_written(data: bytes, thorough: bool) -> None:
    assert classify(data, thorough=thorough) == Line("ContentPart", node=True, starts=False)


def test_kimi_8_6_names_of_protocol_1_0_are_known() -> None:
    line = classify(event("ApprovalRequestResolved", request_id="a", response="approve"))
    assert line == classify(event("ApprovalResponse", request_id="a", response="approve"))
    (entry,) = fold(event("ApprovalRequestResolved", request_id="a", response="approve"))
    assert entry.agent_kind == "ApprovalResponse"


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (HEADER, None),
        (b"", None),
        (b"  \t ", None),
        (b"null", "notObject"),
        (b"42", "notObject"),
        (b"[1]", "notObject"),
        (b'"text"', "notObject"),
        (b"{}", "badRecord"),
        (b'{"timestamp": 1.0}', "badRecord"),
        (b"\0\0\0\0", "notJson"),
        (b"not json", "notJson"),
        (b'{"timestamp": 1.0, "message": {"type": "ContentPart", "payload": {"type": "te', "notJson"),
        (b'{"timestamp": 1.0, "message": {"type": "TurnBegin", "payload": {"user_input": "}', "notJson"),
        (b'{"timestamp": 1.0, "message": {"type": "StepBegin", "payload": {"n": }}', "notJson"),
        ('{"timestamp": 1.0, "message": {"type": "TurnEnd", "payload": {"x": "中'.encode()[:-1], "notJson"),
        (b'{"a":' * 100_000, "notJson"),
    ],
)
@pytest.mark.parametrize("thorough", [False, True])
def test_what_is_no_record_belongs_to_no_conversation(data: bytes, problem: str | None, thorough: bool) -> None:
    line = classify(data, thorough=thorough)
    assert (line.node, line.turn, line.starts, line.problem) == (False, False, False, problem)
    assert bool(line.reason) == (problem is not None)


@pytest.mark.parametrize("message", [None, [], {}, 5, WHOLE])
def test_kimi_8_5_a_message_without_a_name_is_a_bad_record(message: Any) -> None:
    assert classify({"timestamp": 1.0, "message": message}).problem == "badRecord"


def test_only_a_thorough_look_finds_what_is_wrong_inside() -> None:
    broken = b'{"timestamp": 1.0, "message": {"type": "ContentPart", "payload": {"text": nope}}}'
    assert classify(broken, thorough=False).node
    assert classify(broken).problem == "notJson"
    assert fold(broken) == []


def test_a_line_with_a_bad_byte_is_read_around_it() -> None:
    line = classify(b'{"timestamp": 1.0, "message": {"type": "TurnBegin", "payload": {"user_input": "a\xffb"}}}')
    assert (line.node, line.turn, line.problem) == (True, True, "badUtf8")


def test_unknown_names_are_one_kind_however_many_there_are() -> None:
    assert {classify(event(f"New{number}")).kind for number in range(9)} == {"unknown"}
    assert fold(event("New7"))[0].agent_kind == "New7"


def test_a_record_whose_payload_is_no_object_is_unknown_and_begins_nothing() -> None:
    line = classify({"timestamp": 1.0, "message": {"type": "TurnBegin", "payload": [1]}})
    assert (line.kind, line.node, line.turn, line.starts) == ("unknown", True, False, False)


# --- turns ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("user_input", "text"),
    [
        ("hello", "hello"),
        ([{"type": "text", "text": "two"}, {"type": "text", "text": "parts"}], "two parts"),
        ([], ""),
        ("", ""),
        (None, ""),
        ([{"type": "image_url", "image_url": {"url": "ms://1"}}, {"type": "text", "text": "this"}], "this"),
        (["bare", {"type": "text", "text": "string"}], "bare string"),
        ([{"type": "text", "text": 5}, None, 7, {"type": "hologram"}], ""),
    ],
)
def test_kimi_8_8_the_words_of_a_turn(user_input: Any, text: str) -> None:
    row = event("TurnBegin", at=1790000000.123456, user_input=user_input)
    assert WireReader().turn_text(classify(row), bytes_of(row)) == (text, 1790000000123)


def test_kimi_8_10_turns_are_counted_in_order(tmp_path: Path) -> None:
    turns = [event("TurnBegin", user_input=text) for text in ("one", "two", "three")]
    for count in range(4):
        write_session(tmp_path, f"s{count}", wire=turns[:count])
        assert [text for text, _ in read_one(tmp_path, f"s{count}").turns] == ["one", "two", "three"][:count]
    assert discovered(ADAPTER, tmp_path / "nowhere").candidates == []


def test_a_turn_of_a_helper_is_none() -> None:
    inner = {"type": "TurnBegin", "payload": {"user_input": "find callers"}}
    assert not classify(event("SubagentEvent", parent_tool_call_id="c", event=inner)).turn


@pytest.mark.parametrize(
    ("timestamp", "moment"),
    [
        ("1790000000.123456", 1790000000123),
        ("0", 0),
        ("1e9", 1_000_000_000_000),
        ("1e400", None),
        ("NaN", None),
        ("-5", None),
        ("12.3.4", None),
        ("true", None),
        ('"soon"', None),
        ("9" * 400, None),
    ],
)
def test_kimi_8_7_times_are_milliseconds(timestamp: str, moment: int | None) -> None:
    raw = f'{{"timestamp": {timestamp}, "message": {{"type": "TurnEnd", "payload": {{}}}}}}'.encode()
    assert WireReader().time(classify(raw, thorough=False), raw) == moment


# --- users of a context -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ("<system>CHECKPOINT 7</system>", "checkpoint"),
        (" <system>CHECKPOINT 0</system>\n", "checkpoint"),
        ([{"type": "text", "text": "<system>CHECKPOINT 8</system>"}], "checkpoint"),
        ([{"type": "text", "text": "<system>CHECKPOINT 8</system>"}, {"type": "text", "text": "more"}], "user"),
        ("<system>CHECKPOINT x</system>", "user"),
        ("see <system>CHECKPOINT 7</system>", "user"),
        ("<system-reminder>\nplan mode is on\n</system-reminder>", "notice"),
        ([{"type": "text", "text": '<notification id="n1">done</notification>'}], "notice"),
        ("<system>The following background tasks are still active</system>", "notice"),
        ([{"type": "text", "text": "<system>Previous context has been compacted. So:</system>"}], "compaction"),
        ("<notifications> are noisy", "user"),
        ("why is the build slow?", "user"),
        ([], "user"),
        (None, "user"),
        (5, "user"),
    ],
)
def test_kimi_8_9_who_spoke_under_the_role_user(content: Any, kind: str) -> None:
    assert user_kind(content) == kind
    assert classify({"role": "user", "content": content}, context=True).turn == (kind == "user")


def test_kimi_8_9_an_assistant_may_say_the_same_words() -> None:
    line = classify({"role": "assistant", "content": "<system>CHECKPOINT 7</system>"}, context=True)
    assert (line.kind, line.node) == ("assistant", True)


# --- rows -------------------------------------------------------------------------------------------------------


def _usage(output: int | None, **more: Any) -> Row:
    counted = {"input_other": 10, "output": output, "input_cache_read": 100, "input_cache_creation": 1}
    return event("StatusUpdate", token_usage=None if output is None else counted, **more)


TURN = event("TurnBegin", user_input="hello")
STEP = event("StepBegin", n=1)
END = event("TurnEnd")
BROKEN_OFF = event("StepInterrupted")


@pytest.mark.parametrize(
    ("rows", "status"),
    [
        ([], "idle"),
        ([TURN], "unknown"),
        ([TURN, STEP, said("x")], "unknown"),
        ([TURN, STEP, END], "idle"),
        ([TURN, STEP, BROKEN_OFF], "interrupted"),
        ([TURN, STEP, BROKEN_OFF, END], "interrupted"),
        ([TURN, STEP, BROKEN_OFF, END, TURN, STEP, END], "idle"),
        ([TURN, END, event("StatusUpdate")], "idle"),
    ],
)
def test_the_end_of_a_log_tells_how_the_session_stands(rows: list[Row], status: str) -> None:
    assert _summary(HEADER, *rows).status == status


def test_a_row_shows_the_first_words_the_last_words_and_the_sums() -> None:
    summary = _summary(
        HEADER,
        event("TurnBegin", at=1790000000.5, user_input=[{"type": "image_url", "image_url": {"url": "ms://1"}}]),
        event("TurnBegin", at=1790000001.5, user_input="  the first\nwords "),
        STEP,
        event("ContentPart", type="think", think="thoughts are not words"),
        said("the last  words"),
        event("ContentPart", type="think", think="nor are these"),
        called("c"),
        _usage(20, context_tokens=500, max_context_tokens=1000),
        _usage(None, context_tokens=600),
        _usage(30, plan_mode=False, context_tokens=None),
        event("SteerInput", user_input=""),
        END,
    )
    assert (summary.first_turn, summary.preview) == ("the first\nwords", "the last words")
    assert (summary.message_count, summary.created_at) == (4, 1790000000500)
    assert summary.usage is not None
    usage = summary.usage
    assert (usage.input, usage.output, usage.cache_read, usage.cache_write) == (20, 50, 200, 2)
    assert (usage.total, usage.window) == (600, 1000)


def test_what_the_user_said_last_is_the_preview_until_there_is_an_answer() -> None:
    assert _summary(TURN, said("an answer"), event("SteerInput", user_input="a word more")).preview == "a word more"
    assert _summary(TURN, event("TurnBegin", user_input="x" * 500)).preview == "x" * 199 + "…"


def test_nothing_said_is_nothing_shown() -> None:
    assert _summary(HEADER) == Summary(status="idle")
