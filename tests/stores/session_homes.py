"""A session store over a temporary home, and short ways to ask it."""

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

from forkpoint.agents.adapter import Adapter, Environment
from forkpoint.model.entry import Entry
from forkpoint.model.settings import Settings
from forkpoint.stores.session_query import SessionQuery
from forkpoint.stores.session_store import SessionPage, SessionStore
from forkpoint.stores.state.own_state import OwnState
from forkpoint.stores.workers import Workers


def store_of(home: Path, *adapters: Adapter, workspace: Sequence[str] = ()) -> SessionStore:
    """Give a store that sees only what lies under a temporary home."""
    settings = Settings(
        homes={
            adapter.info.id: tuple(
                found.path for found in adapter.homes(_environment(home)) if found.path.startswith(str(home))
            )
            for adapter in adapters
        }
    )
    return SessionStore(Workers(), adapters, lambda: settings, lambda: workspace, state_of(home))


def state_of(home: Path) -> OwnState:
    """Give our own state as a store over a temporary home sees it."""
    return OwnState(str(home / ".forkpoint-state"))


def _environment(home: Path) -> Environment:
    return Environment(variables={}, home_dir=str(home), state_dir=str(home / ".forkpoint-state"))


async def page_of(store: SessionStore, query: SessionQuery, limit: int = 500, cursor: str | None = None) -> SessionPage:
    """Give one page of a list, and hold that its portions are its rows."""
    rows: list[str] = []
    async for portion in store.pages(query, limit, cursor):
        if isinstance(portion, SessionPage):
            assert [row.session_id for row in portion.rows] == rows
            return portion
        rows += [row.session_id for row in portion]
    raise AssertionError("the list gave no page")


async def entries_of(store: SessionStore, session_id: str, *, raw: bool = False) -> list[Entry]:
    """Give all entries by a replay."""
    return [entry async for portion in store.replay(session_id, raw=raw) for entry in portion]


async def texts_of(store: SessionStore, session_id: str) -> list[str]:
    """Give the text blocks of all entries."""
    entries = await entries_of(store, session_id)
    return [block.text for entry in entries for block in entry.content if block.type == "text" and block.text]


def snapshot(folder: Path) -> dict[str, tuple[object, ...]]:
    """Give every path below a folder with everything a read could change: kind, size, times, mode, owner, bytes."""
    found: dict[str, tuple[object, ...]] = {}
    for root, folders, files in os.walk(folder):
        for name in [*folders, *files, "."]:
            path = os.path.join(root, name)
            stat = os.lstat(path)
            body = b""
            if os.path.isfile(path) and not os.path.islink(path):
                with open(path, "rb") as file:
                    body = hashlib.sha256(file.read()).digest()
            found[path] = (
                stat.st_mode,
                stat.st_size,
                stat.st_mtime_ns,
                stat.st_ctime_ns,
                stat.st_ino,
                stat.st_uid,
                body,
            )
    return found
