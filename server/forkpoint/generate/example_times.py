"""What a changing call draws anew each time, in its example: ids and the time, replaced by ones that stay the same."""

import re
import uuid

SHOWN_NOW = 1_767_693_600_000
"""2026-01-06 10:00:00 UTC, in milliseconds since 1970."""
_SLACK = 5_000
"""Milliseconds by which the clocks of the system's parts may differ."""
_DAY = 86_400_000
_MOST_DAYS = 31
"""How far ahead an answer names a time that is counted from now."""
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_TIME = re.compile(r"(?<![\w-])\d{13}(?![\w-])")
_FILE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}Z(?=_([0-9a-f-]{36}))")
_SHOWN_FILE_TIME = "2026-01-06T10-00-00-000Z"


def steadied(text: str, known: str, began: int, ended: int) -> str:
    """Give answers in which every id that is not in `known`, and every time from `began` on, is a fixed one.

    `began` and `ended` are when the calls were made, in milliseconds since 1970 UTC. Whole days counted from then stay.
    """
    drawn = [found for found in dict.fromkeys(_UUID.findall(text)) if found not in known]
    text = _FILE_TIME.sub(lambda found: _SHOWN_FILE_TIME if found[1] in drawn else found[0], text)
    for number, found in enumerate(drawn):
        text = text.replace(found, _shown_id(number, uuid.UUID(found).version or 4))
    return _TIME.sub(lambda found: str(_shown_time(int(found[0]), began, ended)), text)


def _shown_id(number: int, version: int) -> str:
    """Give an id of its kind: a version 7 begins with the time."""
    head = SHOWN_NOW << 80 if version == 7 else 0x5E3F0C21_9A7B << 80
    return str(
        uuid.UUID(int=head | version << 76 | 0x1B4 << 64 | 2 << 62 | 0x2C3D4E5F60718293 + number & (1 << 62) - 1)
    )


def _shown_time(value: int, began: int, ended: int) -> int:
    days = (value - began + _SLACK) // _DAY
    if 0 <= days <= _MOST_DAYS and value - days * _DAY <= ended + _SLACK:
        return SHOWN_NOW + days * _DAY
    return value
