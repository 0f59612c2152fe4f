"""A program swaps a folder of uploads for a link: nothing is written or read on the other side."""

import asyncio
import base64
import json
import os
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.end_to_end.server_process import ReplyError, ServerProcess
from tests.end_to_end.test_symlink_swap import PLAIN, SECRET, Scene, attack
from tests.samples_home import KIMI_IMPORTER, make_home

ATTACK_SECONDS = 4.0
FILE = "file.txt"


def make_scene(tmp_path: Path) -> tuple[Path, Path, Scene]:
    """Give the home of a server, a folder outside of it, and the scene."""
    sample = make_home(tmp_path)
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / FILE).write_text(SECRET)
    (session,) = (sample.home / ".kimi" / "sessions").glob(f"*/{KIMI_IMPORTER}")
    uploads = session / "uploads"
    uploads.mkdir()
    (uploads / FILE).write_text(PLAIN)
    (session / "link").symlink_to(outside)
    return sample.home, outside, Scene(session, sample.sessions["importer"], [(uploads, session / "link")])


async def ask_until(ends: float, server: ServerProcess, method: str, params: Any, told: Callable[[Any], str]) -> Any:
    """Send one request after the other and count how they end."""
    outcomes: Counter[str] = Counter()
    while time.monotonic() < ends:
        try:
            outcomes[told(await server.request(method, params))] += 1
        except ReplyError as error:
            outcomes[error.data.get("reason", error.kind)] += 1
    return outcomes


async def test_links_swapped_into_uploads_lead_nowhere(tmp_path: Path) -> None:
    home, outside, scene = make_scene(tmp_path)
    session = {"sessionId": scene.session}
    data = base64.b64encode(b"handed in").decode()
    calls: list[tuple[str, dict[str, Any], Callable[[Any], str]]] = [
        ("uploads/add", {**session, "name": "new.txt", "data": data}, lambda _: "done"),
        ("uploads/read", {**session, "path": FILE}, lambda result: "done" if result["text"] == PLAIN else "other"),
        ("uploads/list", session, lambda result: "done" if isinstance(result["items"], list) else "other"),
    ]
    async with ServerProcess(home) as server:
        await server.initialize([home / "shop"])
        async with attack(scene) as swaps:
            ends = time.monotonic() + ATTACK_SECONDS
            outcomes = await asyncio.gather(*(ask_until(ends, server, *call) for call in calls))
        assert await server.shutdown() == 0
    told = f"{outcomes}, {swaps} swaps"
    assert os.listdir(outside) == [FILE], told
    assert SECRET not in json.dumps(server.replies) + json.dumps(server.notifications), told
    for counted in outcomes:
        assert counted.keys() <= {"done", "link", "fileNotFound"}, told
        assert min(counted["done"], counted["link"]) > 0, told
    assert min(swaps) > 100, told
