"""What state.json, and its older form metadata.json, say of a session.

Source: kimi-cli 1.49 `session_state.py`: anything wrong in state.json puts every field at its default; each value of
metadata.json counts only where the state still has its default.
"""

from collections.abc import Callable, Mapping
from typing import Any

import attrs

from forkpoint.agents.kimi.values import as_list, as_object, as_text, milliseconds
from forkpoint.parsing import json_lines

_UNTITLED = "Untitled"
_TODO_STATES = frozenset({"pending", "in_progress", "done"})


@attrs.define(kw_only=True)
class SessionState:
    """The fields we read, each at the agent's default; unknown ones stay in the file and are not ours."""

    custom_title: str | None = None
    title_generated: bool = False
    """The title is final: set by a person, by the model, by a fork. False: taken from the first turn."""
    archived: bool = False
    archived_at: float | None = None
    """Seconds since 1970."""
    auto_archive_exempt: bool = False
    plan_mode: bool = False
    additional_dirs: list[str] = attrs.Factory(list[str])
    todos: list[dict[str, str]] = attrs.Factory(list[dict[str, str]])

    @property
    def title(self) -> str | None:
        """The stored title, None when there is none but blanks."""
        return self.custom_title if self.custom_title and self.custom_title.strip() else None

    @property
    def archived_ms(self) -> int | None:
        """When it was archived, in milliseconds; None while it is not."""
        return milliseconds(self.archived_at) if self.archived else None

    def fields(self) -> dict[str, Any]:
        """Give the agentFields that differ from their default."""
        fields: dict[str, Any] = {
            "planMode": self.plan_mode,
            "additionalDirs": self.additional_dirs,
            "autoArchiveExempt": self.auto_archive_exempt,
            "todos": self.todos,
        }
        return {name: value for name, value in fields.items() if value}


def read_state(raw: bytes | None) -> tuple[SessionState, str | None]:
    """Give the state of state.json, and what is wrong with it; the defaults when anything is."""
    fields, reason = _read(raw, _STATE_TYPES)
    if reason is None:
        approval = fields.pop("approval", {})
        reason = _mistyped(approval, _APPROVAL_TYPES, "approval.")
    if reason is not None:
        return SessionState(), reason
    names = {field.name for field in attrs.fields(SessionState)}
    return SessionState(**{name: value for name, value in fields.items() if name in names}), None


def merge_metadata(state: SessionState, raw: bytes | None) -> str | None:
    """Take over what metadata.json says beyond the state's defaults; give what is wrong with it."""
    old, reason = _read(raw, _METADATA_TYPES)
    if reason is not None:
        return reason
    if old.get("title") != _UNTITLED:
        state.custom_title = state.custom_title or old.get("title")
    state.title_generated = state.title_generated or old.get("title_generated", False)
    state.archived = state.archived or old.get("archived", False)
    state.archived_at = old.get("archived_at") if state.archived_at is None else state.archived_at
    state.auto_archive_exempt = state.auto_archive_exempt or old.get("auto_archive_exempt", False)
    return None


# --- types ------------------------------------------------------------------------------------------------------

_Check = Callable[[Any], bool]


def _read(raw: bytes | None, types: Mapping[str, _Check]) -> tuple[dict[str, Any], str | None]:
    if raw is None:
        return {}, None
    value, reason = json_lines.decode(raw)
    if reason is not None:
        return {}, reason
    fields = as_object(value)
    if fields is None:
        return {}, "not an object"
    return fields, _mistyped(fields, types, "")


def _mistyped(fields: Mapping[str, Any], types: Mapping[str, _Check], prefix: str) -> str | None:
    wrong = next((name for name, fits in types.items() if name in fields and not fits(fields[name])), None)
    return None if wrong is None else f"{prefix}{wrong} has a value of the wrong type"


def _is_bool(value: Any) -> bool:
    return isinstance(value, bool)


def _is_int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_object(value: Any) -> bool:
    return isinstance(value, dict)


def _is_number_or_none(value: Any) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))


def _is_text_or_none(value: Any) -> bool:
    return value is None or isinstance(value, str)


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in as_list(value) or ())


def _is_todos(value: Any) -> bool:
    return isinstance(value, list) and all(_is_todo(item) for item in as_list(value) or ())


def _is_todo(value: Any) -> bool:
    todo = as_object(value) or {}
    return as_text(todo.get("title")) is not None and as_text(todo.get("status")) in _TODO_STATES


_APPROVAL_TYPES: Mapping[str, _Check] = {"yolo": _is_bool, "afk": _is_bool, "auto_approve_actions": _is_texts}

_STATE_TYPES: Mapping[str, _Check] = {
    "version": _is_int,
    "approval": _is_object,
    "additional_dirs": _is_texts,
    "custom_title": _is_text_or_none,
    "title_generated": _is_bool,
    "title_generate_attempts": _is_int,
    "plan_mode": _is_bool,
    "plan_session_id": _is_text_or_none,
    "plan_slug": _is_text_or_none,
    "wire_mtime": _is_number_or_none,
    "archived": _is_bool,
    "archived_at": _is_number_or_none,
    "auto_archive_exempt": _is_bool,
    "todos": _is_todos,
}

_METADATA_TYPES: Mapping[str, _Check] = {
    "session_id": _is_text,
    "title": _is_text_or_none,
    "title_generated": _is_bool,
    "title_generate_attempts": _is_int,
    "wire_mtime": _is_number_or_none,
    "archived": _is_bool,
    "archived_at": _is_number_or_none,
    "auto_archive_exempt": _is_bool,
}
