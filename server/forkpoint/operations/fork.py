"""Forks of sessions."""

from typing import Literal

import attrs

from forkpoint.agents.writing import Cut
from forkpoint.model.problem import Problem
from forkpoint.model.session import SessionRow
from forkpoint.operations.registry import InvalidParams, operation
from forkpoint.operations.services import Services
from forkpoint.operations.session_fields import Faults


@attrs.frozen(kw_only=True)
class ForkPoint:
    """Where a session is cut: after a turn, or at an entry."""

    turn: int | None = None
    """The last turn that comes along, whole, counted from 0 along the current path."""
    entry_id: str | None = None
    """The entry to cut at; not together with `turn`."""
    position: Literal["before", "after"] = "after"
    """Whether the entry itself comes along (after) or not (before)."""


@attrs.frozen(kw_only=True)
class ForkSessionParams:
    """Which session, and how much of it."""

    session_id: str
    """The session's id."""
    at: ForkPoint | None = None
    """Where it is cut; absent: everything comes along."""
    title: str | None = None
    """The fork's title, 1 to 200 characters; absent: the agent's own rule."""


@attrs.frozen(kw_only=True)
class ForkSessionResult:
    """The fork."""

    session: SessionRow
    """The new session's row."""
    prefill: str | None = None
    """What the user said in the entry before which it was cut: the prompt to begin with."""
    closed_tool_calls: int
    """How many tool calls were open at the cut and are recorded as interrupted."""
    problems: list[Problem]
    """What of the session could not come along, and whether somebody is still writing to it."""


@attrs.frozen(kw_only=True)
class PlanForkParams:
    """Which session, and how much of it."""

    session_id: str
    """The session's id."""
    at: ForkPoint | None = None
    """Where it would be cut; absent: everything comes along."""


@attrs.frozen(kw_only=True)
class PlanForkResult:
    """What a fork would be."""

    prefill: str | None = None
    """What the user said in the entry before which it would be cut."""
    closed_tool_calls: int
    """How many tool calls are open at that place."""
    size_bytes: int
    """The size of the new session's files, in bytes."""
    problems: list[Problem]
    """What of the session could not come along, and whether somebody is still writing to it."""


@operation("sessions/fork")
async def fork_session(services: Services, params: ForkSessionParams) -> ForkSessionResult:
    """Fork a session: a new one that begins with what was said in this one up to a turn or an entry.

    Kept lines stay as they are, byte for byte. History and model context are cut at the same place; where that cannot
    be found the answer is notSupported, with the reason. The fork is there whole, or not at all.
    Errors: sessionNotFound, entryNotFound, turnOutOfRange, notSupported, discontinued, sessionBusy,
    sessionChangedOnDisk, nameTaken, pathRefused for a link out of the agent's home, noSpace, unreadable, unwritable,
    timedOut.
    """
    faults = Faults()
    faults.text("title", params.title)
    faults.raise_any()
    await services.call.progress("Forking the session")
    cut = _cut(params.at)
    with services.changes.own_work():
        forked = await services.session_changes.fork(params.session_id, cut, params.title)
        services.changes.announce([forked.row.session_id], "created", "fork")
    return ForkSessionResult(
        session=forked.row,
        prefill=forked.prefill,
        closed_tool_calls=forked.closed_tool_calls,
        problems=forked.problems,
    )


@operation("sessions/forkPlan")
async def plan_fork(services: Services, params: PlanForkParams) -> PlanForkResult:
    """Say what a fork would be, without making it: whether it can be made there, and the prompt it would begin with.

    Errors: sessionNotFound, entryNotFound, turnOutOfRange, notSupported, discontinued, unreadable.
    """
    outlook = await services.session_changes.fork_outlook(params.session_id, _cut(params.at))
    return PlanForkResult(
        prefill=outlook.prefill,
        closed_tool_calls=outlook.closed_tool_calls,
        size_bytes=outlook.size_bytes,
        problems=outlook.problems,
    )


def _cut(at: ForkPoint | None) -> Cut:
    """Give the cut that is meant. Raises InvalidParams."""
    if at is None:
        return Cut()
    if (at.turn is None) == (at.entry_id is None):
        raise InvalidParams([("/at", "must have either `turn` or `entryId`")])
    if at.turn is not None:
        return Cut(turn=at.turn)
    return Cut(before=at.entry_id) if at.position == "before" else Cut(after=at.entry_id)
