"""A window stays usable and right while other programs write without a pause, and its server ends in between."""

import asyncio
import os
import signal
from collections.abc import AsyncGenerator, Generator
from pathlib import Path

import attrs
import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.editors.vscode.code_server import CodeServer
from tests.editors.vscode.conftest import OpenWindow
from tests.editors.vscode.homes import (
    IMPORTER,
    UPLOADER,
    PersonsHome,
    add_pi_session,
    append_pi_turn,
    make_persons_home,
)
from tests.editors.vscode.tools import Tools
from tests.editors.vscode.waiting import PATIENCE_MS, until
from tests.editors.vscode.workbench import Workbench

TALL = (1280, 1800)
SESSIONS = 40
BURST = 10_000
"""Changes of one burst, over all sessions that were added."""
LARGE = 10_000_000
"""Characters of a turn that is more than an editor is made for."""


@attrs.frozen
class Place:
    """A running VS Code and what its home holds."""

    server: CodeServer
    home: PersonsHome
    written: list[Path]
    """The files of the sessions that other programs write to."""


@pytest.fixture(scope="module")
def place(tools: Tools, bare_python: Path) -> Generator[Place]:
    """A VS Code on a person's home with some sessions more."""
    with CodeServer(tools) as server:
        home = make_persons_home(server.home)
        before = set((server.home / ".pi").rglob("*.jsonl"))
        for number in range(SESSIONS):
            add_pi_session(server.home, home.shop, f"Added session {number}", age=60 + number)
        written = sorted({*(server.home / ".pi").rglob("*.jsonl")} - before)
        server.set_machine_settings({"forkpoint.python": str(bare_python)})
        server.install_extension()
        yield Place(server.start(), home, written)


@pytest_asyncio.fixture(loop_scope="session")
async def window(place: Place, open_window: OpenWindow) -> AsyncGenerator[Workbench]:
    """A window that shows the sessions."""
    window = await open_window(place.server, place.home.shop, size=TALL)
    await window.open_view()
    await window.wait_row(IMPORTER)
    yield window


def write_burst(files: list[Path], changes: int) -> None:
    """Change sessions one after the other, as many agents do that work at once."""
    for number in range(changes):
        with files[number % len(files)].open("a") as file:
            file.write(f'{{"type":"custom","customType":"tick","id":"t{number:07}","parentId":null}}\n')


async def turns(window: Workbench, title: str, count: int) -> None:
    """Wait until the row of a session tells how many turns it has."""

    async def told() -> bool:
        return any(row.title == title and f"{count} turns" in row.detail for row in await window.rows())

    await until(told, f"{title} with {count} turns")


async def test_a_burst_leaves_the_window_usable_and_right(place: Place, window: Workbench) -> None:
    await window.click(window.row(UPLOADER))
    await window.wait_text("Log every attempt.")
    burst = asyncio.create_task(asyncio.to_thread(write_burst, place.written, BURST))
    assert await window.palette_has("Forkpoint: Find Session")  # it answers meanwhile
    [sidecar] = place.server.sidecars()[-1:]
    os.kill(sidecar.pid, signal.SIGKILL)
    append_pi_turn(place.home.uploader, "Said in the middle of it", "And heard by the next server.")
    await burst
    await window.wait_text("And heard by the next server.")
    await turns(window, UPLOADER, 3)
    add_pi_session(place.server.home, place.home.shop, "Made after the burst")
    await window.wait_row("Made after the burst")
    await window.context_menu(UPLOADER)
    await window.choose("Pin Session")

    async def pinned() -> bool:
        return (await window.children("shop"))[0].title == UPLOADER

    await until(pinned, "the pinned session first")


async def test_a_turn_that_is_too_large_for_an_editor_is_cut(place: Place, window: Workbench) -> None:
    await window.click(window.row(UPLOADER))
    await window.wait_text("Add a retry")
    append_pi_turn(place.home.uploader, "Print it all", "All of it. " + "x" * 79 + ("\n" + "y" * 79) * (LARGE // 80))
    append_pi_turn(place.home.uploader, "And now?", "That was all of it.")
    await turns(window, UPLOADER, 5)
    await window.page.locator(".editor-container .view-lines").first.click()
    await window.page.keyboard.press("Control+End")
    await window.wait_text("That was all of it.")


async def test_a_large_document_that_grows_fast_leaves_the_window_usable(place: Place, window: Workbench) -> None:
    before = {*(place.server.home / ".pi").rglob("*.jsonl")}
    add_pi_session(place.server.home, place.home.shop, "A long one")
    [path] = {*(place.server.home / ".pi").rglob("*.jsonl")} - before
    for number in range(90):
        append_pi_turn(path, f"Ask {number}", "\n\n".join(f"{number} {part} " + "words " * 80 for part in range(100)))
    await turns(window, "A long one", 91)
    await window.click(window.row("A long one"))
    await window.page.locator(".editor-container .view-lines").first.click()
    await window.page.keyboard.press("Control+End")
    await window.wait_text("89 99 words")

    async def grow() -> None:
        for number in range(100):
            append_pi_turn(path, f"Step {number}", f"Step {number} is done.")
            await asyncio.sleep(0.05)

    growing = asyncio.create_task(grow())
    for _ in range(3):
        assert await window.palette_has("Forkpoint: Find Session")
    await growing
    await window.wait_text("Step 99 is done.")


async def test_a_document_says_that_its_session_is_gone_and_when_it_is_back(place: Place, window: Workbench) -> None:
    await window.click(window.row("Made after the burst"))
    await window.wait_text("Done.")
    await window.row("Made after the burst").focus()
    await window.page.keyboard.press("Delete")
    await window.wait_text("**Not up to date:** The session is not there any more.")
    await window.wait_text("Done.")
    lenses = window.page.locator(".codelens-decoration a", has_text="Fork before this turn")
    await expect(lenses).to_have_count(0, timeout=PATIENCE_MS)
    await window.press_button("was moved to the trash.", "Undo")
    await window.wait_row("Made after the burst")

    async def forgotten() -> bool:
        return "Not up to date" not in await window.editor_text()

    await until(forgotten, "a document that is up to date again")
    await lenses.first.wait_for()
