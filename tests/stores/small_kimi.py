"""A Kimi home made session by session, for tests that need to say exactly what is in it."""

import hashlib
import json
import os
from pathlib import Path


class SmallKimi:
    """`<home>/.kimi`, written as the agent writes it."""

    def __init__(self, home: Path) -> None:
        self.root = home / ".kimi"
        (self.root / "sessions").mkdir(parents=True)
        self._work_dirs: list[str] = []

    def add(
        self, name: str, work_dir: Path | str, *, at: float, text: str = "hello", archived: bool = False, turns: int = 1
    ) -> Path:
        """Write a session that was last worked on at a time in seconds; give its folder."""
        if str(work_dir) not in self._work_dirs:
            self._work_dirs.append(str(work_dir))
            rows = [{"path": path, "kaos": "local", "last_session_id": None} for path in self._work_dirs]
            (self.root / "kimi.json").write_text(json.dumps({"work_dirs": rows}))
        key = hashlib.md5(os.fsencode(str(work_dir)), usedforsecurity=False).hexdigest()
        folder = self.root / "sessions" / key / name
        folder.mkdir(parents=True)
        wire = [{"type": "metadata", "protocol_version": "1.10"}]
        for turn in range(turns):
            wire += [
                _record(at + turn, "TurnBegin", {"user_input": f"{text} {turn}" if turn else text}),
                _record(at + turn, "StepBegin", {"n": 1}),
                _record(at + turn, "ContentPart", {"type": "text", "text": f"answer {turn}"}),
                _record(at + turn, "TurnEnd", {}),
            ]
        (folder / "wire.jsonl").write_text("".join(json.dumps(line) + "\n" for line in wire))
        (folder / "context.jsonl").write_text(json.dumps({"role": "user", "content": text}) + "\n")
        (folder / "state.json").write_text(json.dumps({"version": 1, "archived": archived}))
        touch(folder, at)
        return folder


def _record(at: float, kind: str, payload: object) -> dict[str, object]:
    return {"timestamp": at, "message": {"type": kind, "payload": payload}}


def touch(folder: Path, at: float) -> None:
    """Set the time a session was last worked on, in seconds."""
    os.utime(folder / "context.jsonl", (at, at))
