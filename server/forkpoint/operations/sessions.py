"""Sessions as lists and single rows."""

import os
from collections.abc import Sequence
from typing import Literal

import attrs

from forkpoint.model.problem import Problem
from forkpoint.model.session import SessionRow
from forkpoint.operations.registry import InvalidParams, operation
from forkpoint.operations.services import Services
from forkpoint.stores.session_query import SessionQuery
from forkpoint.stores.session_store import SessionPage

MAX_LIMIT = 500


@attrs.frozen(kw_only=True)
class ListSessionsParams:
    """Filters of a list; all that are given must hold."""

    folders: list[str] | None = None
    """Only sessions that work in one of these folders or below it, links resolved; absolute paths.

    Absent: all folders, whatever the workspace.
    """
    exclude_folders: list[str] | None = None
    """Not the sessions that work in one of these folders or below it, links resolved; absolute paths."""
    worktrees: bool = False
    """Whether the other git worktrees of `folders` and of `exclude_folders` count as these folders too."""
    agents: list[str] | None = None
    """Only sessions of these agents."""
    profiles: list[str] | None = None
    """Only sessions of these profiles of an agent."""
    archived: bool | Literal["all"] = False
    """True for archived sessions only, false for the others only, `all` for both."""
    text: str | None = None
    """Only sessions with this text in their title or folder, in any case. Blank counts as absent."""
    active_within_ms: int | None = None
    """Only sessions worked on within this many milliseconds before now."""
    parent_session_id: str | None = None
    """Only forks of this session."""
    pinned: bool | None = None
    """True for pinned sessions only, false for the others only."""
    label: str | None = None
    """Only the session with this label, in exactly this case."""
    group: str | None = None
    """Only sessions of this group, in exactly this case."""
    grouped: bool | None = None
    """True for the sessions only that are in any group, false for the others only."""
    sort: Literal["updated", "created", "title"] = "updated"
    """updated and created: newest first; title: in the order of the alphabet."""
    limit: int = 50
    """Rows of a page, 1 to 500."""
    cursor: str | None = None
    """`nextCursor` of the page before, with the same filters."""
    fresh: bool = False
    """Wait for a walk over the disk; every list is one until there is an index."""


@attrs.frozen(kw_only=True)
class ListSessionsResult:
    """One page of sessions."""

    items: list[SessionRow]
    """The rows; empty when they went out as partial results."""
    next_cursor: str | None = None
    """Gives the next page; absent on the last."""
    total: int | None = None
    """How many sessions pass the filters, when that is known without reading more."""
    complete: bool
    """Whether the list equals the disk as it was when asked."""
    revision: str
    """The position of the stream of changes before the list was made; sessions/subscribe takes it."""
    problems: list[Problem] = attrs.Factory(list[Problem])
    """What kept a whole folder from being listed; what is wrong with one session stands in its row."""


@attrs.frozen(kw_only=True)
class GetSessionParams:
    """Which session."""

    session_id: str
    """The session's id."""


@attrs.frozen(kw_only=True)
class GetSessionResult:
    """One session, read whole."""

    session: SessionRow
    """The row, never `partial`."""


@operation("sessions/list")
async def list_sessions(services: Services, params: ListSessionsParams) -> ListSessionsResult:
    """List sessions of all agents, one page at a time, filtered and sorted.

    Times are milliseconds since 1970 UTC. A broken session is a row with `problems`.
    Errors: cursorExpired.
    """
    page: SessionPage | None = None
    revision = services.changes.revision
    streams = services.call.streams
    sent = 0
    await services.call.progress("Listing sessions")
    async for portion in services.sessions.pages(_query_of(params), params.limit, params.cursor):
        if isinstance(portion, SessionPage):
            page = portion
        elif streams:
            sent += len(portion)
            await services.call.partial({"items": portion})
            await services.call.progress("Listing sessions", sent, params.limit)
    assert page is not None
    services.live.show(row.work_dir for row in page.rows)
    return ListSessionsResult(
        items=[] if streams else page.rows,
        next_cursor=page.next_cursor,
        total=page.total,
        complete=True,
        revision=revision,
        problems=page.problems,
    )


@operation("sessions/get")
async def get_session(services: Services, params: GetSessionParams) -> GetSessionResult:
    """Get one session's row, with everything that only a whole read tells.

    Errors: sessionNotFound.
    """
    return GetSessionResult(session=await services.sessions.get(params.session_id))


def _query_of(params: ListSessionsParams) -> SessionQuery:
    check_limit(params.limit, MAX_LIMIT)
    check_folders("folders", params.folders or ())
    check_folders("excludeFolders", params.exclude_folders or ())
    if params.active_within_ms is not None and params.active_within_ms < 0:
        raise InvalidParams([("/activeWithinMs", "must not be negative")])
    return SessionQuery(
        folders=params.folders,
        exclude_folders=params.exclude_folders,
        worktrees=params.worktrees,
        agents=params.agents,
        profiles=params.profiles,
        archived=None if params.archived == "all" else bool(params.archived),
        text=params.text,
        active_within_ms=params.active_within_ms,
        parent_session_id=params.parent_session_id,
        pinned=params.pinned,
        label=params.label,
        group=params.group,
        grouped=params.grouped,
        sort=params.sort,
    )


def check_limit(limit: int, most: int) -> None:
    """Refuse a limit out of range."""
    if not 1 <= limit <= most:
        raise InvalidParams([("/limit", f"must be from 1 to {most}")])


def check_folders(name: str, folders: Sequence[str]) -> None:
    """Refuse folders that are no absolute paths, or no paths at all; `name` is the param they came in."""
    wrong = [
        (f"/{name}/{number}", "must be an absolute path")
        for number, folder in enumerate(folders)
        if not os.path.isabs(folder) or not is_path(folder)
    ]
    if wrong:
        raise InvalidParams(wrong)


def is_path(text: str) -> bool:
    """Tell whether a text can name a file at all: no NUL, and no half of a surrogate pair that stands for no byte."""
    try:
        return b"\0" not in os.fsencode(text)
    except UnicodeEncodeError:
        return False
