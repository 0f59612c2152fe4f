"""One real server changes sessions of every agent, from the first to the last call."""

from pathlib import Path
from typing import Any

import pytest

from forkpoint.operations.catalogue import OPERATIONS
from tests.end_to_end.server_process import ReplyError, ServerProcess
from tests.samples_home import SampleHome, make_home
from tests.stores.session_homes import snapshot, state_of


@pytest.fixture
def sample(tmp_path: Path) -> SampleHome:
    return make_home(tmp_path)


async def ids(server: ServerProcess) -> set[str]:
    listed = await server.request("sessions/list", {"archived": "all", "limit": 500})
    assert listed["complete"] is True
    return {row["sessionId"] for row in listed["items"]}


@pytest.mark.parametrize("agent", ["forkpoint", "pi", "kimi"])
async def test_the_whole_life_of_a_session(sample: SampleHome, agent: str) -> None:
    admin = {"initializationOptions": {"scopes": ["read", "write", "admin"]}}
    async with ServerProcess(sample.home) as server:
        await server.initialize([sample.work_dir], **admin)
        before = await ids(server)
        made = await server.request("sessions/create", {"workDir": str(sample.work_dir), "agent": agent})
        own = made["session"]["sessionId"]
        changed = await server.request("sessions/update", {"sessionId": own, "title": "Mine", "label": "l"})
        assert (changed["session"]["title"], changed["session"]["label"]) == ("Mine", "l")
        assert changed["previous"] == {"title": None, "label": None}
        undone = await server.request("sessions/update", {"sessionId": own, **changed["previous"]})
        assert undone["session"]["title"] == "Untitled"
        assert "label" not in undone["session"]
        fork = await server.request("sessions/fork", {"sessionId": own, "title": "Again"})
        assert fork["session"]["parentSessionId"] == own
        forked = fork["session"]["sessionId"]
        trash_id = (await server.request("sessions/delete", {"sessionId": own}))["trashId"]
        assert await ids(server) == before | {forked}
        (item,) = (await server.request("sessions/generations", {}))["items"]
        assert (item["trashId"], item["sessionId"], item["agent"]) == (trash_id, own, agent)
        back = await server.request("sessions/restore", {"trashId": trash_id})
        assert back["session"]["sessionId"] == own
        assert await ids(server) == before | {forked, own}
        for session_id in (own, forked):
            gone = await server.request("sessions/delete", {"sessionId": session_id, "permanently": True})
            assert gone == {"deleted": True}
        assert await ids(server) == before
        assert await server.shutdown() == 0
    state = state_of(sample.home)
    assert state.staging.notes() == []
    assert state.trash.items() == []
    assert list(sample.home.rglob(".forkpoint-*")) == [sample.home / ".forkpoint-state"]


@pytest.mark.parametrize(
    ("settings", "kind"),
    [({"readOnly": True}, "readOnly"), ({"trusted": False}, "untrusted"), ({"scopes": ["read"]}, "scopeMissing")],
)
async def test_who_may_only_read_changes_nothing(sample: SampleHome, settings: dict[str, Any], kind: str) -> None:
    before = snapshot(sample.home)
    changing = [listing.method for listing in OPERATIONS if listing.scope != "read"]
    assert len(changing) >= 5
    async with ServerProcess(sample.home) as server:
        await server.initialize([sample.work_dir], initializationOptions=settings)
        for method in changing:
            with pytest.raises(ReplyError) as refused:
                await server.request(method, {})
            assert refused.value.kind == kind, method
        assert await server.shutdown() == 0
    assert snapshot(sample.home) == before


async def test_a_cancel_leaves_no_half_of_a_fork(sample: SampleHome) -> None:
    """Cancelled at once, it is made or not made, and the reply says which."""
    async with ServerProcess(sample.home) as server:
        await server.initialize([sample.work_dir])
        before = await ids(server)
        made: set[str] = set()
        for _ in range(20):
            pending = await server.begin("sessions/fork", {"sessionId": sample.sessions["importer"]})
            await server.notify("$/cancelRequest", {"id": pending.id})
            reply = await pending.reply()
            if "result" in reply:
                made.add(reply["result"]["session"]["sessionId"])
            else:
                assert reply["error"]["code"] == -32800, reply
        assert await ids(server) == before | made
        assert await server.shutdown() == 0
    assert state_of(sample.home).staging.notes() == []
    assert list((sample.home / ".kimi").rglob(".forkpoint-*")) == []


async def test_two_servers_see_each_others_changes(sample: SampleHome) -> None:
    session_id = sample.sessions["uploader"]
    async with ServerProcess(sample.home) as one, ServerProcess(sample.home) as two:
        for server in (one, two):
            await server.initialize([sample.work_dir])
        await one.request("sessions/update", {"sessionId": session_id, "label": "mine"})
        with pytest.raises(ReplyError) as refused:
            await two.request("sessions/update", {"sessionId": sample.sessions["importer"], "label": "mine"})
        assert refused.value.data["sessionId"] == session_id
        trash_id = (await two.request("sessions/delete", {"sessionId": session_id}))["trashId"]
        with pytest.raises(ReplyError) as gone:
            await one.request("sessions/update", {"sessionId": session_id, "label": None})
        assert gone.value.kind == "sessionNotFound"
        back = await one.request("sessions/restore", {"trashId": trash_id})
        assert back["session"]["label"] == "mine"
        for server in (one, two):
            assert await server.shutdown() == 0
