"""A look at both ends of a session file: its header, and when someone last said something in it."""

import attrs

from forkpoint.agents.adapter import Peek
from forkpoint.agents.formats.pi_v3.header import Opening, find_opening
from forkpoint.agents.formats.pi_v3.messages import Record, read_message
from forkpoint.agents.formats.pi_v3.records import HEAD, MESSAGE
from forkpoint.agents.formats.pi_v3.values import milliseconds
from forkpoint.model.source import Stamp

_HEADS = (4 << 10, 64 << 10, 1 << 20)
_TAILS = (16 << 10, 128 << 10, 1 << 20)
"""How many bytes are looked at, one size after the other, until what is wanted is among them."""
_SPEAKERS = frozenset({"user", "assistant"})
_MESSAGE = MESSAGE.encode()


@attrs.frozen(kw_only=True)
class Look:
    """What both ends of a file tell."""

    opening: Opening
    updated_at: int
    """The time of the last user or assistant message; without any the header's; where neither is known the file's."""


class FileLook:
    """Looks at one file, at more of it as long as something is missing; without `tail` only for its header."""

    def __init__(self, path: str, *, tail: bool = True) -> None:
        self._path = path
        self._tail = tail
        self._opening: Opening | None = None
        self._spoken_at: int | None = None
        self._step = 0

    def peek(self) -> Peek:
        """Give the first look to ask for."""
        return Peek(self._path, _HEADS[0], _TAILS[0] if self._tail else 0, self._read)

    def _read(self, head: bytes, tail: bytes, stamp: Stamp) -> Look | Peek:
        if self._opening is None:
            self._opening = find_opening(head, complete=len(head) >= stamp.size)
        whole = len(tail) >= stamp.size
        if self._spoken_at is None and tail:
            self._spoken_at = last_spoken(tail, whole=whole)
        wants_head = self._opening is None
        wants_tail = self._tail and self._spoken_at is None and not whole
        if (wants_head or wants_tail) and self._step + 1 < len(_HEADS):
            self._step += 1
            more_head, more_tail = _HEADS[self._step], _TAILS[self._step]
            return Peek(self._path, more_head if wants_head else 0, more_tail if wants_tail else 0, self._read)
        opening = self._opening or Opening(header=None)
        return Look(opening=opening, updated_at=self._updated_at(opening, stamp, whole=whole))

    def _updated_at(self, opening: Opening, stamp: Stamp, *, whole: bool) -> int:
        if self._spoken_at is not None:
            return self._spoken_at
        created = opening.header.created_at if opening.header is not None and whole else None
        return stamp.mtime_ms if created is None else created


def last_spoken(tail: bytes, *, whole: bool) -> int | None:
    """Give the time of the last user or assistant message in a file's last bytes; None when there is none.

    `whole` says that the file begins with `tail`; else its first line counts as cut off. The message's own time goes
    before its line's.
    """
    end = len(tail)
    while end > 0:
        start = tail.rfind(b"\n", 0, end) + 1
        if start == 0 and not whole:
            return None
        found = _spoken_at(tail, start, end)
        if found is not None:
            return found
        end = start - 1
    return None


def _spoken_at(tail: bytes, start: int, end: int) -> int | None:
    head = HEAD.match(tail, start, end)
    if head is not None and head[1] != _MESSAGE:
        return None
    if head is None and tail.find(b'"message"', start, end) < 0:
        return None
    if head is not None and head[5] is not None and head[5].decode() not in _SPEAKERS:
        return None
    record = read_message(tail[start:end])
    return None if record is None or record.message.role not in _SPEAKERS else _time_of(record)


def _time_of(record: Record) -> int | None:
    own = milliseconds(record.message.timestamp)
    return own if own is not None else milliseconds(record.timestamp)
