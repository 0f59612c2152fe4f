"""What a session is called and how it is kept."""

from collections.abc import Collection, Mapping
from typing import Any

import attrs

from forkpoint.agents.adapter import AgentInfo
from forkpoint.model.failures import NotSupported
from forkpoint.model.left_out import LEFT_OUT
from forkpoint.model.session import SessionRow
from forkpoint.operations.registry import operation
from forkpoint.operations.services import Services
from forkpoint.operations.session_fields import LIMITS, Faults


@attrs.frozen(kw_only=True)
class UpdateSessionParams:
    """Which session, and the fields that change; a field that is left out stays as it is, null clears it."""

    session_id: str
    """The session's id."""
    title: str | None = LEFT_OUT
    """Its own title, 1 to 200 characters; null takes it away."""
    label: str | None = LEFT_OUT
    """A name that no other session has, 1 to 512 characters; null takes it away."""
    group: str | None = LEFT_OUT
    """The group that a person puts it in; null takes it out."""
    archived: bool | None = LEFT_OUT
    """Whether it is put away; null counts as false."""
    pinned: bool | None = LEFT_OUT
    """Whether it is pinned; null counts as false."""
    model: str | None = LEFT_OUT
    """The model for what comes next, as `provider/model`; null leaves it to the agent, where that can be said."""
    thinking_level: str | None = LEFT_OUT
    """The thinking level for what comes next; null leaves it to the agent."""
    agent_fields: dict[str, Any] | None = None
    """Fields of this agent alone: those that agents/list calls writable; null puts one back to the agent's default."""
    if_revision: str | None = None
    """The `revision` the session must still have."""


@attrs.frozen(kw_only=True)
class ResolvedSettings:
    """What was asked for, as it is kept: the agent may know it by another name, and null may have become a default."""

    model: str | None = None
    """The model, as `provider/model`; absent when none was asked for, or what it became is not known."""
    thinking_level: str | None = None
    """The thinking level; absent likewise."""


@attrs.frozen(kw_only=True)
class UpdateSessionResult:
    """The session as it is now."""

    session: SessionRow
    """Its row."""
    previous: dict[str, Any]
    """The fields that changed, with their values before: given back to sessions/update they undo it."""
    resolved: ResolvedSettings | None = None
    """What a model or thinking level that was asked for stands for; absent when none was."""


@operation("sessions/update")
async def update_session(services: Services, params: UpdateSessionParams) -> UpdateSessionResult:
    """Change what a session is called and how it is kept: title, label, group, pin, archive flag, model.

    All of it is changed or none. What the session's own files have a field for goes there, all else into our notes.
    When a title is taken away a generated one shows again, if there is one; taken away once more, that goes too.
    Errors: sessionNotFound, revisionMismatch, labelInUse, notSupported, discontinued, sessionBusy,
    sessionChangedOnDisk, pathRefused for a link out of the agent's home, noSpace, unreadable, unwritable, timedOut.
    """
    changes = _changes(params)
    faults = Faults()
    for name in LIMITS:
        faults.text(name, changes.get(name))
    faults.raise_any()
    if params.agent_fields:
        located, _ = await services.sessions.locate(params.session_id)
        _require_writable(located.adapter.info, params.agent_fields)
    with services.changes.own_work():
        edited = await services.session_changes.edit(params.session_id, changes, params.if_revision)
        if edited.changed:
            services.changes.announce([params.session_id], "changed", "update")
    return UpdateSessionResult(
        session=edited.row, previous=edited.previous, resolved=_resolved(edited.row, changes.keys())
    )


def _require_writable(info: AgentInfo, fields: Mapping[str, Any]) -> None:
    """Refuse fields that the agent has not, keeps itself, or that are given another type. Raises a Failure or
    InvalidParams.
    """
    faults = Faults()
    for name, value in fields.items():
        place = "agentFields/" + name.replace("~", "~0").replace("/", "~1")
        if name not in info.fields:
            faults.add(place, f"is no field of {info.title}")
        elif name in info.writable_fields and not (value is None or isinstance(value, bool)):
            faults.add(place, "must be true or false")
    faults.raise_any()
    for name in fields:
        if name not in info.writable_fields:
            reason = f"{info.title} alone changes it"
            raise NotSupported(capability=f"agentFields.{name}", reason=reason)


def _resolved(row: SessionRow, asked: Collection[str]) -> ResolvedSettings | None:
    if "model" not in asked and "thinkingLevel" not in asked:
        return None
    return ResolvedSettings(
        model=row.model if "model" in asked else None,
        thinking_level=row.thinking_level if "thinkingLevel" in asked else None,
    )


def _changes(params: UpdateSessionParams) -> Mapping[str, Any]:
    """The fields that were given, by their names on the wire."""
    given = {
        "title": params.title,
        "label": params.label,
        "group": params.group,
        "archived": params.archived,
        "pinned": params.pinned,
        "model": params.model,
        "thinkingLevel": params.thinking_level,
        "agentFields": params.agent_fields or LEFT_OUT,
    }
    return {name: value for name, value in given.items() if value is not LEFT_OUT}
