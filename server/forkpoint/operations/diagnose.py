"""What is wrong with a session's files."""

import attrs

from forkpoint.model.problem import Problem
from forkpoint.operations.registry import operation
from forkpoint.operations.services import Services


@attrs.frozen(kw_only=True)
class DiagnoseSessionParams:
    """Which session."""

    session_id: str
    """The session's id."""


@attrs.frozen(kw_only=True)
class DiagnoseSessionResult:
    """Every problem found."""

    problems: list[Problem]
    """The problems, by file and then by place; at most 1,000 of each kind of check."""


@operation("sessions/diagnose")
async def diagnose_session(services: Services, params: DiagnoseSessionParams) -> DiagnoseSessionResult:
    """Read a session's files whole and name everything that is wrong, with line and byte offset.

    Nothing is changed. Lines count from 1, offsets in bytes from the start of the file.
    Errors: sessionNotFound, discontinued.
    """
    await services.call.progress("Reading the whole session")
    return DiagnoseSessionResult(problems=await services.sessions.diagnose(params.session_id))
