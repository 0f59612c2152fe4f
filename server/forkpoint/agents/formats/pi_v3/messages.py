"""What is needed of a message without building all of it: its text, its tool calls, its usage, how it ended.

With msgspec installed only these members are decoded, and the rest is passed over; whatever does not fit the shapes
below goes through the tolerant decoder.
"""

from collections.abc import Sequence
from typing import Any

from forkpoint.agents.formats.pi_v3.shape import Shape
from forkpoint.agents.formats.pi_v3.values import as_number, as_object, as_text, objects, text_of
from forkpoint.parsing import json_lines

try:
    import msgspec
except ImportError:  # the pure way must work alone, for packages that carry no compiled part
    msgspec = None

_CALL = "toolCall"


class Piece(Shape):
    """A block of a message's content."""

    type: str = ""
    text: str | None = None


class Cost(Shape):
    """The `cost` of a usage, in US dollars."""

    total: int | float | None = None


class Usage(Shape):
    """The `usage` of an assistant message, in tokens."""

    input: int | float | None = None
    output: int | float | None = None
    cacheRead: int | float | None = None
    cacheWrite: int | float | None = None
    totalTokens: int | float | None = None
    cost: Cost | None = None


class Message(Shape):
    """The members of a message that rows and turns are made of, under their stored names."""

    role: str = ""
    content: str | list[Piece] | None = None
    usage: Usage | None = None
    stopReason: str | None = None
    provider: str | None = None
    model: str | None = None
    timestamp: int | float | None = None

    @property
    def calls(self) -> int:
        """How many tools it calls."""
        return _calls_among(self.content)

    @property
    def text(self) -> str:
        """Its text, a line for each text block."""
        content = self.content
        if isinstance(content, list):
            return "\n".join([piece.text for piece in content if piece.type == "text" and piece.text is not None])
        return content or ""


class Record(Shape):
    """A line that holds a message."""

    message: Message
    timestamp: str | None = None


class _Kind(Shape):
    """A block of which nothing but its type is wanted."""

    type: str = ""


class _Kinds(Shape):
    content: str | list[_Kind]


class _Outline(Shape):
    """A line that holds a message, for counting."""

    message: _Kinds


_decoder = None if msgspec is None else msgspec.json.Decoder(Record)
_counter = None if msgspec is None else msgspec.json.Decoder(_Outline)


def _calls_among(content: str | Sequence[Piece | _Kind] | None) -> int:
    calls = 0
    if content is not None and not isinstance(content, str):
        for piece in content:
            if piece.type == _CALL:
                calls += 1
    return calls


def count_calls(raw: bytes | memoryview) -> int | None:
    """Count the tool calls of a message line; None where it has to be decoded for that, and without msgspec."""
    if _counter is None or msgspec is None:
        return None
    try:
        return _calls_among(_counter.decode(raw).message.content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def decode_quickly(raw: bytes | memoryview) -> Record | None:
    """Decode a message line that has the usual shape; None for any other, and without msgspec.

    A line that it takes is whole JSON, though not always UTF-8 in what is passed over.
    """
    if _decoder is None or msgspec is None:
        return None
    try:
        return _decoder.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def read_message(raw: bytes) -> Record | None:
    """Decode a message line of any shape; None when it holds no message."""
    record = decode_quickly(raw)
    if record is not None:
        return record
    return record_of(as_object(json_lines.decode_lenient(raw)[0]))


def record_of(record: dict[str, Any] | None) -> Record | None:
    """Give a decoded line as a record; members of the wrong type count as missing."""
    message = as_object((record or {}).get("message"))
    if record is None or message is None:
        return None
    content = message.get("content")
    pieces = [Piece(as_text(block.get("type")) or "", as_text(block.get("text"))) for block in objects(content)]
    return Record(
        Message(
            role=as_text(message.get("role")) or "",
            content=text_of(content) if isinstance(content, str) else pieces,
            usage=usage_of(as_object(message.get("usage"))),
            stopReason=as_text(message.get("stopReason")),
            provider=as_text(message.get("provider")),
            model=as_text(message.get("model")),
            timestamp=as_number(message.get("timestamp")),
        ),
        as_text(record.get("timestamp")),
    )


def usage_of(stored: dict[str, Any] | None) -> Usage | None:
    """Give a decoded `usage`; members of the wrong type count as missing."""
    if stored is None:
        return None
    cost = as_object(stored.get("cost")) or {}
    return Usage(
        input=as_number(stored.get("input")),
        output=as_number(stored.get("output")),
        cacheRead=as_number(stored.get("cacheRead")),
        cacheWrite=as_number(stored.get("cacheWrite")),
        totalTokens=as_number(stored.get("totalTokens")),
        cost=Cost(as_number(cost.get("total"))),
    )
