"""Small hand-written stores of Kimi CLI, each with what reading it gives.

A case is a folder `tests/samples/kimi/<case>` with a share folder `store` and `expected.json`. With UPDATE_EXPECTED=1
in the environment the expectations are written anew, to be looked at in the diff.
"""

import json
import os
from pathlib import Path
from typing import Any

import attrs
import pytest

from forkpoint.agents.kimi import ADAPTER
from tests.agents.reading import SessionReading, discovered, read_all

SAMPLES = Path(__file__).parent.parent / "samples" / "kimi"


def _plain(value: Any) -> Any:
    """Give an attrs value as JSON, what is unset left out."""
    return value and attrs.asdict(value, filter=lambda _, field: field not in (None, [], False))


def _shown(reading: SessionReading, store: Path) -> dict[str, Any]:
    candidate, arrangement = reading.candidate, reading.arrangement
    shown: dict[str, Any] = {
        "path": candidate.path,
        "workDir": candidate.work_dir,
        "remote": candidate.remote,
        "resume": _plain(ADAPTER.resume(candidate)),
        "parts": [f"{part.role}: {part.name}" for part in arrangement.parts],
        "title": arrangement.title,
        "titleIsFinal": arrangement.title_is_final,
        "archivedAt": arrangement.archived_at if arrangement.archived else None,
        "agentFields": arrangement.agent_fields,
        "summary": _plain(reading.summary),
        "turns": [list(turn) for turn in reading.turns],
        "problems": [_plain(problem) for problem in reading.problems],
        "entries": [_plain(entry) for entry in reading.entries],
    }
    return json.loads(json.dumps(shown, ensure_ascii=False).replace(str(store), "STORE"))


@pytest.mark.parametrize("case", sorted(path.name for path in SAMPLES.iterdir()))
def test_a_sample_reads_as_expected(case: str) -> None:
    store = SAMPLES / case / "store"
    sessions = {name: _shown(reading, store) for name, reading in sorted(read_all(ADAPTER, store).items())}
    problems = [_plain(problem) | {"path": Path(problem.path).name} for problem in discovered(ADAPTER, store).problems]
    shown = {"problems": problems, "sessions": sessions}
    expected = SAMPLES / case / "expected.json"
    if os.environ.get("UPDATE_EXPECTED") == "1":
        expected.write_text(json.dumps(shown, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    assert shown == json.loads(expected.read_text(encoding="utf-8"))
