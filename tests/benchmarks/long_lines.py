"""A transcript of pi shaped like those of long work: lines of about 4 KB, full of code, and a few of a megabyte."""

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HUGE_LINES = 12
HUGE = 1_000_000
CODE = '\tif (value == "{0}") {{\n\t\treturn parse("{1}\\n", {2});\n\t}}\n'
PROSE = "The {0} reads the {1} before the {2} is written. "
FOREIGN = "Der {0} prüft die {1} für jede Änderung: {2} bleibt, wie es ist. "
WORDS = [
    "parser",
    "cache",
    "index",
    "session",
    "folder",
    "branch",
    "commit",
    "header",
    "cursor",
    "reader",
    "writer",
    "buffer",
]


def build(home: Path, megabytes: float, seed: int = 4) -> Path:
    """Write one session of about so many megabytes; the same arguments give the same bytes. Gives its file."""
    rng = random.Random(seed)
    folder = home / ".pi" / "agent" / "sessions" / "--srv-app--"
    folder.mkdir(parents=True)
    file = folder / "2026-01-05T10-00-00-000Z_019b8d33-23d7-7876-a850-1e2c44dcda6a.jsonl"
    wanted = int(megabytes * 1_000_000)
    huge_at = [wanted * number // (HUGE_LINES + 1) for number in range(1, HUGE_LINES + 1)]
    with file.open("wb") as out:
        parent: str | None = None
        for number, entry in enumerate(_entries(rng, lambda: out.tell(), huge_at)):
            if number:
                entry = {"type": entry.pop("type"), "id": f"{number:08x}", "parentId": parent, **entry}
                parent = entry["id"]
            out.write(json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
            if out.tell() >= wanted:
                return file
    return file


def _entries(rng: random.Random, written: Any, huge_at: list[int]) -> Iterator[dict[str, Any]]:
    yield {
        "type": "session",
        "version": 3,
        "id": "019b8d33-23d7-7876-a850-1e2c44dcda6a",
        "timestamp": "2026-01-05T10:00:00.000Z",
        "cwd": "/srv/app",
    }
    call = 0
    while True:
        yield _message({"role": "user", "content": _text(rng, PROSE, 400)}, call)
        for _ in range(rng.randint(2, 6)):
            call += 1
            arguments = {"path": "src/parser.c", "oldText": _text(rng, CODE, 1200), "newText": _text(rng, CODE, 1500)}
            calls = [
                {"type": "thinking", "thinking": _text(rng, PROSE, 700), "thinkingSignature": "c2ln" * 60},
                {"type": "toolCall", "id": f"call_{call}", "name": "edit", "arguments": arguments},
            ]
            yield _message(_assistant(calls, "toolUse"), call)
            size = int(rng.lognormvariate(8.6, 0.7))
            if huge_at and written() >= huge_at[0]:
                huge_at.pop(0)
                size = HUGE
            content = [{"type": "text", "text": _text(rng, CODE if rng.random() < 0.8 else FOREIGN, size)}]
            result = {"role": "toolResult", "toolCallId": f"call_{call}", "toolName": "edit", "content": content}
            yield _message({**result, "isError": False}, call)
        yield _message(_assistant([{"type": "text", "text": _text(rng, PROSE, 1800)}], "stop"), call)


def _assistant(content: list[dict[str, Any]], stop: str) -> dict[str, Any]:
    usage = {"input": 900, "output": 40, "cacheRead": 5, "cacheWrite": 0, "totalTokens": 945, "cost": {"total": 0.004}}
    return {"role": "assistant", "content": content, "provider": "p", "model": "m", "usage": usage, "stopReason": stop}


def _message(message: dict[str, Any], number: int) -> dict[str, Any]:
    at = f"2026-01-05T{10 + number // 3600 % 10:02}:{number // 60 % 60:02}:{number % 60:02}.000Z"
    return {"type": "message", "timestamp": at, "message": {**message, "timestamp": 1767607200000 + number * 1000}}


def _text(rng: random.Random, form: str, size: int) -> str:
    piece = "".join(form.format(*rng.choices(WORDS, k=3)) for _ in range(min(40, max(1, size // 50))))
    return (piece * (size // len(piece) + 1))[: max(20, size)]
