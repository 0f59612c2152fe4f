"""A chain of spans over several files: a fork points into its parent's file and holds only what came after."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

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
from forkpoint.model.source import SHOWN, FileSource, Part
from tests.agents.toys.lines import ToyReader, say, written


class ChainAdapter(Adapter):
    info = AgentInfo(id="chain", title="Chain", icon="link", capabilities=frozenset())
    writer = None

    def homes(self, environment: Environment) -> Sequence[Home]:
        return (Home(path=f"{environment.home_dir}/.chain"),)

    def discover(self, home: Home, disk: Disk, known_folders: Sequence[str]) -> Ask | Discovery:
        index = f"{home.path}/threads.json"
        text = disk.text(index)
        if text is None:
            return Ask(texts=[index])
        threads: dict[str, list[dict[str, Any]]] = json.loads(text)
        return Discovery(
            candidates=[
                Candidate(
                    native_id=name,
                    path=f"{home.path}/{spans[-1]['file']}",
                    updated_at=spans[-1]["updated"],
                    work_dir="/toy",
                    facts=tuple((f"{home.path}/{span['file']}", span["start"], span.get("end")) for span in spans),
                    parent_path=f"{home.path}/{spans[-2]['file']}" if len(spans) > 1 else None,
                )
                for name, spans in threads.items()
            ]
        )

    def arrange(self, candidate: Candidate, disk: Disk) -> Ask | Arrangement:
        parts = [
            Part(f"span{number}", FileSource(path), SHOWN, start, end)
            for number, (path, start, end) in enumerate(candidate.facts)
        ]
        return Arrangement(parts=parts, facts=candidate.facts)

    def reader(self, arrangement: Arrangement) -> Reader:
        return ToyReader(restarts=frozenset({"say"}))

    def resume(self, candidate: Candidate) -> Resume | None:
        return Resume(command=["chain", candidate.native_id], cwd="/toy")


def build(home: Path) -> dict[str, list[str]]:
    """Write a sample home; give the texts each session must show, in order."""
    store = home / ".chain"
    store.mkdir(parents=True)
    early = written([say("a", "user", "one"), say("b", "assistant", "uno")])
    late = written([say("c", "user", "two"), {"op": "call", "id": "t", "name": "ls"}])
    branch = written([say("x", "user", "other"), say("y", "assistant", "altro")])
    (store / "trunk.jsonl").write_bytes(early + late)
    (store / "branch.jsonl").write_bytes(branch)
    leaf = written([say("z", "user", "leaf")])
    (store / "leaf.jsonl").write_bytes(leaf)
    trunk = {"file": "trunk.jsonl", "start": 0, "end": len(early), "updated": 1}
    half = {"file": "branch.jsonl", "start": 0, "end": branch.index(b"\n") + 1, "updated": 2}
    threads = {
        "trunk": [{"file": "trunk.jsonl", "start": 0, "updated": 1}],
        "branch": [trunk, {"file": "branch.jsonl", "start": 0, "updated": 2}],
        "leaf": [trunk, half, {"file": "leaf.jsonl", "start": 0, "updated": 3}],
    }
    (store / "threads.json").write_text(json.dumps(threads))
    return {
        "chain:trunk": ["one", "uno", "two"],
        "chain:branch": ["one", "uno", "other", "altro"],
        "chain:leaf": ["one", "uno", "other", "leaf"],
    }


ADAPTER = ChainAdapter()
