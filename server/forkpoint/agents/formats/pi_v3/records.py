"""What a line is: its kind, its id and its parent, from its first bytes where they have the usual order.

Writers put `type,id,parentId,timestamp` first, but pi writes `custom` and `custom_message` with the id late; such
lines, and all that look different, are decoded. Source: pi coding-agent 0.87.1, pi_agent_rust 0.8.
"""

import re
from typing import Any

from forkpoint.agents.formats.pi_v3.values import as_list, as_object, as_text

HEAD = re.compile(
    rb'\{"type":"([a-z_]{1,40})"'
    rb'(?:,"id":"([!#-\[\]-~]{1,128})")?'
    rb'(?:,"parentId":(?:null|"([!#-\[\]-~]{1,128})"))?'
    rb',"timestamp":"([ !#-\[\]-~]{1,40})"'
    rb'(?:,"message":\{"role":"([A-Za-z]{1,40})"(?:,"content":(["\[]))?)?'
)
"""Groups: type, id, parent, timestamp, role, the first byte of a content that is text or a list."""

MESSAGE = "message"
USER = "message:user"
ASSISTANT = "message:assistant"
TOOL_RESULT = "message:toolResult"
UNKNOWN = "unknown"

_ROLES = (
    "user",
    "assistant",
    "toolResult",
    "bashExecution",
    "custom",
    "hookMessage",
    "system",
    "branchSummary",
    "compactionSummary",
)
_TYPES = (
    "thinking_level_change",
    "model_change",
    "compaction",
    "branch_summary",
    "custom",
    "custom_message",
    "label",
    "session_info",
    "usage",
    "context_edit",
    "active_tools_change",
)
MESSAGE_KINDS = {role: f"{MESSAGE}:{role}" for role in _ROLES}
"""The kind of a message by its role."""
OTHER_MESSAGE = "message:unknown"
KINDS = {name: name for name in _TYPES}
"""The kind of every other record by its type; what is not here is `unknown`, so that kinds stay few."""

_TEXT_MEMBERS = {
    "thinking_level_change": ("thinkingLevel",),
    "model_change": ("modelId",),
    "compaction": ("summary",),
    "branch_summary": ("summary",),
    "custom": ("customType",),
    "custom_message": ("customType",),
    "label": ("targetId",),
}
_WITH_CONTENT = frozenset({"user", "assistant", "toolResult", "custom", "hookMessage", "system"})
_TEXT_OF_ROLE = {"bashExecution": "command", "branchSummary": "summary", "compactionSummary": "summary"}


def kind_of(record: dict[str, Any], wrong: str | None) -> str:
    """Give the kind of a decoded record; one with a flaw is of no known kind, though it may be a message."""
    name = as_text(record.get("type")) or ""
    if name != MESSAGE:
        return KINDS.get(name, UNKNOWN) if wrong is None else UNKNOWN
    role = as_text((as_object(record.get("message")) or {}).get("role")) or ""
    return MESSAGE_KINDS.get(role, OTHER_MESSAGE) if wrong is None else OTHER_MESSAGE


def flaw(record: dict[str, Any]) -> str | None:
    """Say what is wrong with a decoded record, None when nothing is; a kind that is not known is not wrong."""
    name = as_text(record.get("type"))
    if name is None:
        return "no type"
    for member in ("id", "parentId"):
        if record.get(member) is not None and not isinstance(record[member], str):
            return f"{member} is no text"
    if name == MESSAGE:
        return _message_flaw(record.get("message"))
    for member in _TEXT_MEMBERS.get(name, ()):
        if not isinstance(record.get(member), str):
            return f"{member} of {name} is no text"
    if name == "custom_message":
        return _content_flaw(record.get("content"))
    return None


def _message_flaw(value: Any) -> str | None:
    message = as_object(value)
    if message is None:
        return "no message"
    role = as_text(message.get("role"))
    if role is None:
        return "a message without a role"
    member = _TEXT_OF_ROLE.get(role)
    if member is not None and not isinstance(message.get(member), str):
        return f"{member} of {role} is no text"
    return _content_flaw(message.get("content")) if role in _WITH_CONTENT else None


def _content_flaw(content: Any) -> str | None:
    if isinstance(content, str) or as_list(content) is not None:
        return None
    return "content is neither text nor a list"
