"""Eight servers change one home, beside programs that know nothing of them: nothing of anyone is lost."""

import asyncio
import contextlib
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from forkpoint_client import ForkpointClient
from tests.end_to_end.changing.foreign import FOREIGN_FOLDER, Foreign, foreign
from tests.end_to_end.changing.load import Editor, Own, Record, possible_last, tokens_in
from tests.end_to_end.changing.shared_home import SharedHome

SECONDS = float(os.environ.get("FORKPOINT_LOAD_SECONDS", "8"))
"""How long they work; 30 for the whole run."""
SEED = int(os.environ.get("FORKPOINT_LOAD_SEED", "0")) or time.time_ns() % 1_000_000
EDITORS = 8
SCOPES = {"scopes": ["read", "write", "admin"]}


async def client_of(home: SharedHome, stack: contextlib.AsyncExitStack) -> ForkpointClient:
    """Start a server that works on the home as every editor's does."""
    command = [sys.executable, "-m", "forkpoint"]
    started = await ForkpointClient.start(
        command, env=home.environment(), folders=[str(home.work_dir)], settings=SCOPES, on_stderr=_show_mistakes
    )
    return await stack.enter_async_context(started)


def _show_mistakes(line: str) -> None:
    """Pass on what is no log of a request: the story of a mistake."""
    if not line.endswith(" out"):
        sys.stderr.write(line + "\n")


@pytest.mark.timeout(SECONDS * 4 + 120)
async def test_eight_servers_and_foreign_programs_lose_nothing(tmp_path: Path) -> None:
    home, record = SharedHome.made(tmp_path), Record()
    transcripts = [*home.pi.values(), *(f / n for f in home.kimi.values() for n in ("wire.jsonl", "context.jsonl"))]
    async with contextlib.AsyncExitStack() as stack:
        clients = await asyncio.gather(*(client_of(home, stack) for _ in range(EDITORS)))
        appender = await stack.enter_async_context(foreign("appender", transcripts))
        rewriter = await stack.enter_async_context(foreign("rewriter", [home.kimi_index]))
        begun = time.monotonic()
        editors = [Editor(client, home, record, number, SEED) for number, client in enumerate(clients)]
        working = asyncio.gather(*(editor.work(begun + SECONDS) for editor in editors))
        await asyncio.wait([working], timeout=SECONDS * 0.7)
        # From here on kimi.json is ours alone, and what is lost then was lost by us.
        await rewriter.end()
        alone_since = time.monotonic()
        await working
        await asyncio.gather(*(editor.enter_a_folder() for editor in editors))
        await appender.end()
    sys.stdout.write(f"seed {SEED}: {dict(record.done)}, refused {dict(record.refused)}, {len(appender.done)} lines\n")
    async with contextlib.AsyncExitStack() as stack:
        client = await client_of(home, stack)
        await bring_everything_back(client, home)
        require_foreign_work(home, appender, rewriter)
        require_own_folders(home, record, alone_since)
        await require_sessions(client, home, record)
        await require_lists_without_index(client, home, record)
    home.require_tidy()


async def bring_everything_back(client: ForkpointClient, home: SharedHome) -> None:
    """Restore every session that all worked on; each is there, or in the trash once."""
    for item in (await client.list_generations())["items"]:
        if item["sessionId"] in home.ids:
            await client.restore_session(trash_id=item.get("trashId", ""))


def require_foreign_work(home: SharedHome, appender: Foreign, rewriter: Foreign) -> None:
    """Every line that the appender wrote is in its session once, and every folder of the rewriter's last list there."""
    paths = home.pi | home.kimi
    assert appender.done
    for session_id, path in paths.items():
        written = [token for where, token in appender.done if where.startswith(str(path))]
        found = tokens_in([path] if path.is_dir() else [path.parent], path.name)
        assert {token: found[token] for token in written} == dict.fromkeys(written, 1), session_id
        assert set(found) == set(written)
    last = [token for _, token in rewriter.done][-20:]
    missing = [folder for folder in last if folder not in home.indexed_folders()]
    assert missing == [], "a change of ours lost what a foreign program had written"
    assert all(folder.startswith(FOREIGN_FOLDER) for folder in last)


def require_own_folders(home: SharedHome, record: Record, alone_since: float) -> None:
    """None of ours lost a folder of another."""
    mine = {folder for folder, begun in record.folders if begun > alone_since}
    assert len(mine) >= EDITORS
    assert mine - set(home.indexed_folders()) == set()
    listed = home.indexed_folders()
    assert len(listed) == len(set(listed))


async def rows_of(client: ForkpointClient) -> dict[str, Any]:
    """Give every session's row, and hold that each is listed once."""
    rows: dict[str, Any] = {}
    cursor: str | None = None
    while True:
        page = await client.list_sessions(archived="all", limit=500, cursor=cursor, fresh=True)
        assert page["complete"]
        for row in page["items"]:
            assert row["sessionId"] not in rows
            rows[row["sessionId"]] = row
        cursor = page.get("nextCursor")
        if cursor is None:
            return rows


async def require_sessions(client: ForkpointClient, home: SharedHome, record: Record) -> None:
    """Everything acknowledged is there, nothing else is, and every session opens."""
    rows = await rows_of(client)
    there = {session_id: own for session_id, own in record.own.items() if own.state == "there"}
    assert set(rows) == {*there, *home.ids}
    trashed = {item["sessionId"]: item.get("trashId") for item in (await client.list_generations())["items"]}
    assert trashed == {name: own.trash_id for name, own in record.own.items() if own.state == "trashed"}
    for session_id, own in there.items():
        require_row(rows[session_id], own, rows)
    for session_id, namings in record.namings.items():
        assert rows[session_id]["title"] in possible_last(namings)
    for session_id in rows:
        page = await client.read_history(session_id=session_id, limit=500)
        assert page["problems"] == [], session_id


def require_row(row: Any, own: Own, rows: dict[str, Any]) -> None:
    """A session is as its editor was told last."""
    assert row["title"] == own.title
    assert row["problems"] == []
    assert row.get("parentSessionId") == (own.parent if own.parent in rows else None)


async def require_lists_without_index(client: ForkpointClient, home: SharedHome, record: Record) -> None:
    """Kimi forgets every folder: all sessions are listed still, and the next change puts its own folder back."""
    before = await rows_of(client)
    home.kimi_index.write_text(json.dumps({"work_dirs": []}))
    assert set(await rows_of(client)) == set(before)
    lost = next(folder for folder, _ in reversed(record.folders) if folder != str(home.work_dir))
    await client.create_session(work_dir=lost, agent="kimi")
    assert home.indexed_folders() == [lost]
    fork = await client.fork_session(session_id=next(iter(home.kimi)))
    assert home.indexed_folders() == [lost, str(home.work_dir)]
    assert fork["session"]["workDir"] == str(home.work_dir)
