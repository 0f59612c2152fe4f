"""The state of a fold as plain values, and back.

Stored JSON inside an entry is plain already and is passed on as it is, however deep it is.
"""

from typing import Any

import attrs

from forkpoint.agents.kimi.step import Step
from forkpoint.model.entry import Block, Entry, TokenUsage
from forkpoint.model.problem import Problem


def entry_values(entry: Entry) -> dict[str, Any]:
    """Give an entry as plain values."""
    values = _values(entry)
    values["raw"] = None  # not ours: the store adds it to what it answers
    values["content"] = [_block_values(block) for block in entry.content]
    values["usage"] = None if entry.usage is None else _values(entry.usage)
    values["problems"] = None if entry.problems is None else [_values(problem) for problem in entry.problems]
    return values


def entry_from(saved: dict[str, Any]) -> Entry:
    """Give the entry again."""
    values = dict(saved)
    values["content"] = [_block_from(block) for block in saved["content"]]
    values["usage"] = None if saved["usage"] is None else TokenUsage(**saved["usage"])
    values["problems"] = None if saved["problems"] is None else [Problem(**problem) for problem in saved["problems"]]
    return Entry(**values)


def step_values(step: Step | None) -> dict[str, Any] | None:
    """Give a step as plain values."""
    if step is None:
        return None
    values = _values(step)
    values["entry"] = None if step.entry is None else entry_values(step.entry)
    values["calls"], values["results"] = dict(step.calls), list(step.results)
    return values


def step_from(saved: dict[str, Any] | None) -> Step | None:
    """Give the step again."""
    if saved is None:
        return None
    values = dict(saved)
    values["entry"] = None if saved["entry"] is None else entry_from(saved["entry"])
    values["calls"], values["results"] = dict(saved["calls"]), list(saved["results"])
    return Step(**values)


def _values(value: Any) -> dict[str, Any]:
    return attrs.asdict(value, recurse=False)


def _block_values(block: Block) -> dict[str, Any]:
    values = _values(block)
    values["nested"] = None if block.nested is None else [entry_values(entry) for entry in block.nested]
    return values


def _block_from(saved: dict[str, Any]) -> Block:
    values = dict(saved)
    values["nested"] = None if saved["nested"] is None else [entry_from(entry) for entry in saved["nested"]]
    return Block(**values)
