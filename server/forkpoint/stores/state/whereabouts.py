"""Where the sessions are that something is noted about, and since when one is known to be nowhere.

A session's id does not say which home it lies in, and a home may be missing for a while. So each session that something
is noted about is noted with its place while it is there; only of a place that was seen can be said that it is empty.
"""

import os
import sqlite3
from collections.abc import Callable, Mapping

import attrs

from forkpoint.stores.state.database import StateDatabase
from forkpoint.stores.state.lineage import remove_descent
from forkpoint.stores.state.notes import remove_notes
from forkpoint.stores.state.values import path_bytes, storable


@attrs.frozen(kw_only=True)
class Place:
    """Where a session is, or was when it was last seen."""

    home: str
    """The agent's home, absolute."""
    path: str
    """Its file or folder, absolute."""
    missing_since: int | None = None
    """When it was first seen not to be there any more, in milliseconds since 1970 UTC; None while it is."""


@attrs.frozen(kw_only=True)
class Known:
    """Everything noted, all of one moment."""

    noted: Mapping[str, str | None] = attrs.Factory(dict[str, str | None])
    """The sessions that something is noted about, each with its own title or label if we have one."""
    places: Mapping[str, Place] = attrs.Factory(dict[str, Place])
    """The place of every session that was seen."""


class Whereabouts:
    """The places of all sessions that something is noted about."""

    def __init__(self, database: StateDatabase) -> None:
        self._database = database

    def known(self) -> Known:
        """Read everything."""
        return self._database.read(_known, Known())

    def keep(self, judged: Callable[[Known], Mapping[str, Place]]) -> None:
        """Put other places in the place of those that are noted; nothing is written when they are the same."""
        now = self.known()
        if judged(now) != now.places:
            self._database.write(lambda connection: _keep(connection, judged), lasting=False)

    def forget(self, session_id: str, place: Place) -> bool:
        """Remove everything noted about a session, if its place is still noted as this; gives whether it was so."""

        def work(connection: sqlite3.Connection) -> bool:
            if _known(connection).places.get(storable(session_id)) != place:
                return False
            remove_notes(connection, session_id)
            remove_descent(connection, session_id)
            connection.execute("DELETE FROM whereabouts WHERE session_id = ?", (storable(session_id),))
            return True

        return self._database.write(work)


def _known(connection: sqlite3.Connection) -> Known:
    noted: dict[str, str | None] = dict(connection.execute("SELECT session_id, NULL FROM plugin_values"))
    noted.update(connection.execute("SELECT child, NULL FROM lineage").fetchall())
    noted.update(connection.execute("SELECT session_id, coalesce(title, generated_title, label) FROM notes").fetchall())
    rows = connection.execute("SELECT session_id, home, path, missing_since FROM whereabouts")
    places = {
        session_id: Place(home=os.fsdecode(home), path=os.fsdecode(path), missing_since=since)
        for session_id, home, path, since in rows
    }
    return Known(noted=noted, places=places)


def _keep(connection: sqlite3.Connection, judged: Callable[[Known], Mapping[str, Place]]) -> None:
    known = _known(connection)
    wanted = judged(known)
    gone = [(session_id,) for session_id in known.places.keys() - wanted.keys()]
    connection.executemany("DELETE FROM whereabouts WHERE session_id = ?", gone)
    connection.executemany(
        "INSERT OR REPLACE INTO whereabouts (session_id, home, path, missing_since) VALUES (?, ?, ?, ?)",
        [
            (session_id, path_bytes(place.home), path_bytes(place.path), place.missing_since)
            for session_id, place in wanted.items()
            if known.places.get(session_id) != place
        ],
    )
