"""Kills a change of the database before each of its steps: `python -m tests.stores.state.killed_at SCENARIO FOLDER`.

A step is a call of the system that changes names, or a statement of SQL. After each death the database is used again,
as the next process would. Prints, as JSON, how many deaths there were and what was wrong after any of them.
"""

import itertools
import json
import os
import shutil
import signal
import sqlite3
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from forkpoint.stores.state.database import StateDatabase
from forkpoint.stores.state.notes import NotesBook
from forkpoint.stores.state.schema import SCHEMA, Schema
from tests.stores.state.states import NEXT, SPOILT_ROWS, keep, spoil

STEPS = frozenset({"os.mkdir", "os.remove", "os.rename", "os.link", "open", "sqlite3.connect"})


class Death:
    """Ends the process before its n-th step."""

    def __init__(self, at: int) -> None:
        self._left = at

    def arm(self) -> None:
        """Count the steps from now on."""
        connect = sqlite3.connect

        def traced(*arguments: Any, **options: Any) -> sqlite3.Connection:
            connection = connect(*arguments, **options)
            connection.set_trace_callback(lambda _: self._step())
            return connection

        sqlite3.connect = traced
        sys.addaudithook(lambda event, _: self._step() if event in STEPS else None)

    def _step(self) -> None:
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        self._left -= 1


def make(folder: Path) -> None:
    """There is no database yet."""


def migrate(folder: Path) -> None:
    """There is one of the version before."""
    keep(folder, SCHEMA, {"pi:a": "first"})


def repair(folder: Path) -> None:
    """There is a damaged one."""
    keep(folder, SCHEMA, {f"pi:{number:04}": "x" * 500 for number in range(SPOILT_ROWS)})
    spoil(folder / "state.db")


SCENARIOS: dict[str, tuple[Callable[[Path], None], Schema, list[str]]] = {
    "make": (make, SCHEMA, []),
    "migrate": (migrate, NEXT, ["pi:a"]),
    "repair": (repair, SCHEMA, ["pi:0000"]),
}


def deaths(scenario: str, folder: Path) -> tuple[int, list[str]]:
    prepare, schema, kept = SCENARIOS[scenario]
    prepared = folder / "prepared"
    prepared.mkdir()
    prepare(prepared)
    faults: list[str] = []
    for at in itertools.count():
        state = folder / str(at)
        shutil.copytree(prepared, state)
        child = os.fork()
        if child == 0:
            try:
                Death(at).arm()
                NotesBook(StateDatabase(str(state), schema)).change("pi:new", {"pinned": True})
                os._exit(0)
            finally:
                traceback.print_exc()
                os._exit(1)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if code not in (0, -signal.SIGKILL):
            faults.append(f"{at}: the change ended with {code}")
        faults += [f"{at}: {fault}" for fault in after(state, schema, kept, done=code == 0)]
        if code == 0:
            return at, faults
    raise AssertionError("unreachable")


def after(state: Path, schema: Schema, kept: list[str], *, done: bool) -> list[str]:
    """Tell what is wrong with a database that a process was killed over, once the next start has tidied up."""
    database = StateDatabase(str(state), schema)
    database.tidy()
    left = [name for name in os.listdir(state) if name.startswith(".forkpoint-")] if state.exists() else []
    notes = NotesBook(database)
    faults = ["what was done is gone"] if done and "pi:new" not in notes.read(["pi:new"]) else []
    notes.change("pi:next", {"pinned": True})
    if list(notes.read([*kept, "pi:next"])) != [*kept, "pi:next"]:
        faults.append(f"only {list(notes.read([*kept, 'pi:next']))} is there")
    if database.read(lambda connection: connection.execute("PRAGMA integrity_check").fetchone()[0], None) != "ok":
        faults.append("it is damaged")
    database.close()
    return faults + ([f"{left} is left"] if left else [])


if __name__ == "__main__":
    count, wrong = deaths(sys.argv[1], Path(sys.argv[2]))
    sys.stdout.write(json.dumps({"deaths": count, "faults": wrong}))
