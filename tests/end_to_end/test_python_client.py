"""The Python client against the real server, on the sample home."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from forkpoint.operations.catalogue import NOTIFICATIONS, OPERATIONS
from forkpoint_client import ConnectionLost, ForkpointClient, ForkpointError
from tests.samples_home import SampleHome, make_home

PATIENCE = 45.0


@pytest.fixture
def sample(tmp_path: Path) -> SampleHome:
    """A fresh sample home."""
    return make_home(tmp_path)


async def start(sample: SampleHome, **more: Any) -> ForkpointClient:
    """Start a server that sees the sample home alone, with its repository as the workspace."""
    folders = more.pop("folders", [str(sample.work_dir)])
    return await ForkpointClient.start(env=sample.environment(), folders=folders, **more)


async def test_a_sidebar_from_start_to_end(sample: SampleHome) -> None:
    client = await start(sample)
    async with asyncio.timeout(PATIENCE), client:
        page = await client.list_sessions(folders=[str(sample.work_dir)])
        assert {row["sessionId"] for row in page["items"]} == {
            sample.sessions[name] for name in ("importer", "prices", "uploader", "fork", "torn")
        }
        row = (await client.get_session(session_id=sample.sessions["importer"]))["session"]
        assert (row["title"], row.get("turnCount")) == ("Speed up the importer", 3)
        turns = (await client.list_turns(session_id=row["sessionId"]))["turns"]
        assert [turn["turn"] for turn in turns] == [0, 1, 2]
        history = await client.read_history(session_id=row["sessionId"], limit=2)
        assert len(history["entries"]) == 2
        assert history["hasMoreBefore"]
        assert not history["hasMoreAfter"]
        stats = await client.diff_stats(session_id=row["sessionId"])
        assert {file["path"]: file["status"] for file in stats["files"]} == {
            "docs/roadmap.md": "renamed",
            "logo.png": "modified",
            "notes.txt": "untracked",
            "src/importer.py": "modified",
            "src/retry.py": "added",
            "src/uploader.py": "deleted",
        }
        file = await client.read_file(session_id=row["sessionId"], path="src/importer.py")
        assert "save_all" in file.get("text", "")
        with pytest.raises(ForkpointError) as refused:
            await client.read_file(session_id=row["sessionId"], path=".env")
        assert refused.value.kind == "pathRefused"


async def test_the_server_ends_with_the_client(sample: SampleHome) -> None:
    client = await start(sample)
    assert await asyncio.wait_for(client.close(), PATIENCE) == 0
    with pytest.raises(ConnectionLost):
        await client.list_agents()


async def test_capabilities_name_every_method(sample: SampleHome) -> None:
    async with await start(sample, notifications=["history/chunk"]) as client:
        assert sorted(client.capabilities["methods"]) == sorted(listing.method for listing in OPERATIONS)
        assert client.capabilities["notifications"] == [notice.method for notice in NOTIFICATIONS]


READING = [listing for listing in OPERATIONS if listing.scope == "read"]


async def test_a_session_is_changed_and_changed_back(sample: SampleHome) -> None:
    async with asyncio.timeout(PATIENCE), await start(sample) as client:
        session_id = sample.sessions["importer"]
        changed = await client.update_session(session_id=session_id, title="Other", pinned=True)
        assert changed["previous"] == {"title": "Speed up the importer", "pinned": False}
        assert (await client.update_session(session_id=session_id))["previous"] == {}
        cleared = await client.update_session(session_id=session_id, title=None)
        assert cleared["previous"] == {"title": "Other"}
        assert cleared["session"]["titleSource"] == "derived"
        forked = await client.fork_session(session_id=session_id, at={"turn": 0})
        assert forked["session"].get("parentSessionId") == session_id


@pytest.mark.parametrize("listing", READING, ids=lambda listing: listing.method)
async def test_a_call_and_its_command_answer_alike(sample: SampleHome, listing: Any) -> None:
    params: dict[str, Any] = {}
    names = {field.name for field in listing.load().params.__attrs_attrs__}
    if "session_id" in names:
        params["sessionId"] = sample.sessions["importer"]
    if listing.method in ("files/read", "git/fileDiff"):
        params["path"] = "src/importer.py"
    if listing.method == "uploads/read":
        params["path"] = "a.txt"
    async with asyncio.timeout(PATIENCE), await start(sample) as client:
        if listing.method == "uploads/read":
            await client.add_upload(session_id=params["sessionId"], name="a.txt", data="aGVsbG8=")
        if listing.method == "sessions/debug":
            await client.call(listing.method, params)  # the second time it says that it knows the session already
        assert await client.execute(listing.command, params) == await client.call(listing.method, params)


async def test_partial_results_are_the_whole_result(sample: SampleHome) -> None:
    async with asyncio.timeout(PATIENCE), await start(sample) as client:
        whole = await client.replay_history(session_id=sample.sessions["importer"])
        portions: list[Any] = []
        streamed = await client.replay_history(session_id=sample.sessions["importer"], on_partial=portions.append)
        assert streamed["entries"] == []
        assert [entry for portion in portions for entry in portion["entries"]] == whole["entries"]
        assert streamed["entryCount"] == whole["entryCount"] == len(whole["entries"])


async def test_folders_can_change(sample: SampleHome) -> None:
    async with asyncio.timeout(PATIENCE), await start(sample) as client:
        assert (await client.startup_work_dir())["folder"] == str(sample.work_dir)
        await client.change_folders(added=[str(sample.notes_dir)], removed=[str(sample.work_dir)])
        assert (await client.startup_work_dir())["folder"] == str(sample.notes_dir)


async def test_settings_hold_from_the_start_and_can_change(sample: SampleHome) -> None:
    settings: dict[str, Any] = {"maxReadBytes": 10}
    async with asyncio.timeout(PATIENCE), await start(sample, settings=settings) as client:
        session_id = sample.sessions["importer"]
        with pytest.raises(ForkpointError) as refused:
            await client.read_file(session_id=session_id, path="src/importer.py")
        assert refused.value.kind == "tooLarge"
        await client.change_settings({"maxReadBytes": 10_000})
        assert "text" in await client.read_file(session_id=session_id, path="src/importer.py")


async def test_wrong_params_name_the_fault(sample: SampleHome) -> None:
    async with asyncio.timeout(PATIENCE), await start(sample) as client:
        with pytest.raises(ForkpointError) as refused:
            await client.call("sessions/list", {"limit": "many", "nonsense": 1})
        assert refused.value.code == -32602
        assert {problem["path"] for problem in refused.value.data["problems"]} == {"/limit", "/nonsense"}


async def test_a_server_that_cannot_start_says_why(sample: SampleHome) -> None:
    with pytest.raises(FileNotFoundError):
        await start(sample, command=["/nowhere/forkpoint"])
    with pytest.raises(ConnectionLost, match="exit code 3"):
        await start(sample, command=["/bin/sh", "-c", "exit 3"])
