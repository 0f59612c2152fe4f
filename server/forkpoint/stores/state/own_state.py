"""Everything in `state.db`, and what of it a list needs at once."""

import sqlite3
from collections.abc import Mapping

import attrs

from forkpoint.model.notes import Notes
from forkpoint.model.problem import Problem
from forkpoint.stores.state.database import StateDatabase
from forkpoint.stores.state.half_changes import HalfChanges
from forkpoint.stores.state.lineage import Lineage, all_parents, read_descent
from forkpoint.stores.state.notes import NotesBook, all_notes, read_notes
from forkpoint.stores.state.plugin_values import PluginValues
from forkpoint.stores.state.relocations import Relocations, all_relocations
from forkpoint.stores.state.round_book import RoundBook
from forkpoint.stores.state.staging_book import StoredStagingBook
from forkpoint.stores.state.trash_book import TrashBook
from forkpoint.stores.state.whereabouts import Whereabouts


@attrs.frozen(kw_only=True)
class OwnNotes:
    """What lists show of our own state, all of one moment."""

    notes: Mapping[str, Notes] = attrs.Factory(dict[str, Notes])
    """By session id; a session without notes is left out."""
    parents: Mapping[str, str] = attrs.Factory(dict[str, str])
    """The session that each fork was made from, as far as it is noted here."""
    relocations: Mapping[str, str] = attrs.Factory(dict[str, str])
    """The new path of every moved folder."""

    def of(self, session_id: str) -> Notes:
        """Give the notes of a session; empty ones when there are none."""
        return self.notes.get(session_id) or Notes()


class OwnState:
    """The books in one state folder. All methods of all of them wait on the disk: call them in a worker."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        """Absolute; made by the first write."""
        self.database = StateDatabase(folder)
        self.notes = NotesBook(self.database)
        self.half_changes = HalfChanges(self.database)
        self.plugin_values = PluginValues(self.database)
        self.lineage = Lineage(self.database)
        self.trash = TrashBook(self.database)
        self.staging = StoredStagingBook(self.database)
        self.relocations = Relocations(self.database)
        self.whereabouts = Whereabouts(self.database)
        self.rounds = RoundBook(self.database)

    def own_notes(self) -> OwnNotes:
        """Read what lists show, in one go."""
        return self.database.read(_own_notes, OwnNotes())

    def own_notes_of(self, session_id: str, others: OwnNotes) -> OwnNotes:
        """Read what a row shows of one session; of the others it is as it was."""

        def work(connection: sqlite3.Connection) -> OwnNotes:
            connection.execute("BEGIN")  # one moment for both
            descent = read_descent(connection, session_id)
            return attrs.evolve(
                others,
                notes=read_notes(connection, [session_id]),
                parents={} if descent is None else {session_id: descent.parent},
            )

        return self.database.read(work, attrs.evolve(others, notes={}, parents={}))

    def problems(self) -> list[Problem]:
        """Tell what is wrong with the database."""
        return self.database.problems()


def _own_notes(connection: sqlite3.Connection) -> OwnNotes:
    connection.execute("BEGIN")  # one moment for all three
    return OwnNotes(
        notes=all_notes(connection), parents=all_parents(connection), relocations=all_relocations(connection)
    )
