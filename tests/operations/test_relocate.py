"""Sessions that follow a folder which was moved, on real stores over the sample home."""

from pathlib import Path
from typing import Any

import attrs
import pytest

from forkpoint.model.failures import FileNotFound, NotSupported
from forkpoint.model.relocation import Relocation
from forkpoint.operations import relocate
from forkpoint.operations.create import CreateSessionParams, create_session
from forkpoint.operations.files import ReadFileParams, read_file
from forkpoint.operations.fork import ForkSessionParams, fork_session
from forkpoint.operations.git import DiffStatsParams, diff_stats
from forkpoint.operations.registry import InvalidParams
from forkpoint.operations.relocate import RelocateWorkDirParams, RelocateWorkDirResult, relocate_work_dir
from forkpoint.operations.sessions import ListSessionsParams, list_sessions
from forkpoint.operations.work_dirs import ListWorkDirsParams, list_work_dirs
from tests.operations.calls import services_over
from tests.operations.changing import Machine, is_gone

AT_WORK = {"importer", "prices", "uploader", "fork", "torn"}


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """The sample home, with its work dir moved to `moved`."""
    made = Machine.of(tmp_path)
    made.sample.work_dir.rename(new_place(made))
    return Machine(made.sample, services_over(made.sample.home, workspace=[new_place(made)]))


def new_place(machine: Machine) -> Path:
    return machine.sample.home / "moved"


async def move(machine: Machine, old: Path | str, new: Path | str, **more: Any) -> RelocateWorkDirResult:
    params = RelocateWorkDirParams(from_=str(old), to=str(new), **more)
    return await relocate_work_dir.run(machine.services, params)


async def take_back(machine: Machine, previous: list[Relocation]) -> RelocateWorkDirResult:
    return await relocate_work_dir.run(machine.services, RelocateWorkDirParams(previous=previous))


async def in_folder(machine: Machine, folder: Path, **more: Any) -> set[str]:
    """The short names of the sessions that a list of one folder shows."""
    params = ListSessionsParams(folders=[str(folder)], archived="all", **more)
    found = {row.session_id for row in (await list_sessions.run(machine.services, params)).items}
    return {name for name, session_id in machine.sample.sessions.items() if session_id in found}


async def test_everything_looks_for_the_sessions_in_the_new_place(machine: Machine) -> None:
    old, new = machine.sample.work_dir, new_place(machine)
    before = machine.agents_files()
    assert await in_folder(machine, new) == set()
    result = await move(machine, old, new)
    assert (result.sessions, result.previous) == (5, [Relocation(folder=str(old))])
    assert machine.agents_files() == before
    for seen in (machine, machine.again()):
        assert await in_folder(seen, new) == AT_WORK
        assert await in_folder(seen, old) == AT_WORK
        assert await in_folder(seen, machine.sample.home / "notes") == {"kimiNotes", "piNotes"}
        row = await seen.row(seen.id_of("uploader"))
        assert row.work_dir == str(new)
        assert row.repository == str(new / ".git")
        assert row.resume is not None
        assert row.resume.cwd == str(new)
    params = ReadFileParams(session_id=machine.id_of("importer"), path="src/importer.py")
    assert "save_all(rows)" in str((await read_file.run(machine.services, params)).text)
    stats = await diff_stats.run(machine.services, DiffStatsParams(session_id=machine.id_of("importer")))
    assert stats.is_git_repo
    dirs = {item.path: item for item in (await list_work_dirs.run(machine.services, ListWorkDirsParams())).items}
    assert str(old) not in dirs
    assert (dirs[str(new)].session_count, dirs[str(new)].exists) == (5, True)
    assert dirs[str(new)].workspace_folder == str(new)


async def test_an_agent_that_would_not_find_its_sessions_is_named(machine: Machine) -> None:
    """Kimi looks under the MD5 of the folder it is started in, and would begin an empty session."""
    result = await move(machine, machine.sample.work_dir, new_place(machine))
    assert [(problem.kind, "Kimi" in problem.reason) for problem in result.problems] == [("notResumable", True)]
    assert (await machine.row(machine.id_of("importer"))).resume is None
    await take_back(machine, result.previous)
    assert (await machine.row(machine.id_of("importer"))).resume is not None


async def test_a_fork_of_a_moved_session_lies_where_its_agent_looks(machine: Machine) -> None:
    await move(machine, machine.sample.work_dir, new_place(machine))
    for name in ("importer", "uploader"):
        made = await fork_session.run(machine.services, ForkSessionParams(session_id=machine.id_of(name)))
        assert made.session.work_dir == str(new_place(machine))
        assert made.session.resume is not None
        assert made.session.resume.cwd == str(new_place(machine))
    again = machine.again()
    row = await again.row(made.session.session_id)
    assert row.work_dir == str(new_place(machine))


async def test_what_lies_below_moves_too_and_moves_on(machine: Machine, tmp_path: Path) -> None:
    below, newest = new_place(machine) / "src", tmp_path / "newest"
    params = CreateSessionParams(work_dir=str(machine.sample.work_dir / "src"), create_dir=True)
    made = (await create_session.run(machine.services, params)).session
    first = await move(machine, machine.sample.work_dir, new_place(machine))
    assert (first.sessions, [problem.kind for problem in first.problems]) == (6, ["notResumable", "stillThere"])
    assert (await machine.row(made.session_id)).work_dir == str(below)
    newest.mkdir()
    second = await move(machine, new_place(machine), newest)
    assert second.sessions == 6
    assert (await machine.row(made.session_id)).work_dir == str(newest / "src")
    assert (await take_back(machine, second.previous)).sessions == 6
    assert (await machine.row(made.session_id)).work_dir == str(below)
    third = await take_back(machine, first.previous)
    assert (await machine.row(made.session_id)).work_dir == made.work_dir
    assert machine.services.state.relocations.all() == {}
    assert (await take_back(machine, third.previous)).sessions == 6
    assert (await machine.row(made.session_id)).work_dir == str(below)


async def test_taking_back_a_mistake_leaves_the_other_folders_sessions_alone(machine: Machine) -> None:
    notes = machine.sample.notes_dir
    mistake = await move(machine, machine.sample.work_dir, notes)
    assert await in_folder(machine, notes) == AT_WORK | {"kimiNotes", "piNotes"}
    await take_back(machine, mistake.previous)
    assert await in_folder(machine, notes) == {"kimiNotes", "piNotes"}
    assert await in_folder(machine, machine.sample.work_dir) == AT_WORK


async def test_moving_back_is_not_having_moved(machine: Machine) -> None:
    old, new = machine.sample.work_dir, new_place(machine)
    await move(machine, old, new)
    new.rename(old)
    assert (await move(machine, f"{new}/", f"{old}/.")).sessions == 5
    assert (await machine.row(machine.id_of("uploader"))).work_dir == str(old)


async def test_a_folder_is_meant_under_the_path_its_links_lead_to_as_well(machine: Machine, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(machine.sample.home)
    result = await move(machine, link / "shop", new_place(machine))
    assert result.sessions == 5
    assert [each.folder for each in result.previous] == [str(link / "shop"), str(machine.sample.work_dir)]


async def test_without_apply_nothing_changes(machine: Machine) -> None:
    revision = machine.services.changes.revision
    result = await move(machine, machine.sample.work_dir, new_place(machine), apply=False)
    assert (result.sessions, [problem.kind for problem in result.problems]) == (5, ["notResumable"])
    assert result.previous == [Relocation(folder=str(machine.sample.work_dir))]
    assert machine.services.state.relocations.all() == {}
    assert is_gone(machine.services.state.folder)
    assert machine.services.changes.since(revision) == []


async def test_what_is_refused(machine: Machine, tmp_path: Path) -> None:
    old, new = machine.sample.work_dir, new_place(machine)
    with pytest.raises(FileNotFound):
        await move(machine, old, tmp_path / "nowhere")
    with pytest.raises(NotSupported) as refused:
        await move(machine, old, new, rewrite=True)
    assert refused.value.capability == "rewrite"
    wrong: list[tuple[dict[str, Any], str]] = [
        ({}, "/from"),
        ({"from_": str(old)}, "/to"),
        ({"from_": "relative", "to": str(new)}, "/from"),
        ({"from_": str(old), "to": "a\0b"}, "/to"),
        ({"from_": "/", "to": str(new)}, "/from"),
        ({"from_": str(new), "to": str(new)}, "/to"),
        ({"from_": str(new), "to": str(new / "src")}, "/to"),
        ({"from_": str(old), "previous": []}, "/from"),
        ({"previous": [Relocation(folder="x")]}, "/previous/0/folder"),
        ({"previous": [Relocation(folder="/x", moved_to="y")]}, "/previous/0/movedTo"),
    ]
    for params, pointer in wrong:
        with pytest.raises(InvalidParams) as faults:
            await relocate_work_dir.run(machine.services, RelocateWorkDirParams(**params))
        assert faults.value.problems[0][0] == pointer, params
    assert machine.services.state.relocations.all() == {}


async def test_each_session_is_announced_or_else_all(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    revision = machine.services.changes.revision
    result = await move(machine, machine.sample.work_dir, new_place(machine))
    told = machine.services.changes.since(revision)
    assert {change.session_id for change in told} == {machine.id_of(name) for name in AT_WORK}
    assert {(change.kind, change.reason) for change in told} == {("changed", "relocate")}
    monkeypatch.setattr(relocate, "MOST_TOLD", 4)
    revision = machine.services.changes.revision
    await take_back(machine, result.previous)
    assert [change.kind for change in machine.services.changes.since(revision)] == ["everything"]


async def test_a_folder_that_kimi_names_no_more_is_known_by_its_move(machine: Machine) -> None:
    (machine.sample.home / ".kimi" / "kimi.json").write_text('{"work_dirs": []}')
    fresh = Machine(machine.sample, services_over(machine.sample.home))
    assert (await fresh.row(fresh.id_of("importer"))).work_dir is None
    assert (await move(fresh, machine.sample.work_dir, new_place(machine))).sessions == 5
    assert (await fresh.row(fresh.id_of("importer"))).work_dir == str(new_place(machine))
    assert attrs.asdict(await machine.again().row(fresh.id_of("importer")))["work_dir"] == str(new_place(machine))
