"""Session files of pi in a few words, for tests."""

import json
from pathlib import Path
from typing import Any

from forkpoint.agents.pi import ADAPTER
from forkpoint.model.entry import Entry
from tests.agents.reading import SessionReading, read_all

Record = dict[str, Any]

SECOND = 1_767_607_200_000
"""2026-01-05 10:00:00 UTC, in milliseconds."""


def header(**members: Any) -> Record:
    """A header of version 3; a member given as None is left out."""
    base = {"type": "session", "version": 3, "id": "s1", "timestamp": "2026-01-05T10:00:00.000Z", "cwd": "/srv/app"}
    return {name: value for name, value in {**base, **members}.items() if value is not None}


def record(kind: str, own: str, parent: str | None, **members: Any) -> Record:
    """An entry with the usual beginning."""
    return {"type": kind, "id": own, "parentId": parent, "timestamp": "2026-01-05T10:00:01.000Z", **members}


def message(own: str, parent: str | None, role: str, content: Any, **members: Any) -> Record:
    """A message entry."""
    said = {"role": role, "content": content, **members, "timestamp": SECOND + 1000}
    return record("message", own, parent, message=said)


def user(own: str, parent: str | None, text: str) -> Record:
    """What a person said."""
    return message(own, parent, "user", text)


def assistant(own: str, parent: str | None, text: str, **members: Any) -> Record:
    """What the model answered."""
    named = {"provider": "p", "model": "m", "stopReason": "stop"}
    return message(own, parent, "assistant", [{"type": "text", "text": text}], **{**named, **members})


def line(value: Record | str) -> bytes:
    """One line, as pi writes it; a text is taken as it is."""
    text = value if isinstance(value, str) else json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return text.encode(errors="backslashreplace") + b"\n"


def write(path: Path, *values: Record | str) -> Path:
    """Write a session file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(map(line, values)))
    return path


def read(folder: Path, *values: Record | str) -> SessionReading:
    """Write one session file into an empty folder and read it."""
    write(folder / "--srv-app--" / "any.jsonl", *values)
    [reading] = read_all(ADAPTER, folder).values()
    return reading


def ids(reading: SessionReading) -> list[str]:
    """The ids of the entries on the current path."""
    return [entry.entry_id for entry in reading.entries]


def text(entry: Entry) -> str:
    """The text of an entry."""
    return "\n".join(block.text for block in entry.content if block.text)
