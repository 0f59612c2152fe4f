"""What is kept about a session beside its agent's files, and the rules for it; pure."""

import json
from collections.abc import Iterator
from typing import Any, Literal, cast

import attrs

LABEL_LIMIT = 512
"""The longest label, in characters, blanks at its ends not counted."""

# The limits of a plugin's value. Source: OpenClaw 2026.9, `sessions.pluginPatch`.
VALUE_DEPTH = 32
VALUE_NODES = 4096
VALUE_KEYS = 512
"""Keys of one object."""
VALUE_STRING = 64 << 10
"""Characters of one string."""
VALUE_BYTES = 256 << 10
"""Bytes of the whole value as JSON."""

NoteField = Literal[
    "title",
    "generated_title",
    "label",
    "group",
    "pinned",
    "archived",
    "archived_at",
    "auto_archive_exempt",
    "model",
    "thinking_level",
]
"""A field of `Notes` that can be changed."""


@attrs.frozen(kw_only=True)
class Notes:
    """What is noted about one session. The fields that a format has itself are only used for formats without them."""

    title: str | None = None
    generated_title: str | None = None
    """A title that was made out of what was said; one that a person gave goes before it."""
    label: str | None = None
    """A name that no other session has, in exactly this case."""
    group: str | None = None
    """The group that a person put it in."""
    pinned: bool = False
    archived: bool = False
    archived_at: int | None = None
    """When it was archived, in milliseconds since 1970 UTC."""
    auto_archive_exempt: bool = False
    """Whether a person took it out of the archive, so that age does not put it back."""
    model: str | None = None
    thinking_level: str | None = None
    revision: int = 0
    """Rises with each change, and is never given twice; 0 when nothing was ever noted."""


def plugin_value_fault(value: Any) -> str | None:
    """Tell what is wrong with a plugin's value, as a sentence fragment; None when it can be kept."""
    for number, (node, depth) in enumerate(_nodes(value), 1):
        if depth > VALUE_DEPTH:
            return f"it is nested more than {VALUE_DEPTH} levels deep"
        if number > VALUE_NODES:
            return f"it has more than {VALUE_NODES} values"
        if fault := _node_fault(node):
            return fault
    try:
        size = len(plugin_value_text(value))
    except ValueError:
        return "it holds a number that JSON does not have"
    return f"it has {size} bytes as JSON, more than {VALUE_BYTES}" if size > VALUE_BYTES else None


def plugin_value_text(value: Any) -> str:
    """Give a value as the JSON that is kept; ASCII alone, so that half a surrogate pair comes back as it was."""
    return json.dumps(value, separators=(",", ":"), allow_nan=False)


def _nodes(value: Any) -> Iterator[tuple[Any, int]]:
    """Give a value and all that is in it, each with its depth, the value's own being 1; not by recursion."""
    waiting: list[tuple[Any, int]] = [(value, 1)]
    while waiting:
        node, depth = waiting.pop()
        yield node, depth
        if isinstance(node, dict):
            waiting += [(child, depth + 1) for child in cast("dict[Any, Any]", node).values()]
        elif isinstance(node, list):
            waiting += [(child, depth + 1) for child in cast("list[Any]", node)]


def _node_fault(node: Any) -> str | None:
    too_long = f"a string has more than {VALUE_STRING} characters"
    if isinstance(node, dict):
        names = list(cast("dict[Any, Any]", node))
        if len(names) > VALUE_KEYS:
            return f"an object has more than {VALUE_KEYS} keys"
        if not all(isinstance(name, str) for name in names):
            return "a key is no string"
        return too_long if any(len(name) > VALUE_STRING for name in names) else None
    if isinstance(node, str):
        return too_long if len(node) > VALUE_STRING else None
    return None if node is None or isinstance(node, bool | int | float | list) else "it is no JSON"
