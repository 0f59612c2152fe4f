"""What lies in the trash, where it was, and what was noted about it."""

import json
import os
import sqlite3
from collections.abc import Sequence
from typing import Any

import attrs

from forkpoint.model.notes import Notes
from forkpoint.stores.state.database import StateDatabase
from forkpoint.stores.state.lineage import Descent, read_descent, remove_descent, write_descent
from forkpoint.stores.state.notes import holder_of, read_notes, remove_notes, write_notes
from forkpoint.stores.state.plugin_values import read_values, write_values
from forkpoint.stores.state.values import path_bytes, path_text, storable


@attrs.frozen(kw_only=True)
class TrashedFile:
    """One file or folder in the trash."""

    original: str
    """Where it was, absolute."""
    kept: str
    """Where it is now, absolute."""


@attrs.frozen(kw_only=True)
class TrashItem:
    """One session in the trash."""

    trash_id: str
    session_id: str
    agent: str
    title: str
    work_dir: str | None
    deleted_at: int
    """Milliseconds since 1970 UTC."""
    expires_at: int | None
    """When it may go for good, in milliseconds since 1970 UTC; None for never."""
    files: Sequence[TrashedFile]
    """In the order in which they were moved, the session's own place first."""
    settled: bool = False
    """False while its files are being moved: after a killed process, the disk tells whether they were."""
    leaving: bool = False
    """Whether it is to go for good: a killed process's work is brought to its end then."""


class TrashBook:
    """The trash of all agents.

    A session is entered before its files are moved and settled afterwards; it is taken out after they were moved back.
    Its notes leave the tables when it is settled, so that its label is free, and come back when it is taken out.
    """

    def __init__(self, database: StateDatabase) -> None:
        self._database = database

    def enter(self, item: TrashItem) -> None:
        """Enter a session whose files are about to be moved; its notes stay where they are until then."""
        self._database.write(lambda connection: _enter(connection, item))

    def settle(self, trash_id: str) -> None:
        """Note that its files were moved: its notes are kept with it alone from now on."""
        self._database.write(lambda connection: _settle(connection, trash_id))

    def items(self) -> list[TrashItem]:
        """Give everything in the trash, the newest first; also what is not settled."""
        return self._database.read(_items, [])

    def get(self, trash_id: str) -> TrashItem | None:
        """Give one item; None when there is none of this id."""
        found = self._database.read(lambda connection: _items(connection, trash_id), [])
        return found[0] if found else None

    def known(self, trash_id: str) -> TrashItem | None:
        """Give one item; None when there is none. Raises Unreadable where that cannot be told."""
        found = self._database.read_surely(lambda connection: _items(connection, trash_id), [])
        return found[0] if found else None

    def take(self, trash_id: str, session_id: str | None = None) -> str | None:
        """Take an item out whose files are back, and put its notes back, under another id if one is given.

        Gives the label that could not be put back, since another session has it now; else None.
        """
        return self._database.write(lambda connection: _take(connection, trash_id, session_id))

    def let_go(self, trash_id: str) -> None:
        """Note that it is to go for good, before its files do."""
        self._database.write(
            lambda connection: connection.execute("UPDATE trash SET leaving = 1 WHERE trash_id = ?", (trash_id,))
        )

    def remove(self, trash_id: str) -> None:
        """Strike an item out: its files are gone for good, or were never moved."""
        self._database.write(lambda connection: _remove(connection, trash_id))


def _enter(connection: sqlite3.Connection, item: TrashItem) -> None:
    connection.execute(
        "INSERT INTO trash"
        " (trash_id, session_id, agent, title, work_dir, deleted_at, expires_at, leaving, settled, notes)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, '{}')",
        (
            item.trash_id,
            storable(item.session_id),
            item.agent,
            storable(item.title),
            path_bytes(item.work_dir),
            item.deleted_at,
            item.expires_at,
            item.leaving,
        ),
    )
    connection.executemany(
        "INSERT INTO trash_files (trash_id, number, original, kept) VALUES (?, ?, ?, ?)",
        [
            (item.trash_id, number, path_bytes(file.original), path_bytes(file.kept))
            for number, file in enumerate(item.files)
        ],
    )


def _settle(connection: sqlite3.Connection, trash_id: str) -> None:
    row = connection.execute("SELECT session_id FROM trash WHERE trash_id = ? AND NOT settled", (trash_id,)).fetchone()
    if row is None:
        return
    text = json.dumps(_noted(connection, row[0]))
    connection.execute("UPDATE trash SET settled = 1, notes = ? WHERE trash_id = ?", (text, trash_id))
    remove_notes(connection, row[0])
    remove_descent(connection, row[0])


def _noted(connection: sqlite3.Connection, session_id: str) -> dict[str, Any]:
    """Give everything that is noted about a session as JSON; what there is not is left out."""
    notes = read_notes(connection, [session_id]).get(session_id)
    descent = read_descent(connection, session_id)
    return {
        "notes": None if notes is None else attrs.asdict(notes),
        "values": read_values(connection, session_id),
        "descent": None if descent is None else attrs.asdict(descent),
    }


def _take(connection: sqlite3.Connection, trash_id: str, session_id: str | None) -> str | None:
    row = connection.execute("SELECT session_id, settled, notes FROM trash WHERE trash_id = ?", (trash_id,)).fetchone()
    if row is None:
        return None
    _remove(connection, trash_id)
    former, settled, text = row
    return _put_back(connection, session_id or former, json.loads(text)) if settled else None


def _put_back(connection: sqlite3.Connection, session_id: str, noted: dict[str, Any]) -> str | None:
    lost: str | None = None
    if noted["notes"] is not None:
        notes = Notes(**noted["notes"])
        if notes.label is not None and holder_of(connection, notes.label) not in (None, session_id):
            lost = notes.label
            notes = attrs.evolve(notes, label=None)
        write_notes(connection, session_id, notes)
    write_values(connection, session_id, noted["values"])
    if noted["descent"] is not None:
        write_descent(connection, attrs.evolve(Descent(**noted["descent"]), child=session_id))
    return lost


def _remove(connection: sqlite3.Connection, trash_id: str) -> None:
    for table in ("trash", "trash_files"):
        connection.execute(f"DELETE FROM {table} WHERE trash_id = ?", (trash_id,))


def _items(connection: sqlite3.Connection, only: str | None = None) -> list[TrashItem]:
    """Give one item, or all."""
    which, values = ("", ()) if only is None else (" WHERE trash_id = ?", (storable(only),))
    files: dict[str, list[TrashedFile]] = {}
    for trash_id, original, kept in connection.execute(
        f"SELECT trash_id, original, kept FROM trash_files{which} ORDER BY trash_id, number", values
    ):
        files.setdefault(trash_id, []).append(TrashedFile(original=os.fsdecode(original), kept=os.fsdecode(kept)))
    rows = connection.execute(
        "SELECT trash_id, session_id, agent, title, work_dir, deleted_at, expires_at, settled, leaving FROM trash"
        f"{which} ORDER BY deleted_at DESC, trash_id",
        values,
    )
    return [
        TrashItem(
            trash_id=row[0],
            session_id=row[1],
            agent=row[2],
            title=row[3],
            work_dir=path_text(row[4]),
            deleted_at=row[5],
            expires_at=row[6],
            files=files.get(row[0], []),
            settled=bool(row[7]),
            leaving=bool(row[8]),
        )
        for row in rows
    ]
