"""The temporary names of all our processes, noted before anything is made under them."""

import os
import platform
import sqlite3
from collections.abc import Sequence
from functools import cache

from forkpoint.stores.changing.processes import ProcessMark, this_process
from forkpoint.stores.changing.staging import StagedNote
from forkpoint.stores.state.database import StateDatabase
from forkpoint.stores.state.values import path_bytes, path_text


class StoredStagingBook:
    """The staging book in `state.db`.

    Its notes survive the end of a process, not that of the machine: syncing each would cost more than the changes
    themselves, and what may be left behind then is a file under a temporary name.
    """

    def __init__(self, database: StateDatabase) -> None:
        self._database = database

    def note(self, path: str, *, made: str | None = None, stays_with: str | None = None) -> int:
        """Note a name that this process is about to make, absolute; gives a token."""
        process = this_process()

        def work(connection: sqlite3.Connection) -> int:
            token = connection.execute(
                "INSERT INTO staging (path, pid, started, host, made, stays_with) VALUES (?, ?, ?, ?, ?, ?)",
                (path_bytes(path), process.pid, process.started, _host(), made, path_bytes(stays_with)),
            ).lastrowid
            assert token is not None  # a row was inserted
            return token

        return self._database.write(work, lasting=False)

    def done(self, token: int) -> None:
        """Cross a name out."""
        self._database.write(
            lambda connection: connection.execute("DELETE FROM staging WHERE token = ?", (token,)), lasting=False
        )

    def notes(self) -> Sequence[StagedNote]:
        """Give what is not crossed out, of processes that this one could see running; of others it cannot tell."""

        def work(connection: sqlite3.Connection) -> list[StagedNote]:
            rows = connection.execute(
                "SELECT token, path, pid, started, made, stays_with FROM staging WHERE host = ? ORDER BY token",
                (_host(),),
            )
            return [
                StagedNote(
                    token=token,
                    path=os.fsdecode(path),
                    process=ProcessMark(pid, started),
                    made=made,
                    stays_with=path_text(stays_with),
                )
                for token, path, pid, started, made, stays_with in rows
            ]

        return self._database.read(work, [])


@cache
def _host() -> str:
    """Tell one set of process ids from another: the machine's name and, on Linux, the container's."""
    try:
        return f"{platform.node()} {os.readlink('/proc/self/ns/pid')}"
    except OSError:
        return platform.node()
