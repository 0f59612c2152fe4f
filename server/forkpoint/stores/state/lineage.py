"""Which session was forked from which, for formats that cannot say so themselves."""

import sqlite3

import attrs

from forkpoint.stores.state.database import StateDatabase
from forkpoint.stores.state.notes import next_revision
from forkpoint.stores.state.values import storable


@attrs.frozen(kw_only=True)
class Descent:
    """Where one session comes from."""

    child: str
    """The id of the fork."""
    parent: str
    """The id of the session it was made from."""
    entry_id: str | None = None
    """The last entry of the parent that it took; None when it took everything or was cut at a turn."""
    turn: int | None = None
    """The last turn that it took, counted from 0; None when it was not cut at a turn."""
    at: int
    """When, in milliseconds since 1970 UTC."""


class Lineage:
    """The descent of all sessions."""

    def __init__(self, database: StateDatabase) -> None:
        self._database = database

    def record(self, descent: Descent) -> None:
        """Note where a session comes from, in the place of what was noted before."""
        self._database.write(lambda connection: write_descent(connection, descent))

    def of(self, session_id: str) -> Descent | None:
        """Give where a session comes from; None when nothing is noted."""
        return self._database.read(lambda connection: read_descent(connection, session_id), None)

    def children_of(self, session_id: str) -> list[Descent]:
        """Give the sessions that were made from one, the oldest first."""

        def work(connection: sqlite3.Connection) -> list[Descent]:
            rows = connection.execute(f"{_SELECT} WHERE parent = ? ORDER BY at, child", (storable(session_id),))
            return [_descent_of(*row) for row in rows]

        return self._database.read(work, [])

    def forget(self, session_id: str) -> None:
        """Remove where a session comes from, when it is gone for good; its forks keep its name."""
        self._database.write(lambda connection: remove_descent(connection, session_id))


_SELECT = "SELECT child, parent, entry_id, turn, at FROM lineage"


def all_parents(connection: sqlite3.Connection) -> dict[str, str]:
    """Give the parent of every session that has one noted."""
    return dict(connection.execute("SELECT child, parent FROM lineage"))


def read_descent(connection: sqlite3.Connection, session_id: str) -> Descent | None:
    """Give where a session comes from."""
    row = connection.execute(f"{_SELECT} WHERE child = ?", (storable(session_id),)).fetchone()
    return None if row is None else _descent_of(*row)


def write_descent(connection: sqlite3.Connection, descent: Descent) -> None:
    """Note where a session comes from."""
    entry_id = None if descent.entry_id is None else storable(descent.entry_id)
    connection.execute(
        "INSERT OR REPLACE INTO lineage (child, parent, entry_id, turn, at) VALUES (?, ?, ?, ?, ?)",
        (storable(descent.child), storable(descent.parent), entry_id, descent.turn, descent.at),
    )
    next_revision(connection)


def remove_descent(connection: sqlite3.Connection, session_id: str) -> None:
    """Remove where a session comes from."""
    connection.execute("DELETE FROM lineage WHERE child = ?", (storable(session_id),))
    next_revision(connection)


def _descent_of(child: str, parent: str, entry_id: str | None, turn: int | None, at: int) -> Descent:
    return Descent(child=child, parent=parent, entry_id=entry_id, turn=turn, at=at)
