"""What our own store looks like on disk, to the byte. UPDATE_EXPECTED=1 writes that anew."""

import os
from pathlib import Path

from forkpoint.agents.forkpoint import ADAPTER
from forkpoint.agents.writing import Cut, Occasion
from tests.agents.pi_files import line, message, record, user
from tests.agents.pi_writing.support import NOW, Changes
from tests.agents.reading import read_all

SAMPLES = Path(__file__).parents[2] / "samples" / "forkpoint" / "created-renamed-forked"
CALL = {"type": "toolCall", "id": "call_1", "name": "bash", "arguments": {"command": "ls"}}


def build(home: Path) -> None:
    """Create a session, talk in it, rename it, fork it while a tool is running."""
    changes = Changes(home, ADAPTER)
    path = changes.create(_occasion(0), work_dir="/srv/my app", title="Uploads", model="p/m", thinking_level="low")
    leaf = read_all(ADAPTER, home).popitem()[1].entries[-1].entry_id
    said = (
        user("aaaaaaa1", leaf, "Add a retry. Żółw"),
        message("aaaaaaa2", "aaaaaaa1", "assistant", [CALL], provider="p", model="m", stopReason="toolUse"),
        record("label", "aaaaaaa3", "aaaaaaa2", targetId="aaaaaaa1", label="start"),
    )
    with path.open("ab") as file:
        file.writelines(map(line, said))
    changes.update(path, _occasion(1), title="Uploads, retried")
    changes.fork(path, Cut(after="aaaaaaa2"), _occasion(2))
    changes.fork(path, Cut(before="aaaaaaa1"), _occasion(3), title="Again", work_dir="/srv/other")


def _occasion(number: int) -> Occasion:
    return Occasion(now=NOW + number * 60_000, new_id=f"3f2b8c1d-9a4e-4c57-8b60-d2e1f3a4b5c{number}")


def test_the_files_are_as_they_were(tmp_path: Path) -> None:
    home = tmp_path.resolve()
    build(home)
    written = {str(path.relative_to(home)): path.read_text() for path in home.rglob("*.jsonl")}
    shown = {name: text.replace(str(home), "$HOME") for name, text in written.items()}
    if os.environ.get("UPDATE_EXPECTED"):
        for name, text in shown.items():
            (SAMPLES / name).parent.mkdir(parents=True, exist_ok=True)
            (SAMPLES / name).write_text(text)
    assert shown == {str(path.relative_to(SAMPLES)): path.read_text() for path in SAMPLES.rglob("*.jsonl")}
    assert not [problem for reading in read_all(ADAPTER, home).values() for problem in reading.problems]
