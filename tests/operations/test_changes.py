"""Sessions created, changed and forked, on real stores over the sample home."""

import json
from pathlib import Path
from typing import Any

import pytest

from forkpoint.model.failures import (
    EntryNotFound,
    FileNotFound,
    LabelInUse,
    NotSupported,
    ProfileNotFound,
    RevisionMismatch,
    SessionNotFound,
    TurnOutOfRange,
)
from forkpoint.operations.agents import ListAgentsParams, list_agents
from forkpoint.operations.create import CreateSessionParams, CreateSessionResult, create_session
from forkpoint.operations.fork import (
    ForkPoint,
    ForkSessionParams,
    ForkSessionResult,
    PlanForkParams,
    fork_session,
    plan_fork,
)
from forkpoint.operations.history import ListTurnsParams, ReadHistoryParams, list_turns, read_history
from forkpoint.operations.registry import InvalidParams
from forkpoint.operations.update import UpdateSessionParams, UpdateSessionResult, update_session
from tests.operations.changing import Machine, grow
from tests.operations.old_forms import add_old
from tests.stores.session_homes import snapshot


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine.of(tmp_path)


async def create(machine: Machine, **wanted: Any) -> CreateSessionResult:
    params = CreateSessionParams(**{"work_dir": str(machine.sample.notes_dir), **wanted})
    return await create_session.run(machine.services, params)


async def update(machine: Machine, session_id: str, **changes: Any) -> UpdateSessionResult:
    return await update_session.run(machine.services, UpdateSessionParams(session_id=session_id, **changes))


async def fork(
    machine: Machine, session_id: str, at: ForkPoint | None = None, title: str | None = None
) -> ForkSessionResult:
    params = ForkSessionParams(session_id=session_id, at=at, title=title)
    return await fork_session.run(machine.services, params)


async def turns(machine: Machine, session_id: str) -> list[str]:
    result = await list_turns.run(machine.services, ListTurnsParams(session_id=session_id))
    return [turn.text for turn in result.turns]


def undo(previous: dict[str, Any]) -> dict[str, Any]:
    """Give what sessions/update answered as its params."""
    names = {"thinkingLevel": "thinking_level", "agentFields": "agent_fields"}
    return {names.get(name, name): value for name, value in previous.items()}


# --- create -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("agent", ["forkpoint", "pi", "kimi"])
async def test_a_new_session_is_listed_with_what_it_was_given(machine: Machine, agent: str) -> None:
    made = await create(machine, agent=agent, title="Plan the week", label="week", model="p/m")
    assert made.problems == []
    for row in (made.session, await machine.row(made.session.session_id)):
        assert (row.agent, row.title, row.title_source) == (agent, "Plan the week", "custom")
        assert (row.label, row.model, row.work_dir) == ("week", "p/m", str(machine.sample.notes_dir))
        assert row.turn_count == 0
    assert made.session.session_id in await machine.again().ids()
    machine.require_tidy()


async def test_without_an_agent_it_is_ours(machine: Machine) -> None:
    made = await create(machine)
    assert made.session.agent == "forkpoint"
    assert made.session.path.startswith(machine.services.state.folder)
    assert (made.session.title, made.session.title_source) == ("Untitled", "none")


async def test_a_kimi_session_is_named_in_its_index_before(machine: Machine) -> None:
    folder = machine.sample.home / "fresh"
    with pytest.raises(FileNotFound):
        await create(machine, agent="kimi", work_dir=str(folder))
    await create(machine, agent="kimi", work_dir=str(folder), create_dir=True)
    assert folder.is_dir()
    index = json.loads((machine.sample.home / ".kimi" / "kimi.json").read_text())
    assert [entry["path"] for entry in index["work_dirs"]][-1] == str(folder)


@pytest.mark.parametrize("agent", ["forkpoint", "pi", "kimi"])
async def test_the_session_it_comes_from_is_kept(machine: Machine, agent: str) -> None:
    parent = machine.id_of("importer")
    made = await create(machine, agent=agent, parent_session_id=parent)
    assert made.session.parent_session_id == parent
    assert (await machine.again().row(parent)).child_session_ids == [made.session.session_id]


@pytest.mark.parametrize(
    ("wanted", "failure"),
    [
        ({"label": "taken"}, LabelInUse),
        ({"profile": "nobody"}, ProfileNotFound),
        ({"parent_session_id": "pi:gone"}, SessionNotFound),
        ({"agent": "pi", "model": "without-provider"}, NotSupported),
    ],
)
async def test_what_cannot_be_had_makes_no_session(
    machine: Machine, wanted: dict[str, Any], failure: type[Exception]
) -> None:
    await update(machine, machine.id_of("prices"), label="taken")
    before = await machine.ids()
    with pytest.raises(failure):
        await create(machine, **wanted)
    assert await machine.ids() == before
    machine.require_tidy()


@pytest.mark.parametrize(
    ("wanted", "paths"),
    [
        ({"work_dir": "notes"}, ["/workDir"]),
        ({"title": " ", "label": "x" * 513}, ["/title", "/label"]),
        ({"agent": "nobody"}, ["/agent"]),
    ],
)
async def test_params_that_make_no_sense_are_told_together(
    machine: Machine, wanted: dict[str, Any], paths: list[str]
) -> None:
    with pytest.raises(InvalidParams) as refused:
        await create(machine, **wanted)
    assert [path for path, _ in refused.value.problems] == paths


# --- update -------------------------------------------------------------------------------------------------------

EVERYTHING: dict[str, Any] = {
    "title": "A new name",
    "label": "mine",
    "group": "g",
    "archived": True,
    "pinned": True,
    "model": "prov/m",
    "thinking_level": "high",
}


@pytest.mark.parametrize("name", ["importer", "uploader", "ours"])
async def test_every_field_can_be_changed_and_taken_back(machine: Machine, name: str) -> None:
    session_id = (await create(machine)).session.session_id if name == "ours" else machine.id_of(name)
    if name != "importer":
        await update(machine, session_id, model="first/model")
    before = await machine.row(session_id)
    changed = await update(machine, session_id, **EVERYTHING)
    for row in (changed.session, await machine.row(session_id), await machine.again().row(session_id)):
        assert {field: getattr(row, field) for field in EVERYTHING} == EVERYTHING
        assert row.revision != before.revision
    assert changed.session.archived_at is not None
    back = await update(machine, session_id, **undo(changed.previous))
    after = await machine.row(session_id)
    assert {field: getattr(after, field) for field in EVERYTHING} == {
        field: getattr(before, field) for field in EVERYTHING
    }
    assert (after.title_source, after.archived_at) == (before.title_source, before.archived_at)
    assert undo(back.previous) == EVERYTHING
    machine.require_tidy()


async def test_what_is_so_already_changes_nothing(machine: Machine) -> None:
    session_id = machine.id_of("uploader")
    first = await update(machine, session_id, title="Same", pinned=True)
    before = machine.agents_files()
    again = await update(machine, session_id, title="Same", pinned=True, label=None)
    assert again.previous == {}
    assert again.session == first.session
    assert machine.agents_files() == before


async def test_one_bad_field_refuses_all(machine: Machine) -> None:
    session_id = machine.id_of("uploader")
    await update(machine, machine.id_of("prices"), label="taken")
    before, files = await machine.row(session_id), machine.agents_files()
    with pytest.raises(LabelInUse) as refused:
        await update(machine, session_id, title="New", label="taken")
    assert refused.value.session_id == machine.id_of("prices")
    with pytest.raises(NotSupported):
        await update(machine, session_id, group="g", model="without-provider")
    with pytest.raises(NotSupported, match=r"agentFields\.dialect"):
        await update(machine, session_id, group="g", agent_fields={"dialect": "rust"})
    with pytest.raises(InvalidParams):
        await update(machine, session_id, group="g", agent_fields={"todos": []})
    with pytest.raises(InvalidParams):
        await update(machine, session_id, group="g", label=" ")
    assert await machine.row(session_id) == before
    assert machine.agents_files() == files


async def test_a_revision_that_has_passed_is_refused(machine: Machine) -> None:
    session_id = machine.id_of("importer")
    old = (await machine.row(session_id)).revision
    new = (await update(machine, session_id, group="g", if_revision=old)).session.revision
    with pytest.raises(RevisionMismatch) as refused:
        await update(machine, session_id, group="h", if_revision=old)
    assert refused.value.revision == new
    assert (await machine.row(session_id)).group == "g"


async def test_an_unknown_session_is_never_created(machine: Machine) -> None:
    with pytest.raises(SessionNotFound):
        await update(machine, "pi:nobody", label="x")
    assert machine.services.state.notes.holder_of("x") is None


async def test_only_lines_are_added_to_a_transcript(machine: Machine) -> None:
    session_id = machine.id_of("uploader")
    ((path, before),) = [(path, body) for path, body in machine.agents_files().items() if session_id[3:] in path]
    await update(machine, session_id, title="Named")
    after = machine.agents_files()[path]
    assert after.startswith(before)
    assert json.loads(after[len(before) :])["name"] == "Named"


# --- fork ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["importer", "uploader"])
async def test_a_fork_begins_with_what_was_said(machine: Machine, name: str) -> None:
    session_id = machine.id_of(name)
    said, before = await turns(machine, session_id), machine.agents_files()
    whole = await fork(machine, session_id)
    first = await fork(machine, session_id, ForkPoint(turn=0))
    assert await turns(machine, whole.session.session_id) == said
    assert await turns(machine, first.session.session_id) == said[:1]
    for made in (whole, first):
        assert (made.problems, made.closed_tool_calls, made.prefill) == ([], 0, None)
        assert made.session.parent_session_id == session_id
        assert made.session.work_dir == str(machine.sample.work_dir)
    after = machine.agents_files()
    assert {path: after[path] for path in before} == before
    descent = machine.services.state.lineage.of(first.session.session_id)
    assert descent is not None
    assert (descent.parent, descent.turn) == (session_id, 0)
    machine.require_tidy()


@pytest.mark.parametrize("name", ["importer", "uploader"])
async def test_a_fork_before_an_entry_gives_its_prompt(machine: Machine, name: str) -> None:
    session_id = machine.id_of(name)
    params = ReadHistoryParams(session_id=session_id, order="oldest", limit=500)
    entries = (await read_history.run(machine.services, params)).entries
    second = [entry for entry in entries if entry.kind == "user"][1]
    at = ForkPoint(entry_id=second.entry_id, position="before")
    outlook = await plan_fork.run(machine.services, PlanForkParams(session_id=session_id, at=at))
    made = await fork(machine, session_id, at, title="Another way")
    assert made.prefill == outlook.prefill == second.content[0].text
    assert made.session.title == "Another way"
    assert await turns(machine, made.session.session_id) == (await turns(machine, session_id))[:1]
    assert outlook.size_bytes > 0


async def test_open_calls_are_closed(machine: Machine) -> None:
    made = await fork(machine, machine.id_of("prices"))
    assert made.closed_tool_calls == 1


async def test_titles_do_not_pile_up(machine: Machine) -> None:
    once = await fork(machine, machine.id_of("importer"))
    twice = await fork(machine, once.session.session_id)
    assert once.session.title == twice.session.title == "Fork: Speed up the importer"
    assert (await fork(machine, machine.id_of("uploader"))).session.title == "Uploader retry"
    old = add_old(machine, "flatKimi")
    await update(machine, old, title="Sweep")
    assert (await fork(machine, old)).session.title == "Fork: Sweep"


@pytest.mark.parametrize("name", ["importer", "uploader"])
@pytest.mark.parametrize(
    ("at", "failure"), [(ForkPoint(turn=99), TurnOutOfRange), (ForkPoint(entry_id="nobody"), EntryNotFound)]
)
async def test_a_place_that_is_not_there_makes_no_fork(
    machine: Machine, name: str, at: ForkPoint, failure: type[Exception]
) -> None:
    before = machine.agents_files()
    with pytest.raises(failure) as refused:
        await fork(machine, machine.id_of(name), at)
    assert getattr(refused.value, "session_id", machine.id_of(name)) == machine.id_of(name)
    assert machine.agents_files() == before


@pytest.mark.parametrize("at", [ForkPoint(), ForkPoint(turn=0, entry_id="x")])
async def test_a_fork_point_names_one_place(machine: Machine, at: ForkPoint) -> None:
    with pytest.raises(InvalidParams):
        await fork(machine, machine.id_of("importer"), at)


async def test_a_plan_writes_nothing(machine: Machine) -> None:
    before = snapshot(machine.sample.home)
    for name in ("importer", "uploader", "prices", "torn"):
        await plan_fork.run(machine.services, PlanForkParams(session_id=machine.id_of(name)))
    assert snapshot(machine.sample.home) == before


async def test_a_session_that_grows_is_forked_with_a_warning(machine: Machine) -> None:
    session_id = machine.id_of("uploader")
    grow((await machine.row(session_id)).path, b'{"type":"custom","customType":"x","id":"deadbeef","parentId":null}\n')
    made = await fork(machine, session_id)
    assert [problem.kind for problem in made.problems] == ["stillGrowing"]
    again = await fork(machine, made.session.session_id)
    assert again.problems == []


# --- agents -------------------------------------------------------------------------------------------------------


async def test_agents_tell_how_their_sessions_change(machine: Machine) -> None:
    result = await list_agents.run(machine.services, ListAgentsParams())
    known = {agent.id: set(agent.capabilities) for agent in result.agents}
    assert known["kimi"] >= {"create", "fork", "rename", "archive", "delete"}
    assert known["pi"] >= {"create", "fork", "rename", "delete"}
    assert "archive" not in known["pi"]
    fields = {agent.id: {field.name: (field.writable, field.type) for field in agent.fields} for agent in result.agents}
    assert fields["kimi"]["autoArchiveExempt"] == (True, "boolean")
    assert fields["kimi"]["planMode"] == fields["pi"]["version"] == (False, None)
