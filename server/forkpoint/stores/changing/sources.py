"""The files that a new session's bytes are copied from, held open from the first byte to the commit."""

import os
from collections.abc import Sequence
from contextlib import ExitStack

from forkpoint.agents.writing import Content, Copied
from forkpoint.model.failures import FileNotFound, PathRefused, SessionChangedOnDisk
from forkpoint.model.source import Stamp
from forkpoint.parsing.path_rules import LEAVES_ROOT
from forkpoint.stores.changing.copying import copy_range, only_grew
from forkpoint.stores.changing.durable import write_all
from forkpoint.stores.disk import HomeFolder, stamp_of
from forkpoint.stores.workers import CancelFlag


class Sources:
    """Opens what is copied, in homes alone, one file at a time, and knows whether it is still what the plan saw."""

    def __init__(self, homes: Sequence[str], stack: ExitStack) -> None:
        self._given = homes
        self._homes: dict[str, HomeFolder] = {}
        self._stack = stack
        self._copied: dict[str, Stamp] = {}
        self._current = ("", -1)
        stack.callback(self._close)

    def write(self, content: Content, target: int, flag: CancelFlag) -> None:
        """Write the pieces of a new file. Raises a Failure, Cancelled, OSError."""
        for piece in content:
            flag.check()
            if isinstance(piece, bytes):
                write_all(target, piece)
            else:
                copy_range(self._source(piece), piece.start, piece.end, target, flag, path=piece.path)

    def check(self) -> None:
        """Raise SessionChangedOnDisk unless every file copied from is the same still; what it gained is fine."""
        for path, was in self._copied.items():
            try:
                now = stamp_of(os.stat(path))
            except OSError as problem:
                raise SessionChangedOnDisk(path=path) from problem
            if not only_grew(was, now):
                raise SessionChangedOnDisk(path=path)

    def _source(self, piece: Copied) -> int:
        path, descriptor = self._current
        if path != piece.path:
            descriptor = self._open(piece.path, piece.within)
        now = stamp_of(os.fstat(descriptor))
        was = self._copied.setdefault(piece.path, piece.was)
        if not only_grew(was, now) or piece.end > now.size:
            raise SessionChangedOnDisk(path=piece.path)
        return descriptor

    def _open(self, path: str, within: str | None) -> int:
        self._close()
        home = self._home_of(path)
        try:
            descriptor = home.open(path) if within is None else home.open_inner(within, os.path.relpath(path, within))
        except FileNotFound as failure:
            raise SessionChangedOnDisk(path=path) from failure
        self._current = path, descriptor
        return descriptor

    def _close(self) -> None:
        if self._current[1] >= 0:
            os.close(self._current[1])
        self._current = "", -1

    def _home_of(self, path: str) -> HomeFolder:
        for home in self._given:
            if path.startswith(os.path.realpath(home) + os.sep):
                if home not in self._homes:
                    self._homes[home] = self._stack.enter_context(HomeFolder(home))
                return self._homes[home]
        raise PathRefused(path=path, reason=LEAVES_ROOT)
