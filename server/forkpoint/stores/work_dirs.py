"""The folders that sessions work in, counted over one walk."""

import os
import tempfile
from collections.abc import Iterable, Sequence

import attrs

from forkpoint.stores.repositories import common_dir_of, find_repository
from forkpoint.stores.session_walk import Located, printable


@attrs.frozen(kw_only=True)
class WorkDir:
    """One folder that sessions work in."""

    path: str
    """The absolute path, as the newest session names it."""
    exists: bool
    """Whether it is a folder on this machine now."""
    session_count: int
    """How many sessions work in exactly this folder, archived ones included."""
    updated_at: int
    """When the newest of them was worked on, in milliseconds since 1970 UTC."""
    workspace_folder: str | None = None
    """The editor's workspace folder it is or lies below; absent when it is in none."""
    repository: str | None = None
    """Its common git directory, equal for all worktrees of a repository; absent outside one."""
    remote: str | None = None
    """The machine it is on, when that is another one."""


@attrs.frozen(kw_only=True)
class WorkspaceFolder:
    """One of the editor's workspace folders."""

    path: str
    """The absolute path, as the editor names it."""
    exists: bool
    """Whether it is a folder on this machine now."""
    repository: str | None = None
    """Its common git directory, equal for all worktrees of a repository; absent outside one."""
    repository_path: str | None = None
    """Where it lies in its working tree, `.` for the top level; absent outside a repository."""


@attrs.define
class _Count:
    path: str
    remote: str | None
    updated_at: int
    sessions: int = 0


def count_work_dirs(sessions: Iterable[Located], workspace: Sequence[str]) -> list[WorkDir]:
    """Give the folders of the sessions, newest first; one folder under two spellings is one row."""
    counts: dict[tuple[str | None, str], _Count] = {}
    resolved: dict[str, str] = {}
    for located in sessions:
        candidate = located.candidate
        work_dir = located.work_dir
        if work_dir is None:
            continue
        place = work_dir
        if candidate.remote is None:
            if place not in resolved:
                resolved[place] = os.path.realpath(place)
            place = resolved[place]
        count = counts.setdefault((candidate.remote, place), _Count(work_dir, candidate.remote, 0))
        count.sessions += 1
        if candidate.updated_at > count.updated_at:
            count.path, count.updated_at = work_dir, candidate.updated_at
    rows = [_row(place, count, workspace) for (_, place), count in counts.items()]
    shown = [row for row in rows if row.workspace_folder is not None or not _is_temporary(row)]
    return sorted(shown, key=lambda row: (-row.updated_at, row.path))


def locate_workspace_folder(folder: str) -> WorkspaceFolder:
    """Look at one of the editor's folders."""
    repository = find_repository(folder)
    return WorkspaceFolder(
        path=printable(folder),
        exists=os.path.isdir(folder),
        repository=None if repository is None else printable(repository.common_dir),
        repository_path=None if repository is None else printable(repository.place_of(folder)),
    )


def _row(place: str, count: _Count, workspace: Sequence[str]) -> WorkDir:
    exists = count.remote is None and os.path.isdir(place)
    return WorkDir(
        path=printable(count.path),
        exists=exists,
        session_count=count.sessions,
        updated_at=count.updated_at,
        workspace_folder=_workspace_folder(place, workspace) if count.remote is None else None,
        repository=common_dir_of(place) if exists else None,
        remote=count.remote,
    )


def _workspace_folder(place: str, workspace: Sequence[str]) -> str | None:
    """The deepest workspace folder that holds a place."""
    holding = [
        folder for folder in workspace if (place + os.sep).startswith(os.path.realpath(folder).rstrip(os.sep) + os.sep)
    ]
    return max(holding, key=len, default=None)


def _is_temporary(row: WorkDir) -> bool:
    """Whether a folder lies where programs put what they throw away (as Kimi CLI 1.49 leaves it out of its list)."""
    roots = {"/tmp", "/var/folders", os.path.realpath(tempfile.gettempdir())}
    return any(row.path.startswith(root + "/") for root in roots) or "/.cache/" in row.path
