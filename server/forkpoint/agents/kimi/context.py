"""Reading a context as a conversation: for sessions that have no wire log.

Source: kimi-cli 1.49, `soul/context.py`. Lines carry no time; a `_usage` line tells the tokens in context at its place.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Literal

from forkpoint.agents.adapter import Change, Line, Place, Summary
from forkpoint.agents.kimi.content import content_blocks, user_blocks, user_text
from forkpoint.agents.kimi.reading import PREVIEW_LIMIT, TEXT_LIMIT
from forkpoint.agents.kimi.records import Buffer, Spot, classify_context, read_line
from forkpoint.agents.kimi.results import INTERRUPTED, answering
from forkpoint.agents.kimi.saved import step_from, step_values
from forkpoint.agents.kimi.step import Step, added
from forkpoint.agents.kimi.values import as_count, as_list, as_object, as_text
from forkpoint.model.entry import Block, TokenUsage
from forkpoint.model.session import clip_title
from forkpoint.model.source import Part
from forkpoint.parsing import json_lines

_FAILED = "<system>ERROR: "
_KINDS = {"user": "user", "compaction": "compaction", "notice": "note", "system": "note"}


class ContextReader:
    """Reads context.jsonl, or the flat file of old versions."""

    shape: Literal["linear", "tree"] = "linear"
    leaf: str | None = None

    def classify(self, part: Part, buffer: Buffer, start: int, end: int, *, thorough: bool) -> Line:
        """Class a line by its role."""
        return classify_context(buffer, start, end, thorough=thorough)

    def digest(self) -> "ContextDigest":
        """Begin a digest."""
        return ContextDigest()

    def fold(self, state: Any = None) -> "ContextFold":
        """Begin a fold, or go on with one."""
        return ContextFold(state)

    def turn_text(self, line: Line, raw: bytes) -> tuple[str, int | None]:
        """Give the words of a user's line; it has no time."""
        return user_text(_fields(raw).get("content")), None

    def time(self, line: Line, raw: bytes) -> int | None:
        """Lines of a context have no time."""
        return None


class ContextFold:
    """Folds one message, and the results that follow it."""

    def __init__(self, saved: Any = None) -> None:
        self._step: Step | None = step_from(saved)

    def save(self) -> Any:
        """Give the state as plain values."""
        return step_values(self._step)

    def feed(self, place: Place, line: Line, raw: bytes) -> Iterable[Change]:
        """Take one line; one that is no message changes nothing."""
        fields, spot = read_line(place, raw)
        if fields is None:
            return []
        match line.kind:
            case "tool":
                return self._result(fields, spot)
            case "_usage":
                return self._usage(fields, spot)
            case "assistant":
                return [*self._end_block(), *self._assistant(fields, spot)]
            case kind if kind in _KINDS:
                return [*self._end_block(), _message(_KINDS[kind], fields, spot)]
            case _:
                role = as_text(fields.get("role")) or line.kind
                return [*self._end_block(), added("unknown", role, spot, [Block(type="raw", raw=fields)])]

    def finish(self) -> list[Change]:
        """Mark the calls that never got a result."""
        return [] if self._step is None else self._step.interrupt()

    def _end_block(self) -> list[Change]:
        changes = self.finish()
        self._step = None
        return changes

    def _assistant(self, fields: dict[str, Any], spot: Spot) -> list[Change]:
        self._step = Step.begun("assistant")
        changes = [self._step.append(block, spot) for block in content_blocks(fields.get("content"))]
        for item in as_list(fields.get("tool_calls")) or ():
            call = as_object(item) or {}
            function, call_id = as_object(call.get("function")) or {}, as_text(call.get("id"))
            if call_id is None:
                changes.append(self._step.append(Block(type="raw", raw=item), spot))
                continue
            name, arguments = as_text(function.get("name")), as_text(function.get("arguments"))
            changes.append(self._step.call(call_id, name, arguments, spot))
        return _joined(changes)

    def _result(self, fields: dict[str, Any], spot: Spot) -> list[Change]:
        call_id, blocks = as_text(fields.get("tool_call_id")), content_blocks(fields.get("content"))
        state = _result_state(blocks[0].text or "" if blocks else "")
        result = added("toolResult", "tool", spot, answering(blocks, call_id, state))
        if self._step is None or call_id is None or call_id not in self._step.calls:
            return [result]
        return [self._step.settle(call_id, state), result]

    def _usage(self, fields: dict[str, Any], spot: Spot) -> list[Change]:
        total = as_count(fields.get("token_count"))
        entry = None if self._step is None else self._step.entry
        if self._step is None or entry is None or entry.usage is not None or total is None:
            return []
        return [self._step.count(TokenUsage(total=total), spot)]


class ContextDigest:
    """Collects what a row shows of a context."""

    def __init__(self) -> None:
        self._first_turn: str | None = None
        self._messages = 0
        self._preview: str | None = None
        self._tokens: int | None = None

    def feed(self, line: Line, buffer: Buffer, start: int, end: int) -> None:
        """Take one line."""
        if line.kind == "_usage":
            counted = as_count(_fields(buffer[start:end]).get("token_count"))
            self._tokens = self._tokens if counted is None else counted
        if line.kind not in ("user", "assistant"):
            return
        self._messages += 1
        text = user_text(_fields(buffer[start:end]).get("content"))
        if not text.strip():
            return
        self._preview = text.strip()[:TEXT_LIMIT]
        if line.kind == "user" and self._first_turn is None:
            self._first_turn = self._preview

    def summary(self, path: Sequence[int]) -> Summary:
        """Give what was collected."""
        return Summary(
            first_turn=self._first_turn,
            message_count=self._messages,
            preview=None if self._preview is None else clip_title(self._preview, PREVIEW_LIMIT),
            usage=None if self._tokens is None else TokenUsage(total=self._tokens),
        )


def _result_state(text: str) -> str:
    if text == f"{_FAILED}{INTERRUPTED}</system>":
        return "interrupted"
    return "failed" if text.startswith(_FAILED) else "done"


def _fields(raw: Buffer) -> dict[str, Any]:
    value, _, _ = json_lines.decode_lenient(raw)
    return as_object(value) or {}


def _message(kind: str, fields: dict[str, Any], spot: Spot) -> Change:
    content = fields.get("content")
    blocks = user_blocks(content) if kind == "user" else content_blocks(content)
    if kind == "compaction" and len(blocks) > 1:
        del blocks[0]  # the agent's announcement; what follows is the summary
    return added(kind, as_text(fields.get("role")) or kind, spot, blocks)


def _joined(changes: list[Change]) -> list[Change]:
    """Give one change in place of an addition and its replacements."""
    return [Change("add", changes[-1].entry)] if changes else []
