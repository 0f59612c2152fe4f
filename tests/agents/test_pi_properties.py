"""Whatever bytes a session file holds, reading it ends without an exception and every way of reading agrees."""

import json
import tempfile
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from forkpoint.agents.adapter import Line, Peek, Place, Summary
from forkpoint.agents.formats.pi_v3 import entries, messages
from forkpoint.agents.formats.pi_v3.ends import FileLook, Look, last_spoken
from forkpoint.agents.formats.pi_v3.header import Opening, find_opening
from forkpoint.agents.formats.pi_v3.reading import V3Reader
from forkpoint.agents.pi import ADAPTER
from forkpoint.model.source import SHOWN, FileSource, Part, Stamp
from forkpoint.parsing import json_lines
from tests.agents.pi_files import header
from tests.agents.reading import read_all

PART = Part("main", FileSource("/x.jsonl"), SHOWN)
SAMPLES = Path(__file__).parent.parent / "samples" / "pi"
STORED = sorted({line for path in SAMPLES.glob("*/*.jsonl") for line in path.read_bytes().split(b"\n")})
WORDS = sorted(
    {"type", "id", "parentId", "timestamp", "message", "role", "content", "usage", "cost", "stopReason", "version"}
    | {"cwd", "leafId", "name", "summary", "targetId", "label", "data", "mimeType", "arguments", "text", "thinking"}
)
VALUES = sorted(
    {"session", "message", "user", "assistant", "toolResult", "bashExecution", "toolCall", "text", "image", "label"}
    | {"compaction", "model_change", "session_info", "stop", "2026-01-05T10:00:00.000Z", "", "1", "$piBlob"}
)

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(VALUES) | st.text(max_size=8)
nested = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS) | st.text(max_size=4), inner, max_size=5)
    ),
    max_leaves=12,
)
records = st.dictionaries(st.sampled_from(WORDS), nested, max_size=8).map(lambda value: json.dumps(value).encode())
noise = st.binary(max_size=60)


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A stored line with a piece cut out and another put in."""
    line = draw(st.sampled_from(STORED))
    start = draw(st.integers(0, len(line)))
    end = draw(st.integers(start, min(len(line), start + 40)))
    return (
        line[:start] + draw(noise | st.sampled_from([b"", b"null", b'"', b"{", b"}", b"[]", b"\\", b"\r"])) + line[end:]
    )


lines = st.sampled_from(STORED) | records | mutated() | noise
linear = st.booleans()


def reader(*, linear: bool = False) -> V3Reader:
    return V3Reader(Opening(header=None, linear=linear))


def without_complaint(line: Line) -> Line:
    return line._replace(problem=None, reason="")


@given(lines, linear)
def test_any_bytes_class_and_fold(raw: bytes, linear: bool) -> None:
    reads = reader(linear=linear)
    for thorough in (False, True):
        line = reads.classify(PART, raw, 0, len(raw), thorough=thorough)
        reads.turn_text(line, raw)
        reads.time(line, raw)
        for change in reads.fold().feed(Place("main", 0, "/x.jsonl", 1), line, raw):
            assert change.action == "add"
            assert change.entry.entry_id
            json_lines.encode([change.entry.kind, change.entry.at, *(block.text for block in change.entry.content)])


@given(lines, noise, noise, linear)
def test_where_a_line_lies_in_a_buffer_does_not_matter(raw: bytes, before: bytes, after: bytes, linear: bool) -> None:
    buffer = bytearray(before + raw + after)
    for thorough in (False, True):
        alone = reader(linear=linear).classify(PART, raw, 0, len(raw), thorough=thorough)
        inside = reader(linear=linear).classify(PART, buffer, len(before), len(before) + len(raw), thorough=thorough)
        assert inside == alone


@pytest.mark.parametrize("linear", [False, True])
def test_a_quick_class_of_every_sample_is_the_thorough_one(linear: bool) -> None:
    for raw in STORED:
        agrees(raw, linear=linear)


@given(records, linear)
def test_a_quick_class_is_the_thorough_one(raw: bytes, linear: bool) -> None:
    agrees(raw, linear=linear)


def agrees(raw: bytes, *, linear: bool) -> None:
    """For whole JSON; of what is broken in its middle the first bytes cannot tell."""
    if json_lines.decode(raw)[1] is None:
        quick = reader(linear=linear).classify(PART, raw, 0, len(raw), thorough=False)
        thorough = reader(linear=linear).classify(PART, raw, 0, len(raw), thorough=True)
        assert quick[1:7] == thorough[1:7]
        assert quick.problem is None or quick == thorough


@given(st.lists(lines, max_size=12), linear, st.randoms())
def test_any_lines_sum_up(stored: list[bytes], linear: bool, order: Any) -> None:
    reads = reader(linear=linear)
    digest = reads.digest()
    for raw in stored:
        digest.feed(reads.classify(PART, raw, 0, len(raw), thorough=True), raw, 0, len(raw))
    path = list(range(len(stored)))
    order.shuffle(path)
    summary = digest.summary(path[: len(path) // 2])
    assert summary.message_count <= len(stored)
    assert summary.preview is None or summary.preview.strip()


def summed(stored: list[bytes], *, thorough: bool) -> tuple[list[Line], Summary]:
    reads = reader()
    digest = reads.digest()
    classed: list[Line] = []
    for raw in stored:
        classed.append(reads.classify(PART, raw, 0, len(raw), thorough=thorough))
        digest.feed(classed[-1], raw, 0, len(raw))
    return classed, digest.summary(range(len(stored)))


@given(st.lists(st.sampled_from(STORED) | mutated(), max_size=8))
def test_the_slower_way_reads_the_same(stored: list[bytes]) -> None:
    for thorough in (False, True):
        quick = summed(stored, thorough=thorough)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(messages, "_decoder", None)
            patched.setattr(messages, "_counter", None)
            slow = summed(stored, thorough=thorough)
        if thorough:
            assert quick == slow
        else:
            broken = [line.problem is not None for line in slow[0]]
            assert [line for line, bad in zip(quick[0], broken, strict=True) if not bad] == [
                line for line, bad in zip(slow[0], broken, strict=True) if not bad
            ]


def either(value: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Mostly what belongs there, sometimes anything."""
    return st.one_of(*[value] * 19, nested)


def members(_type: str | None = None, **optional: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Some of these members, each mostly as it should be; the type first where there is one."""
    first = {} if _type is None else {"type": st.just(_type)}
    return st.fixed_dictionaries(first, optional={name: either(value) for name, value in optional.items()})


words = st.text(max_size=6)
numbers = st.integers() | st.floats() | st.just(1_767_607_200_000)
times = st.sampled_from(["2026-01-05T10:00:00.086Z", "2026-01-05T10:00:00.5+02:00", "2026-01-05T10:00:00", "soon"])
usages = members(
    input=numbers,
    output=numbers,
    cacheRead=numbers,
    cacheWrite=numbers,
    totalTokens=numbers,
    cost=members(total=numbers),
)
blocks = st.one_of(
    members("text", text=words, thinking=words),
    members("thinking", thinking=words, text=words),
    members("toolCall", name=words, id=words, arguments=nested),
    members("image", data=words, mimeType=words),
)
said = st.fixed_dictionaries(
    {"role": st.sampled_from(["user", "assistant", "toolResult"]), "content": either(words | st.lists(either(blocks)))},
    optional={"usage": either(usages), "timestamp": either(numbers)},
)
endings = members(stopReason=st.sampled_from(["stop", "aborted", "error"]), errorMessage=words)
answers = members(toolCallId=words, toolName=words, isError=st.booleans(), details=members(diff=words))


@st.composite
def said_lines(draw: st.DrawFn) -> bytes:
    """A message line of the usual shape, here and there with something else in it."""
    record = draw(members("message", id=words, parentId=words, timestamp=times))
    record["message"] = draw(said) | draw(endings) | draw(answers)
    return json.dumps(record, separators=(",", ":")).encode()


def folded(raw: bytes) -> bytes:
    reads = reader()
    line = reads.classify(PART, raw, 0, len(raw), thorough=False)
    changes = reads.fold().feed(Place("main", 0, "/x.jsonl", 1), line, raw)
    return json_lines.encode([attrs.asdict(change.entry) for change in changes])


def tolerant(raw: bytes) -> bytes:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(entries, "usual", None)
        return folded(raw)


@settings(max_examples=400)
@given(said_lines() | mutated() | st.sampled_from(STORED))
@example(b'{"type":"message","id":"a","message":{"role":"user","role":"toolResult","content":"x"}}')
@example(
    b'{"type":"message","id":"a","message":{"role":"user","content":[{"type":"text","type":"thinking","text":""}]}}'
)
@example(b'{"type":"message","id":"a","type":"label","targetId":"b","message":{"role":"user","content":"x"}}')
@example(b'{"type":"message","id":"a","message":{"role":"user","content":"x","passed":"\xff"}}')
@example(b'{"type":"message","id":"a","timestamp":"t","message":{"role":"user","content":"x"},"parentId":5}')
@example(b'{"type":"message","id":"a","message":{"role":"user","content":[{"type":"toolCall","name":"x","id":5}]}}')
@example(b'\xef\xbb\xbf{"type":"message","id":"a","message":{"role":"user","content":"x"}}')
@example(b'{"type":"message","id":"a","message":{"role":"user","content":"","usage":{"input":1e400}}}')
def test_a_message_becomes_the_same_entry_the_quick_and_the_tolerant_way(raw: bytes) -> None:
    assert folded(raw) == tolerant(raw)


@given(st.lists(lines, max_size=6).map(b"\n".join), st.booleans())
def test_any_bytes_have_two_ends(data: bytes, whole: bool) -> None:
    find_opening(data, complete=whole)
    assert find_opening(data, complete=True) is not None
    found = last_spoken(data, whole=whole)
    assert found is None or found >= 0


@given(st.lists(lines, max_size=6).map(b"\n".join))
def test_a_look_at_any_file_ends(data: bytes) -> None:
    stamp = Stamp(len(data), 1_700_000_000_000_000_000, 1)
    answer: Any = FileLook("/x.jsonl").peek()
    for _ in range(4):
        if isinstance(answer, Peek):
            head, tail = data[: answer.head], data[max(0, len(data) - answer.tail) :] if answer.tail else b""
            answer = answer.read(head, tail, stamp)
    assert isinstance(answer, Look)
    assert answer.updated_at >= 0


names = st.sampled_from(["a", "b", "c", "d", "e"])


@settings(max_examples=60)
@given(st.lists(st.tuples(names, st.none() | names | st.just("gone")), max_size=9), st.none() | names)
def test_any_links_make_a_path_that_ends(links: list[tuple[str, str | None]], leaf: str | None) -> None:
    tree = [
        {"type": "message", "id": own, "parentId": parent, "timestamp": "2026-01-05T10:00:00.000Z"}
        | {"message": {"role": "user", "content": own, "timestamp": 1}}
        for own, parent in links
    ]
    with tempfile.TemporaryDirectory() as folder:
        text = "".join(json.dumps(value) + "\n" for value in (header(leafId=leaf), *tree))
        Path(folder, "1.jsonl").write_text(text)
        [reading] = read_all(ADAPTER, Path(folder)).values()
    shown = [entry.entry_id for entry in reading.entries]
    assert len(set(shown)) == len(shown)
    assert bool(shown) == bool(links)
    assert reading.summary.message_count == len(links)
