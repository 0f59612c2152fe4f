"""Lines folded into entries, block by block."""

from collections.abc import Iterable, Iterator
from typing import Any

from forkpoint.agents.adapter import Fold, Line, Place, Reader
from forkpoint.model.entry import Entry
from forkpoint.parsing.json_lines import stored_value

BlockLine = tuple[Place, Line, bytes]
"""A line to fold: where it lies, what it is, and its bytes."""
Begun = tuple[int, Entry]
"""An entry and the position of the line it began on."""


def fold_blocks(reader: Reader, lines: Iterable[BlockLine], first: int, *, raw: bool) -> Iterator[list[Begun]]:
    """Give the entries of each block; the first line has the position `first` and begins a block.

    With `raw` each stored line stands with the entry it begins, else with the one it changes.
    This loop runs for every line of a replay, so what it needs is at hand and nothing is called twice.
    """
    fold: Fold | None = None
    entries: dict[str, Begun] = {}
    stored: dict[str, list[Any]] = {}
    position = first - 1
    for place, line, data in lines:
        if fold is None or line.starts:
            if fold is not None:
                yield _finished(fold, position, entries, stored)
                entries, stored = {}, {}
            fold = reader.fold()
        position += 1
        owner: str | None = None
        for action, entry in fold.feed(place, line, data):
            name = entry.entry_id
            if action == "hide":
                entries.pop(name, None)
                continue
            known = entries.get(name) if action == "replace" else None
            entries[name] = (position if known is None else known[0], entry)
            if owner is None or action == "add":
                owner = name
        if raw and owner is not None:
            stored.setdefault(owner, []).append(stored_value(data))
    if fold is not None:
        yield _finished(fold, position, entries, stored)


def _finished(fold: Fold, position: int, entries: dict[str, Begun], stored: dict[str, list[Any]]) -> list[Begun]:
    """Close a block, and give its entries in the order they began."""
    for _, entry in fold.finish():
        known = entries.get(entry.entry_id)
        entries[entry.entry_id] = (position if known is None else known[0], entry)
    for name, values in stored.items():
        if name in entries:
            entries[name][1].raw = values
    return list(entries.values())
