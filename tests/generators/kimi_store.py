"""Write a synthetic session store in the on-disk format of kimi-cli 1.49.

The same arguments give the same bytes and the same modification times.

    python -m tests.generators.kimi_store --home DIR --sessions N --work-dirs N --turns N --seed N [--edge]

`DIR/.kimi` is the share folder, `DIR/work/proj-NNN` are the work folders. A store already there is refused unless
`--force` is given, which removes it first. Prints a summary as one line of JSON.
"""

import argparse
import hashlib
import json
import os
import random
import shutil
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import attrs

from tests.generators.kimi_edges import EdgeCases, new_uuid, state_text
from tests.generators.kimi_writer import Filler, Json, SessionWriter, put, spaced

NOW = 1_790_000_000.0
"""The clock of a store, in epoch seconds: fixed, so that its output is."""
DAY = 86400


@attrs.frozen(kw_only=True)
class Built:
    """What was written."""

    share: Path
    """The folder that KIMI_SHARE_DIR would name."""
    work_dirs: list[Path]
    wire_bytes: int
    index: list[Json]
    """id, work_dir, mtime, turns, archived, titled, first_prompt of each ordinary session, newest first."""
    big: list[Json]
    """id, work_dir, wire_bytes, turns of each large session."""
    edges: list[dict[str, str]]
    """case, id, folder, expect of each oddity."""

    def summary(self) -> Json:
        """Give the numbers of it."""
        return {
            "share_dir": str(self.share),
            "sessions": len(self.index),
            "work_dirs": len(self.work_dirs),
            "wire_bytes": self.wire_bytes,
            "turns": sum(item["turns"] for item in self.index),
            "archived": sum(item["archived"] for item in self.index),
            "big": self.big,
            "edge_cases": len(self.edges),
        }


def build(
    home: str | Path,
    *,
    sessions: int = 100,
    work_dirs: int = 5,
    turns: int = 4,
    seed: int = 1,
    now: float = NOW,
    span_days: float = 14.0,
    archived: float = 0.10,
    titled: float = 0.60,
    subagents: float = 0.05,
    big_mb: Sequence[float] = (),
    big_turns: int = 40,
    edge: bool = False,
    force: bool = False,
) -> Built:
    """Write a store under a home.

    `turns` is the mean of a session; ages are spread over `span_days` before `now`; `archived`, `titled` and
    `subagents` are shares of the sessions; each of `big_mb` adds a session whose wire log has about so many
    megabytes in `big_turns` turns; `edge` adds one session per known oddity, listed in `edge-cases.json`.
    FileExistsError when a store is there and `force` is not set.
    """
    home = Path(os.path.abspath(home))
    share = home / ".kimi"
    if share.exists():
        if not force:
            raise FileExistsError(f"{share} exists")
        shutil.rmtree(share)
    rng = random.Random(seed)
    filler = Filler(rng)
    folders = [home / "work" / f"proj-{number:03d}" for number in range(max(1, work_dirs))]
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
    (share / "sessions").mkdir(parents=True)
    shares = _Shares(turns=turns, archived=archived, titled=titled, subagents=subagents)
    ordinary = _Ordinary(share / "sessions", folders, rng, filler, shares)
    span = span_days * DAY
    for number in range(sessions):
        # The clock of a session is drawn after its folder: the order of draws decides the bytes.
        folder = ordinary.begin()
        age = 5 + (span - 5) * (number + rng.random()) / max(1, sessions)
        ordinary.write(folder, round(now - age, 3))
    big = [_big(share / "sessions", folders[0], rng, filler, now, size, big_turns) for size in big_mb]
    edges: list[dict[str, str]] = []
    if edge:
        edges = EdgeCases(share / "sessions", work_key(folders[0]), rng, filler, now).write()
        put(home / "edge-cases.json", json.dumps(edges, indent=1, ensure_ascii=False), now)
    listed = [{"path": str(path), "kaos": "local", "last_session_id": ordinary.last.get(path)} for path in folders]
    put(share / "kimi.json", json.dumps({"work_dirs": listed}, indent=2, ensure_ascii=False), now)
    return Built(
        share=share,
        work_dirs=folders,
        wire_bytes=ordinary.wire_bytes,
        index=ordinary.index,
        big=big,
        edges=edges,
    )


def work_key(folder: Path) -> str:
    """Give the name of the folder that holds a work folder's sessions."""
    return hashlib.md5(str(folder).encode()).hexdigest()


def shorten(text: str, width: int) -> str:
    """Cut a text as the agent cuts titles: on one line, at a blank where there is one."""
    text = " ".join(text.split())
    if len(text) <= width:
        return text
    blank = text.rfind(" ", 0, width)
    return text[: blank if blank > 0 else width - 1].rstrip() + "…"


@attrs.frozen(kw_only=True)
class _Shares:
    turns: int
    archived: float
    titled: float
    subagents: float


class _Ordinary:
    """Writes ordinary sessions, the newest first."""

    def __init__(
        self, sessions: Path, folders: list[Path], rng: random.Random, filler: Filler, shares: _Shares
    ) -> None:
        self.sessions, self.folders, self.rng, self.filler, self.shares = sessions, folders, rng, filler, shares
        self.last: dict[Path, str] = {}
        """The newest session of each work folder."""
        self.index: list[Json] = []
        self.wire_bytes = 0
        self.work_dir = folders[0]

    def begin(self) -> Path:
        """Make the folder of the next session: in one of a few busy work folders, or of many quiet ones."""
        count = len(self.folders)
        self.work_dir = self.folders[min(int(self.rng.expovariate(3.0) * count), count - 1)]
        folder = self.sessions / work_key(self.work_dir) / str(new_uuid(self.rng))
        folder.mkdir(parents=True)
        return folder

    def write(self, folder: Path, mtime: float) -> None:
        """Write its files."""
        rng = self.rng
        turns = max(1, rng.randint(1, max(1, 2 * self.shares.turns - 1)))
        writer = SessionWriter(rng, self.filler, mtime - 120 * turns)
        prompts: list[str] = []
        for _ in range(turns):
            prompts.append(self.filler.prompt())
            writer.turn(prompts[-1], rng.randint(1, 6), rng.randint(300, 3000), as_parts=rng.random() < 0.5)
        if rng.random() < self.shares.subagents:
            self._helper(writer, folder, mtime)
        writer.dump(folder, mtime)
        self.wire_bytes += writer.wire_bytes
        archived, titled = rng.random() < self.shares.archived, rng.random() < self.shares.titled
        if archived or titled or rng.random() < 0.8:
            state = state_text(
                custom_title=shorten(prompts[0], 50) if titled else None,
                title_generated=titled and rng.random() < 0.5,
                archived=archived,
                archived_at=mtime + 1 if archived else None,
            )
            put(folder / "state.json", state, mtime)
        facts = {"id": folder.name, "work_dir": str(self.work_dir), "mtime": mtime, "turns": turns}
        facts |= {"archived": archived, "titled": titled, "first_prompt": prompts[0][:80]}
        self.index.append(facts)
        self.last.setdefault(self.work_dir, folder.name)

    def _helper(self, writer: SessionWriter, session: Path, mtime: float) -> None:
        agent_id = f"a{self.rng.getrandbits(32):08x}"
        writer.helper_events(agent_id, f"call_0001_{self.rng.getrandbits(32):08x}")
        folder = session / "subagents" / agent_id
        folder.mkdir(parents=True)
        own = SessionWriter(self.rng, self.filler, mtime - 60)
        own.wire[0] = spaced({"type": "metadata", "protocol_version": "1.1"})
        own.turn("look for callers", 2, 400)
        own.dump(folder, mtime)
        put(folder / "prompt.txt", "look for callers", mtime)
        put(folder / "output", "[stage] runner_started\n" + self.filler.prose(200), mtime)
        kind = {"agent_id": agent_id, "subagent_type": "explore"}
        launch = {**kind, "model_override": None, "effective_model": None, "created_at": mtime - 60}
        times = {"created_at": mtime - 60, "updated_at": mtime}
        meta = {**kind, "status": "idle", "description": "callers", **times, "last_task_id": None}
        put(folder / "meta.json", json.dumps({**meta, "launch_spec": launch}, indent=2), mtime)


def _big(
    sessions: Path, work_dir: Path, rng: random.Random, filler: Filler, now: float, megabytes: float, turns: int
) -> Json:
    """Write one session with a large wire log."""
    folder = sessions / work_key(work_dir) / str(new_uuid(rng))
    folder.mkdir(parents=True)
    writer = SessionWriter(rng, filler, now - 1 - DAY)
    per_turn = megabytes * 1024 * 1024 / turns
    for number in range(turns):
        start = writer.wire_bytes
        writer.turn(f"big turn {number}: {filler.prompt()}", 6, 8000)
        while writer.wire_bytes - start < per_turn:
            writer.take_back()  # the TurnEnd: the turn goes on
            writer.event("StepBegin", {"n": rng.randint(7, 40)})
            writer.mark()
            run = writer.tool(20000)
            call_id = writer.call_id()
            call = writer.call(call_id, run.name, run.arguments)
            writer.event("ToolResult", {"tool_call_id": call_id, "return_value": run.returned})
            writer.message(role="assistant", content=[], tool_calls=[call])
            writer.message(role="tool", content=run.content, tool_call_id=call_id)
            writer.event("TurnEnd", {})
    writer.dump(folder, now - 1)
    put(folder / "state.json", state_text(custom_title=f"Big session of {megabytes:g} MB"), now - 1)
    return {"id": folder.name, "work_dir": str(work_dir), "wire_bytes": writer.wire_bytes, "turns": turns}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from a terminal."""
    parser = argparse.ArgumentParser(description="Write a synthetic kimi-cli session store.")
    parser.add_argument("--home", required=True)
    parser.add_argument("--sessions", type=int, default=100)
    parser.add_argument("--work-dirs", type=int, default=5)
    parser.add_argument("--turns", type=int, default=4, help="mean turns in a session")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--now", default=str(NOW), help="epoch seconds, or `real` for the wall clock")
    parser.add_argument("--span-days", type=float, default=14.0)
    parser.add_argument("--archived", type=float, default=0.10)
    parser.add_argument("--titled", type=float, default=0.60)
    parser.add_argument("--subagents", type=float, default=0.05)
    parser.add_argument("--big-mb", type=float, action="append", default=[])
    parser.add_argument("--big-turns", type=int, default=40)
    parser.add_argument("--edge", action="store_true")
    parser.add_argument("--force", action="store_true")
    parser.add_argument("--manifest", help="a file to write everything that was generated to, as JSON")
    given = vars(parser.parse_args(arguments))
    manifest, home = given.pop("manifest"), given.pop("home")
    given["now"] = time.time() if given["now"] == "real" else float(given["now"])
    try:
        built = build(home, **given)
    except FileExistsError as problem:
        parser.error(f"{problem}; pass --force to replace it")
    summary: dict[str, Any] = built.summary()
    if manifest:
        details = {**summary, "index": built.index, "edges": built.edges}
        Path(manifest).write_text(json.dumps(details, ensure_ascii=False), encoding="utf-8")
    sys.stdout.write(json.dumps(summary) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
