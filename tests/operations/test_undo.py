"""What `previous` of sessions/update is good for: given back, it is taken, and the row is as it was."""

from pathlib import Path

import pytest

from forkpoint.operations.create import CreateSessionParams, create_session
from forkpoint.operations.generate_title import GenerateSessionTitleParams, generate_session_title
from forkpoint.operations.update import UpdateSessionParams, update_session
from tests.operations.changing import Machine
from tests.operations.test_changes import undo, update


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine.of(tmp_path)


@pytest.mark.parametrize("agent", ["forkpoint", "pi"])
async def test_a_first_model_stays_and_keeps_nothing_else_from_being_undone(machine: Machine, agent: str) -> None:
    """These files cannot say that a model is taken away again, so that it is no part of what undoes the change."""
    made = await create_session.run(
        machine.services, CreateSessionParams(work_dir=str(machine.sample.notes_dir), agent=agent)
    )
    session_id, before = made.session.session_id, machine.services.changes.revision
    changed = await update(machine, session_id, model="a/b", title="Mine", label="mine")
    assert "model" not in changed.previous
    back = (await update(machine, session_id, **undo(changed.previous))).session
    assert (back.title, back.title_source, back.label) == ("Untitled", "none", None)
    assert back.model == "a/b"
    other = await update(machine, session_id, model="a/c")
    assert other.previous == {"model": "a/b"}
    assert (await update(machine, session_id, **undo(other.previous))).session.model == "a/b"
    assert len(machine.services.changes.since(before)) >= 1


@pytest.mark.parametrize("agent", ["forkpoint", "pi"])
async def test_a_model_alone_is_told_although_nothing_undoes_it(machine: Machine, agent: str) -> None:
    made = await create_session.run(
        machine.services, CreateSessionParams(work_dir=str(machine.sample.notes_dir), agent=agent)
    )
    before = machine.services.changes.revision
    assert (await update(machine, made.session.session_id, model="a/b")).previous == {}
    assert [change.reason for change in machine.services.changes.since(before)] == ["update"]
    before = machine.services.changes.revision
    assert (await update(machine, made.session.session_id, model="a/b")).previous == {}
    assert machine.services.changes.since(before) == []


@pytest.mark.parametrize("name", ["importer", "uploader"])
async def test_a_generated_title_that_is_taken_away_is_told_and_comes_back(machine: Machine, name: str) -> None:
    session_id = machine.id_of(name)
    await update_session.run(machine.services, UpdateSessionParams(session_id=session_id, title=None))
    made = await generate_session_title.run(
        machine.services, GenerateSessionTitleParams(session_id=session_id, force=True)
    )
    assert made.generated
    before = machine.services.changes.revision
    cleared = await update(machine, session_id, title=None)
    assert cleared.session.title_source != "generated"
    assert [change.reason for change in machine.services.changes.since(before)] == ["update"]
    assert cleared.previous == {"title": made.session.title}
    assert (await update(machine, session_id, **undo(cleared.previous))).session.title == made.session.title
