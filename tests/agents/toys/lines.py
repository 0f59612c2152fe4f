"""The line language the toy formats share: JSON objects with `op` and the fields it needs.

say: a user's or assistant's text (`who`, `id`, `text`); fix: replaces the text of an earlier id;
drop: hides an earlier id; call and done: a tool call and its end.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any, Literal

from forkpoint.agents.adapter import Change, Digest, Fold, Line, Place, Reader, Summary
from forkpoint.model.entry import Block, Entry
from forkpoint.model.source import Part
from forkpoint.parsing.json_lines import decode_lenient


class ToyDigest(Digest):
    def __init__(self) -> None:
        self._summary = Summary()

    def feed(self, line: Line, buffer: bytes | bytearray, start: int, end: int) -> None:
        if line.kind == "say":
            self._summary.message_count += 1
            value = decode_lenient(bytes(buffer[start:end]))[0]
            if line.turn and self._summary.first_turn is None:
                self._summary.first_turn = value["text"]
            self._summary.preview = value["text"]

    def summary(self, path: Sequence[int]) -> Summary:
        return self._summary


class ToyFold(Fold):
    def __init__(self, state: Any) -> None:
        self._open: dict[str, str] = dict(state or {})

    def feed(self, place: Place, line: Line, raw: bytes) -> Iterable[Change]:
        value = decode_lenient(raw)[0]
        name = str(value["id"])
        if line.kind == "say":
            yield Change("add", entry(name, value["who"], Block(type="text", text=value["text"])))
        elif line.kind == "fix":
            yield Change("replace", entry(name, value["who"], Block(type="text", text=value["text"])))
        elif line.kind == "drop":
            yield Change("hide", entry(name, "note"))
        elif line.kind == "call":
            self._open[name] = value["name"]
            yield Change("add", call(name, value["name"], None))
        elif line.kind == "done":
            yield Change("replace", call(name, self._open.pop(name, "?"), "done"))

    def finish(self) -> Iterable[Change]:
        for name, tool in self._open.items():
            yield Change("replace", call(name, tool, "interrupted"))

    def save(self) -> Any:
        return dict(self._open)


def entry(name: str, kind: str, *blocks: Block) -> Entry:
    return Entry(entry_id=name, kind=kind, agent_kind=kind, content=list(blocks))


def call(name: str, tool: str, state: str | None) -> Entry:
    return entry(name, "toolCall", Block(type="toolCall", call_id=name, name=tool, state=state))


class ToyReader(Reader):
    """Reads the toy lines. `restarts` says which ops begin a block: formats that edit far back have few."""

    def __init__(self, *, restarts: frozenset[str]) -> None:
        self.shape: Literal["linear", "tree"] = "linear"
        self.leaf = None
        self._restarts = restarts

    def classify(self, part: Part, buffer: bytes | bytearray, start: int, end: int, *, thorough: bool) -> Line:
        value, kind, reason = decode_lenient(bytes(buffer[start:end]))
        if kind == "notJson" or not isinstance(value, dict):
            return Line("", problem=kind or "notObject", reason=reason or "not an object")
        op = str(value.get("op"))
        turn = op == "say" and value.get("who") == "user"
        name = str(value["id"]) if op in ("say", "call") else None
        starts = turn and op in self._restarts
        return Line(op, node=True, id=name, starts=starts, turn=turn, calls=int(op == "call"))

    def digest(self) -> Digest:
        return ToyDigest()

    def fold(self, state: Any = None) -> Fold:
        return ToyFold(state)

    def turn_text(self, line: Line, raw: bytes) -> tuple[str, int | None]:
        value = decode_lenient(raw)[0]
        return value["text"], value.get("at")

    def time(self, line: Line, raw: bytes) -> int | None:
        return decode_lenient(raw)[0].get("at")


def written(lines: Iterable[dict[str, Any]]) -> bytes:
    """Give toy lines as their files hold them."""
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)


def say(name: str, who: str, text: str, at: int | None = None) -> dict[str, Any]:
    return {"op": "say", "id": name, "who": who, "text": text, "at": at}
