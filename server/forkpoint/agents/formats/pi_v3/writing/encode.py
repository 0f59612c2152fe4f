"""Lines as pi writes them: compact JSON, its members in pi's order.

A scanner that looks at a line's first bytes relies on the order. Source: pi coding-agent 0.87.1 session manager.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from forkpoint.parsing import json_lines

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def iso_time(milliseconds: int) -> str:
    """Give a time in milliseconds since 1970 UTC as JavaScript's `toISOString` does."""
    moment = _EPOCH + timedelta(milliseconds=milliseconds)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def header_line(*, version: int, session_id: str, now: int, cwd: str, parent_path: str | None) -> bytes:
    """Give the first line of a file. The fork's source is named `parentSession`, which pi_agent_rust reads too."""
    header = {"type": "session", "version": version, "id": session_id, "timestamp": iso_time(now), "cwd": cwd}
    if parent_path is not None:
        header["parentSession"] = parent_path
    return json_lines.encode(header) + b"\n"


def entry_line(kind: str, own: str, parent: str | None, timestamp: str, members: Mapping[str, Any]) -> bytes:
    """Give an entry; all kinds but `custom` and `custom_message` begin like this."""
    base = {"type": kind, "id": own, "parentId": parent, "timestamp": timestamp}
    return json_lines.encode({**base, **members}) + b"\n"


def custom_line(custom_type: str, data: Any, own: str, parent: str | None, timestamp: str) -> bytes:
    """Give an entry of kind `custom`, which has its base at the end; `data` None leaves it out."""
    head = {"type": "custom", "customType": custom_type} | ({} if data is None else {"data": data})
    return json_lines.encode({**head, "id": own, "parentId": parent, "timestamp": timestamp}) + b"\n"
