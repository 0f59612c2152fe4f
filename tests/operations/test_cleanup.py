"""sessions/cleanup: what each task finds, what it leaves alone, and that it says first what it would do."""

import json
import os
import shutil
import time
from pathlib import Path

import pytest

from forkpoint.model.settings import Settings
from forkpoint.operations.cleanup import CleanupSessionsParams, CleanupTask, cleanup_sessions
from forkpoint.operations.registry import InvalidParams
from forkpoint.operations.trash import (
    DeleteSessionParams,
    ListGenerationsParams,
    RestoreSessionParams,
    delete_session,
    list_generations,
    restore_session,
)
from forkpoint.stores.changing.locks import Leases
from forkpoint.stores.state.own_state import OwnState
from forkpoint.stores.workers import CancelFlag
from tests.operations.old_house import OldHouse, archived, clean_up, update
from tests.stores.session_homes import snapshot
from tests.stores.small_kimi import touch
from tests.stores.state.states import finished, started


@pytest.fixture
def house(home: Path) -> OldHouse:
    return OldHouse.of(home)


def concerned(task: CleanupTask) -> list[str | None]:
    return [item.session_id for item in task.items]


# --- archiving by age ---------------------------------------------------------------------------------------------


async def test_what_is_old_is_archived_where_its_agent_keeps_that(house: OldHouse) -> None:
    folder = house.add_kimi("old", 15.01)
    house.add_kimi("young", 14.99)
    house.add_kimi("empty", 40)
    (house.kimi.root / "sessions").glob("*/empty/wire.jsonl").__next__().unlink()
    touch(folder, time.time() - 15.01 * 86_400)
    house.add_pi("a", "what was said")
    services = house.services()
    said = await clean_up(services, "autoArchive")
    assert (said.total, said.due, said.done, said.problems) == (3, 3, 0, [])
    assert concerned(said) == ["pi:a", "kimi:empty", "kimi:old"]
    assert [item.title for item in said.items] == ["what was said", "hello", "hello"]
    before = services.changes.revision
    done = await clean_up(services, "autoArchive", apply=True)
    assert (done.total, done.due, done.done, done.problems) == (3, 3, 3, [])
    assert await archived(house.services()) == {"pi:a", "kimi:empty", "kimi:old"}
    state = json.loads((folder / "state.json").read_text())
    assert (state["archived"], state.get("auto_archive_exempt", False)) == (True, False)
    told = services.changes.since(before)
    assert {(change.session_id, change.kind, change.reason) for change in told} == {
        (session_id, "changed", "cleanup") for session_id in ("pi:a", "kimi:empty", "kimi:old")
    }
    again = await clean_up(services, "autoArchive", apply=True)
    assert (again.total, again.done) == (0, 0)


async def test_what_a_person_cares_for_is_left_alone(house: OldHouse) -> None:
    exempt = house.add_kimi("exempt", 50)
    (exempt / "state.json").write_text('{"version": 1, "auto_archive_exempt": true}')
    house.add_kimi("pinned", 50)
    flat = house.kimi.root / "sessions" / exempt.parent.name / "0b0b0b0b-0b0b-4b0b-8b0b-0b0b0b0b0b0b.jsonl"
    flat.write_text('{"role": "user", "content": "of the old form"}\n')
    os.utime(flat, (1, 1))
    house.add_pi("pinned")
    house.add_pi("free")
    services = house.services()
    for session_id in ("kimi:pinned", "pi:pinned"):
        await update(services, session_id, pinned=True)
    assert concerned(await clean_up(services, "autoArchive")) == ["pi:free"]
    house.set(auto_archive_days=0)
    assert concerned(await clean_up(house.services(), "autoArchive", apply=True)) == []
    assert await archived(services) == set()


@pytest.mark.parametrize("session_id", ["kimi:a", "pi:a"])
async def test_what_a_person_took_out_of_the_archive_stays_out(house: OldHouse, session_id: str) -> None:
    folder = house.add_kimi("a", 50)
    house.add_pi("a")
    services = house.services()
    assert (await clean_up(services, "autoArchive", apply=True)).done == 2
    await update(services, session_id, archived=False)
    if session_id == "kimi:a":
        assert json.loads((folder / "state.json").read_text())["auto_archive_exempt"] is True
    assert concerned(await clean_up(house.services(), "autoArchive", apply=True)) == []
    assert await archived(services) == {"kimi:a", "pi:a"} - {session_id}
    await update(services, session_id, archived=True)
    await update(services, session_id, archived=False)
    assert concerned(await clean_up(house.services(), "autoArchive")) == []


async def test_what_is_in_use_is_left_alone_and_told(house: OldHouse) -> None:
    growing = house.add_kimi("growing", 50)
    house.add_kimi("held", 50)
    services = house.services()
    with (growing / "wire.jsonl").open("a") as file:
        file.write('{"timestamp": 1, "message": {"type": "TurnEnd", "payload": {}}}\n')
    touch(growing, 1)
    assert concerned(await clean_up(services, "autoArchive")) == ["kimi:held"]
    with Leases(f"{services.state.folder}/locks").sessions(["kimi:held"], CancelFlag()):
        busy = await clean_up(services, "autoArchive", apply=True)
    assert (busy.due, busy.done, [problem.kind for problem in busy.problems]) == (1, 0, ["sessionBusy"])
    assert await archived(services) == set()


def _spoil(house: OldHouse, state: OwnState) -> None:
    """Let our database be none any more."""
    house.rest()
    Path(state.database.path).write_bytes(b"this is no database at all\n" * 100)


async def test_what_may_be_pinned_is_left_alone_while_our_notes_cannot_be_read(house: OldHouse) -> None:
    house.add_kimi("pinned", 50)
    services = house.services()
    await update(services, "kimi:pinned", pinned=True)
    _spoil(house, services.state)
    done = await clean_up(house.services(), "autoArchive", apply=True)
    assert (done.done, [problem.kind for problem in done.problems]) == (0, ["unreadable"])
    assert await archived(services) == set()


# --- the trash ----------------------------------------------------------------------------------------------------


async def _delete(house: OldHouse, session_id: str) -> str:
    result = await delete_session.run(house.services(), DeleteSessionParams(session_id=session_id))
    assert result.trash_id is not None
    return result.trash_id


def _age_trash(house: OldHouse, trash_id: str, days: float) -> None:
    """Let something have been deleted so many days earlier."""
    state = house.services().state
    past = round(days * 86_400_000)
    state.database.write(
        lambda connection: connection.execute(
            "UPDATE trash SET expires_at = expires_at - ?, deleted_at = deleted_at - ?", (past, past)
        )
    )
    path = Path(state.folder) / "trash" / trash_id / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["label"]["retired_at"] -= past
    path.write_text(json.dumps(manifest))


async def test_the_trash_is_emptied_of_what_had_its_time(house: OldHouse) -> None:
    house.add_pi("a")
    house.add_pi("b")
    trash_id = await _delete(house, "pi:a")
    _age_trash(house, trash_id, 30.01)
    later = await _delete(house, "pi:b")
    services = house.services()
    said = await clean_up(services, "trash")
    assert [(item.session_id, item.trash_id, item.title) for item in said.items] == [("pi:a", trash_id, "hello")]
    assert (await clean_up(services, "trash", apply=True)).done == 1
    left = await list_generations.run(services, ListGenerationsParams())
    assert [item.trash_id for item in left.items] == [later]
    assert [path.name for path in (Path(services.state.folder) / "trash").iterdir()] == [later]
    restored = await restore_session.run(services, RestoreSessionParams(trash_id=later))
    assert restored.session.session_id == "pi:b"


@pytest.mark.parametrize(("promised", "today"), [(60, 30), (30, 60)])
async def test_the_longer_time_counts_of_the_promised_and_the_one_of_today(
    house: OldHouse, promised: int, today: int
) -> None:
    house.add_pi("a")
    house.set(trash_days=promised)
    trash_id = await _delete(house, "pi:a")
    (item,) = (await list_generations.run(house.services(), ListGenerationsParams())).items
    assert item.expires_at == item.at + promised * 86_400_000
    house.set(trash_days=today)
    _age_trash(house, trash_id, 59.9)
    assert (await clean_up(house.services(), "trash", apply=True)).total == 0
    _age_trash(house, trash_id, 0.2)
    assert (await clean_up(house.services(), "trash", apply=True)).done == 1


async def test_what_the_book_has_lost_goes_by_its_own_label(house: OldHouse) -> None:
    house.add_pi("a")
    trash_id = await _delete(house, "pi:a")
    house.services().state.trash.remove(trash_id)
    assert (await clean_up(house.services(), "trash", apply=True)).total == 0
    _age_trash(house, trash_id, 31)
    assert (await clean_up(house.services(), "trash", apply=True)).done == 1
    assert list((Path(house.services().state.folder) / "trash").iterdir()) == []


async def test_a_promise_is_kept_while_the_book_cannot_be_read(house: OldHouse) -> None:
    house.add_pi("a")
    house.set(trash_days=60)
    trash_id = await _delete(house, "pi:a")
    _age_trash(house, trash_id, 31)
    house.set(trash_days=30)
    services = house.services()
    _spoil(house, services.state)
    done = await clean_up(services, "trash", apply=True)
    assert (done.done, [problem.kind for problem in done.problems]) == (0, ["unreadable"])
    assert (Path(services.state.folder) / "trash" / trash_id / "items" / "0").exists()


# --- what is nowhere any more -------------------------------------------------------------------------------------


def _age_missing(house: OldHouse, days: float) -> None:
    past = round(days * 86_400_000)
    house.services().state.database.write(
        lambda connection: connection.execute("UPDATE whereabouts SET missing_since = missing_since - ?", (past,))
    )


async def _note(house: OldHouse) -> Path:
    """Note something about a session that was seen, beside another one; give the session's file."""
    path = house.add_pi("a")
    house.add_pi("b")
    services = house.services()
    await update(services, "pi:a", label="mine", group="g")
    services.state.plugin_values.set("pi:a", "plugin", "key", 1)
    assert (await clean_up(services, "missing", apply=True)).total == 0
    return path


async def test_what_is_nowhere_is_forgotten_thirty_days_after_it_was_first_seen_to_be(house: OldHouse) -> None:
    path = await _note(house)
    path.unlink()
    now = int(time.time() * 1000)
    said = await clean_up(house.services(), "missing")
    (item,) = said.items
    assert (said.total, said.due, item.session_id, item.title, item.path) == (1, 0, "pi:a", "mine", str(path))
    assert item.due_at is not None and 0 <= item.due_at - now - 30 * 86_400_000 < 60_000
    for days in (0, 29.9):
        _age_missing(house, days)
        task = await clean_up(house.services(), "missing", apply=True)
        assert (task.total, task.due, task.done) == (1, 0, 0)
    assert house.services().state.notes.holder_of("mine") == "pi:a"
    _age_missing(house, 0.2)
    assert (await clean_up(house.services(), "missing")).due == 1
    assert (await clean_up(house.services(), "missing", apply=True)).done == 1
    state = house.services().state
    assert (state.notes.holder_of("mine"), state.plugin_values.read("pi:a")) == (None, {})
    assert (await clean_up(house.services(), "missing", apply=True)).total == 0


async def test_what_comes_back_is_not_missing_any_more(house: OldHouse) -> None:
    path = await _note(house)
    away = path.rename(house.home / "away")
    assert (await clean_up(house.services(), "missing", apply=True)).total == 1
    _age_missing(house, 40)
    away.rename(path)
    assert (await clean_up(house.services(), "missing", apply=True)).total == 0
    path.rename(away)
    task = await clean_up(house.services(), "missing", apply=True)
    assert (task.total, task.due) == (1, 0)
    away.rename(path)
    assert house.services().state.notes.holder_of("mine") == "pi:a"


@pytest.mark.parametrize("there", ["empty folder", "link to nothing"])
async def test_what_lay_on_a_disk_that_is_not_there_is_not_forgotten(house: OldHouse, there: str) -> None:
    """A folder of the home that is a disk of its own, or a link to one; the rest of the home is as ever."""
    path = await _note(house)
    other = house.home / ".pi" / "--other--" / "2026-01-05T10-00-00-000Z_c.jsonl"
    other.parent.mkdir()
    shutil.copy(house.add_pi("c"), other)
    (path.parent / "2026-01-05T10-00-00-000Z_c.jsonl").unlink()
    shutil.rmtree(path.parent)
    if there == "empty folder":
        path.parent.mkdir()
    else:
        path.parent.symlink_to(house.home / "unmounted")
    for _ in range(2):
        task = await clean_up(house.services(), "missing", apply=True)
        assert (task.total, task.done) == (0, 0)
        _age_missing(house, 60)
    assert house.services().state.notes.holder_of("mine") == "pi:a"


@pytest.mark.parametrize("how", ["gone", "unreadable", "empty", "not looked at", "in the trash", "elsewhere", "never"])
async def test_nothing_is_forgotten_on_a_guess(house: OldHouse, how: str) -> None:
    path = await _note(house)
    home = house.home / ".pi"
    if how == "in the trash":
        await _delete(house, "pi:a")
    elif how != "gone":
        path.unlink()
    if how == "gone":
        home.rename(house.home / "unmounted")
    elif how == "unreadable":
        (home / "--w--" / "x.jsonl").symlink_to("/etc/hosts")
    elif how == "empty":
        shutil.rmtree(home / "--w--")
    elif how == "not looked at":
        house.settings = Settings(homes={"pi": (f"{house.home}/other",), "kimi": ()})
    elif how == "elsewhere":
        house.add_pi("a").rename(home / "--w--" / "2026-01-05T11-00-00-000Z_a.jsonl")
    elif how == "never":
        house.services().state.database.write(lambda connection: connection.execute("DELETE FROM whereabouts"))
    for _ in range(2):
        task = await clean_up(house.services(), "missing", apply=True)
        assert (task.total, task.done) == (0, 0)
        _age_missing(house, 60)
    if how != "in the trash":
        assert house.services().state.notes.holder_of("mine") == "pi:a"


# --- what killed processes left -----------------------------------------------------------------------------------


async def test_what_killed_processes_left_is_named_and_removed(house: OldHouse) -> None:
    house.add_pi("a")
    services = house.services()
    await update(services, "pi:a", label="mine")
    left = house.home / ".pi" / "--w--" / ".forkpoint-left"
    finished(started("leaver", services.state.folder, str(left)))
    left.write_text("x")
    said = await clean_up(services, "staging")
    assert ([item.path for item in said.items], said.done) == ([str(left)], 0)
    assert left.exists()
    for process in (services, house.services()):
        done = await clean_up(process, "staging", apply=True)
        assert (done.done, left.exists()) == (done.total, False)
    assert services.state.staging.notes() == []


# --- all of them --------------------------------------------------------------------------------------------------


async def test_without_apply_nothing_at_all_is_written(house: OldHouse) -> None:
    path = await _note(house)
    house.add_kimi("old", 50)
    _age_trash(house, await _delete(house, "pi:b"), 40)
    house.add_pi("c")
    services = house.services()
    finished(started("leaver", services.state.folder, str(path.parent / ".forkpoint-left")))
    path.unlink()
    house.rest()
    before = snapshot(house.home)
    said = await cleanup_sessions.run(
        house.services(), CleanupSessionsParams(tasks=["staging", "trash", "missing", "autoArchive", "trash"])
    )
    assert [(task.task, task.total, task.done) for task in said.tasks] == [
        ("staging", 1, 0),
        ("trash", 1, 0),
        ("missing", 1, 0),
        ("autoArchive", 2, 0),
    ]
    assert snapshot(house.home) == before


async def test_a_machine_without_anything_stays_so(house: OldHouse) -> None:
    before = snapshot(house.home)
    tasks = CleanupSessionsParams(tasks=["staging", "trash", "missing", "autoArchive"])
    assert {task.total for task in (await cleanup_sessions.run(house.services(), tasks)).tasks} == {0}
    assert snapshot(house.home) == before


async def test_a_task_has_to_be_named(house: OldHouse) -> None:
    with pytest.raises(InvalidParams):
        await cleanup_sessions.run(house.services(), CleanupSessionsParams(tasks=[]))
