"""What is known about a session, who holds it, and whether somebody works on it; over the sample home."""

import fcntl
import json
import os
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import attrs
import pytest

from forkpoint.model.failures import Failure, ScopeMissing, SessionNotFound
from forkpoint.model.session import Holder
from forkpoint.model.session_facts import SessionFacts
from forkpoint.model.settings import Settings
from forkpoint.operations.access import refusal
from forkpoint.operations.catalogue import OPERATIONS
from forkpoint.operations.debug import DebugSessionParams, debug_session
from forkpoint.operations.fork import ForkPoint, ForkSessionParams, fork_session
from forkpoint.operations.sessions import ListSessionsParams, list_sessions
from forkpoint.operations.update import UpdateSessionParams, update_session
from tests.agents.pi_files import header, user, write
from tests.operations.changing import Machine, grow
from tests.stores.session_homes import snapshot

HOLDER = """
import fcntl, sys
file = open(sys.argv[1], "a")
fcntl.flock(file, fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine.of(tmp_path)


async def facts(machine: Machine, session_id: str) -> SessionFacts:
    return (await debug_session.run(machine.services, DebugSessionParams(session_id=session_id))).session


def lines_of(path: str) -> list[bytes]:
    return Path(path).read_bytes().splitlines()


@contextmanager
def held(path: str) -> Generator[int]:
    """Let another process hold an flock on a file; gives its id."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        yield process.pid
        process.kill()


@contextmanager
def locked(path: str) -> Generator[None]:
    """Hold an flock in this process."""
    with open(path, "a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def put(path: str, owner: dict[str, Any]) -> None:
    Path(path).write_text(json.dumps(owner))


# --- what is known ------------------------------------------------------------------------------------------------


async def test_a_tree_is_told_with_its_branches(machine: Machine) -> None:
    session_id = machine.id_of("uploader")
    before = snapshot(machine.sample.home)
    found = await facts(machine, session_id)
    assert snapshot(machine.sample.home) == before
    (part,) = found.parts
    stamp = os.stat(part.path)
    assert (part.name, part.role, part.start, part.end) == ("main", "shown", 0, None)
    assert (part.size_bytes, part.modified_at) == (stamp.st_size, stamp.st_mtime_ns // 1_000_000)
    index = found.index
    assert (index.turns, index.branches, index.compactions, index.kept) == (2, 2, 0, False)
    assert index.lines == len(lines_of(part.path)) == sum(index.kinds.values())
    assert index.on_path < index.entries < index.lines
    assert index.leaf == json.loads(lines_of(part.path)[-1])["id"]
    assert (found.problems, found.locks, found.lease, found.held_by, found.open_by) == ([], [], None, None, [])
    assert (found.status, found.grown_lately, found.staging, found.notes) == ("idle", False, [], {})
    assert (await facts(machine, session_id)).index.kept


async def test_a_log_is_told_with_all_its_files(machine: Machine) -> None:
    folder = Path((await machine.row(machine.id_of("importer"))).path)
    (folder / "context_1.jsonl").write_bytes(b"")
    grow(str(folder / "wire.jsonl"), b'{"timestamp": 1, "message": {"type": "CompactionBegin", "payload": {}}}\n')
    found = await facts(machine, machine.id_of("importer"))
    assert [(part.name, part.role) for part in found.parts] == [
        ("wire", "shown"),
        ("context", "context"),
        ("context_1", "context"),
        ("state", "index"),
    ]
    assert found.generations == ["context_1"]
    assert (found.index.branches, found.index.compactions, found.grown_lately) == (1, 1, True)


async def test_problems_are_counted(machine: Machine) -> None:
    found = await facts(machine, machine.id_of("torn"))
    assert found.problem_counts == {"notJson": 1}
    assert [problem.kind for problem in found.problems] == ["notJson"]


async def test_a_format_that_is_not_read_is_told_too(machine: Machine) -> None:
    folder = machine.sample.home / ".pi/agent/sessions/--old--"
    write(folder / "v4.jsonl", {"kind": "header", "v": 4, "id": "four", "cwd": "/x"})
    found = await facts(machine, "pi:four")
    assert (found.parts, found.index.lines, found.problem_counts) == ([], 0, {"unreadable": 1})
    rows = (await list_sessions.run(machine.services, ListSessionsParams())).items
    assert ["version 4" in row.problems[0].reason for row in rows if row.session_id == "pi:four"] == [True]


async def test_nothing_that_was_said_is_told(machine: Machine) -> None:
    text = json.dumps([attrs.asdict(await facts(machine, each)) for each in machine.sample.sessions.values()])
    for said in ("importer takes", "network errors", "cents", "12 passed", "UPLOAD_TRIES", "Claude", "def upload"):
        assert said not in text


async def test_our_own_state_is_told(machine: Machine) -> None:
    session_id = machine.id_of("importer")
    params = UpdateSessionParams(session_id=session_id, label="mine", pinned=True)
    await update_session.run(machine.services, params)
    state = machine.services.state
    state.plugin_values.set(session_id, "reviews", "a", 1)
    path = (await machine.row(session_id)).path
    state.staging.note(path + "/.forkpoint-1")
    state.staging.note("/elsewhere/.forkpoint-2")
    state.relocations.add(str(machine.sample.home / "before"), str(machine.sample.home), 1)
    state.relocations.add("/other", "/place", 1)
    made = await fork_session.run(machine.services, ForkSessionParams(session_id=session_id, at=ForkPoint(turn=1)))
    found = await facts(machine, session_id)
    assert {"label": "mine", "pinned": True}.items() <= found.notes.items()
    assert found.extension_counts == {"reviews": 1}
    assert [(staged.path, staged.pid, staged.running) for staged in found.staging] == [
        (path + "/.forkpoint-1", os.getpid(), True)
    ]
    assert [each.folder for each in found.relocations] == [str(machine.sample.home / "before")]
    assert found.lineage.children == [made.session.session_id]
    child = (await facts(machine, made.session.session_id)).lineage
    assert (child.noted_parent, child.turn) == (session_id, 1)
    assert found.lease is not None
    assert (found.lease.held, os.path.dirname(found.lease.path)) == (False, os.path.join(state.folder, "locks"))
    with held(found.lease.path) as pid:
        lease = (await facts(machine, session_id)).lease
        assert lease is not None
        assert (lease.held, lease.pid) == (True, pid)


async def test_an_unknown_session_is_told(machine: Machine) -> None:
    with pytest.raises(SessionNotFound):
        await facts(machine, "pi:nobody")


# --- who may ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "scope"),
    [
        (Settings(), None),
        (Settings(scopes=frozenset({"admin"})), "read"),
        (Settings(read_only=True, scopes=frozenset({"read"})), None),
        (Settings(trusted=False), "admin"),
        (Settings(trusted=False, scopes=frozenset({"read", "admin"})), None),
    ],
)
def test_who_may_look_behind_a_session(settings: Settings, scope: str | None) -> None:
    (listing,) = (listing for listing in OPERATIONS if listing.method == "sessions/debug")
    refused: Failure | None = refusal(listing, settings)
    assert (refused.scope if isinstance(refused, ScopeMissing) else refused) == scope
    (plain,) = (listing for listing in OPERATIONS if listing.method == "sessions/get")
    assert refusal(plain, attrs.evolve(settings, scopes=frozenset({"read"}))) is None


# --- who holds it -------------------------------------------------------------------------------------------------


async def test_an_flock_beside_a_transcript_tells_who_holds_it(machine: Machine) -> None:
    session_id = machine.id_of("uploader")
    lock = (await machine.row(session_id)).path + ".lock"
    with held(lock) as pid:
        assert (await machine.row(session_id)).held_by == Holder(agent="pi", pid=pid)
        (sign,) = (await facts(machine, session_id)).locks
        assert (sign.path, sign.form, sign.held, sign.pid) == (lock, "flock", True, pid)
        rows = (await list_sessions.run(machine.services, ListSessionsParams())).items
        assert [row.held_by for row in rows if row.session_id == session_id] == [None]
    assert (await machine.row(session_id)).held_by is None
    (sign,) = (await facts(machine, session_id)).locks
    assert (sign.held, sign.pid) == (False, None)


async def test_our_own_lock_is_nobody_elses(machine: Machine) -> None:
    session_id = machine.id_of("uploader")
    with locked((await machine.row(session_id)).path + ".lock"):
        assert (await machine.row(session_id)).held_by is None


async def test_an_owner_file_tells_who_holds_it(machine: Machine) -> None:
    session_id = machine.id_of("uploader")
    lock = (await machine.row(session_id)).path + ".lock"
    now = datetime.now(UTC).replace(microsecond=0)
    owner: dict[str, Any] = {"pid": os.getppid(), "createdAt": now.isoformat()}
    put(lock, owner)
    since = int(now.timestamp() * 1000)
    expected = Holder(agent="openclaw", pid=os.getppid(), since=since)
    assert (await machine.row(session_id)).held_by == expected
    (sign,) = (await facts(machine, session_id)).locks
    assert (sign.form, sign.held, sign.since) == ("ownerFile", True, since)
    old = (now - timedelta(hours=1)).isoformat()
    for stale in ({"createdAt": old}, {"createdAt": "never"}, {"pid": 2**22 + 1}, {"starttime": 1}, {"pid": "x"}):
        put(lock, {**owner, **stale})
        assert (await machine.row(session_id)).held_by is None, stale
    os.unlink(lock)
    os.mkfifo(lock)
    assert (await machine.row(session_id)).held_by is None


# --- whether somebody works on it ---------------------------------------------------------------------------------


async def test_a_session_that_somebody_writes_to_runs(machine: Machine) -> None:
    session_id = machine.id_of("piNotes")
    row = await machine.row(session_id)
    assert row.status == "idle"
    last = json.loads(lines_of(row.path)[-1])["id"]
    grow(row.path, json.dumps(user("more", last, "And the next?")).encode() + b"\n")
    assert (await machine.row(session_id)).status == "running"
    rows = (await list_sessions.run(machine.services, ListSessionsParams())).items
    assert [each.status for each in rows if each.status == "running"] == ["running"]
    past = time.time() - 60
    os.utime(row.path, (past, past))
    assert (await machine.row(session_id)).status == "unknown"


async def test_what_the_agent_says_goes_before(machine: Machine) -> None:
    session_id = machine.id_of("piNotes")
    os.utime((await machine.row(session_id)).path)
    assert (await machine.row(session_id)).status == "idle"


async def test_what_we_write_ourselves_does_not_run(machine: Machine) -> None:
    folder = machine.sample.home / ".pi/agent/sessions/--srv-app--"
    path = write(folder / "x.jsonl", header(id="asked"), user("u", None, "Well?"))
    os.utime(path, (1, 1))
    params = UpdateSessionParams(session_id="pi:asked", title="Mine")
    assert (await update_session.run(machine.services, params)).session.status == "unknown"
    assert (await machine.again().row("pi:asked")).status == "running"
