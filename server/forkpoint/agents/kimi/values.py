"""Looking into decoded JSON whose shape nobody promises."""

from typing import Any

# Typed as Any, since a narrowed dict would have members of an unknown type.
_OBJECT: Any = dict
_ARRAY: Any = list

_LAST_SECOND = 253_402_300_799.0
"""The end of the year 9999: what lies beyond is no time an agent wrote."""


def as_object(value: Any) -> dict[str, Any] | None:
    """Give a JSON object, or None for anything else."""
    return value if isinstance(value, _OBJECT) else None


def as_list(value: Any) -> list[Any] | None:
    """Give a JSON array, or None for anything else."""
    return value if isinstance(value, _ARRAY) else None


def as_text(value: Any) -> str | None:
    """Give a JSON string, or None for anything else."""
    return value if isinstance(value, str) else None


def as_count(value: Any) -> int | None:
    """Give a whole number that is not negative, or None for anything else."""
    return value if type(value) is int and value >= 0 else None


def milliseconds(seconds: Any) -> int | None:
    """Give epoch seconds as epoch milliseconds, None for what is no moment between 1970 and 9999."""
    if type(seconds) is not float and type(seconds) is not int:
        return None
    return round(seconds * 1000.0) if 0.0 <= seconds <= _LAST_SECOND else None
