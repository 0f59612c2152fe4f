"""Changes of state.json, which has a session's title and archive flags, and of its older form metadata.json.

Source: kimi-cli 1.49 `session_state.py` and `web/api/sessions.py`. Whenever Kimi loads a session, each value of
metadata.json goes into state.json where that still has its default, and metadata.json is deleted.
"""

from collections.abc import Mapping
from typing import Any

import attrs

from forkpoint.agents.kimi.index_files import SessionState, merge_metadata, read_state
from forkpoint.agents.kimi.values import as_object
from forkpoint.agents.kimi.writing.small_files import SmallFile
from forkpoint.agents.writing import Editable, Replace
from forkpoint.model.failures import NotSupported

_OLD_NAMES = {"custom_title": "title"}
"""What a member of state.json is called in metadata.json, where the names differ."""
_TAKEN_OVER = (
    "custom_title",
    "title_generated",
    "title_generate_attempts",
    "archived",
    "archived_at",
    "auto_archive_exempt",
    "wire_mtime",
)
_UNTITLED = "Untitled"


def new_state(title: str | None = None) -> dict[str, Any]:
    """Give the members of a new state.json, all of them, as Kimi stores them; a title that is set is final."""
    return {
        "version": 1,
        "approval": {"yolo": False, "afk": False, "auto_approve_actions": []},
        "additional_dirs": [],
        "custom_title": title,
        "title_generated": title is not None,
        "title_generate_attempts": 0,
        "plan_mode": False,
        "plan_session_id": None,
        "plan_slug": None,
        "wire_mtime": None,
        "archived": False,
        "archived_at": None,
        "auto_archive_exempt": False,
        "todos": [],
    }


@attrs.frozen
class StateChange:
    """What has to be written for a session's fields to change."""

    state: Replace
    metadata: Replace | None
    """Set when metadata.json would override the new state at Kimi's next load, and must not."""
    previous: Mapping[Editable, Any]
    """Title, archive flag and exemption as they were; a title that gives way to the first turn counts as none."""


def change_state(
    state: SmallFile, metadata: SmallFile, changes: Mapping[Editable, Any], now: int
) -> StateChange | None:
    """Plan a change of title, archive flag and exemption at `now` (milliseconds); None when all is so already.

    Values that are only in metadata.json go into state.json, as Kimi would put them there; metadata.json stays as it is
    unless one of its values would come back over a new one. Raises NotSupported for a state.json that is not
    understood: Kimi reads defaults out of one with a member of a wrong type, so that a change would not show.
    """
    members = state.members("update")
    _, reason = read_state(state.raw)
    if reason is not None:
        raise NotSupported(capability="update", reason=f"{state.path} is not understood ({reason}) and stays as it is")
    old = _old_values(metadata)
    current = _merged(new_state() if members is None else members, old)
    wanted = {**_title(current, changes), **_archive(current, changes, now), **_exemption(changes)}
    wanted = {name: value for name, value in wanted.items() if current.get(name, _DEFAULTS[name]) != value}
    if not wanted:
        return None
    after = {**current, **wanted}
    returning = [name for name in _TAKEN_OVER if _comes_back(after, old, name)]
    gone = {_OLD_NAMES.get(name, name) for name in returning}
    kept = {name: value for name, value in old.items() if name not in gone}
    previous: dict[Editable, Any] = {
        "title": _final_title(current),
        "archived": bool(current.get("archived")),
        "agentFields": {name: bool(current.get(member)) for name, member in _AGENT_FIELDS.items()},
    }
    return StateChange(state.replaced(after), metadata.replaced(kept) if gone else None, previous)


_DEFAULTS = new_state()
_AGENT_FIELDS = {"autoArchiveExempt": "auto_archive_exempt"}
"""The agentFields that a person may change, and what they are called in state.json."""


def _title(current: Mapping[str, Any], changes: Mapping[Editable, Any]) -> dict[str, Any]:
    """A title is final for Kimi once a person or a model has made it: it makes no other then."""
    final = changes["title"] or None if "title" in changes else _final_title(current)
    if "generatedTitle" in changes and final is None:
        final = changes["generatedTitle"]
    elif "title" not in changes:
        return {}
    return {"custom_title": final, "title_generated": final is not None}


def _final_title(current: Mapping[str, Any]) -> str | None:
    return (current.get("custom_title") or None) if current.get("title_generated") else None


def _exemption(changes: Mapping[Editable, Any]) -> dict[str, Any]:
    given = as_object(changes.get("agentFields")) or {}
    return {_AGENT_FIELDS[name]: bool(value) for name, value in given.items()}


def _archive(current: Mapping[str, Any], changes: Mapping[Editable, Any], now: int) -> dict[str, Any]:
    """A person's archiving ends the exemption from archiving by age; taking it out again begins one."""
    if "archived" not in changes or bool(changes["archived"]) == current.get("archived", False):
        return {}
    archived = bool(changes["archived"])
    moment = now / 1000 if archived else None
    return {"archived": archived, "archived_at": moment, "auto_archive_exempt": not archived}


# --- metadata.json ----------------------------------------------------------------------------------------------


def _old_values(metadata: SmallFile) -> dict[str, Any]:
    """Give the members of metadata.json; none where Kimi could take none over."""
    if metadata.raw is None or merge_metadata(SessionState(), metadata.raw) is not None:
        return {}
    return metadata.members("update") or {}


def _merged(members: dict[str, Any], old: Mapping[str, Any]) -> dict[str, Any]:
    taken = {name: old[_OLD_NAMES.get(name, name)] for name in _TAKEN_OVER if _comes_back(members, old, name)}
    return {**members, **taken}


def _comes_back(members: Mapping[str, Any], old: Mapping[str, Any], name: str) -> bool:
    """Whether Kimi would take this value of metadata.json over into a state of these members."""
    value = old.get(_OLD_NAMES.get(name, name))
    if members.get(name, _DEFAULTS[name]) != _DEFAULTS[name] or value is None or value == _DEFAULTS[name]:
        return False
    return name != "custom_title" or (value != "" and value != _UNTITLED)
