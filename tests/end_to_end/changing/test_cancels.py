"""Changes cancelled at random moments: either the answer is a cancel and nothing has changed, or it is the result."""

import asyncio
import os
import random
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import attrs
import pytest

from tests.end_to_end.changing.shared_home import SharedHome
from tests.end_to_end.server_process import ServerProcess

MOMENTS = 20
SEED = int(os.environ.get("FORKPOINT_CANCEL_SEED", "0")) or time.time_ns() % 1_000_000
CANCELLED = -32800
World = dict[str, Any]
"""Everything that a client sees: rows by session id, and what lies in the trash."""


@attrs.frozen(kw_only=True)
class Change:
    """One kind of change, that can be asked for again and again."""

    method: str
    prepares: bool = False
    """Whether making the params changes the world."""
    params: Callable[[ServerProcess, SharedHome, int], Awaitable[dict[str, Any]]]
    happened: Callable[[World, World, dict[str, Any], Any], bool]
    """Whether the second world is the first one with the change; told its params and its result."""


async def world_of(server: ServerProcess) -> World:
    """Look at everything."""
    listed = await server.request("sessions/list", {"archived": "all", "limit": 500, "fresh": True})
    trash = await server.request("sessions/generations", {})
    rows = {row["sessionId"]: {name: row.get(name) for name in ("title", "label")} for row in listed["items"]}
    return {"rows": rows, "trash": {item["trashId"]: item["sessionId"] for item in trash["items"]}}


async def _new(server: ServerProcess, home: SharedHome, number: int) -> dict[str, Any]:
    return {"workDir": str(home.work_dir), "agent": ("kimi", "pi", "forkpoint")[number % 3], "title": f"n {number}"}


async def _fork(server: ServerProcess, home: SharedHome, number: int) -> dict[str, Any]:
    return {"sessionId": home.ids[number % len(home.ids)], "title": f"f {number}"}


async def _rename(server: ServerProcess, home: SharedHome, number: int) -> dict[str, Any]:
    return {"sessionId": home.ids[number % len(home.ids)], "title": f"t {number}", "label": f"l {number}"}


async def _away(server: ServerProcess, home: SharedHome, number: int) -> dict[str, Any]:
    made = await server.request("sessions/create", await _new(server, home, number))
    return {"sessionId": made["session"]["sessionId"]}


async def _back(server: ServerProcess, home: SharedHome, number: int) -> dict[str, Any]:
    return {"trashId": (await server.request("sessions/delete", await _away(server, home, number)))["trashId"]}


def _appeared(before: World, after: World, params: dict[str, Any], result: Any) -> bool:
    new = after["rows"].keys() - before["rows"].keys()
    rest = {name: row for name, row in after["rows"].items() if name not in new}
    return (
        new == {result["session"]["sessionId"]}
        and rest == before["rows"]
        and after["trash"] == before["trash"]
        and after["rows"][next(iter(new))]["title"] == params["title"]
    )


def _renamed(before: World, after: World, params: dict[str, Any], result: Any) -> bool:
    row = {"title": params["title"], "label": params["label"]}
    return after == {**before, "rows": {**before["rows"], params["sessionId"]: row}}


def _gone(before: World, after: World, params: dict[str, Any], result: Any) -> bool:
    rows = {name: row for name, row in before["rows"].items() if name != params["sessionId"]}
    return after == {"rows": rows, "trash": {**before["trash"], result["trashId"]: params["sessionId"]}}


def _restored(before: World, after: World, params: dict[str, Any], result: Any) -> bool:
    own = before["trash"][params["trashId"]]
    trash = {name: session_id for name, session_id in before["trash"].items() if name != params["trashId"]}
    rest = {name: row for name, row in after["rows"].items() if name != own}
    return own in after["rows"] and rest == before["rows"] and after["trash"] == trash


CHANGES = {
    "create": Change(method="sessions/create", params=_new, happened=_appeared),
    "fork": Change(method="sessions/fork", params=_fork, happened=_appeared),
    "update": Change(method="sessions/update", params=_rename, happened=_renamed),
    "delete": Change(method="sessions/delete", prepares=True, params=_away, happened=_gone),
    "restore": Change(method="sessions/restore", prepares=True, params=_back, happened=_restored),
}


@pytest.mark.timeout(120)
@pytest.mark.parametrize("kind", CHANGES)
async def test_a_cancel_tells_what_became_of_it(kind: str, tmp_path: Path) -> None:
    home, change, chance = SharedHome.made(tmp_path), CHANGES[kind], random.Random(f"{SEED} {kind}")
    cancelled = 0
    async with ServerProcess(home.home) as server:
        await server.initialize([home.work_dir])
        took = min([await _time(server, change, home, -number) for number in range(1, 5)])
        before = await world_of(server)
        for number in range(1, MOMENTS + 1):
            params = await change.params(server, home, number)
            before = await world_of(server) if change.prepares else before
            pause = chance.uniform(0, took)
            reply = await _cancelled_after(server, change.method, params, pause)
            after = await world_of(server)
            if "error" in reply:
                assert reply["error"]["code"] == CANCELLED, (SEED, number, reply)
                assert after == before, (SEED, number, pause)
                cancelled += 1
            else:
                assert change.happened(before, after, params, reply["result"]), (SEED, number, pause)
            before = after
        assert await server.shutdown() == 0
    sys.stdout.write(f"{kind}, seed {SEED}: {cancelled} of {MOMENTS} cancelled\n")
    home.require_tidy()


async def _time(server: ServerProcess, change: Change, home: SharedHome, number: int) -> float:
    """Make one such change and give the seconds it took."""
    params = await change.params(server, home, number)
    begun = time.monotonic()
    await server.request(change.method, params)
    return time.monotonic() - begun


async def _cancelled_after(server: ServerProcess, method: str, params: dict[str, Any], pause: float) -> Any:
    pending = await server.begin(method, params)
    # The moment itself is what is tried here: nothing is waited for.
    await asyncio.sleep(pause)
    await server.notify("$/cancelRequest", {"id": pending.id})
    return await pending.reply()
