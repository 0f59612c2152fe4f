"""`state.db`: one SQLite database for all our processes, made by the first write and only looked at by reads."""

import os
import sqlite3
import threading
from collections.abc import Callable
from typing import TypeVar

from forkpoint.model.failures import Unreadable, Unwritable
from forkpoint.model.problem import Problem
from forkpoint.stores.state.making import guarded, is_left_unfinished, open_writer, remove_unfinished
from forkpoint.stores.state.reading import identity_of, read_file, reading_as, version_of
from forkpoint.stores.state.repair import set_aside
from forkpoint.stores.state.schema import SCHEMA, Schema
from forkpoint.stores.state.sqlite_errors import Damaged, is_full, telling

T = TypeVar("T")

PATIENCE = 10.0
"""Seconds to wait for another process that writes."""
ATTEMPTS = 3
"""How often a write is tried on a database that was replaced or repaired meanwhile."""

# Closing a connection whose file was replaced would delete the log of the file that has its name now, since SQLite
# removes logs by name. Such connections stay open until the process ends.
_abandoned: list[sqlite3.Connection] = []


class _Writer:
    """One connection that writes, and the file it was opened on."""

    def __init__(self, path: str, schema: Schema, patience: float) -> None:
        self._path = path
        self._schema = schema
        self.connection = open_writer(path, schema, patience)
        self.identity = identity_of(path)
        self._lasting: bool | None = None

    def is_current(self) -> bool:
        """Whether its file is still the one under that name."""
        return self.is_on(identity_of(self._path))

    def is_on(self, identity: tuple[int, int] | None) -> bool:
        """Whether this is its file."""
        return identity is not None and identity == self.identity

    def run(self, work: Callable[[sqlite3.Connection], T], *, lasting: bool) -> tuple[bool, T | None]:
        """Do a piece of work in one transaction; False when another process has brought up the schema meanwhile."""
        if lasting != self._lasting:
            self.connection.execute(f"PRAGMA synchronous = {'FULL' if lasting else 'NORMAL'}")
            self._lasting = lasting
        try:
            return self._transact(work)
        except sqlite3.Error as problem:
            if not is_full(problem):
                raise
        # On a full disk the log cannot grow, but it can begin anew in the room that it has, so that what was written
        # just before can be taken back.
        self.connection.execute("PRAGMA wal_checkpoint(RESTART)")
        return self._transact(work)

    def _transact(self, work: Callable[[sqlite3.Connection], T]) -> tuple[bool, T | None]:
        connection = self.connection
        connection.execute("BEGIN IMMEDIATE")
        try:
            if version_of(connection) != self._schema.version:
                connection.execute("ROLLBACK")
                return False, None
            result = work(connection)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        return True, result


class StateDatabase:
    """The database of one state folder. Any thread may call; writes wait for each other, reads wait for nothing."""

    def __init__(self, folder: str, schema: Schema = SCHEMA, *, patience: float = PATIENCE) -> None:
        self.path = os.path.join(folder, "state.db")
        """Absolute; it need not exist."""
        self._schema = schema
        self._patience = patience
        self._lock = threading.Lock()
        self._writer: _Writer | None = None
        self._unread: Problem | None = None
        self._repairs: list[Problem] = []

    def read(self, work: Callable[[sqlite3.Connection], T], nothing: T) -> T:
        """Read; `nothing` when there is no database, or none that can be read, which is then one of `problems`."""
        try:
            result = read_file(self.path, reading_as(self._schema, work), nothing, self._patience)
        except (sqlite3.Error, OSError, TypeError, ValueError) as problem:
            # The last two are values in a damaged page that were never written, such as none where there must be one.
            self._unread = Problem(kind="stateUnreadable", reason=str(problem), path=self.path)
            return nothing
        self._unread = None
        return result

    def read_surely(self, work: Callable[[sqlite3.Connection], T], nothing: T) -> T:
        """Read what something is done for that cannot be taken back; `nothing` only when nothing was ever written.

        Raises Unreadable when there is a database and it cannot be read just now.
        """
        result = self.read(lambda connection: (work(connection),), None)
        if result is not None:
            return result[0]
        if os.path.exists(self.path):
            raise Unreadable(path=self.path, reason="our own notes cannot be read just now")
        return nothing

    def write(self, work: Callable[[sqlite3.Connection], T], *, lasting: bool = True) -> T:
        """Do `work` in one transaction, alone; it may be called again should the file have been replaced meanwhile.

        With `lasting` it survives the machine's end once this returns, else only the process's. What `work` raises is
        raised, and nothing is changed. Raises NotSupported (newer version), NoSpace, Unwritable, TimedOut.
        """
        with self._lock:
            for _ in range(ATTEMPTS):
                identity = None
                try:
                    with telling(self.path, self._patience):
                        identity = identity_of(self.path)
                        writer = self._writer_on(identity)
                        done, result = writer.run(work, lasting=lasting)
                        if done and writer.is_current():
                            return result  # pyright: ignore[reportReturnType]  (done: it is the work's result)
                        self._abandon()
                except Damaged as damage:
                    self._repair(identity, str(damage))
        raise Unwritable(path=self.path, reason="it was replaced or damaged again and again")

    def exists(self) -> bool:
        """Whether anything was ever written."""
        return os.path.exists(self.path)

    def tidy(self) -> None:
        """Remove what a process left that was killed while it made or copied a database; else nothing is written.

        Raises what `write` raises.
        """
        with telling(self.path, self._patience):
            if is_left_unfinished(self.path):
                with guarded(os.path.dirname(self.path), self._patience):
                    remove_unfinished(self.path)

    def problems(self) -> list[Problem]:
        """Tell what kept the last read from its answer, and what was found damaged and set aside."""
        return [*self._repairs, *([self._unread] if self._unread else [])]

    def close(self) -> None:
        """Let go of the database; the next write opens it again."""
        with self._lock:
            if self._writer is not None and self._writer.is_current():
                self._writer.connection.close()
                self._writer = None
            self._abandon()

    def _writer_on(self, identity: tuple[int, int] | None) -> _Writer:
        """Give the writer of the file that is there, opened anew when it is another one."""
        if self._writer is not None and not self._writer.is_on(identity):
            self._abandon()
        if self._writer is None:
            self._writer = _Writer(self.path, self._schema, self._patience)
        return self._writer

    def _abandon(self) -> None:
        if self._writer is not None:
            _abandoned.append(self._writer.connection)
            self._writer = None

    def _repair(self, identity: tuple[int, int] | None, damage: str) -> None:
        self._abandon()
        try:
            with telling(self.path, self._patience):
                aside = set_aside(self.path, identity, self._schema, self._patience)
        except Damaged as again:
            raise Unwritable(path=self.path, reason=f"it is damaged and could not be repaired: {again}") from again
        if aside is not None:
            reason = f"our own state was damaged ({damage}); what could be read of it was kept"
            self._repairs.append(Problem(kind="stateDamaged", reason=reason, path=aside))
