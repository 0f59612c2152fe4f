"""Rows in SQLite: one database holds all sessions and their lines."""

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from forkpoint.agents.adapter import (
    Adapter,
    AgentInfo,
    Arrangement,
    Ask,
    Candidate,
    Discovery,
    Disk,
    Environment,
    Home,
    Reader,
)
from forkpoint.model.session import Resume
from forkpoint.model.source import SHOWN, Part, QuerySource
from tests.agents.toys.lines import ToyReader, say

LINES = "SELECT seq, body FROM lines WHERE session = :session AND seq >= :start AND seq < :end ORDER BY seq"
SESSIONS = (
    "SELECT rowid, json_object('id', id, 'updated', updated) FROM sessions WHERE rowid >= :start AND rowid < :end"
)


class RowsAdapter(Adapter):
    info = AgentInfo(id="rows", title="Rows", icon="database", capabilities=frozenset())
    writer = None

    def homes(self, environment: Environment) -> Sequence[Home]:
        return (Home(path=f"{environment.home_dir}/.rows"),)

    def discover(self, home: Home, disk: Disk, known_folders: Sequence[str]) -> Ask | Discovery:
        path = f"{home.path}/agent.db"
        query = QuerySource(path, SESSIONS)
        rows = disk.rows(query)
        if disk.rounds == 0:
            return Ask(queries=[query])
        found = [json.loads(body) for _, body in rows or ()]
        return Discovery(
            candidates=[
                Candidate(native_id=row["id"], path=path, updated_at=row["updated"], work_dir="/toy") for row in found
            ]
        )

    def arrange(self, candidate: Candidate, disk: Disk) -> Ask | Arrangement:
        source = QuerySource(candidate.path, LINES, (("session", candidate.native_id),))
        return Arrangement(parts=[Part("rows", source, SHOWN)])

    def reader(self, arrangement: Arrangement) -> Reader:
        return ToyReader(restarts=frozenset({"say"}))

    def resume(self, candidate: Candidate) -> Resume | None:
        return None


def build(home: Path) -> dict[str, list[str]]:
    """Write a sample home; give the texts each session must show, in order."""
    store = home / ".rows"
    store.mkdir(parents=True)
    with closing(sqlite3.connect(store / "agent.db")) as database:
        database.execute("CREATE TABLE sessions(id TEXT, updated INTEGER)")
        database.execute("CREATE TABLE lines(session TEXT, seq INTEGER, body TEXT)")
        database.executemany("INSERT INTO sessions VALUES (?, ?)", [("s1", 5), ("s2", 9)])
        lines = {
            "s1": [say("a", "user", "hello", 1), say("b", "assistant", "hi", 2), say("c", "user", "bye", 3)],
            "s2": [say("a", "user", "other"), {"op": "call", "id": "t", "name": "cat"}, {"op": "done", "id": "t"}],
        }
        for name, stored in lines.items():
            # Keys with gaps, as a table has them after deletions and between sessions.
            database.executemany(
                "INSERT INTO lines VALUES (?, ?, ?)",
                [(name, 3 * number + len(name), json.dumps(line)) for number, line in enumerate(stored)],
            )
        database.commit()
    return {"rows:s1": ["hello", "hi", "bye"], "rows:s2": ["other"]}


ADAPTER = RowsAdapter()
