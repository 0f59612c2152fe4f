"""Making a database of ours, bringing it up to date, and opening it for writing."""

import os
import sqlite3
import time
from collections.abc import Generator
from contextlib import closing, contextmanager, suppress

from forkpoint.model.failures import NotSupported
from forkpoint.stores.state.reading import LOGS, bring_up, opened, read_file, version_of
from forkpoint.stores.state.schema import Schema
from forkpoint.stores.state.sqlite_errors import Damaged, is_damage

GUARD = "state.lock"
UNFINISHED = ".forkpoint-state."
"""How every name begins that is used while a database is made or copied; a killed process leaves such behind."""
FRESH = UNFINISHED + "new"
"""A database that is being made."""
BACKUP = UNFINISHED + "bak"
"""A copy that is being made of one."""
LOG_LIMIT = 4 << 20
"""Bytes that the log keeps once it is written back."""


@contextmanager
def guarded(folder: str, patience: float) -> Generator[None]:
    """Be the only process that makes, migrates or repairs the database of a folder, which is made if need be.

    The lock is one of SQLite's, on an empty file: it works on every platform and goes when its process does.
    """
    os.makedirs(folder, mode=0o700, exist_ok=True)
    path = os.path.join(folder, GUARD)
    with suppress(FileExistsError):
        make_private(path)
    with closing(opened(path, "rw", patience)) as lock:
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as problem:
            if not is_damage(problem):
                raise
            os.truncate(path, 0)  # it never holds anything, and stays the file that others have locked
            lock.execute("BEGIN EXCLUSIVE")
        yield


def make_private(path: str) -> None:
    """Make an empty file that its user alone may read. Raises FileExistsError, OSError."""
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_CLOEXEC", 0), 0o600))


def open_writer(path: str, schema: Schema, patience: float) -> sqlite3.Connection:
    """Open a database for writing, made or brought up to date first.

    Raises NotSupported for one of a newer version, Damaged, sqlite3.Error, OSError.
    """
    with guarded(os.path.dirname(path), patience):
        if not os.path.exists(path):
            fresh = make_fresh(path, schema)
            set_logs_aside(path, aside_name(path, "lost"))
            os.rename(fresh, path)
            sync_folder(path)
        version, found = read_file(path, _examined, (0, "ok"), patience)
        if found != "ok":
            raise Damaged(found)
        if version > schema.version:
            reason = f"{path} was written by a newer version ({version}; this one knows {schema.version})"
            raise NotSupported(capability="state", reason=reason)
        connection = opened(path, "rw", patience)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(f"PRAGMA journal_size_limit = {LOG_LIMIT}")
            if version < schema.version:
                _migrate(connection, path, schema, patience)
        except BaseException:
            connection.close()
            raise
        return connection


def _examined(connection: sqlite3.Connection) -> tuple[int, str]:
    return version_of(connection), connection.execute("PRAGMA quick_check(1)").fetchone()[0]


def make_fresh(path: str, schema: Schema) -> str:
    """Make an empty database of the newest version beside another; gives its path. Call it guarded."""
    remove_unfinished(path)
    fresh = os.path.join(os.path.dirname(path), FRESH)
    make_private(fresh)
    with closing(opened(fresh, "rw", 0)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("BEGIN")
        bring_up(connection, schema)
        connection.execute("COMMIT")
    return fresh


def is_left_unfinished(path: str) -> bool:
    """Whether something lies beside a database that is being made or copied, or was when its process was killed."""
    return bool(_unfinished(path))


def remove_unfinished(path: str) -> None:
    """Remove what is left of a database, or a copy, that was never finished. Call it guarded. Raises OSError."""
    for name in _unfinished(path):
        with suppress(FileNotFoundError):
            os.unlink(name)


def _unfinished(path: str) -> list[str]:
    folder = os.path.dirname(path)
    try:
        names = os.listdir(folder)
    except (FileNotFoundError, NotADirectoryError):
        return []
    return [os.path.join(folder, name) for name in names if name.startswith(UNFINISHED)]


def aside_name(path: str, why: str) -> str:
    """Give a free name beside a file, with the time in it."""
    name = free = f"{path}.{why}-{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}"
    number = 1
    while any(os.path.lexists(free + log) for log in ("", *LOGS)):
        number += 1
        free = f"{name}-{number}"
    return free


def set_logs_aside(path: str, aside: str) -> None:
    """Rename the logs of a database that goes: beside another one, SQLite would take them for its own."""
    for log in LOGS:
        with suppress(FileNotFoundError):
            os.rename(path + log, aside + log)


def _migrate(connection: sqlite3.Connection, path: str, schema: Schema, patience: float) -> None:
    """Bring a database up to date in one transaction, after a copy of it was put beside it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = version_of(connection)
        _back_up(path, f"{path}.v{version}.bak", patience)
        bring_up(connection, schema)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _back_up(path: str, backup: str, patience: float) -> None:
    """Copy a database as it is before the transaction that the caller has open; a half-made copy has another name."""
    remove_unfinished(path)
    staged = os.path.join(os.path.dirname(path), BACKUP)
    make_private(staged)
    with closing(opened(path, "ro", patience)) as source, closing(opened(staged, "rw", 0)) as target:
        source.backup(target)
    os.replace(staged, backup)
    sync_folder(path)


def sync_folder(path: str) -> None:
    """Make the names in a file's folder last, where the platform can open a folder."""
    if os.name == "nt":
        return
    folder = os.open(os.path.dirname(path), os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
