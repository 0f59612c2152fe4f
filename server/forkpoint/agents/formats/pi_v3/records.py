"""What a line is: its kind, its id and its parent, from its first bytes where they have the usual order.

Writers put `type,id,parentId,timestamp` first, but pi writes `custom` and `custom_message` with the id late; such
lines, and all that look different, are decoded. Source: pi coding-agent 0.87.1, pi_agent_rust 0.8.
"""

import re
from typing import Any

from forkpoint.agents.formats.pi_v3.values import as_object

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
USUAL = frozenset({USER, ASSISTANT, TOOL_RESULT})
"""The kinds most of a session is made of; there is a quick way for them."""

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
_BAD_CONTENT = "content is neither text nor a list"


def kind_and_flaw(record: dict[str, Any]) -> tuple[str, str | None]:
    """Give the kind of a decoded record, and what is wrong with it: None when nothing is.

    A record with a flaw is of no known kind, though it may be a message; a kind that is not known is not wrong.
    """
    name = record.get("type")
    if not isinstance(name, str):
        return UNKNOWN, "no type"
    own, parent = record.get("id"), record.get("parentId")
    wrong = None
    if own is not None and not isinstance(own, str):
        wrong = "id is no text"
    elif parent is not None and not isinstance(parent, str):
        wrong = "parentId is no text"
    if name == MESSAGE:
        return (OTHER_MESSAGE, wrong) if wrong else _message_kind(record.get("message"))
    wrong = wrong or _other_flaw(record, name)
    return (UNKNOWN, wrong) if wrong else (KINDS.get(name, UNKNOWN), None)


def _message_kind(value: Any) -> tuple[str, str | None]:
    message = as_object(value)
    if message is None:
        return OTHER_MESSAGE, "no message"
    role = message.get("role")
    if not isinstance(role, str):
        return OTHER_MESSAGE, "a message without a role"
    if role in _WITH_CONTENT:
        if not isinstance(message.get("content"), str | list):
            return OTHER_MESSAGE, _BAD_CONTENT
    elif role in _TEXT_OF_ROLE and not isinstance(message.get(_TEXT_OF_ROLE[role]), str):
        return OTHER_MESSAGE, f"{_TEXT_OF_ROLE[role]} of {role} is no text"
    return MESSAGE_KINDS.get(role, OTHER_MESSAGE), None


def _other_flaw(record: dict[str, Any], name: str) -> str | None:
    for member in _TEXT_MEMBERS.get(name, ()):
        if not isinstance(record.get(member), str):
            return f"{member} of {name} is no text"
    if name == "custom_message" and not isinstance(record.get("content"), str | list):
        return _BAD_CONTENT
    return None
