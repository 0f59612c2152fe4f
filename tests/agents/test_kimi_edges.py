"""Every oddity the generator writes reads as a good reader should, and none costs another session its row."""

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest

from forkpoint.agents.kimi import ADAPTER
from forkpoint.model.problem import Problem
from tests.agents.kimi_logs import outline
from tests.agents.reading import SessionReading, discovered, read_all
from tests.generators import kimi_store
from tests.generators.kimi_store import Built


@attrs.frozen(kw_only=True)
class Expected:
    """What an oddity should give; what is None is not looked at."""

    turns: list[str] | None = None
    problems: tuple[tuple[str, str], ...] = ()
    """Kind and file of each problem."""
    status: str = "idle"
    title: str | None = None
    final: bool = False
    archived: bool = False
    shown: str = "wire"
    fields: dict[str, Any] | None = None
    work_dir: bool = True
    more: Callable[[SessionReading], object] | None = None
    """A further look; what it gives must be true."""


def _titled_by(text: str) -> Callable[[SessionReading], object]:
    return lambda reading: reading.summary.first_turn == text


def _spoken(prompt: str, **more: Any) -> Expected:
    return Expected(turns=[prompt], **more)


def _broken_state(case: str) -> Expected:
    return _spoken(f"state case {case}", problems=(("badIndexFile", "state.json"),))


def _last(count: int, *expected: str) -> Callable[[SessionReading], object]:
    return lambda reading: outline(reading.entries)[-count:] == list(expected)


def _calls(*states: str) -> Callable[[SessionReading], object]:
    def look(reading: SessionReading) -> bool:
        blocks = [block for entry in reading.entries for block in entry.content if entry.kind == "assistant"]
        found = [block.state for block in blocks if block.type == "toolCall"]
        return found[-len(states) :] == list(states)

    return look


STATES = ("state-truncated", "state-empty", "state-binary", "state-wrong-types", "state-array")
EXPECTED = {
    "empty": Expected(turns=[], status="unknown", shown="context"),
    "prompt-only": Expected(turns=[], more=lambda reading: reading.entries == []),
    "legacy-flat": _spoken("legacy flat session", status="unknown", shown="context", final=True),
    "legacy-flat-migrated": _spoken("migrated session"),
    "legacy-metadata": _spoken("metadata session", title="Title from metadata.json", final=True, archived=True),
    "legacy-metadata-broken": _spoken("broken metadata", problems=(("badIndexFile", "metadata.json"),)),
    **{case: _broken_state(case) for case in STATES},
    "half-turn": Expected(turns=["first whole turn", "second, cut off"], status="unknown"),
    "dangling-call": Expected(turns=["whole turn", "now run it"], status="unknown", more=_calls("interrupted")),
    "cut-last-line": _spoken("cut line", problems=(("notJson", "wire.jsonl"),)),
    "bad-byte-middle": Expected(
        turns=["before the bad byte", "after the bad byte"],
        problems=(("badUtf8", "wire.jsonl"),),
        more=lambda reading: "assistant: \ufffd" in outline(reading.entries),
    ),
    "non-object-lines": _spoken("non object lines", problems=(("notObject", "wire.jsonl"),) * 3),
    "unknown-events": _spoken("unknown events", more=_last(2, "unknown: <raw>", "assistant: <raw>")),
    "old-protocol": _spoken(
        "from protocol 1",
        status="unknown",
        more=_last(
            3,
            "note: Asks for approval: run command: Run `ls`",
            "note: Approved",
            "toolCall: tc1=None(assistant: from a helper)",
        ),
    ),
    "image-first": Expected(
        turns=["", "what is in that picture?"],
        more=_titled_by("what is in that picture?"),
    ),
    "slash-and-steer": Expected(
        turns=["turn zero", "/compact", "turn two", "turn three"],
        more=lambda reading: {"compaction:", "user: also update the docs"} <= set(outline(reading.entries)),
    ),
    "checkpoint-user": Expected(turns=["real one", "real two"]),
    "reminder-user": Expected(turns=["real one", "real two"]),
    "no-wire": _spoken("only context", status="unknown", shown="context"),
    "uploads": _spoken("what is this", more=_titled_by("what is this")),
    "named": _spoken("named session", fields={"name": "my-named-session"}),
    "uuid-without-dashes": _spoken("undashed"),
    "symlink-out": _spoken("link", status="unknown", shown="context", problems=(("linkLeavesStore", "wire.jsonl"),)),
    "long-title": Expected(turns=["长" * 2000]),
    "title-200": _spoken("t", title="T" * 200, final=True),
    "auto-archive-due": _spoken("old one"),
    "auto-archive-exempt": _spoken("old kept", title="Old but kept", fields={"autoArchiveExempt": True}),
    "auto-archive-edge": _spoken("nearly"),
    **{f"same-mtime-{number}": _spoken(f"tie {number}") for number in range(3)},
    "orphan-work-dir": _spoken("orphan", work_dir=False),
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """A store with every oddity."""
    return kimi_store.build(tmp_path_factory.mktemp("kimi"), sessions=5, work_dirs=2, seed=11, edge=True)


@pytest.fixture(scope="module")
def readings(built: Built) -> dict[str, SessionReading]:
    """All of it, read."""
    return read_all(ADAPTER, built.share)


def test_every_oddity_is_expected(built: Built) -> None:
    assert {edge["case"] for edge in built.edges} == set(EXPECTED)


@pytest.mark.parametrize("case", EXPECTED)
def test_an_oddity_reads_as_it_should(case: str, built: Built, readings: dict[str, SessionReading]) -> None:
    (edge,) = [edge for edge in built.edges if edge["case"] == case]
    reading, expected = readings[edge["id"]], EXPECTED[case]
    arrangement = reading.arrangement
    assert reading.candidate.path == edge["folder"]
    assert [text for text, _ in reading.turns] == expected.turns, edge["expect"]
    assert sorted((problem.kind, Path(problem.path).name) for problem in reading.problems) == list(expected.problems)
    assert (arrangement.title, arrangement.title_is_final) == (expected.title, expected.final)
    assert (arrangement.archived, reading.summary.status) == (expected.archived, expected.status)
    assert [part.name for part in arrangement.parts if part.role == "shown"] == [expected.shown]
    assert arrangement.agent_fields == expected.fields
    assert reading.candidate.work_dir == (str(built.work_dirs[0]) if expected.work_dir else None)
    assert expected.more is None or expected.more(reading), outline(reading.entries)


def test_an_ordinary_session_reads_whole(built: Built, readings: dict[str, SessionReading]) -> None:
    for item in built.index:
        reading = readings[item["id"]]
        assert len(reading.turns) == item["turns"]
        assert reading.turns[0][0].startswith(item["first_prompt"])
        assert reading.candidate.work_dir == item["work_dir"]
        assert reading.candidate.updated_at == pytest.approx(item["mtime"] * 1000, abs=1)
        assert (reading.arrangement.archived, reading.arrangement.title is not None) == (
            item["archived"],
            item["titled"],
        )
        assert reading.problems == []
        assert {entry.kind for entry in reading.entries} <= {"user", "assistant", "toolResult", "toolCall"}


@pytest.mark.parametrize("seed", range(4))
def test_damage_to_one_session_changes_no_other(tmp_path: Path, seed: int) -> None:
    built = kimi_store.build(tmp_path, sessions=6, work_dirs=1, turns=2, seed=seed)
    before = {name: reading.entries for name, reading in read_all(ADAPTER, built.share).items()}
    victim = built.index[seed]["id"]
    rng = random.Random(seed)
    for path in (built.share / "sessions").glob(f"*/{victim}/*.json*"):
        data = bytearray(path.read_bytes())
        for _ in range(20):
            data[rng.randrange(len(data))] = rng.randrange(256)
        path.write_bytes(data)
    after = {name: reading.entries for name, reading in read_all(ADAPTER, built.share).items()}
    assert set(after) == set(before)
    assert {name for name in before if after[name] != before[name]} <= {victim}


def test_a_missing_index_costs_work_dirs_alone(tmp_path: Path) -> None:
    built = kimi_store.build(tmp_path, sessions=6, work_dirs=2, seed=1)
    (built.share / "kimi.json").unlink()
    known = [str(path) for path in built.work_dirs]
    assert {item.work_dir for item in discovered(ADAPTER, built.share).candidates} == {None}
    found = {item.native_id: item.work_dir for item in discovered(ADAPTER, built.share, known).candidates}
    assert found == {item["id"]: item["work_dir"] for item in built.index}


def test_the_same_arguments_give_the_same_store(tmp_path: Path) -> None:
    def contents(share: Path) -> dict[str, tuple[int, bytes]]:
        files = [path for path in share.rglob("*") if path.is_file()]
        return {str(path.relative_to(share)): (path.stat().st_mtime_ns, path.read_bytes()) for path in files}

    first = contents(kimi_store.build(tmp_path, sessions=3, seed=5, edge=True, big_mb=[0.2], big_turns=3).share)
    again = kimi_store.build(tmp_path, sessions=3, seed=5, edge=True, big_mb=[0.2], big_turns=3, force=True)
    assert contents(again.share) == first
    assert json.loads((tmp_path / "edge-cases.json").read_text()) == again.edges


def test_a_store_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    kimi_store.build(tmp_path, sessions=1)
    with pytest.raises(FileExistsError):
        kimi_store.build(tmp_path, sessions=1)


def test_problems_say_where_they_are(built: Built, readings: dict[str, SessionReading]) -> None:
    problems = [problem for reading in readings.values() for problem in reading.problems if problem.line is not None]
    assert len(problems) == 5
    for problem in problems:
        assert _line_at(problem) == Path(problem.path).read_bytes().split(b"\n")[(problem.line or 0) - 1]


def _line_at(problem: Problem) -> bytes:
    return Path(problem.path).read_bytes()[problem.byte_offset or 0 :].split(b"\n")[0]
