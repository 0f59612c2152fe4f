"""What holds for any bytes and any records: nothing raises, and how a log is read does not change what it says."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from forkpoint.agents.adapter import Line, Reader
from forkpoint.agents.kimi.content import user_blocks, user_text
from forkpoint.agents.kimi.context import ContextReader
from forkpoint.agents.kimi.index_files import SessionState, merge_metadata, read_state
from forkpoint.agents.kimi.layout import read_work_dirs
from forkpoint.agents.kimi.reading import WireReader
from forkpoint.agents.kimi.records import UNKNOWN
from tests.agents.kimi_logs import HEADER, Row, called, classify, event, helper, returned, said, stored_lines
from tests.agents.reading import blocks_of, folded


def _one_of(words: str) -> st.SearchStrategy[str]:
    return st.sampled_from(words.split())


NAMES = _one_of(
    "TurnBegin SteerInput TurnEnd StepBegin StepInterrupted StepRetry ContentPart ToolCall ToolCallPart ToolResult "
    "SubagentEvent StatusUpdate CompactionBegin CompactionEnd ApprovalRequest Notification ApprovalResponse "
    "ApprovalRequestResolved PlanDisplay BtwBegin BtwEnd HookTriggered ToolCallRequest QuestionRequest Something"
)
KEYS = _one_of(
    "type payload text think image_url url id function name arguments user_input return_value output message display "
    "is_error path old_text new_text event parent_tool_call_id tool_call_id questions options token_usage "
    "context_tokens role content tool_calls token_count custom_title work_dirs kaos archived archived_at todos status"
)
WORDS = st.sampled_from(["text", "think", "image_url", "diff", "a", "b", "user", "assistant", "tool", "", "\ud800"])
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | WORDS | st.text(max_size=8)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS | st.text(max_size=3), inner, max_size=4),
    max_leaves=12,
)
IDS = st.sampled_from(["a", "b"])
TEXTS = st.sampled_from(["one", "two", ""])


def _record(name: str, payload: Any) -> Row:
    return {"timestamp": 1.5, "message": {"type": name, "payload": payload}}


def _with(name: str, field: str, value: Any) -> Row:
    return event(name, **{field: value})


def _status(output: int) -> Row:
    return event("StatusUpdate", token_usage={"output": output})


def _asked(call_id: str) -> Row:
    return event("ApprovalRequest", id="p", tool_call_id=call_id)


def _helped(call_id: str, row: Row) -> Row:
    assert isinstance(row, dict)
    message = row["message"]
    return helper(call_id, message["type"], **message["payload"])


NAMED = """TurnEnd StepBegin StepBegin StepBegin StepInterrupted StepRetry CompactionBegin CompactionEnd Something
    HookTriggered"""
PLAIN_ROW: st.SearchStrategy[Row] = st.one_of(
    st.builds(event, _one_of(NAMED)),
    st.builds(_with, _one_of("TurnBegin SteerInput"), st.just("user_input"), TEXTS),
    st.builds(_with, st.just("ToolCallPart"), st.just("arguments_part"), st.sampled_from(["1}", None])),
    st.builds(said, TEXTS),
    st.builds(called, IDS, arguments=st.sampled_from(["{}", '{"a": ', None])),
    st.builds(returned, IDS, TEXTS, error=st.booleans()),
    st.builds(_status, st.integers(0, 9)),
    st.builds(_asked, IDS),
    st.just(event("ApprovalResponse", request_id="p", response="reject")),
)
HELPED_ROW = st.builds(_helped, IDS, PLAIN_ROW)
ROWS = st.lists(PLAIN_ROW | HELPED_ROW | st.builds(_helped, IDS, HELPED_ROW), max_size=25)
"""Records as the agent writes them, in any order."""


def _assistant(text: str, call_ids: list[str]) -> Row:
    return {"role": "assistant", "content": text, "tool_calls": [{"id": call_id} for call_id in call_ids]}


def _message(role: str, text: str, call_id: str) -> Row:
    return {"role": role, "content": text, "tool_call_id": call_id}


MESSAGE: st.SearchStrategy[Row] = st.one_of(
    st.builds(_message, _one_of("user tool tool system critic _checkpoint"), TEXTS, IDS),
    st.builds(_assistant, TEXTS, st.lists(IDS, max_size=2)),
    st.just({"role": "_usage", "token_count": 7}),
)
MESSAGES = st.lists(MESSAGE, max_size=20)


def _read(raw: bytes) -> None:
    """Do everything with a line that a reader can be asked for."""
    reader: Reader
    for reader in (WireReader(), ContextReader()):
        context = isinstance(reader, ContextReader)
        for thorough in (False, True):
            line = classify(raw, context=context, thorough=thorough)
            assert line.node or not (line.turn or line.starts)
            digest = reader.digest()
            digest.feed(line, raw, 0, len(raw))
            digest.summary([0])
            reader.turn_text(line, raw)
            reader.time(line, raw)
        for entry in folded(reader, stored_lines([raw], context=context)):
            assert entry.entry_id.endswith("@a")


@given(st.binary(max_size=80) | st.text(max_size=60).map(lambda text: text.encode(errors="surrogatepass")))
def test_any_bytes_are_read_without_raising(raw: bytes) -> None:
    _read(raw.replace(b"\n", b""))


@given(st.builds(_record, NAMES, JSON), st.integers(0, 200), st.binary(max_size=2))
@settings(max_examples=300)
def test_any_record_whole_or_damaged_is_read_without_raising(record: Row, at: int, bytes_put: bytes) -> None:
    raw = json.dumps(record).encode()
    _read(raw)
    _read(raw[:at])
    _read((raw[:at] + bytes_put + raw[at + 1 :]).replace(b"\n", b""))


@given(_one_of("user assistant tool _usage system"), st.dictionaries(KEYS, JSON, max_size=4))
def test_any_message_of_a_context_is_read_without_raising(role: str, fields: dict[str, Any]) -> None:
    _read(json.dumps({"role": role, **fields}).encode())


@given(JSON)
def test_any_user_input_has_words(content: Any) -> None:
    assert isinstance(user_text(content), str)
    assert all(block.type for block in user_blocks(content))


@given(st.binary(max_size=40) | JSON.map(lambda value: json.dumps(value).encode()))
def test_any_index_file_is_read_without_raising(raw: bytes) -> None:
    state, _ = read_state(raw)
    merge_metadata(state, raw)
    assert isinstance(state, SessionState)
    read_work_dirs(raw, "/kimi.json")


@given(ROWS)
@settings(max_examples=200)
def test_a_saved_fold_goes_on_as_if_it_had_never_stopped(rows: list[Row]) -> None:
    lines = stored_lines(rows)
    whole = folded(WireReader(), lines)
    for stop in range(len(lines)):
        assert folded(WireReader(), lines, save_after=stop) == whole


@given(ROWS)
@settings(max_examples=300)
def test_block_by_block_gives_what_one_fold_gives(rows: list[Row]) -> None:
    lines = stored_lines(rows)
    blockwise = [entry for block in blocks_of(lines) for entry in folded(WireReader(), block)]
    assert blockwise == folded(WireReader(), lines)


@given(MESSAGES)
def test_a_context_folds_alike_whole_saved_or_in_blocks(rows: list[Row]) -> None:
    lines, reader = stored_lines(rows, context=True), ContextReader()
    whole = folded(reader, lines)
    for stop in range(len(lines)):
        assert folded(reader, lines, save_after=stop) == whole
    assert [entry for block in blocks_of(lines) for entry in folded(reader, block)] == whole


@given(ROWS)
def test_a_quick_look_classes_whole_lines_as_a_thorough_one_does(rows: list[Row]) -> None:
    for row in [HEADER, *rows]:
        assert classify(row, thorough=False) == classify(row)


@given(ROWS)
def test_every_entry_is_named_by_a_line_and_none_by_two(rows: list[Row]) -> None:
    lines = stored_lines(rows)
    names = [entry.entry_id for entry in folded(WireReader(), lines)]
    assert len(names) == len(set(names))
    assert set(names) <= {f"wire@{place.offset:x}" for place, _, _ in lines}


@given(ROWS)
def test_every_call_has_ended_when_its_block_has(rows: list[Row]) -> None:
    for entry in folded(WireReader(), stored_lines(rows)):
        if entry.kind == "assistant":
            assert all(block.state for block in entry.content if block.type == "toolCall")


@given(st.text(alphabet="Aa", min_size=1, max_size=30))
def test_kinds_stay_few(name: str) -> None:
    assert classify(event(name)) == Line(UNKNOWN, node=True, starts=False)
