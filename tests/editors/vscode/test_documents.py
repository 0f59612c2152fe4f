"""Reading sessions and their changes in a person's home, by mouse and by keyboard."""

from collections.abc import AsyncGenerator, Generator
from pathlib import Path

import attrs
import pytest
import pytest_asyncio

from tests.editors.vscode.code_server import CodeServer
from tests.editors.vscode.conftest import OpenWindow
from tests.editors.vscode.homes import (
    FIRST_ANSWER,
    FIRST_TURN,
    IDEAS,
    IMPORTER,
    TORN,
    UPLOADER,
    PersonsHome,
    add_pi_session,
    append_pi_turn,
    make_persons_home,
)
from tests.editors.vscode.pictures import take_picture
from tests.editors.vscode.tools import Tools
from tests.editors.vscode.waiting import until
from tests.editors.vscode.windows import Windows
from tests.editors.vscode.workbench import Workbench

COMMANDS = (
    "Open Session",
    "Open Changes",
    "Resume in Terminal",
    "Copy Session Id",
    "Copy Path of Transcript",
    "Reveal Transcript",
    "Diagnose Session",
)
OTHERS = "Other folders"
TALL = (1280, 1800)
"""High enough for the whole of a short session: what is outside of the window is not in the page."""
WIDE, NARROW = 460, 300
"""Widths of the sidebar: one that shows what stands behind a title, one that leaves both sides of a change room."""


@attrs.frozen
class Place:
    """A running VS Code and what its home holds."""

    server: CodeServer
    home: PersonsHome


@pytest.fixture(scope="module")
def place(tools: Tools, bare_python: Path) -> Generator[Place]:
    """A VS Code on a person's home, with an agent that only notes how it was called."""
    with CodeServer(tools) as server:
        home = make_persons_home(server.home)
        server.set_machine_settings({"forkpoint.python": str(bare_python)})
        agent = server.home / "bin" / "pi"
        agent.parent.mkdir()
        agent.write_text(AGENT)
        agent.chmod(0o755)
        (server.home / ".profile").write_text('PATH="$HOME/bin:$PATH"\n')
        server.install_extension()
        yield Place(server.start(), home)


AGENT = """#!/bin/sh
printf '%s\\n' "$PWD" "$@" > ~/resumed.new
mv ~/resumed.new ~/resumed
"""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def window(place: Place, windows: Windows) -> AsyncGenerator[Workbench]:
    """The window of the tests that only look, with its sessions."""
    window = await windows.open(place.server, place.home.shop)
    await window.open_view()
    await window.wait_row(IMPORTER)
    yield window
    await windows.close(window)


async def test_a_session_opens_as_a_document(place: Place, window: Workbench) -> None:
    await window.set_sidebar_width(WIDE)
    await window.expand(OTHERS)
    await take_picture(window, "tree")
    await window.click(window.row(IMPORTER))
    await window.wait_text(FIRST_TURN)
    await window.wait_text(FIRST_ANSWER)
    await window.wait_coloured()
    await take_picture(window, "session")
    assert any(IMPORTER in tab for tab in await window.tabs()), await window.tabs()
    await window.page.locator(".editor-container .view-lines").first.click()
    await window.type("mine")
    assert "mine" not in await window.editor_text(), "the document took what was typed"
    await window.page.keyboard.press("Escape")


async def test_a_refresh_brings_the_disk_and_keeps_the_place(place: Place, open_window: OpenWindow) -> None:
    window = await open_window(place.server, place.home.shop, size=TALL)
    await window.open_view()
    await window.expand(OTHERS)
    await window.click(window.row(UPLOADER))
    await window.wait_text("Log every attempt.")
    append_pi_turn(place.home.uploader, "Name the file in each line.", "Each line names the file now.")
    add_pi_session(place.server.home, place.home.shop, "Which session came last?")
    await window.view_action("Refresh Sessions")
    await window.wait_row("Which session came last?")
    await window.wait_text("Each line names the file now.")
    rows = {row.title: row for row in await window.rows()}
    assert rows[UPLOADER].selected
    assert rows[OTHERS].expanded
    assert rows["shop"].expanded
    assert "3 turns" in rows[UPLOADER].detail


async def test_changes_open_in_one_editor(place: Place, window: Workbench) -> None:
    await window.set_sidebar_width(NARROW)
    await window.context_menu(IMPORTER)
    await window.choose("Open Changes")
    for name in ("importer.py", "retry.py", "roadmap.md", "uploader.py", "notes.txt"):
        await window.page.locator(".multiDiffEntry .file-path, .multiDiffEntry", has_text=name).first.wait_for()
    await window.wait_text("save(row)")
    await window.wait_text("save_all(rows)")
    assert "API_KEY" not in await window.editor_text()
    await window.wait_coloured()
    await take_picture(window, "diff")

    await window.expand(OTHERS)
    await window.context_menu(IDEAS)
    await window.choose("Open Changes")
    await window.notification("is in no git repository")


async def test_the_menu_of_a_row_has_every_command(place: Place, window: Workbench) -> None:
    menu = await window.context_menu(IMPORTER)
    assert [name for name in menu if name in COMMANDS] == list(COMMANDS)
    await window.choose("Copy Session Id")
    await window.wait_copied(f"kimi:{place.home.importer.name}")
    await window.context_menu(UPLOADER)
    await window.choose("Copy Path of Transcript")
    await window.wait_copied(str(place.home.uploader))
    await window.context_menu(TORN)
    await window.choose("Diagnose Session")
    await window.wait_text("line 5")
    await window.context_menu(UPLOADER)
    await window.choose("Reveal Transcript")
    await window.wait_text('{"type": "session", "version": 3')


async def test_it_tells_about_itself(bare_python: Path, window: Workbench) -> None:
    await window.palette("Forkpoint: About Forkpoint")
    dialog = window.page.locator(".monaco-dialog-box", has_text="Forkpoint")
    await dialog.wait_for()
    said = await dialog.inner_text()
    for fact in ("0.1.0", str(bare_python), "Kimi CLI", "pi"):
        assert fact in said
    await window.page.keyboard.press("Escape")
    await window.palette("Forkpoint: Show Log")
    await window.wait_text("The server runs after")


async def test_everything_is_reached_by_keys_alone(place: Place, open_window: OpenWindow) -> None:
    window = await open_window(place.server, place.home.shop)
    keys = window.page.keyboard
    await window.palette("Forkpoint: Focus on Sessions View")
    await window.wait_row(IMPORTER)
    # The editor gives the focus to a tree only once that has rows.
    await window.palette("Forkpoint: Focus on Sessions View")

    await window.press_until("ArrowDown", lambda: window.is_focused(TORN))
    await keys.press("Shift+F10")
    await window.press_until("ArrowDown", lambda: window.is_item_focused("Diagnose Session"))
    await keys.press("Enter")
    await window.wait_text("line 5")

    await window.palette("Forkpoint: Focus on Sessions View")
    await window.press_until("ArrowUp", lambda: window.is_focused(IMPORTER))
    # What has the focus counts, though another session is the one that is open.
    await keys.press("Control+C")
    await window.wait_copied(f"kimi:{place.home.importer.name}")
    await keys.press("Enter")
    await window.wait_text(FIRST_TURN)
    await keys.press("Control+Enter")
    await window.wait_text("save_all(rows)")
    for command in COMMANDS:
        assert await window.palette_has(f"Forkpoint: {command}")

    await window.palette("Forkpoint: Focus on Sessions View")
    await keys.press("/")
    await window.quick_input("retry")
    await keys.press("Enter")
    await window.wait_no_row(IMPORTER)
    await window.wait_row(TORN)


async def test_resuming_runs_the_agent_in_a_terminal(place: Place, window: Workbench) -> None:
    said = place.server.home / "resumed"
    await window.context_menu(UPLOADER)
    await window.choose("Resume in Terminal")

    async def ran() -> list[str]:
        return said.read_text().splitlines() if said.is_file() else []

    assert await until(ran, "the agent") == [str(place.home.shop), "--session", str(place.home.uploader)]
    await window.page.locator(".terminal-tabs-entry, .single-terminal-tab", has_text=UPLOADER).first.wait_for()
