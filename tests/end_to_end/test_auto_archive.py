"""A real server keeps house by itself: not because of a list, not at once, and not where nothing may be written."""

from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.server_process import ServerProcess
from tests.operations.old_house import OldHouse, until
from tests.stores.session_homes import snapshot, state_of
from tests.stores.state.states import finished, started

SOON = {"FORKPOINT_TIDY_AFTER": "1"}
TELL = {"capabilities": {"experimental": {"forkpoint": {"notifications": ["sessions/changed"]}}}}


@pytest.fixture
def house(home: Path) -> OldHouse:
    house = OldHouse.of(home)
    house.add_kimi("old", 50)
    house.add_kimi("young", 1)
    return house


async def archived(server: ServerProcess) -> set[str]:
    listed = await server.request("sessions/list", {"archived": True})
    return {row["sessionId"] for row in listed["items"]}


def archivings(server: ServerProcess) -> list[dict[str, Any]]:
    told = [change for notice in server.notified("sessions/changed") for change in notice["changes"]]
    return [change for change in told if change["reason"] == "autoArchive"]


async def test_a_list_writes_nothing_and_the_round_comes_later(house: OldHouse) -> None:
    before = snapshot(house.home)
    async with ServerProcess(house.home) as server:
        await server.initialize()
        assert {row["sessionId"] for row in (await server.request("sessions/list", {}))["items"]} == {
            "kimi:old",
            "kimi:young",
        }
        assert await server.shutdown() == 0
    assert snapshot(house.home) == before
    async with ServerProcess(house.home, env=SOON) as server:
        await server.initialize(**TELL)
        assert await archived(server) == set()
        # What was made just before a server began may be told as changed on disk, too.
        (change,) = await server.until(lambda: archivings(server))
        assert (change["sessionId"], change["kind"]) == ("kimi:old", "changed")
        assert await archived(server) == {"kimi:old"}
        assert await server.shutdown() == 0
        assert server.stray == b""


async def test_what_a_killed_process_left_is_removed_though_nothing_is_changed(house: OldHouse) -> None:
    left = house.home / ".kimi" / ".forkpoint-left"
    state = state_of(house.home)
    finished(started("leaver", state.folder, str(left)))
    left.write_text("x")
    async with ServerProcess(house.home, env=SOON) as server:
        await server.initialize(initializationOptions={"autoArchive": {"days": 0}})
        await server.request("sessions/list", {})
        await until(lambda: not left.exists())
        assert await archived(server) == set()
        assert await server.shutdown() == 0
    assert state.staging.notes() == []


async def test_the_settings_decide(house: OldHouse) -> None:
    """One server may not write; the other archives nothing so early, and keeps the deleted as long as told."""
    async with (
        ServerProcess(house.home, env=SOON) as reader,
        ServerProcess(house.home, env=SOON) as patient,
    ):
        await reader.initialize(initializationOptions={"readOnly": True})
        await patient.initialize(initializationOptions={"autoArchive": {"days": 60}, "trash": {"days": 60}})
        made = await patient.request("sessions/create", {"workDir": str(house.home), "agent": "kimi"})
        deleted = await patient.request("sessions/delete", {"sessionId": made["session"]["sessionId"], "stop": True})
        (item,) = (await patient.request("sessions/generations", {}))["items"]
        assert (item["trashId"], item["expiresAt"] - item["at"]) == (deleted["trashId"], 60 * 86_400_000)
        await until(lambda: state_of(house.home).rounds.last() is not None)
        assert await archived(reader) == set()
        assert await reader.shutdown() == await patient.shutdown() == 0
