"""Changes of our notes that count only together with one of an agent's file, until that is made too.

The notes are changed first. What they said before stands here meanwhile, so that a process that is killed between the
two leaves nothing half done: whether the file is still as it was tells which of the two worlds it is.
"""

import json
import os
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any, cast

import attrs

from forkpoint.model.notes import NoteField
from forkpoint.model.source import Stamp
from forkpoint.stores.state.database import StateDatabase
from forkpoint.stores.state.notes import change_notes, holder_of
from forkpoint.stores.state.values import path_bytes, storable


@attrs.frozen(kw_only=True)
class Awaited:
    """The change of an agent's file that a change of notes waits for."""

    path: str
    """Absolute."""
    was: Stamp | None
    """How the file is before it; None when it is not there."""


@attrs.frozen(kw_only=True)
class HalfChange:
    """One change whose second half was not reported."""

    session_id: str
    awaited: Awaited
    previous: Mapping[NoteField, Any]
    """What the notes said before, of the fields that changed."""


class HalfChanges:
    """The changes under way, one per session at most: whoever makes one holds the session's lease."""

    def __init__(self, database: StateDatabase) -> None:
        self._database = database

    def begin(self, session_id: str, changes: Mapping[NoteField, Any], awaited: Awaited) -> Mapping[NoteField, Any]:
        """Change notes, and note what they wait for; gives what they said before, of the fields that differ now.

        Errors: LabelInUse, and those of `StateDatabase.write`.
        """

        def work(connection: sqlite3.Connection) -> Mapping[NoteField, Any]:
            previous = change_notes(connection, session_id, changes).previous
            if previous:
                _note(connection, HalfChange(session_id=session_id, awaited=awaited, previous=previous))
            return previous

        return self._database.write(work)

    def wait_for(self, session_id: str, awaited: Awaited) -> None:
        """Note that another change of a file is waited for, as that was planned anew."""

        def work(connection: sqlite3.Connection) -> None:
            for half in _left(connection, session_id):
                _note(connection, attrs.evolve(half, awaited=awaited))

        self._database.write(work)

    def made(self, session_id: str) -> None:
        """Note that the file was changed too."""
        self._database.write(lambda connection: _strike_out(connection, session_id), lasting=False)

    def take_back(self, session_id: str) -> None:
        """Let the notes say what they said before, but for a label that another session has by now."""

        def work(connection: sqlite3.Connection) -> None:
            for half in _left(connection, session_id):
                change_notes(connection, session_id, _still_free(connection, half))
            _strike_out(connection, session_id)

        self._database.write(work)

    def left(self, session_id: str | None = None) -> Sequence[HalfChange]:
        """Give what is under way, or was when its process ended: of one session, or of all."""
        return self._database.read(lambda connection: _left(connection, session_id), [])


def _still_free(connection: sqlite3.Connection, half: HalfChange) -> Mapping[NoteField, Any]:
    label = half.previous.get("label")
    taken = label is not None and holder_of(connection, label) not in (None, storable(half.session_id))
    return {field: value for field, value in half.previous.items() if not (taken and field == "label")}


def _note(connection: sqlite3.Connection, half: HalfChange) -> None:
    was = half.awaited.was
    connection.execute(
        "INSERT OR REPLACE INTO half_changes (session_id, path, was, previous) VALUES (?, ?, ?, ?)",
        (
            storable(half.session_id),
            path_bytes(half.awaited.path),
            None if was is None else json.dumps([was.size, was.mtime_ns, was.inode, was.device]),
            json.dumps(dict(half.previous)),
        ),
    )


def _left(connection: sqlite3.Connection, session_id: str | None) -> list[HalfChange]:
    rows = connection.execute(
        "SELECT session_id, path, was, previous FROM half_changes WHERE ? IS NULL OR session_id = ?",
        (session_id, None if session_id is None else storable(session_id)),
    )
    return [
        HalfChange(
            session_id=found,
            awaited=Awaited(
                path=os.fsdecode(path), was=None if was is None else Stamp(*cast("list[int]", json.loads(was)))
            ),
            previous=cast("dict[NoteField, Any]", json.loads(previous)),
        )
        for found, path, was, previous in rows
    ]


def _strike_out(connection: sqlite3.Connection, session_id: str) -> None:
    connection.execute("DELETE FROM half_changes WHERE session_id = ?", (storable(session_id),))
