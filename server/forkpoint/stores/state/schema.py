"""The tables of `state.db`, version by version."""

from collections.abc import Sequence

import attrs


@attrs.frozen
class Schema:
    """All versions that there were: step n holds the statements that bring version n to version n + 1."""

    steps: Sequence[Sequence[str]]

    @property
    def version(self) -> int:
        """The newest version, as `user_version` holds it; 0 is an empty database."""
        return len(self.steps)


VERSION_1 = (
    # Rises with every change of anything that rows show, and never falls.
    "CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL)",
    """CREATE TABLE notes (
        session_id TEXT PRIMARY KEY,
        title TEXT,
        label TEXT UNIQUE,
        group_name TEXT,
        pinned INTEGER NOT NULL DEFAULT 0,
        archived INTEGER NOT NULL DEFAULT 0,
        archived_at INTEGER,
        model TEXT,
        thinking_level TEXT,
        revision INTEGER NOT NULL
    )""",
    "CREATE INDEX notes_by_revision ON notes (revision)",
    """CREATE TABLE plugin_values (
        session_id TEXT NOT NULL,
        namespace TEXT NOT NULL,
        name TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (session_id, namespace, name)
    )""",
    """CREATE TABLE lineage (
        child TEXT PRIMARY KEY,
        parent TEXT NOT NULL,
        entry_id TEXT,
        turn INTEGER,
        at INTEGER NOT NULL
    )""",
    "CREATE INDEX lineage_by_parent ON lineage (parent)",
    """CREATE TABLE trash (
        trash_id TEXT PRIMARY KEY,
        session_id TEXT NOT NULL,
        agent TEXT NOT NULL,
        title TEXT NOT NULL,
        work_dir BLOB,
        deleted_at INTEGER NOT NULL,
        expires_at INTEGER,
        settled INTEGER NOT NULL,
        notes TEXT NOT NULL
    )""",
    """CREATE TABLE trash_files (
        trash_id TEXT NOT NULL,
        number INTEGER NOT NULL,
        original BLOB NOT NULL,
        kept BLOB NOT NULL,
        PRIMARY KEY (trash_id, number)
    )""",
    """CREATE TABLE staging (
        token INTEGER PRIMARY KEY AUTOINCREMENT,
        path BLOB NOT NULL,
        pid INTEGER NOT NULL,
        started TEXT NOT NULL,
        host TEXT NOT NULL
    )""",
    "CREATE TABLE relocations (old BLOB PRIMARY KEY, new BLOB NOT NULL, at INTEGER NOT NULL)",
)
"""Paths are blobs, since a path need not be UTF-8. Times are milliseconds since 1970 UTC.

Every table has row ids: their trees are flat, so that a damaged page costs few rows more than its own.
"""

VERSION_2 = ("ALTER TABLE notes ADD COLUMN generated_title TEXT",)

VERSION_3 = (
    "ALTER TABLE notes ADD COLUMN auto_archive_exempt INTEGER NOT NULL DEFAULT 0",
    # Set for a session that is to go for good, so that a process that was killed over it is not left with half of it.
    "ALTER TABLE trash ADD COLUMN leaving INTEGER NOT NULL DEFAULT 0",
    # Of a folder that has its final name already: which one it is, and the file that makes it stay.
    "ALTER TABLE staging ADD COLUMN made TEXT",
    "ALTER TABLE staging ADD COLUMN stays_with BLOB",
    # Where a session was that something is noted about, and since when it is known to be there no more.
    """CREATE TABLE whereabouts (
        session_id TEXT PRIMARY KEY,
        home BLOB NOT NULL,
        path BLOB NOT NULL,
        missing_since INTEGER
    )""",
    # What notes said that were changed together with an agent's file, until that is changed too.
    """CREATE TABLE half_changes (
        session_id TEXT PRIMARY KEY,
        path BLOB NOT NULL,
        was TEXT,
        previous TEXT NOT NULL
    )""",
)

SCHEMA = Schema((VERSION_1, VERSION_2, VERSION_3))
