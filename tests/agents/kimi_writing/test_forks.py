"""Where a fork cuts the log and the context: every case of `forks/cases.json`."""

import json
from pathlib import Path
from typing import Any

import pytest

from forkpoint.agents.writing import Copied, Cut
from forkpoint.model.failures import Failure
from tests.agents.kimi_logs import NOBODY, Row, bytes_of, read_one, work_key, write_index
from tests.agents.kimi_writing.script import context_row, wire_row
from tests.agents.kimi_writing.support import NEW, NOW, forked, make_fork
from tests.stores.changing.setting import stamp

CASES: dict[str, Any] = json.loads((Path(__file__).parent / "forks" / "cases.json").read_text())


def _cuts() -> list[Any]:
    return [pytest.param(case, cut, id=f"{name}: {cut['at']}") for name, case in CASES.items() for cut in case["cuts"]]


def _write(path: Path, rows: list[Row]) -> list[bytes]:
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [bytes_of(row) for row in rows]
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    return lines


def _home(share: Path, case: dict[str, Any]) -> dict[str, list[bytes]]:
    write_index(share)
    folder = share / "sessions" / work_key() / NOBODY
    written = {"wire": _write(folder / "wire.jsonl", [wire_row(row) for row in case["wire"]])} if "wire" in case else {}
    for name in case:
        if name.startswith("context"):
            written[name] = _write(folder / f"{name}.jsonl", [context_row(row) for row in case[name]])
    return written


def _cut(at: dict[str, int], written: dict[str, list[bytes]]) -> Cut:
    """A cut whose entries are named by the number of their line."""
    part = "wire" if "wire" in written else "context"
    values: dict[str, Any] = dict(at)
    for side in ("before", "after"):
        if side in at:
            values[side] = f"{part}@{sum(len(line) + 1 for line in written[part][: at[side]]):x}"
    return Cut(**values)


def _chosen(lines: list[bytes], ranges: str) -> list[bytes]:
    found: list[bytes] = []
    for piece in ranges.split(","):
        first, _, last = piece.partition("-")
        found += lines[int(first) : int(last or first) + 1]
    return found


@pytest.mark.parametrize(("case", "cut"), _cuts())
def test_log_and_context_are_cut_at_one_place(tmp_path: Path, case: dict[str, Any], cut: dict[str, Any]) -> None:
    written = _home(tmp_path, case)
    at = _cut(cut["at"], written)
    if "refused" in cut:
        with pytest.raises(Failure) as refused:
            forked(tmp_path, NOBODY, at)
        assert refused.value.kind == cut["refused"]
        return
    made = make_fork(tmp_path, NOBODY, at)
    context = _chosen(written[cut.get("from", "context")], cut["model"])
    assert made.context == context + [
        json.dumps(context_row(row), separators=(",", ":")).encode() for row in cut.get("model added", ())
    ]
    if "wire" in case:
        kept = _chosen(written["wire"], cut["wire"])
        assert made.wire[: len(kept)] == kept
        assert [json.loads(line) for line in made.wire[len(kept) :]] == [
            {**json.loads(bytes_of(wire_row(row))), "timestamp": NOW / 1000} for row in cut.get("added", ())
        ]
    assert made.plan.prefill == cut.get("prefill")
    assert made.plan.closed_tool_calls == cut.get("closed", 0)


@pytest.mark.parametrize(("case", "cut"), [each for each in _cuts() if "refused" not in each.values[1]])
def test_our_own_reader_opens_the_fork(tmp_path: Path, case: dict[str, Any], cut: dict[str, Any]) -> None:
    written = _home(tmp_path, case)
    make_fork(tmp_path, NOBODY, _cut(cut["at"], written))
    source, fork = read_one(tmp_path, NOBODY), read_one(tmp_path, NEW)
    assert [turn[0] for turn in fork.turns] == [turn[0] for turn in source.turns][: len(fork.turns)]
    assert fork.arrangement.title_is_final
    assert str(fork.arrangement.title).startswith("Fork: ")
    calls = {
        block.call_id: block.state for entry in fork.entries for block in entry.content if block.type == "toolCall"
    }
    closed = cut.get("added" if "wire" in case else "model added", ())
    for name in [row.removeprefix("closed ") for row in closed if row.startswith("closed ")]:
        assert calls[name] == "interrupted"


def test_kept_lines_are_copied_as_ranges(tmp_path: Path) -> None:
    written = _home(tmp_path, CASES["plain turns"])
    plan = forked(tmp_path, NOBODY, Cut(turn=0)).plan
    files = {file.path: file.content for file in plan.step.files}
    folder = tmp_path / "sessions" / work_key() / NOBODY
    wire, context = folder / "wire.jsonl", folder / "context.jsonl"
    end = sum(len(line) + 1 for line in written["wire"][:5])
    assert [piece for piece in files["wire.jsonl"] if piece] == [Copied(str(wire), 0, end, stamp(wire))]
    end = sum(len(line) + 1 for line in written["context"][:6])
    assert [piece for piece in files["context.jsonl"] if piece] == [Copied(str(context), 0, end, stamp(context))]


def test_a_torn_last_line_stays_behind(tmp_path: Path) -> None:
    written = _home(tmp_path, CASES["plain turns"])
    folder = tmp_path / "sessions" / work_key() / NOBODY
    (folder / "wire.jsonl").write_bytes(b"\n".join([*written["wire"], b'{"timestamp": 1']))
    (folder / "context.jsonl").write_bytes(b"\n".join(written["context"]))
    made = make_fork(tmp_path, NOBODY, Cut())
    assert made.wire == written["wire"]
    assert (made.folder / "context.jsonl").read_bytes() == b"".join(line + b"\n" for line in written["context"])
