"""Clients that only apply what they are told end with what is there, whatever two windows and other programs do."""

import asyncio
import contextlib
import random
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.foreign_world import ForeignWorld
from tests.end_to_end.server_process import PATIENCE, ReplyError, ServerProcess

NAMED = {"experimental": {"forkpoint": {"notifications": ["sessions/changed"]}}}
SHOWN = (
    "title", "workDir", "updatedAt", "pinned", "archived", "label", "sizeBytes", "turnCount", "messageCount", "preview",
)  # fmt: skip
"""What a row shows of its own session; its parent and its children are told of by their own changes."""
ACTS = 40
EVERYTHING: dict[str, Any] = {"limit": 500, "archived": "all"}

Row = dict[str, Any]


class Mirror:
    """The list of a client that lists once, and then asks only for what it is told of."""

    def __init__(self, server: ServerProcess, name: str) -> None:
        self.server, self.name = server, name
        self.rows: dict[str, Row] = {}
        self.faults: list[tuple[str, Any]] = []
        self._there: set[str] = set()
        self._applied = 0

    async def begin(self) -> None:
        """List all there is."""
        self.rows = await listed(self.server)
        self._there = {*self.rows}

    async def apply(self) -> None:
        """Apply all notices that came."""
        asked: set[str] = set()
        while self._applied < len(self.server.notified("sessions/changed")):
            notice = self.server.notified("sessions/changed")[self._applied]
            self._applied += 1
            for change in notice["changes"]:
                if change["kind"] == "everything":
                    await self.begin()
                else:
                    self._take(change)
                    asked.add(change["sessionId"])
        for session_id in asked & self._there:
            try:
                row = (await self.server.request("sessions/get", {"sessionId": session_id}))["session"]
            except ReplyError as error:
                assert error.kind in ("sessionNotFound", "unreadable"), error
                self.rows.pop(session_id, None)
            else:
                self.rows[session_id] = shown(row)

    def _take(self, change: Any) -> None:
        session_id, kind = change["sessionId"], change["kind"]
        known = session_id in self._there
        if known == (kind in ("created", "restored")) and kind != "deleted":
            self.faults.append(("known" if known else "unknown", change))
        if kind == "deleted":
            self._there.discard(session_id)
            self.rows.pop(session_id, None)
        else:
            self._there.add(session_id)


def shown(row: Row) -> Row:
    return {name: row.get(name) for name in SHOWN}


async def listed(server: ServerProcess) -> dict[str, Row]:
    page = await server.request("sessions/list", EVERYTHING)
    return {row["sessionId"]: shown(row) for row in page["items"]}


async def change_something(server: ServerProcess, dice: random.Random, work_dir: Path) -> str:
    """Do something of our own; what the moment does not allow is refused."""
    what = dice.choice(["create", "update", "fork", "delete"])
    ids = sorted(await listed(server))
    chosen = dice.choice(ids) if ids else "pi:none"
    params: dict[str, Any] = {"sessionId": chosen}
    if what == "create":
        params = {"workDir": str(work_dir), "title": "ours", "agent": dice.choice(["forkpoint", "pi", "kimi"])}
    elif what == "update":
        params |= {"title": f"title {dice.randrange(100)}", "pinned": dice.random() < 0.5}
    with contextlib.suppress(ReplyError):
        await server.request(f"sessions/{what}", params)
        return f"{what} {chosen}"
    return f"{what} {chosen} refused"


@pytest.mark.parametrize("seed", range(4))
async def test_who_applies_what_is_told_has_what_is_there(home: Path, seed: int) -> None:
    dice = random.Random(seed)
    world = ForeignWorld(home, dice)
    done: list[str] = []
    async with ServerProcess(home) as one, ServerProcess(home) as other, ServerProcess(home) as third:
        await one.initialize(capabilities=NAMED)
        await other.initialize(capabilities=NAMED, initializationOptions={"watch": "polling"})
        await third.initialize()
        await listed(third)  # it has seen all work dirs, too
        mirrors = [Mirror(one, "told"), Mirror(other, "polling")]
        for mirror in mirrors:
            await mirror.begin()
        for _ in range(ACTS):
            if dice.random() < 0.3:
                done.append(await change_something(dice.choice([one, other]), dice, home))
            else:
                done.append(world.act())
            if dice.random() < 0.3:
                await asyncio.sleep(dice.choice([0.01, 0.1, 0.3]))
            for mirror in mirrors:
                await mirror.apply()
        world.settle()
        for mirror in mirrors:
            await follows(mirror, third, done)
            assert mirror.faults == [], (mirror.name, mirror.faults, done)
        assert b"Traceback" not in one.stderr + other.stderr


async def follows(mirror: Mirror, third: ServerProcess, done: list[str]) -> None:
    """Wait until a mirror shows what somebody else finds."""
    deadline = asyncio.get_running_loop().time() + PATIENCE
    while True:
        there = await listed(third)
        await mirror.apply()
        if mirror.rows == there:
            return
        if asyncio.get_running_loop().time() > deadline:
            wrong = [key for key in there.keys() | mirror.rows.keys() if there.get(key) != mirror.rows.get(key)]
            differs = [(key, there.get(key), mirror.rows.get(key)) for key in wrong]
            raise AssertionError(f"{mirror.name} differs in {differs} after {done}")
        await asyncio.sleep(0.05)
