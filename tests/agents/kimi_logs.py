"""Lines and folders of Kimi CLI written by hand, and short ways to read them."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from forkpoint.agents.adapter import Line, Place, Reader
from forkpoint.agents.kimi import ADAPTER
from forkpoint.agents.kimi.context import ContextReader
from forkpoint.agents.kimi.reading import WireReader
from forkpoint.model.entry import Block, Entry
from forkpoint.model.source import SHOWN, FileSource, Part
from tests.agents.reading import SessionReading, folded, read_all

WORK_DIR = "/home/ana/shop"
HEADER = b'{"type": "metadata", "protocol_version": "1.10"}'
NOBODY = "00000000-0000-4000-8000-000000000000"
"""A session id."""

Row = dict[str, Any] | bytes
"""A record, or the bytes of a line."""


def event(name: str, /, at: float = 1790000000.5, **payload: Any) -> Row:
    """One record of a wire log."""
    return {"timestamp": at, "message": {"type": name, "payload": payload}}


def said(text: str) -> Row:
    """A piece of the assistant's answer."""
    return event("ContentPart", type="text", text=text)


def called(call_id: str, name: str = "Shell", arguments: str | None = "{}") -> Row:
    """A tool call."""
    return event("ToolCall", type="function", id=call_id, function={"name": name, "arguments": arguments}, extras=None)


def returned(call_id: str, output: Any = "out", *, error: bool = False, message: str = "") -> Row:
    """A tool's result."""
    value: dict[str, Any] = {"is_error": error, "output": output, "message": message, "display": [], "extras": None}
    return event("ToolResult", tool_call_id=call_id, return_value=value)


def helper(call_id: str | None, name: str, key: str = "parent_tool_call_id", /, **payload: Any) -> Row:
    """What a helper agent does under a call."""
    about: dict[str, Any] = {key: call_id, "agent_id": "a1b2c3d4e", "subagent_type": "explore"}
    return event("SubagentEvent", **about, event={"type": name, "payload": payload})


def bytes_of(row: Row) -> bytes:
    """The line of a row."""
    return row if isinstance(row, bytes) else json.dumps(row, ensure_ascii=False).encode()


def work_key(path: str = WORK_DIR, kaos: str = "local") -> str:
    """The folder a work dir's sessions lie in."""
    digest = hashlib.md5(path.encode()).hexdigest()
    return digest if kaos == "local" else f"{kaos}_{digest}"


def write_lines(path: Path, rows: Sequence[Row]) -> Path:
    """Write a file of lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(bytes_of(row) + b"\n" for row in rows))
    return path


def write_index(share: Path, *entries: dict[str, Any]) -> None:
    """Write kimi.json; without entries it names WORK_DIR."""
    share.mkdir(parents=True, exist_ok=True)
    rows = entries or ({"path": WORK_DIR, "kaos": "local", "last_session_id": None},)
    (share / "kimi.json").write_text(json.dumps({"work_dirs": list(rows)}))


def write_session(
    share: Path,
    name: str = NOBODY,
    *,
    wire: Sequence[Row] | None = (),
    context: Sequence[Row] | None = (),
    key: str | None = None,
    **index_files: Any,
) -> Path:
    """Write a session folder; `wire` gets its header, index files are given as values or bytes."""
    folder = share / "sessions" / (key or work_key()) / name
    folder.mkdir(parents=True)
    if wire is not None:
        write_lines(folder / "wire.jsonl", [HEADER, *wire])
    if context is not None:
        write_lines(folder / "context.jsonl", context)
    for stem, value in index_files.items():
        data = value if isinstance(value, bytes) else json.dumps(value).encode()
        (folder / f"{stem}.json").write_bytes(data)
    return folder


def read_one(share: Path, name: str = NOBODY, known_folders: Sequence[str] = ()) -> SessionReading:
    """Read one session of a share folder."""
    return read_all(ADAPTER, share, known_folders)[name]


def classify(row: Row, *, context: bool = False, thorough: bool = True) -> Line:
    """Class one line."""
    raw = bytes_of(row)
    reader: Reader = ContextReader() if context else WireReader()
    part = Part("wire", FileSource("/wire.jsonl"), SHOWN)
    return reader.classify(part, bytearray(b"before" + raw + b"after"), 6, 6 + len(raw), thorough=thorough)


def stored_lines(rows: Sequence[Row], *, context: bool = False, thorough: bool = False) -> list[Any]:
    """Class lines and keep those that belong to the conversation; the offset is ten times the number."""
    lines = [(number, classify(row, context=context, thorough=thorough), row) for number, row in enumerate(rows, 1)]
    part = "context" if context else "wire"
    return [
        (Place(part, 10 * number, "/wire.jsonl", number), line, bytes_of(row))
        for number, line, row in lines
        if line.node
    ]


def fold(*rows: Row, context: bool = False) -> list[Entry]:
    """Fold lines with one fold."""
    reader: Reader = ContextReader() if context else WireReader()
    return folded(reader, stored_lines(rows, context=context))


def outline(entries: Sequence[Entry]) -> list[str]:
    """Each entry as `kind: its blocks in a word each`."""
    return [f"{entry.kind}: {' '.join(map(_word, entry.content))}".rstrip() for entry in entries]


def _word(block: Block) -> str:
    match block.type:
        case "toolCall":
            nested = "" if block.nested is None else "(" + ", ".join(outline(block.nested)) + ")"
            return f"{block.call_id}={block.state}{nested}"
        case "text" | "thinking":
            return str(block.text)
        case _:
            return f"<{block.type}>"
