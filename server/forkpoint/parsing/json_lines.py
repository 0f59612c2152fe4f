"""JSON and lines of JSON: decoding that never raises, and encoding that never fails on text.

With msgspec installed it decodes; whatever it refuses goes to the standard library's tolerant decoder,
since agents write lone surrogates, NaN and numbers beyond 64 bits (seen in JavaScript agents' logs).
"""

import json
from typing import Any

try:
    import msgspec
except ImportError:  # the pure way must work alone, for packages that carry no compiled part
    msgspec = None

MAX_DEPTH_REASON = "nested too deep"


def decode(raw: bytes | bytearray | memoryview | str) -> tuple[Any, str | None]:
    """Decode one JSON value; on failure the value is None and the second item says what is wrong.

    The reasons are fragments for a `Problem`. Bytes that are not UTF-8 are a failure here;
    `decode_lenient` reads around them.
    """
    if msgspec is not None:
        try:
            return msgspec.json.decode(raw), None
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            pass
    try:
        return json.loads(raw if isinstance(raw, str) else bytes(raw).decode()), None
    except UnicodeDecodeError as problem:
        return None, f"not UTF-8: {problem.reason} at byte {problem.start}"
    except RecursionError:
        return None, MAX_DEPTH_REASON
    except ValueError as problem:
        return None, f"not JSON: {problem}"


def decode_lenient(raw: bytes | bytearray) -> tuple[Any, str | None, str]:
    """Decode a stored line as far as it can be: value, problem kind, reason.

    A line that only has bytes that are not UTF-8 gives its value with replacement characters and the kind
    `badUtf8`; a line that is no JSON gives None and `notJson`.
    """
    value, reason = decode(raw)
    if reason is None:
        return value, None, ""
    try:
        bytes(raw).decode()
    except UnicodeDecodeError:
        value, second = decode(bytes(raw).decode(errors="replace"))
        if second is None:
            return value, "badUtf8", reason
    return None, "notJson", reason


def fault(raw: bytes | bytearray) -> tuple[str, str] | None:
    """Give the problem kind and reason of a line, or None for whole, valid JSON in UTF-8.

    Nothing is built, so that a check of a whole transcript stays cheap.
    """
    if _is_strict(raw):
        return None
    _, kind, reason = decode_lenient(raw)
    return None if kind is None else (kind, reason)


def stored_value(raw: bytes) -> Any:
    """Give a stored line as a value that encodes as the JSON it holds, untouched where that is possible.

    A line that is not JSON comes as its text, with replacement characters where it is not UTF-8.
    """
    if msgspec is not None and _is_strict(raw):
        return msgspec.Raw(raw)
    value, kind, _ = decode_lenient(raw)
    return raw.decode(errors="replace") if kind == "notJson" else value


def _is_strict(raw: bytes | bytearray) -> bool:
    """Whether the fast decoder takes the line, and all of it is UTF-8; it does not look inside what it skips."""
    if msgspec is None:
        return False
    try:
        msgspec.json.decode(raw, type=msgspec.Raw)
        raw.decode()
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return True


def encode(value: Any) -> bytes:
    """Encode plain values as UTF-8 JSON without blanks; a lone surrogate is written as its escape."""
    if msgspec is not None:
        try:
            return msgspec.json.encode(value)
        except UnicodeEncodeError:
            pass
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"), default=_plain).encode()


def _plain(value: Any) -> Any:
    """Decode a stored line that cannot be passed through, beside text that only the tolerant encoder takes."""
    if msgspec is not None and isinstance(value, msgspec.Raw):
        return json.loads(bytes(value))
    raise TypeError(f"{type(value).__name__} is no JSON value")
