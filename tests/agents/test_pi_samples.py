"""Hand-written session files of pi, each folder with what is read of it. UPDATE_EXPECTED=1 writes that anew."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

import attrs
import pytest

from forkpoint.agents.adapter import Candidate
from forkpoint.agents.pi import ADAPTER
from forkpoint.model.failures import Discontinued
from forkpoint.parsing import json_lines
from tests.agents.reading import SessionReading, discovered, read_session

SAMPLES = Path(__file__).parent.parent / "samples" / "pi"
MODIFIED = 1_700_000_000
"""Epoch seconds; a file's own time shows where nothing in it does."""


@pytest.mark.parametrize("case", sorted(path.name for path in SAMPLES.iterdir()))
def test_a_sample_reads_as_expected(case: str, tmp_path: Path) -> None:
    home = tmp_path / "sessions"
    shutil.copytree(SAMPLES / case, home, ignore=shutil.ignore_patterns("expected.json"))
    for path in home.iterdir():
        os.utime(path, (MODIFIED, MODIFIED))
    found = sorted(discovered(ADAPTER, home).candidates, key=lambda candidate: candidate.path)
    shown = json.loads(json_lines.encode([_shown(home, candidate) for candidate in found]))
    text = json.dumps(shown, indent=1).replace(str(home), "$HOME") + "\n"
    expected = SAMPLES / case / "expected.json"
    if os.environ.get("UPDATE_EXPECTED"):
        expected.write_text(text)
    assert text == expected.read_text()


def _shown(home: Path, candidate: Candidate) -> dict[str, Any]:
    row = _set(attrs.asdict(candidate))
    row.pop("facts")
    try:
        reading = read_session(ADAPTER, home, candidate)
    except Discontinued as failure:
        return {"candidate": row, "discontinued": failure.sentence()}
    resume = ADAPTER.resume(candidate)
    return {
        "candidate": row,
        "agentFields": reading.arrangement.agent_fields,
        "resume": None if resume is None else attrs.asdict(resume),
        "summary": _set(attrs.asdict(reading.summary)),
        "turns": reading.turns,
        "calls": sum(line.calls for _, line, _ in reading.lines),
        "problems": [f"{problem.line}: {problem.kind} ({problem.reason})" for problem in reading.problems],
        "entries": _entries(reading),
    }


def _entries(reading: SessionReading) -> list[dict[str, Any]]:
    entries = [_set(attrs.asdict(entry)) for entry in reading.entries]
    for entry in entries:
        entry["content"] = [_set(block) for block in entry["content"]]
        if "problems" in entry:
            entry["problems"] = [f"{problem['line']}: {problem['kind']}" for problem in entry["problems"]]
    return entries


def _set(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}
