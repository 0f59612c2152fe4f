"""What an adapter asked to see of its home, read without following links out of it and without writing anything."""

import os
import stat
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any, TypeVar

from forkpoint.agents.adapter import MAX_ROUNDS, ROW_LIMIT, SMALL_FILE_LIMIT, Ask, DirEntry, Disk, Kind, Peek
from forkpoint.model.failures import Failure, FileNotFound, PathRefused, Unreadable
from forkpoint.model.problem import Problem
from forkpoint.model.source import QuerySource, Stamp
from forkpoint.parsing.path_rules import LEAVES_ROOT, LINK, NOT_FOLDER
from forkpoint.stores.changing.staging import PREFIX
from forkpoint.stores.database import Database
from forkpoint.stores.guarded_open import open_beneath
from forkpoint.stores.workers import CancelFlag

T = TypeVar("T")

CHECK_EVERY = 256
"""How many stats or peeks pass between two looks at the cancel flag."""
PEEK_ROUNDS = 8
"""How often a peek may come back for more of the same file."""


class HomeFolder:
    """One agent's home, held by a descriptor so that no path component can be swapped under a read.

    Raises Unreadable when it is gone.
    """

    def __init__(self, path: str) -> None:
        self.path = os.path.realpath(path)
        """Absolute, links resolved."""
        try:
            self._descriptor = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError as problem:
            raise Unreadable(path=self.path, reason=problem.strerror or str(problem)) from problem

    def close(self) -> None:
        """Let go of the folder."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def __enter__(self) -> "HomeFolder":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def open(self, path: str, *, folder: bool = False) -> int:
        """Open a regular file, or a folder, of this home for reading.

        A link is followed when its target lies in this home too. Raises PathRefused, FileNotFound, Unreadable.
        """
        if path == self.path and folder:
            return os.dup(self._descriptor)
        try:
            return open_beneath(self._descriptor, self._relative(path), folder=folder)
        except PathRefused as refused:
            if refused.reason != LINK:
                raise
        return open_beneath(self._descriptor, self._relative(os.path.realpath(path)), folder=folder)

    def open_inner(self, folder: str, relative: str) -> int:
        """Open a regular file below a folder of this home; below that folder no link is followed.

        Raises PathRefused, FileNotFound, Unreadable.
        """
        above = self.open(folder, folder=True)
        try:
            return open_beneath(above, relative, look_first=True)
        finally:
            os.close(above)

    def holds(self, path: str) -> bool:
        """Tell whether a path, its links resolved, lies in this home."""
        return os.path.realpath(path).startswith(self.path + os.sep)

    def _relative(self, path: str) -> str:
        if not path.startswith(self.path + os.sep):
            raise PathRefused(path=path, reason=LEAVES_ROOT)
        return path[len(self.path) + 1 :]


class LocalDisk(Disk):
    """The snapshot that grows with every round of questions."""

    def __init__(self, home: HomeFolder, flag: CancelFlag) -> None:
        self._home = home
        self._flag = flag
        self._rounds = 0
        self._folders: dict[str, list[DirEntry]] = {}
        self._stamps: dict[str, Stamp] = {}
        self._texts: dict[str, bytes] = {}
        self._peeked: dict[str, Any] = {}
        self._rows: dict[QuerySource, list[tuple[int, bytes]]] = {}
        self._problems: list[Problem] = []

    @property
    def rounds(self) -> int:
        return self._rounds

    def folder(self, path: str) -> Sequence[DirEntry] | None:
        return self._folders.get(path)

    def stamp(self, path: str) -> Stamp | None:
        return self._stamps.get(path)

    def text(self, path: str) -> bytes | None:
        return self._texts.get(path)

    def peeked(self, path: str) -> Any:
        return self._peeked.get(path)

    def rows(self, query: QuerySource) -> Sequence[tuple[int, bytes]] | None:
        return self._rows.get(query)

    def problems(self) -> Sequence[Problem]:
        return self._problems

    def fetch(self, ask: Ask) -> None:
        """Read what was asked for; what cannot be had stays None."""
        self._rounds += 1
        for path in ask.folders:
            self._flag.check()
            self._list(path)
        for count, path in enumerate(ask.stamps):
            if count % CHECK_EVERY == 0:
                self._flag.check()
            self._stat(path)
        for count, (folder, relative) in enumerate(ask.inner):
            if count % CHECK_EVERY == 0:
                self._flag.check()
            self._stat_inner(folder, relative)
        for path in ask.texts:
            self._flag.check()
            self._read_small(path)
        for count, peek in enumerate(ask.peeks):
            if count % CHECK_EVERY == 0:
                self._flag.check()
            self._peek(peek)
        for query in ask.queries:
            self._query(query)

    def _list(self, path: str) -> None:
        descriptor = self._open(path, folder=True)
        if descriptor is None:
            return
        try:
            with os.scandir(descriptor) as found:
                # What a change is making is no session yet.
                names = (entry for entry in found if not entry.name.startswith(PREFIX))
                entries = [DirEntry(entry.name, self._kind(path, entry)) for entry in names]
        except OSError as problem:
            self._complain(path, "unreadable", problem.strerror or str(problem))
            return
        finally:
            os.close(descriptor)
        entries.sort()
        self._folders[path] = entries

    def _kind(self, folder: str, entry: "os.DirEntry[str]") -> Kind:
        if entry.is_symlink():
            path = os.path.join(folder, entry.name)
            if not self._home.holds(path):
                return "link"
            return "folder" if os.path.isdir(path) else "file" if os.path.isfile(path) else "other"
        if entry.is_dir(follow_symlinks=False):
            return "folder"
        return "file" if entry.is_file(follow_symlinks=False) else "other"

    def _stat(self, path: str) -> None:
        try:
            found = os.lstat(path)
        except (FileNotFoundError, NotADirectoryError):
            return
        except OSError as problem:
            self._complain(path, "unreadable", problem.strerror or str(problem))
            return
        if stat.S_ISLNK(found.st_mode):
            if not self._home.holds(path):
                self._complain(path, "linkLeavesStore", "a link that leaves the agent's home is not followed")
                return
            try:
                found = os.stat(path)
            except OSError:
                self._complain(path, "unreadable", "a link to nothing")
                return
        if not stat.S_ISREG(found.st_mode):
            self._complain(path, "notRegular", "not a regular file")
            return
        self._stamps[path] = stamp_of(found)

    def _stat_inner(self, folder: str, relative: str) -> None:
        path = f"{folder}/{relative}"
        try:
            descriptor = self._home.open_inner(folder, relative)
        except FileNotFound:
            return
        except Failure as failure:
            self._problems.append(problem_of(path, failure))
            return
        self._stamps[path] = stamp_of(os.fstat(descriptor))
        os.close(descriptor)

    def _read_small(self, path: str) -> None:
        descriptor = self._open(path)
        if descriptor is None:
            return
        try:
            self._stamps[path] = stamp_of(os.fstat(descriptor))
            data = os.read(descriptor, SMALL_FILE_LIMIT + 1)
        except OSError as problem:
            self._complain(path, "unreadable", problem.strerror or str(problem))
            return
        finally:
            os.close(descriptor)
        if len(data) > SMALL_FILE_LIMIT:
            self._complain(path, "badIndexFile", f"larger than {SMALL_FILE_LIMIT} bytes")
            return
        self._texts[path] = data

    def _peek(self, peek: Peek) -> None:
        descriptor = self._open(peek.path)
        if descriptor is None:
            return
        try:
            stamp = stamp_of(os.fstat(descriptor))
            self._stamps[peek.path] = stamp
            answer: Any = peek
            for _ in range(PEEK_ROUNDS):
                if not isinstance(answer, Peek):
                    break
                head = os.pread(descriptor, answer.head, 0)
                tail = os.pread(descriptor, answer.tail, max(0, stamp.size - answer.tail)) if answer.tail else b""
                answer = answer.read(head, tail, stamp)
            else:
                raise RuntimeError(f"an adapter peeked more than {PEEK_ROUNDS} times")
        except OSError as problem:
            self._complain(peek.path, "unreadable", problem.strerror or str(problem))
            return
        finally:
            os.close(descriptor)
        self._peeked[peek.path] = answer

    def _query(self, query: QuerySource) -> None:
        descriptor = self._open(query.path)
        if descriptor is None:
            return
        os.close(descriptor)
        try:
            database = Database(query.path)
        except Unreadable as failure:
            self._problems.append(problem_of(query.path, failure))
            return
        try:
            self._rows[query] = list(islice(database.rows(query, 0, None), ROW_LIMIT))
        except Unreadable as failure:
            self._problems.append(problem_of(query.path, failure))
        finally:
            database.close()

    def _open(self, path: str, *, folder: bool = False) -> int | None:
        try:
            return self._home.open(path, folder=folder)
        except FileNotFound:
            return None
        except Failure as failure:
            self._problems.append(problem_of(path, failure))
            return None

    def _complain(self, path: str, kind: str, reason: str) -> None:
        self._problems.append(Problem(kind=kind, reason=reason, path=path))


def stamp_of(found: os.stat_result) -> Stamp:
    """Give the stamp of a stat result."""
    return Stamp(found.st_size, found.st_mtime_ns, found.st_ino, found.st_dev)


def problem_of(path: str, failure: Failure) -> Problem:
    """Give a failed open as a problem of the session it belongs to."""
    if isinstance(failure, PathRefused):
        if failure.reason in (LINK, LEAVES_ROOT):
            reason = "a link that leaves the agent's home is not followed"
            return Problem(kind="linkLeavesStore", reason=reason, path=path)
        if failure.reason == NOT_FOLDER:
            return Problem(kind="unreadable", reason="not a folder", path=path)
        return Problem(kind="notRegular", reason=f"not a regular file: {failure.reason}", path=path)
    reason = failure.reason if isinstance(failure, Unreadable) else failure.sentence()
    return Problem(kind="unreadable", reason=reason, path=path)


def ask_in_rounds(question: Callable[[LocalDisk], Ask | T], disk: LocalDisk) -> T:
    """Let an adapter ask for what it needs until it answers; more than `MAX_ROUNDS` questions are our mistake."""
    for _ in range(MAX_ROUNDS + 1):
        answer = question(disk)
        if not isinstance(answer, Ask):
            return answer
        disk.fetch(answer)
    raise RuntimeError(f"an adapter asked more than {MAX_ROUNDS} times")
