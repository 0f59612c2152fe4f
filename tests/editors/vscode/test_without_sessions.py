"""What the view says where there is nothing to list, and where nothing can list it."""

from collections.abc import Generator
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.editors.vscode.code_server import CodeServer
from tests.editors.vscode.conftest import OpenWindow
from tests.editors.vscode.homes import add_pi_session
from tests.editors.vscode.tools import Tools


@pytest.fixture(scope="module")
def server(tools: Tools) -> Generator[CodeServer]:
    """A VS Code on an empty home with an empty folder."""
    with CodeServer(tools) as server:
        (server.home / "empty").mkdir()
        server.install_extension()
        yield server.start()


async def test_no_python_then_no_sessions_then_one(
    server: CodeServer, open_window: OpenWindow, bare_python: Path
) -> None:
    server.set_machine_settings({"forkpoint.python": "/nowhere/python3"})
    window = await open_window(server, server.home / "empty")
    await window.open_view()
    text = await window.welcome("none was found")
    assert await text.locator("a", has_text="Show Log").count() == 1
    for button in ("Choose a Python", "Try Again"):
        await window.welcome_button(button)
    await expect(window.page.locator(".sidebar .monaco-progress-container.active")).to_have_count(0)
    assert not server.sidecars()

    # A person corrects the setting, and need do no more.
    server.set_machine_settings({"forkpoint.python": str(bare_python)})
    await window.welcome("No sessions yet")
    add_pi_session(server.home, server.home / "empty", "The first of all")
    await (await window.welcome_button("Refresh")).click()
    await window.wait_row("The first of all")


async def test_no_folder_open(server: CodeServer, open_window: OpenWindow, bare_python: Path) -> None:
    server.set_machine_settings({"forkpoint.python": str(bare_python)})
    add_pi_session(server.home, server.home / "empty", "One of no open folder")
    window = await open_window(server, None)
    await window.open_view()
    await window.wait_row("One of no open folder")
    assert [row.title for row in await window.rows() if row.level == 1] == ["All folders"]
