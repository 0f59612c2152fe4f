"""Entries added after a leaf, each the child of the one before.

Source: pi coding-agent 0.87.1 session manager (`append…`) and agent loop (results of calls that were stopped).
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from forkpoint.agents.formats.pi_v3.values import is_plain
from forkpoint.agents.formats.pi_v3.writing.encode import custom_line, entry_line, iso_time
from forkpoint.agents.formats.pi_v3.writing.ids import EntryIds
from forkpoint.model.failures import NotSupported

_LINE_BREAKS = re.compile(r"[\r\n]+")
DEFAULT_LEVEL = "off"
"""The thinking level of a session that names none."""


class ToolCall(NamedTuple):
    """A tool call of an assistant message."""

    id: str
    name: str


class Appended:
    """Collects the lines of entries after a leaf."""

    def __init__(self, ids: EntryIds, now: int, leaf: str | None) -> None:
        """Begin after `leaf` (None: with a root), at `now` in milliseconds since 1970 UTC."""
        self._ids = ids
        self._now = now
        self._leaf = leaf
        self._lines: list[bytes] = []

    @property
    def lines(self) -> bytes:
        """All lines so far, each with its line break."""
        return b"".join(self._lines)

    def settings(self, *, title: str | None, model: str | None, level: str | None) -> None:
        """Add what a new session was given; None leaves it out. Raises NotSupported."""
        if model is not None:
            self.model(model)
        if level is not None:
            self.level(level)
        if title is not None and written_title(title):
            self.title(title)

    def title(self, title: str | None) -> None:
        """Name the session; None takes the name away.

        An empty name is written for that, as pi does. pi_agent_rust then shows an empty name: it takes the last name
        that is present, so that leaving the member out would bring an older one back. Raises NotSupported.
        """
        self._add("session_info", {"name": written_title(title)})

    def model(self, model: str) -> None:
        """Change the model, given as `provider/model`. Raises NotSupported."""
        provider, _, name = _text("model", model).partition("/")
        if not provider.strip() or not name.strip():
            raise NotSupported(capability="model", reason="pi names a model by its provider too: `provider/model`")
        self._add("model_change", {"provider": provider, "modelId": name})

    def level(self, level: str) -> None:
        """Change the thinking level. Raises NotSupported."""
        if not _text("thinkingLevel", level).strip():
            raise NotSupported(capability="thinkingLevel", reason="a thinking level is not blank")
        self._add("thinking_level_change", {"thinkingLevel": level})

    def label(self, target: str, label: str | None, at: str | None = None) -> None:
        """Label an entry; None takes its label away. `at` is the time of the label that is repeated."""
        self._add("label", {"targetId": target} | ({} if label is None else {"label": label}), at)

    def interrupted(self, call: ToolCall, reason: str) -> None:
        """Close a tool call with a result that says why there is none; pi writes one when a run is stopped."""
        content = [{"type": "text", "text": reason}]
        result: dict[str, Any] = {"role": "toolResult", "toolCallId": call.id, "toolName": call.name}
        result |= {"content": content, "details": {}, "isError": True, "timestamp": self._now}
        self._add("message", {"message": result})

    def custom(self, custom_type: str, data: Any = None) -> None:
        """Add an entry that is no part of the model's context."""
        own = self._ids.next()
        self._lines.append(custom_line(custom_type, data, own, self._leaf, iso_time(self._now)))
        self._leaf = own

    def _add(self, kind: str, members: Mapping[str, Any], at: str | None = None) -> None:
        own = self._ids.next()
        self._lines.append(entry_line(kind, own, self._leaf, at or iso_time(self._now), members))
        self._leaf = own


def written_title(title: str | None) -> str:
    """Give a title as pi writes it: on one line, without blanks around it. Raises NotSupported."""
    return _LINE_BREAKS.sub(" ", _text("title", title or "")).strip()


def _text(capability: str, value: str) -> str:
    if not is_plain(value):
        raise NotSupported(capability=capability, reason="it holds characters that no text may have")
    return value
