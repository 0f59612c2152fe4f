"""What lies in a folder of uploads: walked by descriptor, no link followed, within bounds."""

import base64
import os
from collections.abc import Generator, Iterator
from contextlib import closing

import attrs

from forkpoint.model.failures import Failure, FileNotFound, PathRefused, Unreadable
from forkpoint.model.problem import Problem
from forkpoint.model.uploads import UploadedFile, UploadListing
from forkpoint.parsing.media_types import LOOK, media_type, media_type_by_name
from forkpoint.stores.guarded_open import GuardedRoot, open_beneath
from forkpoint.stores.workers import CancelFlag

MOST_ROWS = 5000
MOST_DEEP = 10
"""How many folders deep, the first one being what lies in the folder of uploads itself."""
MOST_NAMES = 100_000
"""How many names are looked at before a listing counts as truncated."""
CHECK_EVERY = 256


@attrs.define
class _Walk:
    root: GuardedRoot
    flag: CancelFlag
    hidden: int = 0
    names: int = 0
    truncated: bool = False
    problems: list[Problem] = attrs.Factory(list[Problem])

    def files(self, folder: str, depth: int) -> Generator[UploadedFile]:
        """Give the files of a folder and of those below it, in the order of their paths."""
        try:
            descriptor = self.root.open_folder(folder)
        except FileNotFound:
            return
        except Failure as failure:
            self._complain(folder, failure.sentence())
            return
        try:
            for entry in self._entries(descriptor, folder):
                path = f"{folder}/{entry.name}" if folder else entry.name
                if entry.name.startswith(".") or self.root.refusal(path) is not None:
                    self.hidden += 1
                elif entry.is_dir(follow_symlinks=False):
                    if depth < MOST_DEEP:
                        yield from self.files(path, depth + 1)
                    else:
                        self.truncated = True
                elif entry.is_file(follow_symlinks=False):
                    yield from self._row(descriptor, entry.name, path)
                else:
                    self.hidden += 1
        finally:
            os.close(descriptor)

    def _entries(self, descriptor: int, folder: str) -> list["os.DirEntry[str]"]:
        try:
            with os.scandir(descriptor) as found:
                return sorted(self._counted(found), key=lambda entry: entry.name)
        except OSError as problem:
            self._complain(folder, problem.strerror or str(problem))
            return []

    def _counted(self, found: Iterator["os.DirEntry[str]"]) -> Iterator["os.DirEntry[str]"]:
        for entry in found:
            if self.names == MOST_NAMES:
                self.truncated = True
                return
            if self.names % CHECK_EVERY == 0:
                self.flag.check()
            self.names += 1
            yield entry

    def _row(self, folder: int, name: str, path: str) -> Iterator[UploadedFile]:
        """Look at one file, and into it where its name does not tell what it is; nothing when it is gone."""
        kind = media_type_by_name(name)
        try:
            if kind is None:
                descriptor = open_beneath(folder, os.fsencode(name), look_first=True)
                try:
                    found, head = os.fstat(descriptor), os.pread(descriptor, LOOK, 0)
                finally:
                    os.close(descriptor)
                kind = media_type(name, head)
            else:
                found = os.stat(name, dir_fd=folder, follow_symlinks=False)
        except (FileNotFound, FileNotFoundError, PathRefused):
            return
        except Unreadable as failure:
            self._complain(path, failure.reason)
            return
        except OSError as problem:
            self._complain(path, problem.strerror or str(problem))
            return
        shown, raw = _shown(path), os.fsencode(path)
        yield UploadedFile(
            name=shown.rpartition("/")[2],
            path=shown,
            size_bytes=found.st_size,
            mime_type=kind,
            modified_at=found.st_mtime_ns // 1_000_000,
            path_base64=None if shown.encode() == raw else base64.b64encode(raw).decode("ascii"),
        )

    def _complain(self, path: str, reason: str) -> None:
        self.problems.append(Problem(kind="unreadable", reason=reason, path=_shown(path)))


def list_files(root: GuardedRoot, flag: CancelFlag) -> UploadListing:
    """List what lies below a folder of uploads."""
    walk = _Walk(root, flag)
    items: list[UploadedFile] = []
    with closing(walk.files("", 1)) as found:
        for item in found:
            if len(items) == MOST_ROWS:
                walk.truncated = True
                break
            items.append(item)
    return UploadListing(items=items, hidden=walk.hidden, truncated=walk.truncated, problems=walk.problems)


def _shown(path: str) -> str:
    return os.fsencode(path).decode("utf-8", "replace")
