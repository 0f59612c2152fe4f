"""What is added after a cut: open tool calls closed as interrupted, and the end of the turn.

Source: kimi-cli 1.49 `wire/file.py`, `soul/message.py`. Kimi itself never ends a call that was broken off: it forgets
the step in the context and leaves the call open in the log. A model's API wants an answer to every call of a kept
message, so these are the records that Kimi writes for a tool that failed, with a message of our own.
"""

import json
from collections.abc import Sequence

from forkpoint.agents.kimi.results import INTERRUPTED

_BRIEF = "Interrupted"


def wire_closing(open_calls: Sequence[str], now: int, *, end_turn: bool) -> bytes:
    """Give the lines that close calls, and the turn, in a wire log at `now` (milliseconds)."""
    records: list[tuple[str, object]] = []
    for call_id in open_calls:
        value = {
            "is_error": True,
            "output": "",
            "message": INTERRUPTED,
            "display": [{"type": "brief", "text": _BRIEF}],
            "extras": None,
        }
        records.append(("ToolResult", {"tool_call_id": call_id, "return_value": value}))
    if open_calls:
        records.append(("StepInterrupted", {}))
    if end_turn:
        records.append(("TurnEnd", {}))
    return b"".join(_wire_line(name, payload, now) for name, payload in records)


def context_closing(open_calls: Sequence[str]) -> bytes:
    """Give the lines that close calls in a context."""
    return b"".join(
        _line({"role": "tool", "content": f"<system>ERROR: {INTERRUPTED}</system>", "tool_call_id": call_id}, ",", ":")
        for call_id in open_calls
    )


def _wire_line(name: str, payload: object, now: int) -> bytes:
    return _line({"timestamp": now / 1000, "message": {"type": name, "payload": payload}}, ", ", ": ")


def _line(value: object, comma: str, colon: str) -> bytes:
    """Encode a line; an id with half of a surrogate pair is written in ASCII."""
    text = json.dumps(value, ensure_ascii=False, separators=(comma, colon)) + "\n"
    try:
        return text.encode()
    except UnicodeEncodeError:
        return (json.dumps(value, separators=(comma, colon)) + "\n").encode()
