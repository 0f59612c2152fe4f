"""A folder that nobody has trusted: it is listed and read, and nothing in it runs or decides what runs."""

import json
from collections.abc import AsyncGenerator, Generator
from pathlib import Path

import attrs
import pytest
import pytest_asyncio

from tests.editors.vscode.code_server import CodeServer
from tests.editors.vscode.homes import FIRST_TURN, HOSTILE_LINK, HOSTILE_TITLE, IMPORTER, PersonsHome, make_persons_home
from tests.editors.vscode.tools import Tools
from tests.editors.vscode.waiting import until
from tests.editors.vscode.windows import Windows
from tests.editors.vscode.workbench import Workbench

TALL = (1280, 1800)
"""High enough for all changes: what is outside of the window is not in the page."""


@attrs.frozen
class Place:
    """A running VS Code, what its home holds, and what a hostile interpreter would write."""

    server: CodeServer
    home: PersonsHome
    marker: Path


@pytest.fixture(scope="module")
def place(tools: Tools, bare_python: Path) -> Generator[Place]:
    """A VS Code that trusts nothing by itself, on a folder that would like to run something."""
    with CodeServer(tools) as server:
        home = make_persons_home(server.home, hostile=True)
        marker = server.root / "it-was-run"
        plant_interpreters(home.shop, marker)
        server.set_user_settings(
            {
                "security.workspace.trust.enabled": True,
                "security.workspace.trust.startupPrompt": "never",
                "security.workspace.trust.banner": "never",
            }
        )
        server.set_machine_settings({})
        # What the folder offers comes first, wherever a program is looked for.
        server.variables["VIRTUAL_ENV"] = f"{home.shop}/.venv"
        (server.home / ".profile").write_text(f'PATH="{home.shop}/.venv/bin:{bare_python.parent}:$PATH"\n')
        server.install_extension()
        yield Place(server.start(trust=False), home, marker)


def plant_interpreters(folder: Path, marker: Path) -> None:
    """Put a `.venv` into a folder whose Python writes a marker, name it in its settings, and hide a changed file."""
    programs = folder / ".venv" / "bin"
    programs.mkdir(parents=True)
    for name in ("python", "python3", "git"):
        program = programs / name
        program.write_text(f"#!/bin/sh\necho \"$0 $@\" >> '{marker}'\nexit 1\n")
        program.chmod(0o755)
    settings = folder / ".vscode" / "settings.json"
    settings.parent.mkdir()
    python = str(programs / "python")
    settings.write_text(json.dumps({"forkpoint.python": python, "python.defaultInterpreterPath": python}))


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def window(place: Place, windows: Windows) -> AsyncGenerator[Workbench]:
    """The window of these tests, with its sessions."""
    window = await windows.open(place.server, place.home.shop, size=TALL)
    await window.open_view()
    await window.wait_row(IMPORTER)
    yield window
    await windows.close(window)


async def test_it_is_limited(place: Place, window: Workbench) -> None:
    await window.page.locator(".sidebar", has_text="Restricted Mode").wait_for()
    menu = await window.context_menu(IMPORTER)
    assert "Open Session" in menu
    assert "Resume in Terminal" not in menu
    await window.choose("Open Session")
    await window.wait_text(FIRST_TURN)
    assert not await window.palette_has("Forkpoint: Resume in Terminal")
    assert not await window.palette_has("Forkpoint: Install Speed-Ups…")
    await window.context_menu(IMPORTER)
    await window.choose("Open Changes")

    async def shown_or_run() -> bool:
        return place.marker.exists() or "Not shown: " in await window.editor_text()

    await until(shown_or_run, "the changes, without what is hidden")
    assert "defaultInterpreterPath" not in await window.editor_text(), "a hidden file was read"
    assert not place.marker.exists(), place.marker.read_text()


async def test_a_hostile_title_is_only_text(window: Workbench) -> None:
    before = await window.page.title()
    row = await window.wait_row("onerror")
    assert {item.title for item in await window.rows()} >= {HOSTILE_TITLE}
    assert await row.locator("img, b, .codicon-trash, .label-name a").count() == 0
    await row.hover()
    hover = window.page.locator(".workbench-hover", has_text="onerror").first
    await hover.wait_for()
    assert await hover.locator("img, b, .codicon-trash, a[data-href^='command:']").count() == 0
    assert HOSTILE_LINK in await hover.inner_text()
    await window.palette("Forkpoint: Find Session…")
    await window.quick_input("onerror")
    found = await window.quick_row("onerror")
    assert await found.locator("img, b, .codicon-trash, .label-name a").count() == 0
    await window.page.keyboard.press("Enter")
    await window.wait_text("Nothing but be read.")
    assert "owned" not in before
    assert "onerror" not in before
    assert await window.page.evaluate("document.title") != "owned"
