"""Why a session looks as it does."""

import attrs

from forkpoint.model.session_facts import SessionFacts
from forkpoint.operations.registry import operation
from forkpoint.operations.services import Services


@attrs.frozen(kw_only=True)
class DebugSessionParams:
    """Which session."""

    session_id: str
    """The session's id."""


@attrs.frozen(kw_only=True)
class DebugSessionResult:
    """What is known about it."""

    session: SessionFacts
    """Everything beside its contents."""


@operation("sessions/debug")
async def debug_session(services: Services, params: DebugSessionParams) -> DebugSessionResult:
    """Tell what is known about a session: files, branches, compactions, problems, locks, notes, lineage.

    Nothing that was said in it is told, nothing is changed and no lock is taken. Times are milliseconds since 1970 UTC,
    sizes bytes. While the workspace is not trusted it needs the scope admin.
    Errors: sessionNotFound, scopeMissing.
    """
    await services.call.progress("Reading the whole session")
    return DebugSessionResult(session=await services.session_changes.debug(params.session_id))
