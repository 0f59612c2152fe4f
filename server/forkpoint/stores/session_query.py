"""Which sessions a list shows, and in which order."""

import os
from collections.abc import Callable, Sequence
from typing import Literal

import attrs

from forkpoint.model.session import SessionRow
from forkpoint.parsing.page_cursor import Position
from forkpoint.stores.repositories import find_repository, worktree_folders
from forkpoint.stores.session_walk import Located, Walk
from forkpoint.stores.state.relocations import follow

Sort = Literal["updated", "created", "title"]


@attrs.frozen(kw_only=True)
class SessionQuery:
    """The filters of a list; all that are set must hold."""

    folders: Sequence[str] | None = None
    exclude_folders: Sequence[str] | None = None
    worktrees: bool = False
    agents: Sequence[str] | None = None
    profiles: Sequence[str] | None = None
    archived: bool | None = False
    """None for both."""
    text: str | None = None
    active_within_ms: int | None = None
    """Milliseconds before now; kept as asked, so that the pages of one question have one mark."""
    parent_session_id: str | None = None
    pinned: bool | None = None
    """None for both."""
    label: str | None = None
    """In exactly this case."""
    group: str | None = None
    """In exactly this case."""
    grouped: bool | None = None
    """None for both."""
    sort: Sort = "updated"

    @property
    def needs_rows(self) -> bool:
        """Whether more than the walk is needed to tell which sessions it shows."""
        return self.archived is not None or bool(self.text and self.text.strip())

    def shows(self, row: SessionRow) -> bool:
        """The filters that look at a row."""
        if self.archived is not None and row.archived != self.archived:
            return False
        needle = (self.text or "").strip().casefold()
        return not needle or needle in row.title.casefold() or needle in (row.work_dir or "").casefold()


def select(walk: Walk, query: SessionQuery, now: int) -> list[Located]:
    """Give the sessions that pass every filter that the walk alone decides; `now` is milliseconds since 1970 UTC."""
    possible = (_agent_test(query), _time_test(query, now), _parent_test(walk, query), _notes_test(walk, query))
    tests = [test for test in possible if test is not None]
    if query.folders is not None:
        tests.append(_folder_test(_where_now(walk, query.folders), worktrees=query.worktrees))
    if query.exclude_folders:
        excluded = _folder_test(_where_now(walk, query.exclude_folders), worktrees=query.worktrees)
        tests.append(lambda located: not excluded(located))
    return [located for located in walk.sessions.values() if all(test(located) for test in tests)]


_Test = Callable[[Located], bool]


def _agent_test(query: SessionQuery) -> _Test | None:
    if query.agents is None and query.profiles is None:
        return None
    agents = None if query.agents is None else frozenset(query.agents)
    profiles = None if query.profiles is None else frozenset(query.profiles)

    def test(located: Located) -> bool:
        if agents is not None and located.adapter.info.id not in agents:
            return False
        return profiles is None or located.home.profile in profiles

    return test


def _time_test(query: SessionQuery, now: int) -> _Test | None:
    if query.active_within_ms is None:
        return None
    since = now - query.active_within_ms
    return lambda located: located.candidate.updated_at >= since


def _parent_test(walk: Walk, query: SessionQuery) -> _Test | None:
    if query.parent_session_id is None:
        return None
    children = frozenset(walk.children.get(query.parent_session_id, ()))
    return lambda located: located.session_id in children


def _notes_test(walk: Walk, query: SessionQuery) -> _Test | None:
    """The filters that our own notes decide."""
    if query.pinned is None and query.label is None and query.group is None and query.grouped is None:
        return None

    def test(located: Located) -> bool:
        notes = walk.own.of(located.session_id)
        if query.pinned is not None and notes.pinned != query.pinned:
            return False
        if query.label is not None and notes.label != query.label:
            return False
        if query.grouped is not None and (notes.group is not None) != query.grouped:
            return False
        return query.group is None or notes.group == query.group

    return test


def _where_now(walk: Walk, folders: Sequence[str]) -> Sequence[str]:
    """Folders that are asked for, and where those among them are now that were moved."""
    moved = walk.own.relocations
    return [*folders, *(follow(moved, os.path.normpath(folder)) for folder in folders)] if moved else folders


def _folder_test(folders: Sequence[str], *, worktrees: bool) -> _Test:
    """A session is in a folder when its work dir is that folder or below it, links resolved on both sides."""
    roots = tuple(_with_worktrees(folders) if worktrees else map(os.path.realpath, folders))
    decided: dict[str, bool] = {}

    def test(located: Located) -> bool:
        work_dir = located.work_dir
        if work_dir is None or located.candidate.remote is not None:
            return False
        known = decided.get(work_dir)
        if known is None:
            known = decided[work_dir] = _is_below(os.path.realpath(work_dir), roots)
        return known

    return test


def _is_below(folder: str, roots: Sequence[str]) -> bool:
    return any(folder == root or folder.startswith(root.rstrip(os.sep) + os.sep) for root in roots)


def _with_worktrees(folders: Sequence[str]) -> list[str]:
    """The folders, and the same places in every other working tree of their repositories."""
    found: dict[str, None] = {}
    for folder in map(os.path.realpath, folders):
        found[folder] = None
        repository = find_repository(folder)
        if repository is None:
            continue
        below = repository.place_of(folder)
        for top in worktree_folders(repository):
            found[os.path.normpath(os.path.join(os.path.realpath(top), below))] = None
    return list(found)


def after_position(located: Sequence[Located], position: Position | None) -> Sequence[Located]:
    """Skip what stands at or before a position in the order of updates."""
    if position is None:
        return located
    key = (position.key, position.session_id)
    return [item for item in located if order_key(item) < key]


def order_key(located: Located) -> tuple[int, str]:
    """The place of a session in the order of updates; lists run from the greatest to the least."""
    return located.candidate.updated_at, located.session_id


def row_key(row: SessionRow, sort: Sort) -> int | str:
    """The sort key of a row: descending for times, ascending for titles."""
    if sort == "title":
        return row.title.casefold()
    if sort == "created":
        return row.created_at if row.created_at is not None else row.updated_at
    return row.updated_at


def sort_rows(rows: list[SessionRow], sort: Sort) -> list[SessionRow]:
    """Sort rows by a key that only rows have."""
    return sorted(rows, key=lambda row: (row_key(row, sort), row.session_id), reverse=sort != "title")


def rows_after(rows: list[SessionRow], position: Position | None, sort: Sort) -> list[SessionRow]:
    """Skip rows at or before a position, in the order of `sort`."""
    if position is None:
        return rows
    key = (position.key, position.session_id)
    if sort == "title":
        return [row for row in rows if (str(row_key(row, sort)), row.session_id) > key]
    return [row for row in rows if (int(row_key(row, sort)), row.session_id) < key]
