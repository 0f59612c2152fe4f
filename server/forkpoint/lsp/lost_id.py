"""The id of a request whose body cannot be read."""

import json
import re
from typing import Any

SEARCHED = 64 * 1024
"""How far the beginning of a body is searched, in bytes; longer would hold up the event loop."""
END_SEARCHED = 512
"""How much of its end is searched, in bytes."""

_SCALAR = rb'("(?:[^"\\\x00-\x1f]|\\.){0,200}"|-?[0-9]{1,200}(?=[,}\s]))'
"""A string, or a number that is seen to end: of a body that was cut off, half an id would be another's id."""
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|[{}\[\]]|[^"{}\[\]]+', re.DOTALL)
_VALUE_AFTER = re.compile(rb"[ \t\r\n]*:[ \t\r\n]*" + _SCALAR)
_LAST_MEMBER = re.compile(rb'[,{][ \t\r\n]*"id"[ \t\r\n]*:[ \t\r\n]*' + _SCALAR + rb"[ \t\r\n]*}[ \t\r\n]*\Z")


def find_id(body: bytes | bytearray) -> str | int | None:
    """Give the `id` of the outermost object of a broken body; None when none can be made out.

    Members of nested objects are not taken for it. Searched are the first 64 KiB and the very end.
    """
    found = _in_beginning(bytes(body[:SEARCHED])) or _LAST_MEMBER.search(bytes(body[-END_SEARCHED:]))
    if found is None:
        return None
    try:
        value: Any = json.loads(found[1].decode(errors="replace"))
    except ValueError:  # an escape that is none
        return None
    return value if isinstance(value, str | int) else None


def _in_beginning(head: bytes) -> re.Match[bytes] | None:
    depth = 0
    for token in _TOKEN.finditer(head):
        text = token[0]
        if text in b"{[":
            depth += 1
        elif text in b"}]":
            depth -= 1
        elif depth == 1 and text == b'"id"' and (value := _VALUE_AFTER.match(head, token.end())) is not None:
            return value
    return None
