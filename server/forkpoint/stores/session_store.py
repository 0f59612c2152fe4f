"""Sessions as clients ask for them: listed, found by id, read and checked."""

import os
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import TypeVar

import attrs

from forkpoint.agents.adapter import Adapter, Home
from forkpoint.model.entry import Entry
from forkpoint.model.failures import CursorExpired, EntryNotFound, RemoteFolder
from forkpoint.model.problem import Problem
from forkpoint.model.session import SessionRow
from forkpoint.model.settings import Settings
from forkpoint.parsing.page_cursor import Position, question_mark, read_cursor, write_cursor
from forkpoint.stores.history_reader import HistoryPage, HistoryReader, Turn, history_of, tail_page
from forkpoint.stores.kept_transcripts import KeptTranscripts
from forkpoint.stores.replay import Replay
from forkpoint.stores.session_finder import SessionFinder
from forkpoint.stores.session_query import (
    SessionQuery,
    after_position,
    order_key,
    row_key,
    rows_after,
    select,
    sort_rows,
)
from forkpoint.stores.session_rows import RowMaker
from forkpoint.stores.session_walk import Located, Walk
from forkpoint.stores.state.own_state import OwnState
from forkpoint.stores.transcript import WHOLE_READ_LIMIT, OpenParts, Transcript
from forkpoint.stores.work_dirs import WorkDir, WorkspaceFolder, count_work_dirs, locate_workspace_folder
from forkpoint.stores.workers import CancelFlag, Workers

T = TypeVar("T")

ROWS_AT_ONCE = 25
"""Rows made in one step of a worker; a portion of a streamed list."""


@attrs.frozen(kw_only=True)
class SessionPage:
    """One page of a list."""

    rows: list[SessionRow]
    next_cursor: str | None
    total: int | None
    problems: list[Problem]


class SessionStore:
    """All sessions of all agents on this machine."""

    def __init__(
        self,
        workers: Workers,
        adapters: Sequence[Adapter],
        settings: Callable[[], Settings],
        known_folders: Callable[[], Sequence[str]],
        state: OwnState,
        variables: Mapping[str, str] = os.environ,
    ) -> None:
        self._workers = workers
        self._state = state
        self.adapters = adapters
        self.finder = SessionFinder(adapters, settings, known_folders, state, variables)
        self.transcripts = KeptTranscripts()
        self.rows = RowMaker(self.transcripts)

    # -- finding ------------------------------------------------------------------------------------------------

    async def homes(self) -> list[tuple[Adapter, Home]]:
        """Every agent's existing homes."""
        return await self._workers.quick(lambda _: self.finder.homes())

    async def walk(self) -> Walk:
        """Walk over all homes now, and read our own notes beside."""
        return await self._workers.heavy(self.finder.walk)

    async def locate(self, session_id: str, *, fresh: bool = False) -> tuple[Located, Walk]:
        """Find a session by its id; a new walk is made before it counts as missing, as agents move their files."""
        known = None if fresh else await self._workers.quick(lambda _: self.finder.known(session_id))
        if known is not None:
            return known
        return await self._workers.heavy(lambda flag: self.finder.locate(session_id, flag, fresh=True))

    async def work_dir_of(self, session_id: str) -> str | None:
        """The folder a session works in, None when unknown. Raises SessionNotFound, RemoteFolder."""
        located, _ = await self.locate(session_id)
        candidate = located.candidate
        if candidate.remote is not None:
            raise RemoteFolder(folder=f"{candidate.remote}:{candidate.work_dir}")
        return located.work_dir

    async def work_dirs(self, workspace: Sequence[str]) -> list[WorkDir]:
        """The folders that sessions work in, over a new walk."""
        walk = await self.walk()
        return await self._workers.heavy(lambda _: count_work_dirs(walk.sessions.values(), workspace))

    async def workspace_folders(self, workspace: Sequence[str]) -> list[WorkspaceFolder]:
        """Where the editor's folders lie; no walk is made."""
        return await self._workers.quick(lambda _: [locate_workspace_folder(folder) for folder in workspace])

    # -- rows ---------------------------------------------------------------------------------------------------

    async def get(self, session_id: str) -> SessionRow:
        """One session, read whole whatever its size."""
        located, walk = await self.locate(session_id, fresh=True)
        return await self._workers.heavy(lambda flag: self.detailed(located, walk, flag))

    def detailed(self, located: Located, walk: Walk, flag: CancelFlag) -> SessionRow:
        """Make a row with what only one session alone is asked for, in a worker."""
        row = self.rows.row(located, walk, flag, whole=True)
        row.extensions = self._state.plugin_values.read(located.session_id) or None
        return row

    async def pages(
        self, query: SessionQuery, limit: int, cursor: str | None = None
    ) -> AsyncIterator[list[SessionRow] | SessionPage]:
        """Walk, then give portions of rows as they are made, and last the page they belong to."""
        mark = question_mark(attrs.asdict(query))
        position = None
        if cursor is not None:
            position = read_cursor(cursor, mark)
            if position is None or isinstance(position.key, str) != (query.sort == "title"):
                raise CursorExpired(cursor=cursor)
        walk = await self.walk()
        now = int(time.time() * 1000)
        selected = await self._workers.heavy(lambda _: sorted(select(walk, query, now), key=order_key, reverse=True))
        if query.sort == "updated":
            rest = after_position(selected, position)
            source = self._in_order(walk, query, rest)
        else:
            source = self._sorted(walk, query, selected, position)
        rows: list[SessionRow] = []
        async for portion in source:
            wanted = portion[: limit + 1 - len(rows)]
            rows += wanted
            shown = wanted if len(rows) <= limit else wanted[:-1]
            if shown:
                yield shown
            if len(rows) > limit:
                break
        more = len(rows) > limit
        rows = rows[:limit]
        last = Position(row_key(rows[-1], query.sort), rows[-1].session_id) if rows and more else None
        yield SessionPage(
            rows=rows,
            next_cursor=None if last is None else write_cursor(last, mark),
            total=None if query.needs_rows else len(selected),
            problems=walk.problems,
        )

    async def _in_order(
        self, walk: Walk, query: SessionQuery, located: Sequence[Located]
    ) -> AsyncIterator[list[SessionRow]]:
        """Make rows in the order of updates, only as many as are taken."""
        done = 0
        while done < len(located):
            batch = located[done : done + ROWS_AT_ONCE]
            done += len(batch)
            yield await self._workers.heavy(lambda flag, batch=batch: self._shown(walk, query, batch, flag))

    async def _sorted(
        self, walk: Walk, query: SessionQuery, located: Sequence[Located], position: Position | None
    ) -> AsyncIterator[list[SessionRow]]:
        """Make all rows, for an order that only rows know."""
        rows: list[SessionRow] = []
        async for portion in self._in_order(walk, query, located):
            rows += portion
        yield rows_after(sort_rows(rows, query.sort), position, query.sort)

    def _shown(self, walk: Walk, query: SessionQuery, batch: Sequence[Located], flag: CancelFlag) -> list[SessionRow]:
        rows: list[SessionRow] = []
        for located in batch:
            flag.check()
            row = self.rows.row(located, walk, flag)
            if query.shows(row):
                rows.append(row)
        return rows

    async def diagnose(self, session_id: str) -> list[Problem]:
        """Everything that is wrong with a session's files, in file order."""
        located, _ = await self.locate(session_id)

        def work(flag: CancelFlag) -> list[Problem]:
            transcript = self.transcript(located, flag)
            with transcript.opened() as opened:
                index = transcript.index(opened, flag, thorough=True)
                found = [*transcript.arrangement.problems, *opened.problems, *index.problems, *index.tree_problems()]
            return sorted(found, key=lambda problem: (problem.path, problem.byte_offset or 0))

        return await self._workers.heavy(work)

    # -- history ------------------------------------------------------------------------------------------------

    async def page(
        self, session_id: str, *, before: str | None, after: str | None, limit: int, oldest: bool, raw: bool
    ) -> HistoryPage:
        """One page of entries along the current path."""
        located, _ = await self.locate(session_id)
        at_end = before is None and after is None and not oldest

        def work(flag: CancelFlag) -> HistoryPage:
            transcript = self.transcript(located, flag)
            with transcript.opened() as opened:
                if at_end and opened.size > WHOLE_READ_LIMIT and not transcript.has_index(opened):
                    page = tail_page(transcript.reader, opened, limit, flag, raw=raw)
                    if page is not None:
                        return _with_problems(page, transcript, opened)
                reader = history_of(transcript, opened, flag, raw=raw)
                if before is not None:
                    page = reader.page_before(_position(reader, session_id, before), limit, flag)
                elif after is not None or oldest:
                    start = None if after is None else _position(reader, session_id, after)
                    page = reader.page_after(start, limit, flag)
                else:
                    page = reader.page_before(None, limit, flag)
                return _with_problems(page, transcript, opened)

        return await self._workers.heavy(work)

    async def turns(self, session_id: str, after: int, limit: int) -> tuple[list[Turn], int]:
        """At most `limit` turns that come after turn number `after`, and how many there are in all."""

        def work(reader: HistoryReader, flag: CancelFlag) -> tuple[list[Turn], int]:
            return reader.turns(after, limit, flag), reader.turn_count

        return await self.with_history(session_id, work)

    async def with_history(self, session_id: str, work: Callable[[HistoryReader, CancelFlag], T]) -> T:
        """Run work in a worker on a session's current path, as it is on disk now."""
        located, _ = await self.locate(session_id)

        def run(flag: CancelFlag) -> T:
            transcript = self.transcript(located, flag)
            with transcript.opened() as opened:
                return work(history_of(transcript, opened, flag, raw=False), flag)

        return await self._workers.heavy(run)

    async def replay(self, session_id: str, *, raw: bool) -> AsyncIterator[list[Entry]]:
        """All entries on disk when asked, in order, in portions."""
        located, _ = await self.locate(session_id)
        replay = Replay(lambda flag: self.transcript(located, flag), raw=raw)
        try:
            while (portion := await self._workers.heavy(replay.next)) is not None:
                yield portion
        finally:
            replay.close()

    def transcript(self, located: Located, flag: CancelFlag) -> Transcript:
        """Give the transcript of a session as it is laid out now, in a worker."""
        return self.transcripts.of(located, self.rows.arrange(located, flag))


def _position(reader: HistoryReader, session_id: str, entry_id: str) -> int:
    position = reader.position_of(entry_id)
    if position is None:
        raise EntryNotFound(session_id=session_id, entry_id=entry_id)
    return position


def _with_problems(page: HistoryPage, transcript: Transcript, opened: OpenParts) -> HistoryPage:
    found = [*transcript.arrangement.problems, *opened.problems]
    return attrs.evolve(page, problems=[*found, *page.problems]) if found else page
