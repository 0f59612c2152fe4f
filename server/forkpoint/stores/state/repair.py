"""A damaged database is set aside, never deleted; what can still be read of it goes into a new one."""

import os
import shutil
import sqlite3
from contextlib import closing

from forkpoint.stores.state.making import aside_name, guarded, make_fresh, set_logs_aside, sync_folder
from forkpoint.stores.state.reading import identity_of, opened, version_of
from forkpoint.stores.state.schema import Schema


def set_aside(path: str, identity: tuple[int, int] | None, schema: Schema, patience: float) -> str | None:
    """Put a new database in the place of a damaged one; gives the path that the damaged one has now.

    None when the file there is another by now: somebody else has done it. Raises sqlite3.Error, OSError.
    """
    with guarded(os.path.dirname(path), patience):
        if identity is None or identity_of(path) != identity:
            return None
        fresh = make_fresh(path, schema)
        _salvage(path, fresh)
        aside = aside_name(path, "damaged")
        try:
            os.link(path, aside)
        except OSError:  # a file system without hard links
            shutil.copy2(path, aside)
        set_logs_aside(path, aside)
        os.replace(fresh, path)
        sync_folder(path)
        return aside


def _salvage(damaged: str, fresh: str) -> None:
    """Copy row by row what can be read of each table, from both of its ends."""
    with closing(opened(damaged, "ro", 0)) as source, closing(opened(fresh, "rw", 0)) as target:
        try:
            if version_of(source) != version_of(target):
                return
        except sqlite3.DatabaseError:
            return
        target.execute("BEGIN")
        for (table,) in target.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            if not table.startswith("sqlite_"):
                _copy_rows(source, target, table)
        target.execute("COMMIT")


def _copy_rows(source: sqlite3.Connection, target: sqlite3.Connection, table: str) -> None:
    columns = [row[1] for row in target.execute(f"PRAGMA table_info({table})")]
    insert = f"INSERT OR IGNORE INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
    for order in ("rowid", "rowid DESC"):
        try:
            for row in source.execute(f"SELECT {', '.join(columns)} FROM {table} ORDER BY {order}"):
                target.execute(insert, row)
        except sqlite3.DatabaseError:
            continue  # a broken page: what lies behind it is reached from the other end, if at all
        break
