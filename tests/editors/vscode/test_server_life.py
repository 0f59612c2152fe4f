"""The server ends while somebody looks: it comes back, and when it cannot stay, the view says so."""

import os
import signal
from collections.abc import Generator
from pathlib import Path

import attrs
import pytest

from tests.editors.vscode.code_server import CodeServer
from tests.editors.vscode.conftest import OpenWindow
from tests.editors.vscode.homes import IMPORTER, PersonsHome, add_pi_session, make_persons_home
from tests.editors.vscode.tools import Tools
from tests.editors.vscode.waiting import until
from tests.editors.vscode.workbench import Workbench

CRASHES = 6
"""How often in a row it may end until nobody starts it any more."""


@attrs.frozen
class Place:
    """A running VS Code and what its home holds."""

    server: CodeServer
    home: PersonsHome


@pytest.fixture(scope="module")
def place(tools: Tools, bare_python: Path) -> Generator[Place]:
    """A VS Code on a person's home."""
    with CodeServer(tools) as server:
        home = make_persons_home(server.home)
        server.set_machine_settings({"forkpoint.python": str(bare_python)})
        server.install_extension()
        yield Place(server.start(), home)


async def new_sidecar(place: Place, known: set[int]) -> int:
    """Wait for a server that was not there before and remember it."""

    async def started() -> int | None:
        return next((sidecar.pid for sidecar in place.server.sidecars() if sidecar.pid not in known), None)

    known.add(pid := await until(started, "a server"))
    return pid


async def test_a_server_that_is_killed_comes_back(place: Place, open_window: OpenWindow) -> None:
    window: Workbench = await open_window(place.server, place.home.shop)
    await window.open_view()
    await window.wait_row(IMPORTER)
    known: set[int] = set()
    add_pi_session(place.server.home, place.home.shop, "Written while nobody served")
    os.kill(await new_sidecar(place, known), signal.SIGKILL)
    await window.wait_row("Written while nobody served")
    await window.wait_row(IMPORTER)

    for _ in range(CRASHES - 1):
        os.kill(await new_sidecar(place, known), signal.SIGKILL)
    await window.welcome("ended too often")
    await window.wait_no_row(IMPORTER)
    assert not place.server.sidecars()
    await window.welcome_button("Show Log")
    await (await window.welcome_button("Restart Server")).click()
    await window.wait_row(IMPORTER)
    assert await new_sidecar(place, known)
