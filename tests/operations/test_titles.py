"""Titles made out of what was said, on real stores over the sample home."""

import json
from pathlib import Path
from typing import Any

import pytest

from forkpoint.model.failures import SessionNotFound
from forkpoint.operations.create import CreateSessionParams, create_session
from forkpoint.operations.generate_title import (
    GenerateSessionTitleParams,
    GenerateSessionTitleResult,
    generate_session_title,
)
from forkpoint.operations.update import UpdateSessionParams, update_session
from tests.agents.pi_files import header, user, write
from tests.operations.changing import Machine
from tests.operations.old_forms import add_old
from tests.sample_sessions import KimiWriter, Turn, kimi_folder

FORK = "Add a retry to the uploader."
"""What the sample's fork begins with."""


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine.of(tmp_path)


async def generate(machine: Machine, session_id: str, *, force: bool = False) -> GenerateSessionTitleResult:
    params = GenerateSessionTitleParams(session_id=session_id, force=force)
    return await generate_session_title.run(machine.services, params)


async def rename(machine: Machine, session_id: str, title: str | None) -> dict[str, Any]:
    params = UpdateSessionParams(session_id=session_id, title=title)
    return (await update_session.run(machine.services, params)).previous


async def shown(machine: Machine, session_id: str) -> tuple[str, str]:
    row = await machine.row(session_id)
    return row.title, row.title_source


def state_of(machine: Machine, name: str) -> dict[str, Any]:
    """Give state.json of a session of Kimi."""
    (raw,) = (raw for path, raw in machine.agents_files().items() if machine.id_of(name)[5:] + "/state.json" in path)
    return json.loads(raw)


@pytest.mark.parametrize("force", [False, True])
async def test_kimi_is_told_that_it_has_a_title(machine: Machine, force: bool) -> None:
    session_id = machine.id_of("prices")
    done = await generate(machine, session_id, force=force)
    title = "Why does parse_price drop the cents of “1.234,50…"
    assert (done.generated, done.reason, done.previous) == (True, None, {"title": None})
    assert (done.session.title, done.session.title_source) == (title, "generated")
    state = state_of(machine, "prices")
    assert (state["custom_title"], state["title_generated"], state["title_generate_attempts"]) == (title, True, 0)
    assert await shown(machine.again(), session_id) == (title, "generated")
    machine.require_tidy()


async def test_a_format_without_a_place_for_it_stays_as_it_is(machine: Machine) -> None:
    session_id, files = machine.id_of("fork"), machine.agents_files()
    done = await generate(machine, session_id)
    assert (done.generated, done.previous) == (True, {"title": None})
    assert await shown(machine.again(), session_id) == (FORK, "generated")
    assert machine.agents_files() == files


@pytest.mark.parametrize("form", ["flatKimi", "piV1", "piHeadless"])
async def test_old_forms_get_theirs_in_our_notes(machine: Machine, form: str) -> None:
    session_id = add_old(machine, form)
    files = machine.agents_files()
    assert (await generate(machine, session_id)).generated
    assert await shown(machine, session_id) == ("Sweep the shop.", "generated")
    assert machine.agents_files() == files


@pytest.mark.parametrize("name", ["importer", "uploader", "flatKimi"])
async def test_a_persons_title_stays_unless_forced(machine: Machine, name: str) -> None:
    session_id = add_old(machine, name) if name == "flatKimi" else machine.id_of(name)
    if name == "flatKimi":
        await rename(machine, session_id, "Mine")
    before, files = await machine.row(session_id), machine.agents_files()
    kept = await generate(machine, session_id)
    assert (kept.generated, kept.reason, kept.previous) == (False, "customTitle", {})
    assert kept.session == before
    assert machine.agents_files() == files
    forced = await generate(machine, session_id, force=True)
    assert (forced.generated, forced.reason, forced.previous) == (True, None, {"title": before.title})
    assert forced.session.title_source == "generated"
    assert await shown(machine.again(), session_id) == (forced.session.title, "generated")
    await rename(machine, session_id, forced.previous["title"])
    assert await shown(machine, session_id) == (before.title, "custom")


@pytest.mark.parametrize("name", ["prices", "fork"])
async def test_it_can_be_undone_and_done_again(machine: Machine, name: str) -> None:
    session_id = machine.id_of(name)
    before = await shown(machine, session_id)
    done = await generate(machine, session_id)
    again = await generate(machine, session_id)
    assert (again.generated, again.previous, again.session) == (True, {}, done.session)
    await rename(machine, session_id, done.previous["title"])
    assert await shown(machine, session_id) == before
    assert (await generate(machine, session_id)).session.title == done.session.title


@pytest.mark.parametrize("name", ["prices", "fork"])
async def test_a_person_may_rename_it_and_take_that_back(machine: Machine, name: str) -> None:
    session_id = machine.id_of(name)
    made = (await generate(machine, session_id)).session.title
    previous = await rename(machine, session_id, "Mine")
    assert await shown(machine, session_id) == ("Mine", "custom")
    assert not (await generate(machine, session_id)).generated
    await rename(machine, session_id, previous["title"])
    assert await shown(machine, session_id) == (made, "generated")


async def test_without_words_there_is_no_title(machine: Machine) -> None:
    params = CreateSessionParams(work_dir=str(machine.sample.notes_dir))
    session_id = (await create_session.run(machine.services, params)).session.session_id
    done = await generate(machine, session_id)
    assert (done.generated, done.reason, done.previous) == (False, "noText", {})
    assert (done.session.title, done.session.title_source) == ("Untitled", "none")
    assert machine.services.state.own_notes().notes == {}


async def test_without_words_a_persons_title_stays_by_force_too(machine: Machine) -> None:
    params = CreateSessionParams(work_dir=str(machine.sample.notes_dir), title="Mine")
    session_id = (await create_session.run(machine.services, params)).session.session_id
    done = await generate(machine, session_id, force=True)
    assert (done.generated, done.reason) == (False, "noText")
    assert await shown(machine, session_id) == ("Mine", "custom")


async def test_what_no_person_said_is_passed_over(machine: Machine) -> None:
    own = "aaaaaaaa-1b3e-4d5c-9f8a-7e6d5c4b3a29"
    kimi = KimiWriter(1).turn(Turn("/init", ["Done."])).turn(Turn("修复导入程序。它太慢了", ["好。"]))
    kimi.save(kimi_folder(machine.sample.home / ".kimi", machine.sample.work_dir) / own)
    assert (await generate(machine, f"kimi:{own}")).session.title == "修复导入程序。它太慢了"
    folder = machine.sample.home / ".pi/agent/sessions/--srv-app--"
    dump = '<file name="/srv/app/a.py">\n' + "x = 1\n" * 30_000 + "</file>\nWhat does\nthis do?\n```py\nx\n```"
    write(folder / "x.jsonl", header(id="dumped"), user("u", None, dump))
    assert (await generate(machine, "pi:dumped")).session.title == "What does this do?"


async def test_an_unknown_session_is_told(machine: Machine) -> None:
    with pytest.raises(SessionNotFound):
        await generate(machine, "pi:nobody")
