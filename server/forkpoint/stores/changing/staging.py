"""Temporary names: what a change makes beside its target before it counts, and what is removed when it never does."""

import errno
import os
import secrets
import stat
from collections.abc import Sequence
from contextlib import suppress
from types import TracebackType
from typing import Protocol, Self

import attrs

from forkpoint.model.failures import Failure
from forkpoint.model.problem import Problem
from forkpoint.stores.changing.durable import rename_new, telling, told
from forkpoint.stores.changing.processes import ProcessMark, is_running, this_process
from forkpoint.stores.guarded_open import FOLDER_FLAGS

PREFIX = ".forkpoint-"


@attrs.frozen(kw_only=True)
class StagedNote:
    """One temporary name that was noted and not crossed out."""

    token: int
    path: str
    """Absolute, links resolved."""
    process: ProcessMark
    """The process that made it."""
    made: str | None = None
    """Of a folder that has its final name: which one it is, as `identity` says it."""
    stays_with: str | None = None
    """Of such a folder: the file or folder that it belongs to; once that is there, it stays."""


class StagingBook(Protocol):
    """The temporary names of all our processes. What `note` returned from is found by the next start."""

    def note(self, path: str, *, made: str | None = None, stays_with: str | None = None) -> int:
        """Write down a name that this process is about to make; gives a token."""
        ...

    def done(self, token: int) -> None:
        """Cross it out: it is not there any more."""
        ...

    def notes(self) -> Sequence[StagedNote]:
        """Everything that is not crossed out, of all processes."""
        ...


def cross_out(book: StagingBook, token: int) -> None:
    """Cross a name out; where that is refused, as on a full disk, the next start finds nothing under it and does so.

    The change that it was made for is made, or has its own failure to tell.
    """
    with suppress(Failure):
        book.done(token)


class Staged:
    """A temporary name in an open folder, noted; leaving the block removes what is still there under it."""

    def __init__(self, book: StagingBook, folder: int, folder_path: str) -> None:
        self.name = PREFIX + secrets.token_hex(8)
        self.path = os.path.join(folder_path, self.name)
        self.folder = folder
        self.book = book
        self._token = book.note(self.path)
        self._committed = False

    def committed(self) -> None:
        """It has its final name now."""
        self._committed = True

    def taken_back(self) -> None:
        """It has its temporary name again."""
        self._committed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None) -> None:
        if not self._committed:
            try:
                remove_tree(self.folder, self.name)
            except OSError:
                return  # still noted: the next start tries again
        cross_out(self.book, self._token)


class Forerunner:
    """A folder that gets its final name before what it belongs to does, noted so that it never stays alone."""

    def __init__(self, book: StagingBook, folder_path: str, made: str, stays_with: str) -> None:
        """`made` is its `identity`, `stays_with` what it belongs to."""
        self._book = book
        self._note = StagedNote(
            token=book.note(folder_path, made=made, stays_with=stays_with),
            path=folder_path,
            process=this_process(),
            made=made,
            stays_with=stays_with,
        )

    def stays(self) -> None:
        """What it belongs to is there, or it never got its name."""
        cross_out(self._book, self._note.token)

    def is_there(self) -> bool:
        """Whether it has its name."""
        return _is_forerunner(self._note)


def identity(found: os.stat_result) -> str:
    """Tell a folder from every other, and from itself once something has come into it."""
    return f"{found.st_dev} {found.st_ino} {found.st_mtime_ns}"


def _is_forerunner(note: StagedNote) -> bool:
    try:
        found = os.lstat(note.path)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as problem:
        raise told(problem, note.path) from problem
    return stat.S_ISDIR(found.st_mode) and identity(found) == note.made


def clean_staging(book: StagingBook) -> list[Problem]:
    """Remove what processes that run no more left behind; gives what could not be removed and stays noted."""
    problems: list[Problem] = []
    for note in book.notes():
        if is_running(note.process):
            continue
        try:
            clean_noted(book, note)
        except Failure as failure:
            problems.append(Problem(kind="notTidied", reason=failure.sentence(), path=note.path))
    return problems


def clean_noted(book: StagingBook, note: StagedNote) -> None:
    """Remove what a process that runs no more left under one name, and cross it out. Raises a Failure."""
    if note.made is None:
        _remove_noted(note.path)
    else:
        _remove_forerunner(note, book)
    book.done(note.token)


def _remove_forerunner(note: StagedNote, book: StagingBook) -> None:
    """Remove a folder that still is what a killed process made of it, and belongs to nothing, in one step."""
    above, name = os.path.split(note.path)
    if note.stays_with is None or os.path.lexists(note.stays_with) or not _is_forerunner(note):
        return
    with telling(note.path):
        folder = os.open(above, FOLDER_FLAGS)
        try:
            with Staged(book, folder, os.path.realpath(above)) as staged:
                rename_new(folder, name, folder, staged.name)
                os.fsync(folder)
        finally:
            os.close(folder)


def _remove_noted(path: str) -> None:
    above, name = os.path.split(path)
    # A book that says anything else is not to be trusted with a removal.
    if not name.startswith(PREFIX) or os.path.realpath(above) != above:
        return
    try:
        folder = os.open(above, FOLDER_FLAGS)
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as problem:
        raise told(problem, above) from problem
    try:
        with telling(path):
            remove_tree(folder, name)
    finally:
        os.close(folder)


def remove_tree(folder: int, name: str) -> None:
    """Remove a file, or a folder with everything in it, following no link; nothing there is fine. Raises OSError."""
    with suppress(FileNotFoundError):
        if stat.S_ISDIR(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode):
            _empty(folder, name)
            os.rmdir(name, dir_fd=folder)
        else:
            os.unlink(name, dir_fd=folder)


def _empty(folder: int, name: str) -> None:
    """Remove everything in a folder, however deep: one folder is open at a time, and nothing calls itself."""
    current = _open_to_empty(folder, name)
    try:
        way, left = list[tuple[str, os.stat_result, list[str]]](), _without_files(current)
        while True:
            if left:
                inner, here = left.pop(), current
                try:
                    current = _open_to_empty(here, inner)
                except FileNotFoundError:
                    continue  # somebody else removed it
                way.append((inner, os.fstat(here), left))
                os.close(here)
                left = _without_files(current)
            elif way:
                (inner, was, left), here = way.pop(), current
                current = os.open("..", FOLDER_FLAGS, dir_fd=here)
                os.close(here)
                if not os.path.samestat(os.fstat(current), was):
                    raise OSError(errno.EBUSY, "a folder was moved while it was removed")
                with suppress(FileNotFoundError):
                    os.rmdir(inner, dir_fd=current)
            else:
                return
    finally:
        os.close(current)


def _open_to_empty(folder: int, name: str) -> int:
    """Open a folder, and take back that its owner may not change what is in it."""
    descriptor = os.open(name, FOLDER_FLAGS, dir_fd=folder)
    mode = stat.S_IMODE(os.fstat(descriptor).st_mode)
    if mode & 0o700 != 0o700:
        with suppress(OSError):  # somebody else's, and what is in it may be removable all the same
            os.fchmod(descriptor, mode | 0o700)
    return descriptor


def _without_files(folder: int) -> list[str]:
    """Remove what is no folder from a folder; gives the names of the folders in it."""
    folders: list[str] = []
    for name in os.listdir(folder):
        with suppress(FileNotFoundError):
            if stat.S_ISDIR(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode):
                folders.append(name)
            else:
                os.unlink(name, dir_fd=folder)
    return folders
