"""A context as a fork sees it: the user's messages and the model's answers, by line numbers."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from forkpoint.agents.kimi.values import as_list, as_object, as_text
from forkpoint.agents.kimi.writing.kept import Keep
from forkpoint.agents.kimi.writing.wire_map import Spoken, input_key, spoken, text_of_part
from forkpoint.agents.writing import Lines
from forkpoint.parsing import json_lines

_CHECKPOINTS = frozenset(("_checkpoint", "checkpoint"))


class ContextMap:
    """One context, the present one or one that was moved aside."""

    def __init__(self, name: str, lines: Lines) -> None:
        self.name = name
        self.lines = lines

    def __len__(self) -> int:
        return len(self.lines)

    @cached_property
    def _said(self) -> Sequence[int]:
        return self.lines.of_kinds(("user", "notice", "compaction"))

    @cached_property
    def users(self) -> dict[int, str]:
        """What the role `user` said, by line: the user's own messages, and the agent's notices."""
        said = (number for number in self._said if self.lines.line(number).kind != "compaction")
        return {number: input_key(self._read(number).get("content")) for number in said}

    @cached_property
    def _summary(self) -> int | None:
        return next((number for number in self._said if self.lines.line(number).kind == "compaction"), None)

    @property
    def compacted(self) -> bool:
        """Whether it begins with the summary of another one."""
        return self._summary is not None

    @cached_property
    def carried(self) -> int:
        """The first line that was not carried over: a compaction writes the summary and the last messages, then counts
        the tokens.
        """
        if self._summary is None:
            return 0
        lines, after = self.lines, range(self._summary, len(self))
        return next((number + 1 for number in after if lines.line(number).kind == "_usage"), len(self))

    def answers(self, start: int, end: int) -> Sequence[int]:
        """Give the lines of a half-open range in which the model answered."""
        return self.lines.of_kinds(("assistant",), start, end)

    def spoken(self, number: int) -> Spoken:
        """Give what the model answered in a line."""
        fields = self._read(number)
        content = fields.get("content")
        words = [content] if isinstance(content, str) else [text_of_part(part) for part in as_list(content) or ()]
        return spoken(self.calls(number), words)

    def calls(self, number: int) -> list[str]:
        """Give the ids of the calls of a line."""
        calls = as_list(self._read(number).get("tool_calls")) or ()
        return [as_text((as_object(call) or {}).get("id")) or "" for call in calls]

    def answered(self, number: int) -> str:
        """Give the id of the call that a tool's line answers."""
        return as_text(self._read(number).get("tool_call_id")) or ""

    def after_answer(self, number: int) -> range:
        """Give the lines that belong to an answer: the results of its calls, and counts of tokens."""
        end = number + 1
        while end < len(self) and self.lines.line(end).kind in ("tool", "_usage"):
            end += 1
        return range(number + 1, end)

    def without_checkpoints(self, keep: Keep) -> Keep:
        """Leave out checkpoints at the end: what was to come after them is not kept."""
        end = keep.end
        while end and self.lines.line(end - 1).kind in _CHECKPOINTS:
            end -= 1
        return Keep(end, keep.without)

    def open_calls(self, keep: Keep) -> Sequence[str]:
        """Give the calls of the last kept answer that have no result among the kept lines."""
        answered: set[str] = set()
        for number in range(keep.end - 1, -1, -1):
            kind = self.lines.line(number).kind
            if not keep.has(number):
                continue
            if kind == "tool":
                answered.add(self.answered(number))
            elif kind == "assistant":
                calls = dict.fromkeys(call for call in self.calls(number) if call)
                return [call for call in calls if call not in answered]
            elif kind in ("user", "notice", "system", "compaction"):
                break
        return []

    def _read(self, number: int) -> dict[str, Any]:
        value, _, _ = json_lines.decode_lenient(self.lines.read(number))
        return as_object(value) or {}
