"""Entries of the messages most of a session is made of, decoded straight into their shapes; needs msgspec.

Whatever does not fit a shape below in every member that is shown is left to the tolerant way (entries.py), and what
fits becomes the same entry either way. Source: pi coding-agent 0.87.1 message types.
"""

from typing import Any

import msgspec

from forkpoint.agents.formats.pi_v3.blocks import answer_blocks, result_blocks, state_of_calls, text_blocks
from forkpoint.agents.formats.pi_v3.shape import Shape
from forkpoint.agents.formats.pi_v3.values import first_time, is_utf8, tokens
from forkpoint.model.entry import Block, Entry, TokenUsage

_Number = int | float | None


class _Text(Shape, tag="text"):
    text: str

    def block(self, call_state: str | None) -> Block:
        return Block(type="text", text=self.text)


class _Thinking(Shape, tag="thinking"):
    thinking: str

    def block(self, call_state: str | None) -> Block:
        return Block(type="thinking", text=self.thinking)


class _Call(Shape, tag="toolCall"):
    name: str
    id: str | None = None
    arguments: Any = None

    def block(self, call_state: str | None) -> Block:
        return Block(type="toolCall", call_id=self.id, name=self.name, arguments=self.arguments, state=call_state)


_Content = str | list[_Text | _Thinking | _Call]


class _Cost(Shape):
    total: _Number = None


class _Usage(Shape):
    input: _Number = None
    output: _Number = None
    cacheRead: _Number = None
    cacheWrite: _Number = None
    totalTokens: _Number = None
    cost: _Cost | None = None

    def tokens(self) -> TokenUsage:
        cost = None if self.cost is None else self.cost.total
        return tokens(self.input, self.output, self.cacheRead, self.cacheWrite, self.totalTokens, cost)


class _Message(Shape, tag_field="role"):
    content: _Content
    usage: _Usage | None = None
    timestamp: _Number = None


class _User(_Message, tag="user"):
    def blocks(self) -> list[Block]:
        return _blocks(self.content)


class _Assistant(_Message, tag="assistant"):
    stopReason: str | None = None
    errorMessage: str | None = None

    def blocks(self) -> list[Block]:
        return answer_blocks(_blocks(self.content, state_of_calls(self.stopReason)), self.errorMessage)


class _Details(Shape):
    diff: str | None = None


class _ToolResult(_Message, tag="toolResult"):
    toolCallId: str | None = None
    toolName: str | None = None
    isError: bool = False
    details: _Details | None = None

    def blocks(self) -> list[Block]:
        diff = None if self.details is None else self.details.diff
        return result_blocks(_blocks(self.content), diff, self.toolCallId, self.toolName, failed=self.isError)


class _Record(Shape, tag="message"):
    message: _User | _Assistant | _ToolResult
    id: str | None = None
    parentId: str | None = None
    timestamp: str | None = None


_decode = msgspec.json.Decoder(_Record).decode


def usual_entry(name: str, parent: str | None, raw: bytes) -> Entry | None:
    """Give the entry of a message of the usual shape; None for any other line."""
    if not (raw.isascii() or is_utf8(raw)):
        return None
    try:
        record = _decode(raw)
    except (msgspec.DecodeError, RecursionError):
        return None
    message = record.message
    role = str(message.__struct_config__.tag)
    usage = message.usage
    return Entry(
        entry_id=name,
        kind=role,
        agent_kind=role,
        content=message.blocks(),
        parent_id=parent,
        at=first_time(record.timestamp, message.timestamp),
        usage=None if usage is None else usage.tokens(),
    )


def _blocks(content: _Content, call_state: str | None = None) -> list[Block]:
    if isinstance(content, str):
        return text_blocks(content)
    return [piece.block(call_state) for piece in content]
