"""No read writes: every operation of the catalogue, over the whole home of a real server."""

from pathlib import Path
from typing import Any

import pytest

from forkpoint.operations.catalogue import OPERATIONS
from forkpoint.stores.uploads.places import own_place
from tests.end_to_end.server_process import ReplyError, ServerProcess
from tests.generators import kimi_store, pi_store
from tests.samples_home import KIMI_IMPORTER, SampleHome, make_home
from tests.stores.session_homes import snapshot, state_of

ABOUT_ONE_SESSION = (
    "sessions/get",
    "sessions/diagnose",
    "sessions/debug",
    "history/read",
    "history/turns",
    "history/replay",
)


@pytest.fixture
def sample(tmp_path: Path) -> SampleHome:
    """A home with sessions, and with notes about one of them that nobody has open."""
    made = make_home(tmp_path)
    state = state_of(made.home)
    state.notes.change(made.sessions["importer"], {"pinned": True, "label": "mine", "group": "g"})
    state.database.close()
    (session,) = made.home.glob(f".kimi/sessions/*/{KIMI_IMPORTER}")
    for folder in (session / "uploads", Path(own_place(made.sessions["uploader"], state.folder).path)):
        folder.mkdir(parents=True)
        (folder / "a.txt").write_text("handed in")
    return made


def _calls(sample: SampleHome) -> dict[str, list[dict[str, Any]]]:
    """Every operation, with params that make it read as much as it can."""
    sessions = [{"sessionId": session_id} for session_id in sample.sessions.values()]
    folders: list[dict[str, Any]] = [{"folders": [str(sample.work_dir)], "worktrees": True}]
    return {
        "agents/list": [{}],
        "workDirs/list": [{}],
        "workDirs/startup": [{}],
        "workDirs/workspace": [{}],
        "sessions/list": [{"archived": "all", "sort": sort} for sort in ("updated", "created", "title")]
        + [{"pinned": True, "label": "mine", "group": "g"}, *folders],
        **dict.fromkeys(ABOUT_ONE_SESSION, sessions),
        "sessions/forkPlan": [*sessions, *({**session, "at": {"turn": 0}} for session in sessions)],
        "sessions/generations": [{}, *sessions],
        "sessions/subscribe": [{}],
        "messages/subscribe": sessions,
        "messages/unsubscribe": sessions[:1],
        "sessions/unsubscribe": [{}],
        "git/diffStats": [*sessions, {"folder": str(sample.work_dir)}],
        "git/fileDiff": [{**session, "path": "src/importer.py"} for session in sessions],
        "files/read": [{**session, "path": path} for session in sessions for path in ("src/importer.py", ".env")],
        "files/list": sessions,
        "uploads/list": sessions,
        "uploads/read": [{**session, "path": "a.txt"} for session in sessions],
    }


async def test_every_read_leaves_the_home_as_it_was(sample: SampleHome) -> None:
    calls = _calls(sample)
    assert set(calls) == {listing.method for listing in OPERATIONS if listing.scope == "read"}
    before = snapshot(sample.home)
    assert str(sample.home / ".forkpoint-state" / "state.db") in before
    async with ServerProcess(sample.home) as server:
        await server.initialize([sample.work_dir, sample.notes_dir])
        (pinned,) = (await server.request("sessions/list", {"pinned": True}))["items"]
        assert (pinned["sessionId"], pinned["label"]) == (sample.sessions["importer"], "mine")
        for method, every in calls.items():
            answered = 0
            for params in every:
                try:
                    await server.request(method, params)
                    answered += 1
                except ReplyError as refused:
                    assert refused.kind in {"pathRefused", "fileNotFound"}, (method, params, refused)
            assert answered, method
        assert await server.shutdown() == 0
        assert server.stray == b""
    assert snapshot(sample.home) == before


@pytest.mark.parametrize("plain_json", [False, True], ids=["msgspec", "plain-json"])
async def test_damaged_stores_are_read_whole_and_left_alone(tmp_path: Path, plain_json: bool) -> None:
    kimi_store.build(tmp_path, sessions=5, edge=True)
    pi_store.build(tmp_path, sessions=16, damage=8)
    before = snapshot(tmp_path)
    async with ServerProcess(tmp_path, plain_json=plain_json) as server:
        await server.initialize()
        listed = await server.request("sessions/list", {"archived": "all", "limit": 500})
        assert listed["complete"] is True
        for row in listed["items"]:
            for method in ABOUT_ONE_SESSION:
                await server.request(method, {"sessionId": row["sessionId"]})
        assert await server.shutdown() == 0
    assert snapshot(tmp_path) == before


async def test_a_machine_without_sessions_stays_without_files(tmp_path: Path) -> None:
    async with ServerProcess(tmp_path / "home") as server:
        await server.initialize()
        assert (await server.request("sessions/list", {}))["items"] == []
        assert (await server.request("workDirs/list", {}))["items"] == []
        assert await server.shutdown() == 0
    assert list((tmp_path / "home").iterdir()) == []
