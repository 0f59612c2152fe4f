"""What plugins keep with a session, on real stores over the sample home."""

from pathlib import Path
from typing import Any

import pytest

from forkpoint.model.failures import RevisionMismatch, SessionNotFound
from forkpoint.model.notes import VALUE_BYTES, VALUE_DEPTH, VALUE_KEYS, VALUE_NODES, VALUE_STRING
from forkpoint.operations.registry import InvalidParams
from forkpoint.operations.sessions import ListSessionsParams, list_sessions
from forkpoint.operations.set_extension import (
    SetSessionExtensionParams,
    SetSessionExtensionResult,
    set_session_extension,
)
from forkpoint.operations.trash import (
    DeleteSessionParams,
    RestoreSessionParams,
    delete_session,
    restore_session,
)
from tests.operations.changing import Machine


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine.of(tmp_path)


async def put(machine: Machine, **wanted: Any) -> SetSessionExtensionResult:
    given = {"session_id": machine.id_of("uploader"), "namespace": "reviews", "key": "state", **wanted}
    return await set_session_extension.run(machine.services, SetSessionExtensionParams(**given))


async def kept(machine: Machine) -> dict[str, dict[str, Any]] | None:
    return (await machine.again().row(machine.id_of("uploader"))).extensions


async def test_any_value_is_kept_and_comes_back(machine: Machine) -> None:
    files = machine.agents_files()
    for value in (None, False, 0, "", "\ud800", {"a": [1, {"b": None}]}, []):
        done = await put(machine, value=value)
        assert (done.previous.value, done.previous.unset) == (None, True)
        assert done.session.extensions == {"reviews": {"state": value}}
        assert await kept(machine) == {"reviews": {"state": value}}
        undone = await put(machine, value=done.previous.value, unset=done.previous.unset)
        assert (undone.previous.value, undone.previous.unset) == (value, False)
        assert undone.session.extensions is None
        redone = await put(machine, value=undone.previous.value, unset=undone.previous.unset)
        assert redone.session.extensions == {"reviews": {"state": value}}
        await put(machine, unset=True)
    assert machine.agents_files() == files


async def test_each_plugin_has_names_of_its_own(machine: Machine) -> None:
    await put(machine, value=1)
    await put(machine, value=2, key="other")
    await put(machine, value=3, namespace="notes")
    assert await kept(machine) == {"reviews": {"state": 1, "other": 2}, "notes": {"state": 3}}
    await put(machine, unset=True)
    assert await kept(machine) == {"reviews": {"other": 2}, "notes": {"state": 3}}
    assert (await machine.row(machine.id_of("importer"))).extensions is None


async def test_lists_do_not_carry_them(machine: Machine) -> None:
    await put(machine, value=1)
    rows = (await list_sessions.run(machine.services, ListSessionsParams(archived="all"))).items
    assert {row.session_id for row in rows} >= {machine.id_of("uploader")}
    assert all(row.extensions is None for row in rows)


async def test_what_is_so_already_is_no_change(machine: Machine) -> None:
    first = await put(machine, value={"open": 1})
    revision = machine.services.changes.revision
    again = await put(machine, value={"open": 1})
    assert again.session == first.session
    assert machine.services.changes.revision == revision
    assert (await put(machine, value={"open": True})).session.revision != first.session.revision
    assert machine.services.changes.revision != revision


async def test_a_revision_that_has_passed_is_refused(machine: Machine) -> None:
    old = (await machine.row(machine.id_of("uploader"))).revision
    await put(machine, value=1, if_revision=old)
    with pytest.raises(RevisionMismatch):
        await put(machine, value=2, if_revision=old)
    assert await kept(machine) == {"reviews": {"state": 1}}


def nested(depth: int) -> Any:
    value: Any = 0
    for _ in range(depth - 1):
        value = [value]
    return value


LIMITS: list[tuple[Any, Any]] = [
    (nested(VALUE_DEPTH), nested(VALUE_DEPTH + 1)),
    ([0] * (VALUE_NODES - 1), [0] * VALUE_NODES),
    ({str(number): 0 for number in range(VALUE_KEYS)}, {str(number): 0 for number in range(VALUE_KEYS + 1)}),
    ("x" * VALUE_STRING, "x" * (VALUE_STRING + 1)),
    (["x" * (VALUE_BYTES // 8 - 4)] * 8, ["x" * (VALUE_BYTES // 8)] * 8),
    (1.5, float("nan")),
]
"""For each limit a value that just passes, and one that does not."""
SENSELESS: list[tuple[dict[str, Any], str]] = [
    ({}, "/value"),
    ({"value": 1, "unset": True}, "/value"),
    ({"value": 1, "namespace": " "}, "/namespace"),
    ({"value": 1, "key": "k" * 513}, "/key"),
]


async def test_what_cannot_be_kept_is_refused(machine: Machine) -> None:
    for most, more in LIMITS:
        await put(machine, value=most)
        with pytest.raises(InvalidParams) as refused:
            await put(machine, value=more)
        assert [path for path, _ in refused.value.problems] == ["/value"]
        assert await kept(machine) == {"reviews": {"state": most}}
    await put(machine, unset=True)
    for wanted, path in SENSELESS:
        with pytest.raises(InvalidParams) as refused:
            await put(machine, **wanted)
        assert [found for found, _ in refused.value.problems] == [path]
    assert await kept(machine) is None


async def test_an_unknown_session_is_never_noted(machine: Machine) -> None:
    with pytest.raises(SessionNotFound):
        await put(machine, value=1, session_id="pi:nobody")
    assert machine.services.state.plugin_values.read("pi:nobody") == {}


async def test_they_go_with_a_session_and_come_back_with_it(machine: Machine) -> None:
    await put(machine, value=1)
    session_id = machine.id_of("uploader")
    gone = await delete_session.run(machine.services, DeleteSessionParams(session_id=session_id))
    assert machine.services.state.plugin_values.read(session_id) == {}
    assert gone.trash_id is not None
    await restore_session.run(machine.services, RestoreSessionParams(trash_id=gone.trash_id))
    assert await kept(machine) == {"reviews": {"state": 1}}
