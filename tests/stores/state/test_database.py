"""One database for many threads and processes, which survives their deaths, other versions and damage."""

import json
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import tempfile
import threading
from contextlib import closing
from pathlib import Path

import pytest

from forkpoint.model.failures import NoSpace, NotSupported, TimedOut, Unreadable, Unwritable
from forkpoint.model.notes import Notes
from forkpoint.stores.state.database import StateDatabase
from forkpoint.stores.state.making import GUARD
from forkpoint.stores.state.notes import NotesBook
from forkpoint.stores.state.own_state import OwnNotes, OwnState
from forkpoint.stores.state.relocations import all_relocations
from forkpoint.stores.state.schema import SCHEMA, Schema
from tests.end_to_end.server_process import ROOT
from tests.stores.session_homes import snapshot
from tests.stores.state.hammer import SHARED
from tests.stores.state.states import NEXT, PATIENCE, SPOILT_ROWS, finished, keep, spoil, started


def _titles(folder: Path, schema: Schema = SCHEMA) -> dict[str, str | None]:
    database = StateDatabase(str(folder), schema)
    rows = database.read(lambda connection: connection.execute("SELECT session_id, title FROM notes").fetchall(), [])
    assert database.problems() == []
    return dict(rows)


# --- reading ------------------------------------------------------------------------------------------------------


def test_reading_where_nothing_is_makes_nothing(tmp_path: Path) -> None:
    state = OwnState(str(tmp_path / "not" / "there"))
    assert state.own_notes() == OwnNotes()
    assert state.notes.read(["pi:a"]) == {}
    assert state.notes.holder_of("x") is None
    assert state.notes.changed_since(0) == ([], 0)
    assert state.plugin_values.read("pi:a") == {}
    assert state.lineage.of("pi:a") is None
    assert list(state.trash.items()) == list(state.staging.notes()) == []
    assert state.relocations.all() == {}
    assert state.problems() == []
    assert list(tmp_path.iterdir()) == []


def test_reading_a_quiet_database_leaves_no_trace(tmp_path: Path) -> None:
    keep(tmp_path, SCHEMA, {"pi:a": "one"})
    before = snapshot(tmp_path)
    assert _titles(tmp_path) == {"pi:a": "one"}
    assert snapshot(tmp_path) == before


def test_what_another_process_has_just_written_is_read(tmp_path: Path) -> None:
    one, other = OwnState(str(tmp_path)), OwnState(str(tmp_path))
    for number in range(5):
        one.notes.change("pi:a", {"title": str(number)})
        assert other.notes.read(["pi:a"])["pi:a"].title == str(number)
        other.notes.change("pi:b", {"title": str(number)})
        assert one.notes.read(["pi:b"])["pi:b"].title == str(number)


def test_files_are_the_users_alone(tmp_path: Path) -> None:
    state = OwnState(str(tmp_path / "above" / "state"))
    state.notes.change("pi:a", {"pinned": True})
    folder = tmp_path / "above" / "state"
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.iterdir())}
    assert modes == dict.fromkeys(("state.db", "state.db-wal", "state.db-shm", "state.lock"), 0o600) | {"state": 0o700}


# --- many at once -------------------------------------------------------------------------------------------------


@pytest.mark.timeout(PATIENCE + 10)
def test_processes_lose_no_update_and_share_no_label(tmp_path: Path) -> None:
    rounds = 150
    processes = [started("hammer", str(tmp_path), str(number), str(rounds)) for number in range(4)]
    labelled = [int(finished(process)) for process in processes]
    assert any(labelled)
    assert OwnState(str(tmp_path)).notes.read([SHARED])[SHARED].title == str(rounds * len(processes))


def test_threads_share_one_database(tmp_path: Path) -> None:
    state = OwnState(str(tmp_path))
    failed: list[BaseException] = []

    def work(name: int) -> None:
        try:
            for number in range(40):
                state.notes.change(f"pi:{name}", {"title": str(number)})
                assert state.notes.read([f"pi:{name}"])[f"pi:{name}"].title == str(number)
        except BaseException as problem:
            failed.append(problem)
            raise

    threads = [threading.Thread(target=work, args=(name,)) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert state.notes.changed_since(0)[1] == 320


def test_a_database_that_stays_locked_is_given_up_on(tmp_path: Path) -> None:
    keep(tmp_path, SCHEMA, {"pi:a": "one"})
    with closing(sqlite3.connect(tmp_path / "state.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        book = NotesBook(StateDatabase(str(tmp_path), patience=0.05))
        with pytest.raises(TimedOut):
            book.change("pi:a", {"title": "two"})
        assert book.read(["pi:a"])["pi:a"].title == "one"
        other.execute("ROLLBACK")
    assert book.change("pi:a", {"title": "two"}).notes.title == "two"


# --- deaths -------------------------------------------------------------------------------------------------------


@pytest.mark.timeout(PATIENCE + 10)
def test_what_was_acknowledged_survives_a_kill(tmp_path: Path) -> None:
    last = 0
    for lines in (1, 2, 5, 17, 40):
        process = started("scribe", str(tmp_path), str(last + 1))
        assert process.stdout is not None
        for _ in range(lines):
            last = int(process.stdout.readline())
        process.send_signal(signal.SIGKILL)
        with process:
            rest = process.stdout.read()  # through the same buffer, which may hold lines already
        last = int(rest.split("\n")[-2]) if rest.count("\n") else last
        notes = OwnState(str(tmp_path)).own_notes().notes.values()
        assert all(note.title == note.group for note in notes)
        newest = max(int(note.title or 0) for note in notes)
        assert newest in (last, last + 1)
        last = newest


@pytest.mark.timeout(PATIENCE + 10)
@pytest.mark.parametrize(("scenario", "least"), [("make", 20), ("migrate", 20), ("repair", 30)])
def test_a_kill_before_any_step_leaves_a_whole_database(tmp_path: Path, scenario: str, least: int) -> None:
    result = json.loads(finished(started("killed_at", scenario, str(tmp_path))))
    assert result["faults"] == []
    assert result["deaths"] >= least


# --- versions -----------------------------------------------------------------------------------------------------


def test_an_older_database_is_brought_up_by_the_first_write_and_kept(tmp_path: Path) -> None:
    keep(tmp_path, SCHEMA, {"pi:a": "one"})
    before = snapshot(tmp_path)
    database = StateDatabase(str(tmp_path), NEXT)
    colours = "SELECT session_id, colour FROM notes"
    assert database.read(lambda connection: connection.execute(colours).fetchall(), []) == [("pi:a", "grey")]
    assert snapshot(tmp_path) == before
    NotesBook(database).change("pi:b", {"title": "two"})
    assert database.read(lambda connection: connection.execute(colours).fetchall(), []) == [
        ("pi:a", "grey"),
        ("pi:b", None),
    ]
    with closing(sqlite3.connect(tmp_path / f"state.db.v{SCHEMA.version}.bak")) as backup:
        assert backup.execute("SELECT session_id, title FROM notes").fetchall() == [("pi:a", "one")]
        assert backup.execute("PRAGMA user_version").fetchone() == (SCHEMA.version,)


def test_a_database_from_before_there_were_versions_is_brought_up(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "state.db")) as made:
        made.execute("CREATE TABLE pins (session_id TEXT)")
        made.execute("INSERT INTO pins VALUES ('kimi:old')")
        made.commit()
    taken_over = (
        *SCHEMA.steps[0],
        "INSERT INTO notes (session_id, pinned, revision) SELECT session_id, 1, 1 FROM pins",
        "DROP TABLE pins",
    )
    notes = NotesBook(StateDatabase(str(tmp_path), Schema((taken_over, *SCHEMA.steps[1:]))))
    assert notes.read(["kimi:old"])["kimi:old"].pinned
    notes.change("kimi:old", {"title": "kept"})
    assert notes.read(["kimi:old"])["kimi:old"].pinned
    with closing(sqlite3.connect(tmp_path / "state.db.v0.bak")) as backup:
        assert backup.execute("SELECT session_id FROM pins").fetchall() == [("kimi:old",)]


def test_a_step_that_fails_leaves_the_old_database(tmp_path: Path) -> None:
    keep(tmp_path, SCHEMA, {"pi:a": "one"})
    broken = Schema((*SCHEMA.steps, ("DROP TABLE lineage", "ALTER TABLE nothing ADD COLUMN x")))
    with pytest.raises(Unwritable):
        NotesBook(StateDatabase(str(tmp_path), broken)).change("pi:a", {"title": "two"})
    assert _titles(tmp_path) == {"pi:a": "one"}
    assert OwnState(str(tmp_path)).lineage.of("pi:a") is None
    assert NotesBook(StateDatabase(str(tmp_path))).change("pi:a", {"title": "two"}).notes.title == "two"


def test_a_newer_database_is_read_and_not_written(tmp_path: Path) -> None:
    keep(tmp_path, NEXT, {"pi:a": "one"})
    before = snapshot(tmp_path)
    state = OwnState(str(tmp_path))
    assert state.notes.read(["pi:a"])["pi:a"].title == "one"
    for write in (lambda: state.notes.change("pi:a", {"pinned": True}), lambda: state.staging.note("/x/.forkpoint-1")):
        with pytest.raises(NotSupported) as refused:
            write()
        assert refused.value.capability == "state"
    after = snapshot(tmp_path)
    assert after[str(tmp_path / "state.db")] == before[str(tmp_path / "state.db")]
    assert _titles(tmp_path, NEXT) == {"pi:a": "one"}


def test_a_process_of_an_older_version_stops_writing_once_a_newer_one_came(tmp_path: Path) -> None:
    old = OwnState(str(tmp_path))
    old.notes.change("pi:a", {"title": "one"})
    keep(tmp_path, NEXT, {"pi:b": "two"})
    with pytest.raises(NotSupported):
        old.notes.change("pi:a", {"title": "three"})
    assert _titles(tmp_path, NEXT) == {"pi:a": "one", "pi:b": "two"}


# --- damage -------------------------------------------------------------------------------------------------------


def test_a_file_that_is_no_database_is_set_aside_by_the_first_write(tmp_path: Path) -> None:
    (tmp_path / "state.db").write_bytes(b"this is no database at all, and never was one\n" * 100)
    before = snapshot(tmp_path)
    state = OwnState(str(tmp_path))
    assert state.own_notes() == OwnNotes()
    assert [problem.kind for problem in state.problems()] == ["stateUnreadable"]
    assert snapshot(tmp_path) == before
    state.notes.change("pi:a", {"pinned": True})
    assert state.notes.read(["pi:a"])["pi:a"].pinned
    (problem,) = state.problems()
    assert problem.kind == "stateDamaged"
    assert Path(problem.path).read_bytes().startswith(b"this is no database")


def test_values_that_were_never_written_are_a_database_that_cannot_be_read(tmp_path: Path) -> None:
    state = OwnState(str(tmp_path))
    state.notes.change("pi:a", {"pinned": True})
    state.database.write(
        lambda connection: connection.execute("INSERT INTO relocations (old, new, at) VALUES (5, 5, 5)")
    )
    assert state.own_notes() == OwnNotes()
    assert [problem.kind for problem in state.problems()] == ["stateUnreadable"]
    with pytest.raises(Unreadable):
        state.database.read_surely(all_relocations, {})


@pytest.mark.parametrize("there", [b"", b"no database"])
def test_something_in_the_file_that_is_only_locked_stops_no_write(tmp_path: Path, there: bytes) -> None:
    if there:
        (tmp_path / "state.db").write_bytes(there * 100)
    (tmp_path / GUARD).write_bytes(b"what a disk left here\n" * 100)
    state = OwnState(str(tmp_path))
    state.notes.change("pi:a", {"pinned": True})
    assert OwnState(str(tmp_path)).notes.known("pi:a").pinned
    assert (tmp_path / GUARD).read_bytes() == b""


def test_what_cannot_be_read_is_not_taken_for_nothing(tmp_path: Path) -> None:
    state = OwnState(str(tmp_path))
    assert state.notes.known("pi:a") == Notes()
    assert state.trash.known("id") is None
    (tmp_path / "state.db").write_bytes(b"this is no database at all, and never was one\n" * 100)
    for read in (lambda: state.notes.known("pi:a"), lambda: state.trash.known("id")):
        with pytest.raises(Unreadable):
            read()


def test_what_can_be_read_of_a_damaged_database_is_kept(tmp_path: Path) -> None:
    titles = {f"pi:{number:04}": "x" * 500 for number in range(SPOILT_ROWS)}
    keep(tmp_path, SCHEMA, titles)
    OwnState(str(tmp_path)).relocations.add("/old", "/new", 1)
    state = OwnState(str(tmp_path))
    state.database.close()
    spoil(tmp_path / "state.db")
    spoilt = (tmp_path / "state.db").read_bytes()
    state.notes.change("pi:new", {"pinned": True})
    (problem,) = state.problems()
    assert Path(problem.path).read_bytes() == spoilt
    kept = state.own_notes().notes
    assert kept["pi:0000"].title == "x" * 500
    assert 5 < len(kept) <= len(titles) + 1
    assert all(kept[name].title == titles[name] for name in kept if name != "pi:new")


def test_one_process_repairs_and_the_other_goes_on_in_the_new_database(tmp_path: Path) -> None:
    one, other = OwnState(str(tmp_path)), OwnState(str(tmp_path))
    one.notes.change("pi:a", {"title": "one"})
    other.notes.change("pi:b", {"title": "two"})
    aside = tmp_path / "elsewhere"
    aside.mkdir()
    for path in list(tmp_path.glob("state.db*")):
        path.rename(aside / path.name)
    one.notes.change("pi:c", {"title": "three"})
    other.notes.change("pi:d", {"title": "four"})
    one.notes.change("pi:e", {"title": "five"})
    assert _titles(tmp_path) == {"pi:c": "three", "pi:d": "four", "pi:e": "five"}
    assert _titles(aside) == {"pi:a": "one", "pi:b": "two"}


def test_a_log_without_its_database_is_set_aside(tmp_path: Path) -> None:
    state = OwnState(str(tmp_path))
    state.notes.change("pi:a", {"title": "one"})
    (tmp_path / "state.db").rename(tmp_path / "gone")
    NotesBook(StateDatabase(str(tmp_path))).change("pi:b", {"title": "two"})
    assert _titles(tmp_path) == {"pi:b": "two"}
    assert [path.name for path in tmp_path.glob("state.db.lost-*-wal")]


# --- disks that refuse --------------------------------------------------------------------------------------------


def test_a_folder_that_cannot_be_made_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    state = OwnState(str(tmp_path / "file" / "state"))
    assert state.own_notes() == OwnNotes()
    with pytest.raises(Unwritable):
        state.notes.change("pi:a", {"pinned": True})


REFUSED = """
import os, sys
from forkpoint.model.failures import Failure
from forkpoint.stores.state.own_state import OwnState
import resource, forkpoint.stores.state.repair
if sys.argv[2] == "limit":
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
elif os.getuid() == 0:
    os.setuid(int(sys.argv[3]))
state = OwnState(sys.argv[1])
print(state.notes.read(["pi:a"])["pi:a"].title)
try:
    for number in range(500):
        state.notes.change("pi:b%d" % number, {"title": "x" * 5000})
except Failure as failure:
    print(failure.kind)
print(state.notes.read(["pi:a"])["pi:a"].title)
"""


def _refused(folder: str, how: str, user: int) -> list[str]:
    command = [sys.executable, "-c", REFUSED, folder, how, str(user)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=True)
    return done.stdout.split()


def test_a_file_size_limit_is_no_space_and_loses_nothing(tmp_path: Path) -> None:
    keep(tmp_path, SCHEMA, {"pi:a": "one"})
    assert _refused(str(tmp_path), "limit", 0) == ["one", NoSpace.kind, "one"]
    assert _titles(tmp_path)["pi:a"] == "one"
    OwnState(str(tmp_path)).notes.change("pi:a", {"title": "two"})
    assert _titles(tmp_path)["pi:a"] == "two"


def test_a_folder_without_permission_is_read_and_a_write_is_a_failure() -> None:
    nobody = 65534
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        keep(path, SCHEMA, {"pi:a": "one"})
        for file in path.iterdir():
            file.chmod(0o444)
        path.chmod(0o555)
        before = snapshot(path)
        try:
            assert _refused(folder, "permissions", nobody) == ["one", Unwritable.kind, "one"]
            assert snapshot(path) == before
        finally:
            os.chmod(folder, 0o700)
