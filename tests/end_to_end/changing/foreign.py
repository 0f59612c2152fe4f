"""Other programs at work in an agent's home, each as a process of its own that knows nothing of us.

`python -m tests.end_to_end.changing.foreign appender PATH ...` adds whole lines to transcripts, as pi and Kimi do;
`... rewriter PATH` replaces kimi.json whole, as Kimi does: it reads it, and a moment later puts its own form there,
without a lock. Both write `<path> <token>` to standard output once something is done, and go on until their standard
input ends.

Source: kimi-cli 1.49 `metadata.py` and `utils/io.py`; pi coding-agent 0.87.1 session manager (`appendFileSync`).
"""

import asyncio
import contextlib
import itertools
import json
import os
import select
import sys
import time
from collections.abc import AsyncGenerator, Callable, Iterable
from pathlib import Path
from typing import Any

import attrs

from tests.end_to_end.server_process import ROOT

APPEND_PAUSE, REWRITE_PAUSE = 0.01, 0.05
"""Seconds between two pieces of work."""
REWRITING = 0.003
"""Seconds between reading kimi.json and replacing it."""
LISTED = 40
"""How many folders of its own the rewriter has in kimi.json at most, the newest."""
FOREIGN_FOLDER = "/foreign/"


def append(paths: list[str]) -> None:
    """Add a line to one transcript after the other; one that is gone is passed over, never made anew."""
    leaves = dict.fromkeys(paths, "x2")
    for number, path in zip(itertools.count(), itertools.cycle(paths), strict=False):
        if _told_to_end(APPEND_PAUSE):
            return
        token = f"foreign-{number}-"
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_APPEND)
        except FileNotFoundError:
            continue
        with open(descriptor, "wb", buffering=0) as file:
            file.write(_line(Path(path).name, token, number, leaves, path))
        _say(path, token)


def _line(name: str, token: str, number: int, leaves: dict[str, str], path: str) -> bytes:
    now = time.time()
    value: dict[str, Any]
    if name == "context.jsonl":
        value = {"role": "assistant", "content": token}
    elif name == "wire.jsonl":
        record = {"type": "ContentPart", "payload": {"type": "text", "text": token}}
        value = {"timestamp": now, "message": record}
    else:
        own, parent = f"f{number:07x}", leaves[path]
        said = {"role": "user", "content": token, "timestamp": int(now * 1000)}
        at = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(now))
        value = {"type": "message", "id": own, "parentId": parent, "timestamp": at, "message": said}
        leaves[path] = own
    return json.dumps(value).encode() + b"\n"


def rewrite(path: str) -> None:
    """Replace kimi.json over and over, each time with one more folder of its own."""
    own: list[str] = []
    for number in itertools.count():
        if _told_to_end(REWRITE_PAUSE):
            return
        index = json.loads(Path(path).read_bytes())
        own = [*own, f"{FOREIGN_FOLDER}{number}"][-LISTED:]
        others = [entry for entry in index["work_dirs"] if not entry["path"].startswith(FOREIGN_FOLDER)]
        entries = [{"path": folder, "kaos": "local", "last_session_id": None} for folder in own]
        # Between reading and replacing the agent does other things, and what others write meanwhile is lost.
        time.sleep(REWRITING)
        temporary = f"{path}.{os.getpid()}.tmp"
        Path(temporary).write_text(json.dumps({"work_dirs": [*others, *entries]}, indent=2))
        os.replace(temporary, path)
        _say(path, own[-1])


def _told_to_end(pause: float) -> bool:
    return bool(select.select([sys.stdin], [], [], pause)[0])


def _say(path: str, token: str) -> None:
    sys.stdout.write(f"{path} {token}\n")
    sys.stdout.flush()


# --- seen from the test ------------------------------------------------------------------------------------------


@attrs.define
class Foreign:
    """One such process; `done` has what it did, as (path, token)."""

    process: asyncio.subprocess.Process
    done: list[tuple[str, str]] = attrs.Factory(list[tuple[str, str]])

    async def end(self) -> None:
        """Let it finish what it is at, and take in everything it said."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        for line in (await self.process.stdout.read()).decode().splitlines():
            path, _, token = line.rpartition(" ")
            self.done.append((path, token))
        assert await self.process.wait() == 0


@contextlib.asynccontextmanager
async def foreign(kind: str, paths: Iterable[Path]) -> AsyncGenerator[Foreign]:
    """Start one; it is ended at the latest when the block is left."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        __name__,
        kind,
        *map(str, paths),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
        limit=1 << 26,
    )
    started = Foreign(process)
    try:
        yield started
    finally:
        if process.returncode is None:
            await started.end()


def main(kind: str, paths: list[str]) -> None:
    """Do one kind of work until told to end."""
    kinds: dict[str, Callable[[], None]] = {"appender": lambda: append(paths), "rewriter": lambda: rewrite(*paths)}
    kinds[kind]()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
