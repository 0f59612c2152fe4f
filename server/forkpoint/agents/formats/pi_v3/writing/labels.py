"""The labels of a session, and which of them a fork lacks. The last one of the whole file counts for each entry."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from forkpoint.agents.formats.pi_v3.header import without_mark
from forkpoint.agents.formats.pi_v3.values import as_object, as_text, is_plain
from forkpoint.agents.formats.pi_v3.writing.extract import Kept
from forkpoint.agents.writing import Lines
from forkpoint.parsing import json_lines

_LABEL = "label"


class Label(NamedTuple):
    """What the last label entry of a target says."""

    target: str
    label: str | None
    """None when the label was taken away."""
    at: str | None
    """The time of that entry."""


def labels_to_add(lines: Lines, kept: Kept) -> list[Label]:
    """Give what has to be said of kept entries because the lines that say it stay behind, in file order."""
    every = lines.of_kinds((_LABEL,))
    if not every or kept.whole:
        return []
    on_path = frozenset(kept.path)
    staying = _last_labels(lines, [number for number in every if number in on_path])
    wanted = _last_labels(lines, every)
    return [
        label
        for target, label in wanted.items()
        if label.label != _text_of(staying.get(target)) and lines.find(target) in on_path
    ]


def _text_of(label: Label | None) -> str | None:
    return None if label is None else label.label


def _last_labels(lines: Lines, numbers: Iterable[int]) -> Mapping[str, Label]:
    found: dict[str, Label] = {}
    for number in numbers:
        record = as_object(json_lines.decode_lenient(without_mark(lines.read(number)))[0]) or {}
        target, text, at = (as_text(record.get(name)) for name in ("targetId", "label", "timestamp"))
        if target is not None and all(map(is_plain, filter(None, (target, text, at)))):
            found[target] = Label(target, text or None, at or None)
    return found
