"""When one of our processes last kept house, for all of them."""

import sqlite3

from forkpoint.stores.state.database import StateDatabase

_NAME = "keptHouse"


class RoundBook:
    """The time of the last round of housekeeping that went to its end."""

    def __init__(self, database: StateDatabase) -> None:
        self._database = database

    def last(self) -> int | None:
        """Give when that was, in milliseconds since 1970 UTC; None when there was none."""

        def work(connection: sqlite3.Connection) -> int | None:
            row = connection.execute("SELECT value FROM counters WHERE name = ?", (_NAME,)).fetchone()
            return None if row is None else row[0]

        return self._database.read(work, None)

    def record(self, now: int) -> None:
        """Note that there was one; not where nothing of ours was ever written."""
        if self._database.exists():
            self._database.write(
                lambda connection: connection.execute(
                    "INSERT OR REPLACE INTO counters (name, value) VALUES (?, ?)", (_NAME, now)
                ),
                lasting=False,
            )
