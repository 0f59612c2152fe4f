"""What was said and done in a session."""

from typing import Literal

import attrs

from forkpoint.model.entry import Entry
from forkpoint.model.failures import TooLarge
from forkpoint.model.problem import Problem
from forkpoint.operations.registry import InvalidParams, operation
from forkpoint.operations.services import Services
from forkpoint.operations.sessions import MAX_LIMIT, check_limit
from forkpoint.stores.history_reader import REPLAY_CHUNK, Turn

MAX_TURNS = 5000
UNSTREAMED_PORTIONS = 8
"""How many portions of a replay one reply may hold; more go only to a client that takes them as they come."""

Include = Literal["raw"]


@attrs.frozen(kw_only=True)
class ReadHistoryParams:
    """Which entries of which session."""

    session_id: str
    """The session's id."""
    before: str | None = None
    """Only entries that come before this one; not together with `after`."""
    after: str | None = None
    """Only entries that come after this one; not together with `before`."""
    limit: int = 50
    """Entries of a page, 1 to 500."""
    order: Literal["newest", "oldest"] = "newest"
    """From which end a page without `before` and `after` comes."""
    include: list[Include] | None = None
    """`raw` adds the stored lines to each entry."""


@attrs.frozen(kw_only=True)
class ReadHistoryResult:
    """One page of entries."""

    entries: list[Entry]
    """The entries, oldest first."""
    has_more_before: bool
    """Whether there are entries before the first."""
    has_more_after: bool
    """Whether there are entries after the last."""
    problems: list[Problem]
    """What is wrong with the lines this page covers, and with files that could not be opened."""


@attrs.frozen(kw_only=True)
class ListTurnsParams:
    """Which turns of which session."""

    session_id: str
    """The session's id."""
    after: int | None = None
    """Only turns with a greater number."""
    limit: int = 500
    """The most turns, 1 to 5,000."""


@attrs.frozen(kw_only=True)
class ListTurnsResult:
    """Turns along the current path."""

    turns: list[Turn]
    """The turns, oldest first; empty when they went out as partial results."""
    total: int
    """How many turns there are in all."""


@attrs.frozen(kw_only=True)
class ReplayHistoryParams:
    """Which session."""

    session_id: str
    """The session's id."""
    include: list[Include] | None = None
    """`raw` adds the stored lines to each entry."""


@attrs.frozen(kw_only=True)
class ReplayHistoryResult:
    """All entries, or how many went out before."""

    entries: list[Entry]
    """The entries, oldest first; empty when they went out as partial results or history/chunk."""
    entry_count: int
    """How many entries there are."""


@attrs.frozen(kw_only=True)
class HistoryChunk:
    """The next entries of a history/replay. Not sent for a request that carried a `partialResultToken`."""

    request_id: int | str
    """The id of the request."""
    entries: list[Entry]
    """The entries that follow on those sent before, oldest first."""


@operation("history/read")
async def read_history(services: Services, params: ReadHistoryParams) -> ReadHistoryResult:
    """Read one page of a session's entries along its current path, oldest first inside the page.

    Times are milliseconds since 1970 UTC.
    Errors: sessionNotFound, entryNotFound, discontinued.
    """
    check_limit(params.limit, MAX_LIMIT)
    if params.before is not None and params.after is not None:
        raise InvalidParams([("/after", "cannot stand together with `before`")])
    page = await services.sessions.page(
        params.session_id,
        before=params.before,
        after=params.after,
        limit=params.limit,
        oldest=params.order == "oldest",
        raw="raw" in (params.include or ()),
    )
    return ReadHistoryResult(
        entries=page.entries,
        has_more_before=page.has_more_before,
        has_more_after=page.has_more_after,
        problems=page.problems,
    )


@operation("history/turns")
async def list_turns(services: Services, params: ListTurnsParams) -> ListTurnsResult:
    """List the turns of a session along its current path: what was asked, when, and how many tools were called.

    Errors: sessionNotFound, discontinued.
    """
    check_limit(params.limit, MAX_TURNS)
    after = -1 if params.after is None else params.after
    if after < -1:
        raise InvalidParams([("/after", "must not be negative")])
    turns, total = await services.sessions.turns(params.session_id, after, params.limit)
    return ListTurnsResult(turns=turns, total=total)


@operation("history/replay")
async def replay_history(services: Services, params: ReplayHistoryParams) -> ReplayHistoryResult:
    """Replay all entries of a session along its current path, in order, as they are on disk when asked.

    They go out in portions: as partial results to a client that sent a token, as `history/chunk` to one that named
    that notification, else in the one reply.
    Errors: sessionNotFound, discontinued; tooLarge when all of it would have to fit into one reply and does not.
    """
    call = services.call
    kept: list[Entry] = []
    count = portions = 0
    async for portion in services.sessions.replay(params.session_id, raw="raw" in (params.include or ())):
        count += len(portion)
        portions += 1
        if call.streams:
            await call.partial({"entries": portion})
        elif portions > UNSTREAMED_PORTIONS:
            limit = UNSTREAMED_PORTIONS * REPLAY_CHUNK
            raise TooLarge(what="the history in one reply", size=portions * REPLAY_CHUNK, limit=limit)
        else:
            kept += portion
        await call.progress("Replaying history", count)
    return ReplayHistoryResult(entries=kept, entry_count=count)
