"""Two programs swap a folder and a file for links to a secret while the server is asked for them: nothing leaks."""

import asyncio
import contextlib
import json
import sys
import time
from collections import Counter
from collections.abc import AsyncGenerator, Sequence
from pathlib import Path
from typing import Any

import attrs
import pytest

from tests.end_to_end.server_process import ReplyError, ServerProcess
from tests.samples_home import make_home
from tests.stores import exchange

ATTACK_SECONDS = 20.0
SECRET = "what nobody may read"
PLAIN = "what anybody may read\n"
FOLDER_SWAPPED = "swapped/file.txt"
NAME_SWAPPED = "file.txt"


@attrs.frozen
class Scene:
    """A work dir under attack."""

    work_dir: Path
    session: str
    swaps: Sequence[tuple[Path, Path]]
    """Pairs of paths that are swapped: what the client asks for, and a link to the secret."""


def make_scene(tmp_path: Path) -> tuple[Path, Scene]:
    """Give the home of a server, and the scene in it."""
    sample = make_home(tmp_path)
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "file.txt").write_text(SECRET)
    work_dir = sample.work_dir
    (work_dir / "swapped").mkdir()
    (work_dir / FOLDER_SWAPPED).write_text(PLAIN)
    (work_dir / NAME_SWAPPED).write_text(PLAIN)
    (work_dir / "link-to-folder").symlink_to(outside)
    (work_dir / "link-to-file").symlink_to(outside / "file.txt")
    swaps = [
        (work_dir / "swapped", work_dir / "link-to-folder"),
        (work_dir / NAME_SWAPPED, work_dir / "link-to-file"),
    ]
    return sample.home, Scene(work_dir, sample.sessions["importer"], swaps)


@contextlib.asynccontextmanager
async def attack(scene: Scene) -> AsyncGenerator[list[int]]:
    """Swap every pair in a process of its own; after the block the list holds how often each was swapped."""
    counts: list[int] = []
    attackers = [
        await asyncio.create_subprocess_exec(
            sys.executable,
            exchange.__file__,
            *map(str, pair),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        for pair in scene.swaps
    ]
    try:
        yield counts
    finally:
        counts += [int((await attacker.communicate(b""))[0] or 0) for attacker in attackers]


async def ask_until(server: ServerProcess, ends: float, scene: Scene, method: str, path: str) -> Counter[str]:
    """Send one request after the other and count how they end; a wrong content is an outcome too."""
    outcomes: Counter[str] = Counter()
    params = {"sessionId": scene.session, "path": path}
    while time.monotonic() < ends:
        try:
            result: dict[str, Any] = await server.request(method, params)
        except ReplyError as error:
            outcomes[error.data.get("reason", error.kind)] += 1
        else:
            text = result.get("text" if method == "files/read" else "new")
            outcomes["read" if text == PLAIN else f"something else: {text!r}"] += 1
    return outcomes


async def leaks_by_name(ends: float, scene: Scene) -> int:
    """Read the same paths by name, as a careless server would; give how often that told the secret."""
    leaks = 0
    while time.monotonic() < ends:
        for path in (FOLDER_SWAPPED, NAME_SWAPPED):
            leaks += await asyncio.to_thread((scene.work_dir / path).read_text) == SECRET
        await asyncio.sleep(0.01)
    return leaks


@pytest.mark.timeout(120)
async def test_twenty_seconds_of_swapping_links_leak_nothing(tmp_path: Path) -> None:
    home, scene = make_scene(tmp_path)
    async with ServerProcess(home) as server:
        await server.initialize([scene.work_dir])
        asked = [(method, path) for method in ("files/read", "git/fileDiff") for path in (FOLDER_SWAPPED, NAME_SWAPPED)]
        async with attack(scene) as swaps:
            ends = time.monotonic() + ATTACK_SECONDS
            leaked, outcomes = await asyncio.gather(
                leaks_by_name(ends, scene), asyncio.gather(*(ask_until(server, ends, scene, *call) for call in asked))
            )
        assert await server.shutdown() == 0
    told = f"{dict(zip(asked, outcomes, strict=True))}, {swaps} swaps, {leaked} leaks to a reader by name"
    assert SECRET not in json.dumps(server.replies) + json.dumps(server.notifications), told
    assert SECRET.encode() not in server.stray + server.stderr, told
    for counted in outcomes:
        assert counted.keys() <= {"read", "link", "fileNotFound"}, told
        assert min(counted["read"], counted["link"]) > 0, told
    assert leaked > 0, told
    assert min(swaps) > 1000, told
