"""Opaque cursors: a position in an order, tied to the question that was asked."""

import base64
import hashlib
import json
from typing import Any

import attrs


@attrs.frozen
class Position:
    """The sort key and the id of the last row of a page; the next page begins after it, wherever rows have moved."""

    key: int | str
    session_id: str


def question_mark(question: Any) -> str:
    """Give a short mark of a question; a cursor is only good for the question it came from."""
    text = json.dumps(question, sort_keys=True, default=sorted)
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:12]


def write_cursor(position: Position, mark: str) -> str:
    """Give the cursor of a position."""
    text = json.dumps([mark, position.key, position.session_id])
    return base64.urlsafe_b64encode(text.encode()).decode()


def read_cursor(cursor: str, mark: str) -> Position | None:
    """Give the position of a cursor; None when it is not ours or belongs to another question."""
    try:
        value = json.loads(base64.urlsafe_b64decode(cursor.encode()))
    except (ValueError, RecursionError):
        return None
    match value:
        case [str(marked), int() | str() as key, str(session_id)] if marked == mark and not isinstance(key, bool):
            return Position(key, session_id)
        case _:
            return None
