"""Looking into decoded records whose shape nobody promises."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from forkpoint.model.entry import TokenUsage

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_LAST_MOMENT = 253_402_300_799_000
"""9999-12-31 in milliseconds: what lies beyond is no time that an agent wrote."""
_ABSOLUTE = re.compile(r"/|\\\\|[A-Za-z]:[\\/]")
_ID_LIMIT = 256
_LARGEST = 1 << 53


def as_object(value: Any) -> dict[str, Any] | None:
    """Give a JSON object, or None for anything else."""
    return cast("dict[str, Any]", value) if isinstance(value, dict) else None


def as_list(value: Any) -> list[Any] | None:
    """Give a JSON array, or None for anything else."""
    return cast("list[Any]", value) if isinstance(value, list) else None


def as_text(value: Any) -> str | None:
    """Give a JSON string, or None for anything else."""
    return value if isinstance(value, str) else None


def as_number(value: Any) -> int | float | None:
    """Give a JSON number that JavaScript counts with exactly (up to 2^53), or None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if -_LARGEST <= value <= _LARGEST else None


def as_count(value: Any) -> int | None:
    """Give a number as a whole one, or None for anything else; JavaScript writes 1e3 for 1000."""
    if type(value) is int and -_LARGEST <= value <= _LARGEST:
        return value
    number = as_number(value)
    return None if number is None else int(number)


def as_path(value: Any) -> str | None:
    """Give an absolute path that a system call takes, or None: Windows paths are kept too."""
    path = as_text(value)
    return path if path is not None and _ABSOLUTE.match(path) and is_plain(path) else None


def as_session_id(value: Any) -> str | None:
    """Give a session's id, or None for one that is blank, over 256 characters long or cannot be printed."""
    name = as_text(value)
    if name is None or not name.strip() or len(name) > _ID_LIMIT:
        return None
    return name if is_plain(name) and name.isprintable() else None


def is_plain(text: str) -> bool:
    """Tell whether a text has neither NUL nor half of a surrogate pair."""
    try:
        return b"\0" not in text.encode()
    except UnicodeEncodeError:
        return False


def milliseconds(value: Any) -> int | None:
    """Give an ISO 8601 time, or a number of milliseconds, as milliseconds since 1970 UTC; None for anything else."""
    if isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            return None
        since = (moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)) - _EPOCH
        found = since // _MILLISECOND
    else:
        found = as_count(value)
    return found if found is not None and 0 <= found <= _LAST_MOMENT else None


def time_of(record: dict[str, Any] | None) -> int | None:
    """Give the time of a decoded line: its own, else its message's."""
    if record is None:
        return None
    return first_time(record.get("timestamp"), (as_object(record.get("message")) or {}).get("timestamp"))


def first_time(value: Any, other: Any) -> int | None:
    """Give a time in milliseconds since 1970 UTC; the other one where the first is none."""
    found = milliseconds(value)
    return found if found is not None else milliseconds(other)


def is_utf8(raw: bytes) -> bool:
    """Tell whether bytes are UTF-8 throughout."""
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def objects(content: Any) -> Iterator[dict[str, Any]]:
    """Give the objects of a list, leaving out what is none; nothing for what is no list."""
    for item in as_list(content) or ():
        block = as_object(item)
        if block is not None:
            yield block


def text_of(content: Any) -> str:
    """Give the text of a message's content: the string itself, or its text blocks, a line each."""
    if isinstance(content, str):
        return content
    return "\n".join(
        block["text"]
        for block in objects(content)
        if block.get("type") == "text" and isinstance(block.get("text"), str)
    )


def token_usage(value: Any) -> TokenUsage | None:
    """Give a decoded `usage` in our words."""
    stored = as_object(value)
    if stored is None:
        return None
    cost = (as_object(stored.get("cost")) or {}).get("total")
    read, written = stored.get("cacheRead"), stored.get("cacheWrite")
    return tokens(stored.get("input"), stored.get("output"), read, written, stored.get("totalTokens"), cost)


def tokens(given: Any, said: Any, read: Any, written: Any, total: Any, cost: Any) -> TokenUsage:
    """Give the members of a `usage` in our words; the total is added up where the record has none, as in v1."""
    usage = TokenUsage(
        input=as_count(given),
        output=as_count(said),
        cache_read=as_count(read),
        cache_write=as_count(written),
        total=as_count(total),
    )
    if usage.total is None:
        parts = (usage.input, usage.output, usage.cache_read, usage.cache_write)
        counted = [part for part in parts if part is not None]
        usage.total = sum(counted) if counted else None
    spent = as_number(cost)
    usage.cost = None if spent is None else float(spent)
    return usage


def model_name(provider: Any, model: Any) -> str | None:
    """Give `provider/model`, the model alone where there is no provider, None where there is no model."""
    name = as_text(model)
    return name if not name or not isinstance(provider, str) or not provider else f"{provider}/{name}"


def without(record: Mapping[str, Any], *known: str) -> dict[str, Any]:
    """Give the members of a record that a reader has not shown yet."""
    return {name: value for name, value in record.items() if name not in known}
