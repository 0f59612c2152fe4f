"""What git says of a folder, by hardened programs that read and never write."""

import asyncio
import os
import stat
from collections.abc import Callable, Coroutine
from typing import Any, Protocol, TypeVar

from forkpoint.model.diff_stats import DiffStats, FileSides
from forkpoint.model.failures import FileNotFound, PathRefused
from forkpoint.model.files import FileContent
from forkpoint.model.settings import GuardLevel
from forkpoint.parsing import git_output, path_rules
from forkpoint.parsing.git_output import LooseFile, Status
from forkpoint.stores.git_hardening import HardenedGit
from forkpoint.stores.git_program import GitProgram, usable_git
from forkpoint.stores.git_queries import GitQueries
from forkpoint.stores.loose_files import look_into
from forkpoint.stores.repositories import find_repository, refuse_foreign
from forkpoint.stores.workers import CancelFlag, Workers

A = TypeVar("A")
B = TypeVar("B")


class WorkingFiles(Protocol):
    """Guarded reads of files below a folder, as `FileStore` gives them."""

    async def read(self, root: str, path: str, guard: GuardLevel) -> FileContent:
        """Read a whole file. Raises PathRefused, FileNotFound, Unreadable, TooLarge, NotSupported."""
        ...


class GitStore:
    """Diff stats of folders, and single files as HEAD and the working tree have them."""

    def __init__(
        self,
        workers: Workers,
        files: WorkingFiles,
        timeout_ms: Callable[[], int],
        max_bytes: Callable[[], int],
    ) -> None:
        self._workers = workers
        self._files = files
        self._timeout_ms = timeout_ms
        self._max_bytes = max_bytes
        self._program: GitProgram | None = None

    async def diff_stats(self, folder: str) -> DiffStats:
        """Give how the working tree below a folder differs from HEAD.

        Raises FileNotFound (no such folder), NotSupported (no usable git), RepositoryRefused, Unreadable, TimedOut,
        TooLarge.
        """
        _, git = await self._workers.quick(lambda _: _locate(folder))
        ask = await self._ask(git)
        if ask is None:
            return DiffStats(is_git_repo=False)
        (status, loose), counted = await _side_by_side(self._status(ask), ask.line_counts())
        return await self._workers.quick(
            lambda _: git_output.combine(status, git_output.read_numstat(counted, ask.git.prefix), loose)
        )

    async def file_diff(self, folder: str, path: str, guard: GuardLevel) -> FileSides:
        """Give a file below a folder as HEAD has it and as the working tree has it.

        `path` is relative; bytes that are not UTF-8 come as surrogate escapes. The guard judges the path before
        either side is read. Outside a repository, and before the first commit, there is only the working tree's side.
        Raises PathRefused, FileNotFound (on neither side a file), and as `diff_stats`.
        """
        root, git = await self._workers.quick(lambda _: _locate(folder))
        new: FileContent | None = None
        absent: FileNotFound | PathRefused = FileNotFound(path=path)
        try:
            new = await self._files.read(root, path, guard)
        except FileNotFound:
            pass
        except PathRefused as refused:
            if refused.reason != path_rules.IS_FOLDER:
                raise
            absent = refused
        ask = await self._ask(git)
        old = None if ask is None else await self._old_side(ask, path)
        if old is None and new is None:
            raise absent
        return _sides(old, new)

    async def _status(self, ask: GitQueries) -> tuple[Status, dict[bytes, LooseFile]]:
        """Ask for the status and, while the other program still counts, look into what git does not know."""
        told = await ask.status()
        return await self._workers.quick(lambda flag: _with_loose_files(told, ask.git, flag))

    async def _old_side(self, ask: GitQueries, path: str) -> bytes | None:
        """Give what HEAD has at a path the guard has let through; None for what is neither file nor link."""
        names, _ = path_rules.take_apart(path.encode("utf-8", "surrogateescape"))
        entry = await ask.entry_at_head(b"/".join(names))
        if entry is None or not (stat.S_ISREG(entry.mode) or stat.S_ISLNK(entry.mode)):
            return None
        return await ask.blob(entry, path, self._max_bytes())

    async def _ask(self, git: HardenedGit | None) -> GitQueries | None:
        """Give the questions one can put in a repository; None when there is none, or it has no working tree."""
        if git is None:
            return None
        timeout_ms = self._timeout_ms()
        if self._program is None:
            self._program = await usable_git(timeout_ms)
        return await GitQueries(self._program, git, timeout_ms).disarmed()


def _locate(folder: str) -> tuple[str, HardenedGit | None]:
    """Give a folder with its links resolved, and git in it, or None outside a repository."""
    try:
        root = os.path.realpath(folder)
    except ValueError:
        raise FileNotFound(path=folder) from None
    if not os.path.isdir(root):
        raise FileNotFound(path=folder)
    repository = find_repository(root)
    if repository is None:
        return root, None
    refuse_foreign(repository)
    return root, HardenedGit(root, repository)


def _with_loose_files(told: bytes, git: HardenedGit, flag: CancelFlag) -> tuple[Status, dict[bytes, LooseFile]]:
    status = git_output.read_status(told, git.prefix)
    if not status.untracked:
        return status, {}
    same_as = {path: status.tracked[path].head_id for path in status.untracked if path in status.tracked}
    return status, look_into(git.root, status.untracked, same_as, flag)


async def _side_by_side(first: Coroutine[Any, Any, A], second: Coroutine[Any, Any, B]) -> tuple[A, B]:
    """Wait for both; when one fails the other is cancelled, and the failure is raised as it is."""
    try:
        async with asyncio.TaskGroup() as group:
            one, other = group.create_task(first), group.create_task(second)
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from None
    return one.result(), other.result()


def _sides(old: bytes | None, new: FileContent | None) -> FileSides:
    if new is not None and new.text is None:
        return FileSides(binary=True)
    try:
        old_text = None if old is None else old.decode()
    except UnicodeDecodeError:
        return FileSides(binary=True)
    new_text = None if new is None else new.text
    if "\0" in (old_text or "") or "\0" in (new_text or ""):
        return FileSides(binary=True)
    return FileSides(old=old_text, new=new_text, binary=False)
