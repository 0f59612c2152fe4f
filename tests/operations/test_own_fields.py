"""Fields that a session's own files have a place for, or have not: old forms, and what is the agent's own."""

import json
from pathlib import Path
from typing import Any

import pytest

from forkpoint.model.failures import NotSupported
from forkpoint.operations.registry import InvalidParams
from forkpoint.operations.update import UpdateSessionParams, UpdateSessionResult, update_session
from tests.operations.changing import Machine
from tests.operations.old_forms import FORMS, add_old, bring_to_v3, path_of_flat
from tests.operations.test_changes import EVERYTHING, undo


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine.of(tmp_path)


async def update(machine: Machine, session_id: str, **changes: Any) -> UpdateSessionResult:
    return await update_session.run(machine.services, UpdateSessionParams(session_id=session_id, **changes))


@pytest.mark.parametrize("form", FORMS)
async def test_what_an_old_form_has_no_place_for_is_in_our_notes(machine: Machine, form: str) -> None:
    session_id = add_old(machine, form)
    files, before = machine.agents_files(), await machine.row(session_id)
    changed = await update(machine, session_id, **EVERYTHING)
    for row in (changed.session, await machine.row(session_id), await machine.again().row(session_id)):
        assert {field: getattr(row, field) for field in EVERYTHING} == EVERYTHING
        assert (row.title_source, row.archived_at is not None) == ("custom", True)
    await update(machine, session_id, **undo(changed.previous))
    after = await machine.row(session_id)
    assert {field: getattr(after, field) for field in EVERYTHING} == {
        field: getattr(before, field) for field in EVERYTHING
    }
    assert machine.agents_files() == files
    machine.require_tidy()


async def test_a_name_outlives_the_old_form_of_kimi(machine: Machine) -> None:
    """Kimi's terminal makes a folder of it when it lists it."""
    session_id = add_old(machine, "flatKimi")
    await update(machine, session_id, title="Mine", archived=True)
    flat = path_of_flat(machine)
    flat.with_suffix("").mkdir()
    flat.rename(flat.with_suffix("") / "context.jsonl")
    row = await machine.row(session_id)
    assert (row.title, row.title_source, row.archived) == ("Mine", "custom", True)
    changed = await update(machine, session_id, title="Yours", archived=False)
    assert changed.previous == {"title": "Mine", "archived": True}
    assert json.loads((flat.with_suffix("") / "state.json").read_text())["custom_title"] == "Yours"
    assert (changed.session.title, changed.session.archived) == ("Yours", False)
    notes = machine.services.state.own_notes().of(session_id)
    assert (notes.title, notes.archived) == (None, False)


async def test_a_name_outlives_the_first_version_of_pi(machine: Machine) -> None:
    session_id = add_old(machine, "piV1")
    await update(machine, session_id, title="Mine", model="q/r")
    bring_to_v3(machine)
    row = await machine.row(session_id)
    assert (row.title, row.title_source, row.model) == ("Mine", "custom", "q/r")
    assert (await update(machine, session_id, title="Yours")).previous == {"title": "Mine"}
    assert (await machine.row(session_id)).title == "Yours"
    assert machine.services.state.own_notes().of(session_id).title is None


async def test_what_a_model_or_level_became_is_told(machine: Machine) -> None:
    session_id = machine.id_of("uploader")
    assert (await update(machine, session_id, title="x")).resolved is None
    resolved = (await update(machine, session_id, model="q/r", thinking_level=None)).resolved
    assert resolved is not None
    assert (resolved.model, resolved.thinking_level) == ("q/r", "off")


# --- agentFields --------------------------------------------------------------------------------------------------


def exempt(machine: Machine) -> Any:
    (path,) = (path for path in machine.agents_files() if machine.id_of("importer")[5:] + "/state.json" in path)
    return json.loads(machine.agents_files()[path]).get("auto_archive_exempt")


async def test_a_field_of_the_agents_own_is_written_where_it_reads_it(machine: Machine) -> None:
    session_id = machine.id_of("importer")
    changed = await update(machine, session_id, agent_fields={"autoArchiveExempt": True}, group="g")
    assert changed.previous == {"agentFields": {"autoArchiveExempt": False}, "group": None}
    assert (changed.session.agent_fields or {})["autoArchiveExempt"] is True
    assert exempt(machine) is True
    again = await update(machine, session_id, agent_fields={"autoArchiveExempt": True})
    assert again.previous == {}
    await update(machine, session_id, agent_fields={"autoArchiveExempt": None})
    assert exempt(machine) is False
    both = await update(machine, session_id, archived=False, agent_fields={"autoArchiveExempt": True})
    assert both.previous == {"agentFields": {"autoArchiveExempt": False}}


@pytest.mark.parametrize(
    ("fields", "failure", "told"),
    [
        ({"autoArchiveExempt": 1}, InvalidParams, "/agentFields/autoArchiveExempt"),
        ({"autoArchiveExempt": True, "a/b~": 1}, InvalidParams, "/agentFields/a~1b~0"),
        ({"autoArchiveExempt": True, "planMode": True}, NotSupported, "agentFields.planMode"),
        ({"additionalDirs": ["/"]}, NotSupported, "agentFields.additionalDirs"),
    ],
)
async def test_one_bad_field_of_the_agent_refuses_all(
    machine: Machine, fields: dict[str, Any], failure: type[Exception], told: str
) -> None:
    session_id, files = machine.id_of("importer"), machine.agents_files()
    with pytest.raises(failure) as refused:
        await update(machine, session_id, group="g", agent_fields=fields)
    assert told in str(getattr(refused.value, "problems", refused.value))
    assert machine.agents_files() == files
    assert (await machine.row(session_id)).group is None


async def test_a_field_that_an_old_form_lacks_is_refused(machine: Machine) -> None:
    session_id = add_old(machine, "flatKimi")
    with pytest.raises(NotSupported, match=r"agentFields\.autoArchiveExempt"):
        await update(machine, session_id, group="g", agent_fields={"autoArchiveExempt": True})
    assert (await machine.row(session_id)).group is None
