"""The first object of a session file: which version and dialect it is, and what it says of the session.

Source: pi coding-agent `docs/session.md`; pi_agent_rust 0.8, which adds the settings of the tip and `leafId`, and
names a fork's source `branchedFrom`; pi's agent-core 1.x for version 4.
"""

import re
from collections.abc import Mapping
from typing import Any

import attrs

from forkpoint.agents.formats.pi_v3.values import (
    as_number,
    as_object,
    as_path,
    as_session_id,
    as_text,
    milliseconds,
    model_name,
)
from forkpoint.parsing import json_lines

HEADER_TYPE = "session"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_LINES_BEFORE = 1000
"""How many lines of rubbish before a header are passed over."""
_RUST_MEMBERS = ("provider", "modelId", "thinkingLevel", "leafId", "branchedFrom", "fallbackProvider")
_ROOT_WITHOUT_PARENT = re.compile(rb'\s*\{"type":"[a-z_]{1,40}","id":"[^"\\]{1,128}","timestamp":')
"""pi_agent_rust leaves the parent of a root out; pi writes null."""


@attrs.frozen(kw_only=True)
class Header:
    """What a header says; nothing of it changes when entries are appended."""

    id: str | None
    """The session's id; None when there is none that can be used."""
    version: int
    """1, 2 or 3; a larger number as it stands."""
    rust: bool = False
    """Whether it has members that only pi_agent_rust writes."""
    cwd: str | None = None
    """The folder the session works in; None when it is missing or not absolute."""
    created_at: int | None = None
    """Milliseconds since 1970 UTC."""
    parent_path: str | None = None
    """The file it was forked from."""
    leaf: str | None = None
    """The leaf it names: None for the last entry, empty for before the first."""
    model: str | None = None
    """The tip's model as `provider/model`, as v1 and pi_agent_rust keep it."""
    thinking_level: str | None = None
    first_model: str | None = None
    """The model before the first change (pi_agent_rust)."""
    first_thinking_level: str | None = None
    flaw: str | None = None
    """What is wrong with it, in a sentence fragment."""
    unread: str | None = None
    """The format's name when it is recognised and not read."""

    @property
    def linear(self) -> bool:
        """Whether the entries are a plain list, without ids."""
        return self.version < 2


@attrs.frozen(kw_only=True)
class Opening:
    """How a file begins."""

    header: Header | None
    """Its header; None when the first record is none."""
    linear: bool = False
    """Whether its entries are a plain list, without ids."""
    rust: bool = False
    """Whether pi_agent_rust wrote it, as far as its beginning shows."""


def without_mark(raw: bytes) -> bytes:
    """Give a line without a byte order mark before it."""
    return raw.removeprefix(BYTE_ORDER_MARK)


def is_header(record: Mapping[str, Any]) -> bool:
    """Tell whether a decoded object is a header, of version 4 too."""
    return record.get("type") == HEADER_TYPE or (record.get("kind") == "header" and "v" in record)


def read_header(record: Mapping[str, Any]) -> Header:
    """Read a header object; wrong members count as missing."""
    if record.get("type") != HEADER_TYPE:
        return _version_four(record)
    version = _version(record.get("version"))
    model = model_name(record.get("provider"), record.get("modelId"))
    level = as_text(record.get("thinkingLevel"))
    name, cwd = as_session_id(record.get("id")), as_path(record.get("cwd"))
    return Header(
        id=name,
        version=version,
        rust=version >= 2 and any(member in record for member in _RUST_MEMBERS),
        cwd=cwd,
        created_at=milliseconds(record.get("timestamp")),
        parent_path=as_path(record.get("parentSession")) or as_path(record.get("branchedFrom")),
        leaf=as_text(record.get("leafId")) if version >= 2 else None,
        model=model,
        thinking_level=level,
        first_model=model_name(record.get("fallbackProvider"), record.get("fallbackModelId")) or model,
        first_thinking_level=as_text(record.get("fallbackThinkingLevel")) or level,
        flaw=_flaw(record, name, cwd),
    )


def _version_four(record: Mapping[str, Any]) -> Header:
    return Header(
        id=as_session_id(record.get("id")),
        version=4,
        cwd=as_path(record.get("cwd")),
        created_at=milliseconds(record.get("createdAt")),
        parent_path=as_path(record.get("legacyParentSessionPath")),
        unread="pi agent-core session, version 4",
    )


def _version(value: Any) -> int:
    """The version as pi counts it: absent is 1, and what is no number is not below any version."""
    if value is None:
        return 1
    number = as_number(value)
    return 3 if number is None else max(1, int(number))


def _flaw(record: Mapping[str, Any], name: str | None, cwd: str | None) -> str | None:
    if name is None:
        return "the header has no id that can be used"
    if cwd is None and record.get("cwd"):
        return "the header's cwd is no absolute path"
    return None


def find_opening(head: bytes, *, complete: bool) -> Opening | None:
    """Find the header in a file's first bytes: the first line that is JSON decides.

    Blank lines, rubbish and a byte order mark before it are passed over. `complete` says that the file ends with
    `head`. None when more bytes are needed.
    """
    at = len(BYTE_ORDER_MARK) if head.startswith(BYTE_ORDER_MARK) else 0
    for _ in range(_LINES_BEFORE):
        end = head.find(b"\n", at)
        if end < 0:
            if not complete:
                return None
            end = len(head)
        value, kind, _ = json_lines.decode_lenient(head[at:end])
        if kind != "notJson":
            return _opening(value, head[end + 1 : end + 512])
        at = end + 1
        if at >= len(head) and complete:
            break
    return Opening(header=None)


def _opening(value: Any, after: bytes) -> Opening:
    record = as_object(value)
    if record is None or not is_header(record):
        return Opening(header=None, linear=record is not None and "id" not in record)
    header = read_header(record)
    rust = header.rust or (not header.linear and _ROOT_WITHOUT_PARENT.match(after) is not None)
    return Opening(header=header, linear=header.linear, rust=rust)
