"""One step of a conversation, in the words all agents share."""

from typing import Any

import attrs

from forkpoint.model.problem import Problem


@attrs.define(kw_only=True)
class Block:
    """A piece of an entry's content; `type` says which of the other fields are set."""

    type: str
    """text, thinking, image, file, toolCall, diff or raw."""
    text: str | None = None
    """The text of a text or thinking block; of a diff block the diff itself, where the log keeps it as text."""
    mime_type: str | None = None
    """The media type of an image or file block, where the log names one."""
    data: str | None = None
    """The base64 data of an image that is stored in the log itself."""
    uri: str | None = None
    """Where an image or file is, when the log only refers to it."""
    call_id: str | None = None
    """The agent's id of a tool call; a toolResult entry names the call it answers."""
    name: str | None = None
    """The tool's name, on the call and on its results."""
    arguments: Any = None
    """The tool's arguments: the object, or the stored text where that is not JSON."""
    state: str | None = None
    """How a tool call ended: done, failed, rejected or interrupted."""
    nested: "list[Entry] | None" = None
    """What a helper agent did under this tool call."""
    path: str | None = None
    """The file a diff or file block is about, as the log names it."""
    old_text: str | None = None
    """The replaced text of a diff block."""
    new_text: str | None = None
    """The new text of a diff block."""
    raw: Any = None
    """The stored JSON value of a raw block, which no other type fits."""


@attrs.define(kw_only=True)
class TokenUsage:
    """Tokens as the log counts them; absent where it does not."""

    input: int | None = None
    """Tokens read, without those from a cache."""
    output: int | None = None
    """Tokens written."""
    cache_read: int | None = None
    """Tokens read from a cache."""
    cache_write: int | None = None
    """Tokens written to a cache."""
    total: int | None = None
    """The log's own total, or the context's size where it logs that."""
    cost: float | None = None
    """The cost in US dollars, where the log has it."""
    window: int | None = None
    """The size of the model's context window, in tokens."""


@attrs.define(kw_only=True)
class Entry:
    """One entry of a session's history."""

    entry_id: str
    """Stable under appends: the format's own id, else `<part>@<hex byte offset of its first line>`."""
    kind: str
    """user, assistant, toolCall, toolResult, compaction, branchSummary, modelChange, label, note or unknown."""
    agent_kind: str
    """The agent's own name of this record."""
    content: list[Block] = attrs.Factory(list[Block])
    """The content, in order."""
    parent_id: str | None = None
    """The entry before it, where the format keeps a tree; absent for a root."""
    turn: int | None = None
    """The turn it belongs to, counted from 0 along the current path.

    Absent before the first turn, and in the last page of a large transcript that is not counted yet.
    """
    at: int | None = None
    """When it was written, in milliseconds since 1970 UTC; absent when the log does not say."""
    usage: TokenUsage | None = None
    """Tokens of this step."""
    problems: list[Problem] | None = None
    """What is wrong with the lines it was read from."""
    raw: Any = None
    """The stored lines, decoded, in order, when `include` asks for raw."""


def entry_id_at(part: str, offset: int) -> str:
    """Give the id of an entry whose format has none: its part and the byte offset of its first line."""
    return f"{part}@{offset:x}"
