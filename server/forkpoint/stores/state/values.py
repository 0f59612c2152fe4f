"""Texts and paths as the tables hold them."""

import os
from collections.abc import Iterator, Sequence

AT_ONCE = 500
"""How many values one statement names; SQLite before 3.32 takes 999."""


def storable(text: str) -> str:
    """Give a text that SQLite can hold: halves of a surrogate pair are joined, or replaced when one is missing."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def path_bytes(path: str | None) -> bytes | None:
    """Give a path as the system has it."""
    return None if path is None else os.fsencode(path)


def path_text(raw: bytes | None) -> str | None:
    """Give a path as Python has it."""
    return None if raw is None else os.fsdecode(raw)


def portions(values: Sequence[str]) -> Iterator[tuple[str, Sequence[str]]]:
    """Cut values into portions, each with the question marks for it."""
    for start in range(0, len(values), AT_ONCE):
        portion = values[start : start + AT_ONCE]
        yield ", ".join("?" * len(portion)), portion
