"""The notes about sessions: titles, labels, groups, pins and archive flags that no agent's file has a field for."""

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

import attrs

from forkpoint.model.failures import LabelInUse, RevisionMismatch
from forkpoint.model.notes import NoteField, Notes
from forkpoint.stores.state.database import StateDatabase
from forkpoint.stores.state.reading import Row
from forkpoint.stores.state.values import portions, storable

COLUMNS: Mapping[NoteField, str] = {
    "title": "title",
    "generated_title": "generated_title",
    "label": "label",
    "group": "group_name",
    "pinned": "pinned",
    "archived": "archived",
    "archived_at": "archived_at",
    "auto_archive_exempt": "auto_archive_exempt",
    "model": "model",
    "thinking_level": "thinking_level",
}
_FLAGS = frozenset({"pinned", "archived", "auto_archive_exempt"})
_SELECT = f"SELECT session_id, {', '.join(COLUMNS.values())}, revision FROM notes"


@attrs.frozen(kw_only=True)
class Changed:
    """What a change did."""

    notes: Notes
    """The notes as they are now."""
    previous: Mapping[NoteField, Any]
    """The values before, of just the fields that differ now: given back to `change` they undo it."""


class NotesBook:
    """The notes of all sessions. They are kept by the session's id, whatever its agent does with its files."""

    def __init__(self, database: StateDatabase) -> None:
        self._database = database

    def read(self, session_ids: Sequence[str]) -> dict[str, Notes]:
        """Give the notes of these sessions; a session without any is left out."""
        return self._database.read(lambda connection: read_notes(connection, session_ids), {})

    def known(self, session_id: str) -> Notes:
        """Give the notes of a session, empty ones when there are none. Raises Unreadable where that cannot be told."""
        found = self._database.read_surely(lambda connection: read_notes(connection, [session_id]), {})
        return found.get(storable(session_id), Notes())

    def holder_of(self, label: str) -> str | None:
        """Give the session that has a label, in exactly this case."""
        return self._database.read(lambda connection: holder_of(connection, storable(label)), None)

    def changed_since(self, revision: int) -> tuple[list[str], int]:
        """Give the sessions whose notes changed after a revision, oldest change first, and the newest revision.

        Sessions that are gone for good are not among them.
        """

        def work(connection: sqlite3.Connection) -> tuple[list[str], int]:
            found = connection.execute(
                "SELECT session_id FROM notes WHERE revision > ? ORDER BY revision", (revision,)
            ).fetchall()
            return [row[0] for row in found], newest_revision(connection)

        return self._database.read(work, ([], 0))

    def change(self, session_id: str, changes: Mapping[NoteField, Any], *, if_revision: int | None = None) -> Changed:
        """Change some fields, all or none; a value None clears. What is so already is no change.

        `if_revision` is the revision that the notes must have, 0 for none yet.
        Errors: LabelInUse, RevisionMismatch, and those of `StateDatabase.write`.
        """
        return self._database.write(lambda connection: change_notes(connection, session_id, changes, if_revision))

    def forget(self, session_id: str) -> None:
        """Remove everything noted about a session that is gone for good, its label being free again."""
        self._database.write(lambda connection: remove_notes(connection, session_id))


def read_notes(connection: sqlite3.Connection, session_ids: Sequence[str]) -> dict[str, Notes]:
    """Give the notes of some sessions."""
    found: dict[str, Notes] = {}
    for marks, portion in portions([storable(session_id) for session_id in session_ids]):
        rows = connection.execute(f"{_SELECT} WHERE session_id IN ({marks})", portion)
        found.update((row[0], _notes_of(row)) for row in rows)
    return found


def all_notes(connection: sqlite3.Connection) -> dict[str, Notes]:
    """Give the notes of all sessions."""
    return {row[0]: _notes_of(row) for row in connection.execute(_SELECT)}


def write_notes(connection: sqlite3.Connection, session_id: str, notes: Notes) -> Notes:
    """Put notes in the place of a session's own, with a new revision."""
    notes = attrs.evolve(notes, revision=next_revision(connection))
    values = [getattr(notes, field) for field in COLUMNS]
    connection.execute(
        f"INSERT OR REPLACE INTO notes (session_id, {', '.join(COLUMNS.values())}, revision)"
        f" VALUES ({', '.join('?' * (len(COLUMNS) + 2))})",
        (storable(session_id), *values, notes.revision),
    )
    return notes


def remove_notes(connection: sqlite3.Connection, session_id: str) -> None:
    """Remove what is noted about a session, plugin values and all."""
    next_revision(connection)
    for table in ("notes", "plugin_values"):
        connection.execute(f"DELETE FROM {table} WHERE session_id = ?", (storable(session_id),))


def next_revision(connection: sqlite3.Connection) -> int:
    """Give a revision that was never given before."""
    revision = newest_revision(connection) + 1
    connection.execute("INSERT OR REPLACE INTO counters (name, value) VALUES ('revision', ?)", (revision,))
    return revision


def newest_revision(connection: sqlite3.Connection) -> int:
    """Give the revision of the last change; 0 before the first."""
    row = connection.execute("SELECT value FROM counters WHERE name = 'revision'").fetchone()
    return 0 if row is None else row[0]


def change_notes(
    connection: sqlite3.Connection,
    session_id: str,
    changes: Mapping[NoteField, Any],
    if_revision: int | None = None,
) -> Changed:
    """Change some fields of a session's notes, as `NotesBook.change` says."""
    session_id = storable(session_id)
    wanted: dict[NoteField, Any] = {field: _storable(field, value) for field, value in changes.items()}
    notes = read_notes(connection, [session_id]).get(session_id, Notes())
    if if_revision is not None and if_revision != notes.revision:
        raise RevisionMismatch(session_id=session_id, revision=str(notes.revision))
    previous: dict[NoteField, Any] = {
        field: getattr(notes, field) for field, value in wanted.items() if getattr(notes, field) != value
    }
    if not previous:
        return Changed(notes=notes, previous={})
    if "label" in previous and wanted["label"] is not None:
        holder = holder_of(connection, wanted["label"])
        if holder is not None:
            raise LabelInUse(label=wanted["label"], session_id=holder)
    changed = attrs.evolve(notes, **{field: wanted[field] for field in previous})
    return Changed(notes=write_notes(connection, session_id, changed), previous=previous)


def holder_of(connection: sqlite3.Connection, label: str) -> str | None:
    """Give the session that has a label."""
    row = connection.execute("SELECT session_id FROM notes WHERE label = ?", (label,)).fetchone()
    return None if row is None else row[0]


def _storable(field: NoteField, value: Any) -> Any:
    if field in _FLAGS:
        return bool(value)
    return storable(value) if isinstance(value, str) else value


def _notes_of(row: Row) -> Notes:
    return Notes(
        title=row[1],
        generated_title=row[2],
        label=row[3],
        group=row[4],
        pinned=bool(row[5]),
        archived=bool(row[6]),
        archived_at=row[7],
        auto_archive_exempt=bool(row[8]),
        model=row[9],
        thinking_level=row[10],
        revision=row[11],
    )
