"""Reading a wire log: its lines, what a row shows of it, and its entries."""

import re
from collections.abc import Sequence
from typing import Any, Literal

from forkpoint.agents.adapter import Line, Summary
from forkpoint.agents.kimi.content import user_text
from forkpoint.agents.kimi.folding import WireFold
from forkpoint.agents.kimi.records import WIRE_HEAD, Buffer, classify_model_context, classify_wire
from forkpoint.agents.kimi.usage import UsageSum, usage_of
from forkpoint.agents.kimi.values import as_object, as_text, milliseconds
from forkpoint.model.session import clip_title
from forkpoint.model.source import CONTEXT, Part
from forkpoint.parsing import json_lines

PREVIEW_LIMIT = 200
"""The longest preview, in characters."""
TEXT_LIMIT = 2000
"""How much of a text is kept for a row, in characters: titles and previews are cut from it."""

_SAYING = re.compile(WIRE_HEAD.pattern + rb'\s*"type":\s*"text"')
"""The head of a content part that is text, not thinking."""
_COUNTED = frozenset(("TurnBegin", "SteerInput", "StepBegin"))
_HEARD = _COUNTED | {"TurnEnd", "StepInterrupted", "ContentPart", "StatusUpdate"}


class WireReader:
    """Reads wire.jsonl."""

    shape: Literal["linear", "tree"] = "linear"
    leaf: str | None = None

    def classify(self, part: Part, buffer: Buffer, start: int, end: int, *, thorough: bool) -> Line:
        """Class a line by its first bytes; a line of a context, which a fork cuts too, by its role."""
        if part.role == CONTEXT:
            return classify_model_context(buffer, start, end)
        return classify_wire(buffer, start, end, thorough=thorough)

    def digest(self) -> "WireDigest":
        """Begin a digest."""
        return WireDigest()

    def fold(self, state: Any = None) -> WireFold:
        """Begin a fold, or go on with one."""
        return WireFold(saved=state)

    def turn_text(self, line: Line, raw: bytes) -> tuple[str, int | None]:
        """Give the words of a TurnBegin, and its time."""
        return user_text(payload_of(raw).get("user_input")), self.time(line, raw)

    def time(self, line: Line, raw: bytes) -> int | None:
        """Give the time of a record."""
        return time_of(raw, 0, len(raw))


class WireDigest:
    """Collects what a row shows of a wire log; decodes only what it must."""

    def __init__(self) -> None:
        self._first_turn: str | None = None
        self._messages = 0
        self._created_at: int | None = None
        self._status = "idle"
        self._preview: str | None = None
        self._said: bytes | None = None
        """The latest line in which the assistant said something, decoded only in the end."""
        self._usage = UsageSum()

    def feed(self, line: Line, buffer: Buffer, start: int, end: int) -> None:
        """Take one line."""
        if self._created_at is None and line.node:
            self._created_at = time_of(buffer, start, end)
        kind = line.kind
        if kind not in _HEARD:
            return
        if kind in _COUNTED:
            self._messages += 1
        match kind:
            case "ContentPart":
                if _SAYING.match(buffer, start, end):
                    self._said = bytes(buffer[start:end])
            case "StatusUpdate":
                self._usage.add(usage_of(payload_of(buffer[start:end])))
            case "TurnBegin" | "SteerInput":
                self._heard(user_text(payload_of(buffer[start:end]).get("user_input")), kind)
            case "StepBegin":
                self._status = "unknown"
            case "StepInterrupted":
                self._status = "interrupted"
            case _:
                self._status = "interrupted" if self._status == "interrupted" else "idle"

    def _heard(self, text: str, kind: str) -> None:
        if kind == "TurnBegin":
            self._status = "unknown"
        if not text.strip():
            return
        self._preview, self._said = text.strip()[:TEXT_LIMIT], None
        if kind == "TurnBegin" and self._first_turn is None:
            self._first_turn = self._preview

    def summary(self, path: Sequence[int]) -> Summary:
        """Give what was collected; all lines are on the path."""
        said = None if self._said is None else as_text(payload_of(self._said).get("text"))
        preview = said.strip()[:TEXT_LIMIT] if said and said.strip() else self._preview
        return Summary(
            first_turn=self._first_turn,
            message_count=self._messages,
            preview=None if preview is None else clip_title(preview, PREVIEW_LIMIT),
            created_at=self._created_at,
            status=self._status,
            usage=self._usage.total(),
        )


def payload_of(raw: Buffer) -> dict[str, Any]:
    """Give the payload of a stored record, empty when it has none."""
    value, _, _ = json_lines.decode_lenient(raw)
    message = as_object((as_object(value) or {}).get("message")) or {}
    return as_object(message.get("payload")) or {}


def time_of(buffer: Buffer, start: int, end: int) -> int | None:
    """Give the time of a stored record in milliseconds."""
    head = WIRE_HEAD.match(buffer, start, end)
    if head is None:
        value, _, _ = json_lines.decode_lenient(bytes(buffer[start:end]))
        return milliseconds((as_object(value) or {}).get("timestamp"))
    try:
        return milliseconds(float(head[1]))
    except ValueError:
        return None
