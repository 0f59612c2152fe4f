"""Sessions deleted and brought back."""

import json
from pathlib import Path

import attrs
import pytest

from forkpoint.model.failures import NameTaken, NotSupported, ScopeMissing, SessionBusy, SessionNotFound, TrashNotFound
from forkpoint.operations.create import CreateSessionParams, create_session
from forkpoint.operations.registry import InvalidParams
from forkpoint.operations.trash import (
    DeleteSessionParams,
    Generation,
    ListGenerationsParams,
    RestoreSessionParams,
    delete_session,
    list_generations,
    restore_session,
)
from forkpoint.operations.update import UpdateSessionParams, update_session
from tests.operations.changing import Machine, grow, is_gone


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine.of(tmp_path)


async def delete(machine: Machine, session_id: str, *, stop: bool = False) -> str:
    result = await delete_session.run(machine.services, DeleteSessionParams(session_id=session_id, stop=stop))
    assert result.deleted
    assert result.trash_id is not None
    return result.trash_id


async def in_trash(machine: Machine, session_id: str | None = None) -> list[Generation]:
    return (await list_generations.run(machine.services, ListGenerationsParams(session_id=session_id))).items


@pytest.mark.parametrize("name", ["importer", "uploader", "ours"])
async def test_a_session_goes_and_comes_back_as_it_was(machine: Machine, name: str) -> None:
    if name == "ours":
        params = CreateSessionParams(work_dir=str(machine.sample.notes_dir), title="Ours")
        session_id = (await create_session.run(machine.services, params)).session.session_id
    else:
        session_id = machine.id_of(name)
    await update_session.run(machine.services, UpdateSessionParams(session_id=session_id, label="mine", pinned=True))
    row, files, ids = await machine.row(session_id), machine.agents_files(), await machine.ids()
    trash_id = await delete(machine, session_id)
    assert await machine.ids() == ids - {session_id}
    assert is_gone(row.path)
    (item,) = await in_trash(machine)
    assert (item.kind, item.trash_id, item.session_id, item.title) == ("trash", trash_id, session_id, row.title)
    assert (item.agent, item.work_dir) == (row.agent, row.work_dir)
    assert item.expires_at == item.at + 30 * 86_400_000
    assert await in_trash(machine, session_id) == [item]
    assert machine.services.state.notes.holder_of("mine") is None
    again = machine.again()
    restored = await restore_session.run(again.services, RestoreSessionParams(trash_id=trash_id))
    assert restored.problems == []
    assert (restored.session.label, restored.session.pinned) == ("mine", True)
    assert attrs.evolve(await again.row(session_id), revision="") == attrs.evolve(row, revision="")
    assert again.agents_files() == files
    assert await in_trash(again) == []
    machine.require_tidy()


async def test_kimi_forgets_its_last_session(machine: Machine) -> None:
    def last() -> list[str | None]:
        index = json.loads((machine.sample.home / ".kimi" / "kimi.json").read_text())
        return [entry["last_session_id"] for entry in index["work_dirs"]]

    before = last()
    await delete(machine, machine.id_of("prices"))
    assert last() == [None, before[1]]


async def test_a_label_that_was_given_away_is_told(machine: Machine) -> None:
    first, second = machine.id_of("importer"), machine.id_of("uploader")
    await update_session.run(machine.services, UpdateSessionParams(session_id=first, label="mine"))
    trash_id = await delete(machine, first)
    await update_session.run(machine.services, UpdateSessionParams(session_id=second, label="mine"))
    restored = await restore_session.run(machine.services, RestoreSessionParams(trash_id=trash_id))
    assert [problem.kind for problem in restored.problems] == ["labelInUse"]
    assert restored.session.label is None
    assert (await machine.row(second)).label == "mine"


async def test_for_good_needs_admin(machine: Machine) -> None:
    params = DeleteSessionParams(session_id=machine.id_of("importer"), permanently=True)
    with pytest.raises(ScopeMissing):
        await delete_session.run(machine.services, params)
    assert machine.id_of("importer") in await machine.ids()
    settings = attrs.evolve(machine.services.settings, scopes=frozenset({"read", "write", "admin"}))
    result = await delete_session.run(attrs.evolve(machine.services, settings=settings), params)
    assert (result.deleted, result.trash_id) == (True, None)
    assert machine.id_of("importer") not in await machine.ids()
    assert await in_trash(machine) == []
    assert machine.services.state.trash.items() == []
    machine.require_tidy()


async def test_what_is_in_the_trash_goes_for_good(machine: Machine) -> None:
    trash_id = await delete(machine, machine.id_of("importer"))
    kept = await delete(machine, machine.id_of("uploader"))
    params = DeleteSessionParams(trash_id=trash_id, permanently=True)
    with pytest.raises(ScopeMissing):
        await delete_session.run(machine.services, params)
    settings = attrs.evolve(machine.services.settings, scopes=frozenset({"read", "write", "admin"}))
    services = attrs.evolve(machine.services, settings=settings)
    for wrong in (
        DeleteSessionParams(trash_id=trash_id),
        DeleteSessionParams(permanently=True),
        attrs.evolve(params, session_id=machine.id_of("prices")),
    ):
        with pytest.raises(InvalidParams):
            await delete_session.run(services, wrong)
    assert (await delete_session.run(services, params)).deleted
    assert [item.trash_id for item in await in_trash(machine)] == [kept]
    assert [item.trash_id for item in machine.services.state.trash.items()] == [kept]
    for gone in (params, attrs.evolve(params, trash_id="../agents")):
        with pytest.raises(TrashNotFound):
            await delete_session.run(services, gone)
    machine.require_tidy()


async def test_a_session_somebody_works_on_is_not_deleted(machine: Machine) -> None:
    session_id = machine.id_of("importer")
    grow((await machine.row(session_id)).path + "/context.jsonl", b'{"role":"user","content":"more"}\n')
    with pytest.raises(SessionBusy):
        await delete(machine, session_id)
    assert session_id in await machine.ids()
    await delete(machine, session_id, stop=True)
    assert session_id not in await machine.ids()


async def test_what_we_wrote_ourselves_is_no_work_of_others(machine: Machine) -> None:
    session_id = machine.id_of("uploader")
    await update_session.run(machine.services, UpdateSessionParams(session_id=session_id, title="New"))
    await delete(machine, session_id)


async def test_nothing_is_overwritten(machine: Machine) -> None:
    session_id = machine.id_of("uploader")
    path = (await machine.row(session_id)).path
    trash_id = await delete(machine, session_id)
    grow(path, b"somebody else's\n")
    with pytest.raises(NameTaken):
        await restore_session.run(machine.services, RestoreSessionParams(trash_id=trash_id))
    assert [body for body in machine.agents_files().values() if body == b"somebody else's\n"]
    assert [item.trash_id for item in await in_trash(machine)] == [trash_id]


async def test_what_is_nowhere_is_told(machine: Machine) -> None:
    with pytest.raises(SessionNotFound):
        await delete(machine, "pi:nobody")
    for trash_id in ("nobody", "..", "", "a/b"):
        with pytest.raises(TrashNotFound):
            await restore_session.run(machine.services, RestoreSessionParams(trash_id=trash_id))
    with pytest.raises(SessionNotFound):
        await in_trash(machine, "pi:nobody")
    with pytest.raises(NotSupported):
        params = DeleteSessionParams(session_id=machine.id_of("importer"), keep_transcript=True)
        await delete_session.run(machine.services, params)


async def test_contexts_that_were_moved_aside_are_generations(machine: Machine) -> None:
    session_id = machine.id_of("importer")
    folder = (await machine.row(session_id)).path
    for number in (1, 2, 10):
        grow(f"{folder}/context_{number}.jsonl", b"{}\n" * number)
    items = await in_trash(machine, session_id)
    assert [(item.kind, item.name, item.size_bytes) for item in items] == [
        ("rotated", "context_10", 30),
        ("rotated", "context_2", 6),
        ("rotated", "context_1", 3),
    ]
