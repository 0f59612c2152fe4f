"""What a row shows of a session, collected line by line.

Source: pi coding-agent 0.87.1 `SessionInfo` and `buildSessionContext`; pi_agent_rust 0.8 where its rules differ.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from forkpoint.agents.adapter import Line, Summary
from forkpoint.agents.formats.pi_v3.header import Opening, without_mark
from forkpoint.agents.formats.pi_v3.messages import Message, Record
from forkpoint.agents.formats.pi_v3.records import ASSISTANT, MESSAGE, USER
from forkpoint.agents.formats.pi_v3.usage_sum import UsageSum
from forkpoint.agents.formats.pi_v3.values import as_object, as_text, model_name
from forkpoint.parsing import json_lines

FIRST_TURN_KEPT = 1000
PREVIEW_KEPT = 400
"""How much of a text is kept, in characters: more than is shown, as runs of blanks collapse."""
_SPOKEN = frozenset({USER, ASSISTANT})
_DEFAULT_LEVEL = "off"
_DEFAULT_ROLE = "default"

_NO_MESSAGE, _SOME_MESSAGE = 0, 1
_STATE_CODES = {"stop": 2, "length": 2, "error": 3, "aborted": 4}
_STATES = {2: "idle", 3: "failed", 4: "interrupted"}
"""What the stop reason of the last message says of the session, by a code that is kept for each line."""

ReadMessage = Callable[[Line, "bytes | bytearray", int, int], Record | None]


class V3Digest:
    """Collects a row's facts; those that depend on the current path are kept by line until the path is known."""

    def __init__(self, opening: Opening, read: ReadMessage) -> None:
        self._opening = opening
        self._read = read
        self._codes = bytearray()
        self._texts: dict[int, str] = {}
        self._models: dict[int, str] = {}
        self._model_was_set = False
        self._levels: dict[int, str] = {}
        self._model_names: dict[tuple[str | None, str | None], str | None] = {}
        self._name: str | None = None
        self._first_turn: str | None = None
        self._usage = UsageSum()
        self._takers: Mapping[str, Callable[[dict[str, Any]], None]] = {
            "session_info": self._take_name,
            "model_change": self._take_model,
            "thinking_level_change": self._take_level,
            "usage": self._take_usage,
            "compaction": self._take_usage,
            "branch_summary": self._take_usage,
        }

    # -- feeding ------------------------------------------------------------------------------------------------

    def feed(self, line: Line, buffer: bytes | bytearray, start: int, end: int) -> None:
        """Take one line."""
        kind = line.kind
        codes = self._codes
        codes.append(kind.startswith(MESSAGE))
        if kind in _SPOKEN:
            record = self._read(line, buffer, start, end)
            if record is not None:
                message = record.message
                self._take_text(kind, message.text)
                if kind == ASSISTANT:
                    codes[-1] = _STATE_CODES.get(message.stopReason or "", _SOME_MESSAGE)
                    self._take_spending(message)
        elif kind in self._takers:
            stored = as_object(json_lines.decode_lenient(without_mark(bytes(buffer[start:end])))[0])
            if stored is not None:
                self._takers[kind](stored)

    @property
    def _ordinal(self) -> int:
        """The line that is being taken."""
        return len(self._codes) - 1

    def _take_text(self, kind: str, text: str) -> None:
        text = text.lstrip()
        if not text:
            return
        if self._first_turn is None and kind == USER:
            self._first_turn = text[:FIRST_TURN_KEPT]
        self._texts[len(self._codes) - 1] = text[:PREVIEW_KEPT]

    def _take_spending(self, message: Message) -> None:
        if message.usage is not None:
            self._usage.add(message.usage)
        model = self._model_name(message.provider, message.model)
        if model is not None and not self._opening.rust:
            self._models[len(self._codes) - 1] = model

    def _model_name(self, provider: str | None, model: str | None) -> str | None:
        """One string for each model, however many lines name it."""
        key = (provider, model)
        if key not in self._model_names:
            self._model_names[key] = model_name(provider, model)
        return self._model_names[key]

    def _take_name(self, record: dict[str, Any]) -> None:
        self._name = (as_text(record.get("name")) or "").strip() or None

    def _take_model(self, record: dict[str, Any]) -> None:
        model = model_name(record.get("provider"), record.get("modelId"))
        if model is not None and record.get("role") in (None, _DEFAULT_ROLE):
            self._models[self._ordinal] = model
            self._model_was_set = True

    def _take_level(self, record: dict[str, Any]) -> None:
        level = as_text(record.get("thinkingLevel"))
        if level is not None:
            self._levels[self._ordinal] = level

    def _take_usage(self, record: dict[str, Any]) -> None:
        self._usage.add_stored(record.get("usage"))

    # -- answering ----------------------------------------------------------------------------------------------

    def summary(self, path: Sequence[int]) -> Summary:
        """Give what was collected, by pi's rules for the path to the current leaf."""
        header = self._opening.header
        return Summary(
            title=self._name,
            first_turn=self._first_turn,
            message_count=len(self._codes) - self._codes.count(_NO_MESSAGE),
            preview=self._preview(path),
            created_at=None if header is None else header.created_at,
            status=self._status(path),
            usage=self._usage.total(),
            model=self._model(path),
            thinking_level=self._level(path),
        )

    def _preview(self, path: Sequence[int]) -> str | None:
        last = _last_of(self._texts, path)
        return None if last is None else self._texts[last]

    def _status(self, path: Sequence[int]) -> str:
        code = next((self._codes[ordinal] for ordinal in reversed(path) if self._codes[ordinal]), _NO_MESSAGE)
        return _STATES.get(code, "unknown")

    def _model(self, path: Sequence[int]) -> str | None:
        """The last one set on the path, or used: pi_agent_rust does not count what was only used."""
        last = _last_of(self._models, path)
        if last is not None:
            return self._models[last]
        header = self._opening.header
        if header is None:
            return None
        return header.first_model if self._model_was_set else header.model

    def _level(self, path: Sequence[int]) -> str | None:
        last = _last_of(self._levels, path)
        if last is not None:
            return self._levels[last]
        header = self._opening.header
        if header is None:
            return None
        return (header.first_thinking_level if self._levels else header.thinking_level) or _DEFAULT_LEVEL


def _last_of(found: Mapping[int, object], path: Sequence[int]) -> int | None:
    """Give the last line of a path that something was found on."""
    return next((ordinal for ordinal in reversed(path) if ordinal in found), None)
