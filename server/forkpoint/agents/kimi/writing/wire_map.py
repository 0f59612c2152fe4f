"""The course of a session as its wire log tells it: what the user said, the model's steps, and compactions."""

from bisect import bisect_left
from collections.abc import Sequence
from typing import Any

import attrs

from forkpoint.agents.kimi.reading import payload_of
from forkpoint.agents.kimi.values import as_list, as_object, as_text
from forkpoint.agents.writing import Lines

_INPUTS = ("TurnBegin", "SteerInput")
_CLEARS = ("/clear", "/reset")
_CALLS = frozenset(("ToolCall", "ToolCallRequest"))

Spoken = tuple[tuple[str, ...], str]
"""What a model answered in one step: the ids of its calls, else its words."""


@attrs.frozen
class Input:
    """A user's message, at the beginning of a turn or within one."""

    number: int
    """Its line."""
    text: str
    steps: int
    """How many steps of the model follow before the next message."""

    @property
    def expected(self) -> bool:
        """Whether the context must have it word for word: it reached the model, and was no command."""
        return self.steps > 0 and not self.text.startswith("/")

    @property
    def clears(self) -> bool:
        """Whether the context began anew after it."""
        return self.text.strip() in _CLEARS


class WireMap:
    """What a wire log holds, by line numbers; lines are read when they are asked for."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        marks = lines.of_kinds((*_INPUTS, "StepBegin", "CompactionEnd"))
        kinds = [(number, lines.line(number).kind) for number in marks]
        self.steps = [number for number, kind in kinds if kind == "StepBegin"]
        """The lines that begin a step."""
        self.compactions = [number for number, kind in kinds if kind == "CompactionEnd"]
        """The lines at which a compaction was done."""
        begins = [number for number, kind in kinds if kind in _INPUTS]
        ends = [*begins[1:], len(lines)]
        self.inputs = [
            Input(begin, _input_text(lines.read(begin)), len(self.steps_between(begin, end)))
            for begin, end in zip(begins, ends, strict=False)
        ]
        cleared = [each.number for each in self.inputs if each.clears]
        self.renewals = sorted([*self.compactions, *cleared])
        """The lines at which the context was moved aside and began anew: compactions, and commands to clear it."""

    def __len__(self) -> int:
        return len(self._lines)

    def steps_between(self, start: int, end: int) -> Sequence[int]:
        """Give the steps that begin within a half-open range of lines."""
        return self.steps[bisect_left(self.steps, start) : bisect_left(self.steps, end)]

    def step_lines(self, step: int) -> range:
        """Give the lines of a step."""
        end = step + 1
        while end < len(self._lines) and not self._lines.line(end).starts:
            end += 1
        return range(step, end)

    def spoken(self, step: int) -> Spoken:
        """Give what the model answered in a step; an attempt that was made again does not count."""
        calls: list[str] = []
        words: list[str] = []
        for number in self.step_lines(step):
            kind = self._lines.line(number).kind
            if kind == "StepRetry":
                calls.clear()
                words.clear()
            elif kind in _CALLS:
                calls.append(as_text(payload_of(self._lines.read(number)).get("id")) or "")
            elif kind == "ContentPart":
                words.append(text_of_part(payload_of(self._lines.read(number))))
        return spoken(calls, words)

    def results(self, step: int) -> dict[int, str]:
        """Give the ids of the calls that results of a step answer, by line."""
        return {
            number: as_text(payload_of(self._lines.read(number)).get("tool_call_id")) or ""
            for number in self.step_lines(step)
            if self._lines.line(number).kind == "ToolResult"
        }


def spoken(calls: Sequence[str], words: Sequence[str]) -> Spoken:
    """Give an answer in a form in which the log and the context agree."""
    unique = tuple(dict.fromkeys(call for call in calls if call))
    return unique, "" if unique else " ".join("".join(words).split())


def text_of_part(part: Any) -> str:
    """Give the words of a part, nothing for thoughts and pictures."""
    fields = as_object(part) or {}
    return as_text(fields.get("text")) or "" if fields.get("type") == "text" else ""


def input_key(content: Any) -> str:
    """Give a user's message as one text that is equal in the log and in the context."""
    parts = as_list(content)
    return "\n".join(map(_part_key, [content] if parts is None else parts))


def _part_key(part: Any) -> str:
    if isinstance(part, str):
        return part
    fields = as_object(part) or {}
    kind = as_text(fields.get("type")) or ""
    if kind == "text":
        return as_text(fields.get("text")) or ""
    return f"<{kind}> {as_text((as_object(fields.get(kind)) or {}).get('url')) or ''}"


def _input_text(raw: bytes) -> str:
    return input_key(payload_of(raw).get("user_input"))
