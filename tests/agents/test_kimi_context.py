"""A context read as a conversation, where there is no log.

The names `kimi_8_N` number the behaviour cases that the agent's own tests check.
"""

from pathlib import Path
from typing import Any

from tests.agents.kimi_logs import NOBODY, Row, classify, fold, outline, read_one, write_session

PROMPT: Row = {"role": "_system_prompt", "content": "You are an agent."}
MARK: Row = {"role": "_checkpoint", "id": 0}


def _user(content: Any) -> Row:
    return {"role": "user", "content": content}


def _assistant(content: Any, *calls: str) -> Row:
    tool_calls = [{"type": "function", "id": call, "function": {"name": "Shell", "arguments": "{}"}} for call in calls]
    return {"role": "assistant", "content": content, **({"tool_calls": tool_calls} if calls else {})}


def _tool(call: str, content: Any) -> Row:
    return {"role": "tool", "content": content, "tool_call_id": call}


def _tokens(count: int) -> Row:
    return {"role": "_usage", "token_count": count}


def _outline(*rows: Row) -> list[str]:
    return outline(fold(*rows, context=True))


def test_calls_and_results_find_each_other() -> None:
    rows = (_user("go"), _assistant("I will", "a", "b"), _tool("b", "<system>ERROR: no</system>"), _tool("a", "out"))
    assert _outline(*rows) == [
        "user: go",
        "assistant: I will a=done b=failed",
        "toolResult: <system>ERROR: no</system>",
        "toolResult: out",
    ]
    assert _outline(_assistant([], "a"), _user("stop"), _tool("a", "late")) == [
        "assistant: a=interrupted",
        "user: stop",
        "toolResult: late",
    ]


def test_kimi_8_14_only_what_a_person_typed_begins_a_turn(tmp_path: Path) -> None:
    compacted = [
        {"type": "text", "text": "<system>Previous context has been compacted. So:</system>"},
        {"type": "text", "text": "the summary"},
    ]
    rows = (
        PROMPT,
        MARK,
        _user("real one"),
        _user("<system>CHECKPOINT 7</system>"),
        _user([{"type": "text", "text": "<system>CHECKPOINT 8</system>"}]),
        _user("<system-reminder>plan mode</system-reminder>"),
        _user(compacted),
        _user("real two"),
    )
    write_session(tmp_path, wire=None, context=rows)
    reading = read_one(tmp_path)
    assert reading.turns == [("real one", None), ("real two", None)]
    assert outline(reading.entries) == [
        "user: real one",
        "note: <system-reminder>plan mode</system-reminder>",
        "compaction: the summary",
        "user: real two",
    ]


def test_kimi_8_34_the_system_prompt_is_no_part_of_the_history() -> None:
    assert _outline(PROMPT, MARK) == []
    assert classify(PROMPT, context=True).problem is None


def test_kimi_8_35_a_broken_line_costs_itself_alone(tmp_path: Path) -> None:
    cut = '{"role":"user","content":"中'.encode()[:-1]
    rows: list[Row] = [_user("one"), b"{ not json", b"[]", b'{"content": "no role"}', _user("two"), cut]
    write_session(tmp_path, wire=None, context=rows)
    reading = read_one(tmp_path, NOBODY)
    assert [turn[0] for turn in reading.turns] == ["one", "two"]
    assert [problem.kind for problem in reading.problems] == ["notJson", "notObject", "badRecord", "notJson"]


def test_tokens_after_a_message_are_its_context() -> None:
    rows = (_user("go"), _tokens(10), _assistant("a"), _tokens(20), _tokens(30), _user("on"), _assistant("b"))
    assert [entry.usage and entry.usage.total for entry in fold(*rows, context=True)] == [None, 20, None, None]


def test_an_unknown_role_is_kept_as_it_is() -> None:
    assert _outline({"role": "critic", "content": "x"}, {"role": "notice"}) == ["unknown: <raw>", "unknown: <raw>"]
    assert _outline({"role": "system", "content": "x"}) == ["note: x"]


def test_a_row_of_a_context(tmp_path: Path) -> None:
    rows = (PROMPT, _user([]), _user("first"), _assistant([{"type": "text", "text": "last"}], "c"), _tokens(77))
    write_session(tmp_path, wire=None, context=rows)
    summary = read_one(tmp_path).summary
    assert (summary.first_turn, summary.preview, summary.message_count) == ("first", "last", 3)
    assert (summary.status, summary.created_at) == ("unknown", None)
    assert summary.usage is not None
    assert summary.usage.total == 77


def test_calls_are_counted() -> None:
    assert classify(_assistant("x", "a", "b"), context=True).calls == 2
    assert classify({"role": "assistant", "content": "x", "tool_calls": "odd"}, context=True).calls == 0


def test_a_call_of_odd_shape_is_kept_as_it_is() -> None:
    odd: list[Any] = [5, {"id": 5}, {"id": "c"}]
    assert _outline({"role": "assistant", "content": None, "tool_calls": odd}) == [
        "assistant: <raw> <raw> c=interrupted"
    ]
