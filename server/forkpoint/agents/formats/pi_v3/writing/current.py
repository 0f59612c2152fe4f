"""What a session says of itself now, from the end of its file, so that nothing is set that is so already."""

from collections.abc import Sequence
from typing import Any

import attrs

from forkpoint.agents.adapter import Line, Peek
from forkpoint.agents.formats.pi_v3.header import Opening
from forkpoint.agents.formats.pi_v3.reading import V3Reader
from forkpoint.model.entry_tree import path_to
from forkpoint.model.source import SHOWN, FileSource, Part, Stamp

_TAILS = (64 << 10, 1 << 20)
"""How many bytes are looked at: more when what is to be set is not among the last ones."""


@attrs.frozen(kw_only=True)
class Current:
    """The state of a file; what its end does not tell is None and counts as different from any value."""

    stamp: Stamp
    whole: bool
    """Whether the file was looked at from its beginning."""
    last: Line | None
    """The last entry; None when none was seen."""
    values: dict[str, Any]
    """title, model and thinkingLevel, by the rules that rows are made by."""

    def has(self, field: str, value: Any) -> bool:
        """Tell whether a field is known to have this value."""
        known = self.values[field]
        return known == value and (known is not None or self.whole)


class CurrentLook:
    """Looks at the end of one file, at more of it as long as a wanted field is not known."""

    def __init__(self, path: str, opening: Opening, leaf: str | None, wanted: Sequence[str]) -> None:
        """`leaf` is the entry the current path ends in."""
        self._path = path
        self._opening = opening
        self._leaf = leaf
        self._wanted = wanted
        self._step = 0

    def peek(self) -> Peek:
        """Give the first look to ask for."""
        return Peek(self._path, 0, _TAILS[0], self._read)

    def _read(self, head: bytes, tail: bytes, stamp: Stamp) -> Current | Peek:
        whole = len(tail) >= stamp.size
        found = self._state(tail, stamp, whole=whole)
        known = whole or all(found.values[field] is not None for field in self._wanted)
        if known or self._step + 1 >= len(_TAILS):
            return found
        self._step += 1
        return Peek(self._path, 0, _TAILS[self._step], self._read)

    def _state(self, tail: bytes, stamp: Stamp, *, whole: bool) -> Current:
        # Without its header a file says nothing of what came before its end, which is what is wanted of a part.
        opening = self._opening if whole else Opening(header=None, rust=self._opening.rust)
        reader = V3Reader(opening)
        part = Part("", FileSource(self._path), SHOWN)
        digest, lines = reader.digest(), list[Line]()
        for raw in tail.split(b"\n")[0 if whole else 1 :]:
            line = reader.classify(part, raw, 0, len(raw), thorough=True)
            digest.feed(line, raw, 0, len(raw))
            lines.append(line)
        by_id = {line.id: number for number, line in enumerate(lines) if line.node and line.id is not None}
        path = path_to(by_id.get(self._leaf or ""), [line.parent for line in lines], by_id)
        summary = digest.summary(path)
        return Current(
            stamp=stamp,
            whole=whole,
            last=next((line for line in reversed(lines) if line.node), None),
            values={"title": summary.title, "model": summary.model, "thinkingLevel": summary.thinking_level},
        )
