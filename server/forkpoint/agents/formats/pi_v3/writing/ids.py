"""Ids of sessions and of entries, made of the random bytes of an occasion."""

import hashlib
import uuid
from collections.abc import Set as AbstractSet

from forkpoint.agents.writing import Occasion

_ENTRY_DIGITS = 8
_TRIES = 100
"""How many short ids are drawn before a long one, as pi does."""


def session_id(occasion: Occasion) -> str:
    """Give a new session's id: a UUIDv7, as pi makes them since 0.67.1, of the time and of random bytes."""
    drawn = uuid.UUID(occasion.new_id).int
    time = (occasion.now & (1 << 48) - 1) << 80
    high = (drawn >> 64) & 0xFFF
    return str(uuid.UUID(int=time | 7 << 76 | high << 64 | 0b10 << 62 | drawn & (1 << 62) - 1))


class EntryIds:
    """Gives ids for entries, each once: eight hexadecimal digits, none of which is taken."""

    def __init__(self, occasion: Occasion, taken: AbstractSet[str]) -> None:
        self._seed = uuid.UUID(occasion.new_id).bytes
        self._taken = taken
        self._given: set[str] = set()
        self._drawn = 0

    def next(self) -> str:
        """Give an id that nobody has."""
        for _ in range(_TRIES):
            name = self._draw().hex()[:_ENTRY_DIGITS]
            if name not in self._taken and name not in self._given:
                break
        else:
            name = str(uuid.UUID(bytes=self._draw()[:16], version=4))
        self._given.add(name)
        return name

    def _draw(self) -> bytes:
        """Give bytes that look random and differ at each call."""
        self._drawn += 1
        return hashlib.sha256(self._seed + self._drawn.to_bytes(8, "big")).digest()
