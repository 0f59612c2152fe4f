"""Reading a database of ours without leaving a trace: no file is made, and nothing of it is changed."""

import os
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from typing import Any, Literal, NamedTuple, TypeVar
from urllib.parse import quote

from forkpoint.stores.state.schema import Schema

T = TypeVar("T")

ATTEMPTS = 5
"""How often a database that is written at this very moment is read again before its writers are joined."""
LOGS = ("-wal", "-shm")
"""What SQLite puts beside a database while somebody has it open for writing."""


class Seen(NamedTuple):
    """What tells that a database is still as it was."""

    quiet: bool
    """Whether nobody has it open for writing: there is no log beside it."""
    identity: tuple[int, int]
    size: int
    mtime_ns: int


def seen(path: str) -> Seen | None:
    """Look at a database; None when there is none yet. Raises OSError."""
    try:
        found = os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    if not stat.S_ISREG(found.st_mode):
        raise OSError(0, "not a regular file")
    quiet = not os.path.exists(path + "-wal")
    return Seen(quiet, (found.st_dev, found.st_ino), found.st_size, found.st_mtime_ns)


def identity_of(path: str) -> tuple[int, int] | None:
    """Tell one file from another under the same name; None when there is none."""
    try:
        found = os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    return found.st_dev, found.st_ino


def opened(path: str, mode: Literal["ro", "rw", "ro&immutable=1"], patience: float) -> sqlite3.Connection:
    """Open a database that exists. `patience` is how many seconds to wait for another process's lock."""
    return sqlite3.connect(
        f"file:{quote(os.fsencode(path))}?mode={mode}",
        uri=True,
        timeout=patience,
        isolation_level=None,  # transactions begin and end where the code says so
        check_same_thread=False,
    )


def read_file(path: str, work: Callable[[sqlite3.Connection], T], nothing: T, patience: float) -> T:
    """Read a database, `nothing` when there is none. Raises sqlite3.Error, OSError.

    While nobody writes, SQLite is told that the file does not change and need not make the files it locks with. Should
    somebody have begun meanwhile, what was read counts for nothing and is read again.
    """
    for _ in range(ATTEMPTS):
        before = seen(path)
        if before is None or before.size == 0:
            return nothing
        try:
            with closing(opened(path, "ro&immutable=1" if before.quiet else "ro", patience)) as connection:
                result = work(connection)
        except sqlite3.Error:
            if not before.quiet or seen(path) == before:
                raise
            continue
        if not before.quiet or seen(path) == before:
            return result
    with closing(opened(path, "ro", patience)) as connection:
        return work(connection)


def version_of(connection: sqlite3.Connection) -> int:
    """Give the version of the schema that a database has; 0 for an empty one."""
    return connection.execute("PRAGMA user_version").fetchone()[0]


def bring_up(connection: sqlite3.Connection, schema: Schema) -> None:
    """Take the steps from the version that a database has to the newest, inside the caller's transaction."""
    for number in range(version_of(connection), schema.version):
        for statement in schema.steps[number]:
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {number + 1}")


def reading_as(schema: Schema, work: Callable[[sqlite3.Connection], T]) -> Callable[[sqlite3.Connection], T]:
    """Let `work` see the newest version: an older database is brought up in memory, since no read writes."""

    def read(connection: sqlite3.Connection) -> T:
        if version_of(connection) >= schema.version:
            return work(connection)
        with closing(sqlite3.connect(":memory:", isolation_level=None)) as copy:
            connection.backup(copy)
            bring_up(copy, schema)
            return work(copy)

    return read


Row = tuple[Any, ...]
"""One row, as SQLite gives it."""
