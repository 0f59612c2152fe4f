"""New sessions."""

import attrs

from forkpoint.agents.adapter import Adapter
from forkpoint.model.problem import Problem
from forkpoint.model.session import SessionRow
from forkpoint.operations.registry import InvalidParams, operation
from forkpoint.operations.services import Services
from forkpoint.operations.session_fields import Faults, folder_fault
from forkpoint.stores.session_changes.new_sessions import Wish

DEFAULT_AGENT = "forkpoint"
"""The embedded store, which needs no agent."""


@attrs.frozen(kw_only=True)
class CreateSessionParams:
    """What the new session is."""

    work_dir: str
    """The folder it works in; an absolute path."""
    create_dir: bool = False
    """Make that folder when it is missing."""
    agent: str = DEFAULT_AGENT
    """The agent that keeps it, one with the capability `create`; `forkpoint` needs no agent at all."""
    profile: str | None = None
    """The agent's profile; absent: its first."""
    title: str | None = None
    """Its title, 1 to 200 characters."""
    label: str | None = None
    """A name that no other session has, 1 to 512 characters."""
    model: str | None = None
    """The model it begins with, as `provider/model`."""
    parent_session_id: str | None = None
    """The session it comes from."""


@attrs.frozen(kw_only=True)
class CreateSessionResult:
    """The new session."""

    session: SessionRow
    """Its row."""
    problems: list[Problem]
    """What could not be noted about it, or tidied."""


@operation("sessions/create")
async def create_session(services: Services, params: CreateSessionParams) -> CreateSessionResult:
    """Make a new session, empty but for what is given here.

    It is there whole, or not at all.
    Errors: fileNotFound when the folder is missing, sessionNotFound for an unknown parent, profileNotFound, labelInUse,
    notSupported, sessionBusy, sessionChangedOnDisk, nameTaken, pathRefused for a link out of the agent's home, noSpace,
    unreadable, unwritable, timedOut.
    """
    faults = Faults()
    faults.add("workDir", folder_fault(params.work_dir))
    faults.text("title", params.title)
    faults.text("label", params.label)
    faults.text("model", params.model)
    faults.raise_any()
    wish = Wish(
        adapter=_adapter(services, params.agent),
        work_dir=params.work_dir,
        make_dir=params.create_dir,
        profile=params.profile,
        title=params.title,
        label=params.label,
        model=params.model,
        parent_session_id=params.parent_session_id,
    )
    with services.changes.own_work():
        made = await services.session_changes.create(wish)
        services.changes.announce([made.row.session_id], "created", "create")
    return CreateSessionResult(session=made.row, problems=made.problems)


def _adapter(services: Services, agent: str) -> Adapter:
    for adapter in services.sessions.adapters:
        if adapter.info.id == agent:
            return adapter
    raise InvalidParams([("/agent", "must be the id of an agent, as agents/list gives it")])
