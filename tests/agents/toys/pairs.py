"""Two files per session: `<id>.log` with what was said, `<id>.edits` with later changes to it."""

import json
from collections.abc import Sequence
from pathlib import Path

from forkpoint.agents.adapter import (
    Adapter,
    AgentInfo,
    Arrangement,
    Ask,
    Candidate,
    Discovery,
    Disk,
    Environment,
    Home,
    Reader,
)
from forkpoint.model.session import Resume
from forkpoint.model.source import INDEX, SHOWN, FileSource, Part
from tests.agents.toys.lines import ToyReader, say, written


class PairsAdapter(Adapter):
    info = AgentInfo(id="pairs", title="Pairs", icon="file", capabilities=frozenset({"titles"}))
    writer = None

    def homes(self, environment: Environment) -> Sequence[Home]:
        return (Home(path=f"{environment.home_dir}/.pairs"),)

    def discover(self, home: Home, disk: Disk, known_folders: Sequence[str]) -> Ask | Discovery:
        entries = disk.folder(home.path)
        if entries is None:
            return Ask(folders=[home.path])
        logs = [f"{home.path}/{entry.name}" for entry in entries if entry.name.endswith(".log")]
        if any(disk.stamp(path) is None for path in logs):
            return Ask(stamps=logs)
        found: list[Candidate] = []
        for path in logs:
            stamp = disk.stamp(path)
            assert stamp is not None
            name = path.rpartition("/")[2].removesuffix(".log")
            found.append(Candidate(native_id=name, path=path, updated_at=stamp.mtime_ms, work_dir="/toy"))
        return Discovery(candidates=found)

    def arrange(self, candidate: Candidate, disk: Disk) -> Ask | Arrangement:
        edits, title = candidate.path[:-4] + ".edits", candidate.path[:-4] + ".title"
        if disk.rounds == 0:
            return Ask(stamps=[candidate.path, edits], texts=[title])
        parts = [Part("log", FileSource(candidate.path), SHOWN)]
        if disk.stamp(edits) is not None:
            parts.append(Part("edits", FileSource(edits), SHOWN))
        text = disk.text(title)
        if text is not None:
            parts.append(Part("title", FileSource(title), INDEX))
        return Arrangement(parts=parts, title=None if text is None else json.loads(text))

    def reader(self, arrangement: Arrangement) -> Reader:
        return ToyReader(restarts=frozenset())

    def resume(self, candidate: Candidate) -> Resume | None:
        return None


def build(home: Path) -> dict[str, list[str]]:
    """Write a sample home; give the texts each session must show, in order."""
    store = home / ".pairs"
    store.mkdir(parents=True)
    (store / "one.log").write_bytes(
        written(
            [
                say("a", "user", "first"),
                say("b", "assistant", "wrong"),
                say("c", "user", "second"),
                say("d", "assistant", "gone"),
            ]
        )
    )
    (store / "one.edits").write_bytes(
        written([{"op": "fix", "id": "b", "who": "assistant", "text": "right"}, {"op": "drop", "id": "d"}])
    )
    (store / "one.title").write_text('"A title of its own"')
    (store / "two.log").write_bytes(written([say("a", "user", "alone"), {"op": "call", "id": "t", "name": "grep"}]))
    return {"pairs:one": ["first", "right", "second"], "pairs:two": ["alone"]}


ADAPTER = PairsAdapter()
