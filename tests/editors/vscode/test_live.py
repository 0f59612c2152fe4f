"""Rows and open documents follow what other windows and other programs do, without anybody asking for it."""

import os
import signal
from collections.abc import Generator
from pathlib import Path

import attrs
import pytest

from tests.editors.vscode.code_server import CodeServer
from tests.editors.vscode.conftest import OpenWindow
from tests.editors.vscode.homes import (
    IMPORTER,
    TORN,
    TORN_ID,
    UPLOADER,
    PersonsHome,
    add_long_pi_session,
    add_pi_session,
    append_pi_turn,
    make_persons_home,
)
from tests.editors.vscode.pictures import take_picture
from tests.editors.vscode.tools import Tools
from tests.editors.vscode.waiting import until
from tests.editors.vscode.workbench import Workbench

OTHERS = "Other folders"
LONG = "Question 0"
TALL = (1280, 1800)
"""High enough for the whole of a short session: what is outside of the window is not in the page."""
TURNS = 60
"""Turns of the long session: its document is larger than what the editor compares in search of what changed."""


@attrs.frozen
class Place:
    """A running VS Code and what its home holds."""

    server: CodeServer
    home: PersonsHome
    long: Path


@pytest.fixture(scope="module")
def place(tools: Tools, bare_python: Path) -> Generator[Place]:
    """A VS Code on a person's home with one long session more."""
    with CodeServer(tools) as server:
        home = make_persons_home(server.home)
        long = add_long_pi_session(server.home, home.shop, TURNS)
        server.set_machine_settings({"forkpoint.python": str(bare_python)})
        server.install_extension()
        yield Place(server.start(), home, long)


async def shows(window: Workbench, title: str, detail: str) -> None:
    """Wait until a row says something behind its title."""

    async def said() -> bool:
        return any(row.title == title and detail in row.detail for row in await window.rows())

    await until(said, f"{title} with {detail}")


async def known_to_the_host(window: Workbench) -> None:
    """Wait until the extension's host has heard of what was pressed: nobody reads and writes in the same moment."""
    await window.page.evaluate("navigator.clipboard.writeText('nothing yet')")
    await window.palette("Forkpoint: Copy Session Id")

    async def answered() -> bool:
        return await window.page.evaluate("navigator.clipboard.readText()") != "nothing yet"

    await until(answered, "an answer of the host")


async def test_rows_follow_in_every_window(place: Place, open_window: OpenWindow) -> None:
    windows = [await open_window(place.server, place.home.shop, size=TALL) for _ in range(2)]
    for window in windows:
        await window.open_view()
        await window.expand(OTHERS)
        await window.wait_row(IMPORTER)
    first, second = windows
    await first.click(first.row(UPLOADER))
    await first.wait_text("Log every attempt.")
    await first.page.locator(".tabs-container .tab", has_text=UPLOADER).first.wait_for()

    add_pi_session(place.server.home, place.home.shop, "Written by another program")
    for window in windows:
        await window.wait_row("Written by another program")
    append_pi_turn(place.home.uploader, "Name the file in each line.", "Each line names the file now.")
    for window in windows:
        await shows(window, UPLOADER, "3 turns")
    await first.wait_text("Each line names the file now.")

    # What one window does, the other one shows.
    await second.context_menu("Written by another program")
    await second.choose("Archive")
    for window in windows:
        await window.wait_no_row("Written by another program")

    rows = {row.title: row for row in await first.rows()}
    assert rows[UPLOADER].selected
    assert rows[OTHERS].expanded
    assert rows["shop"].expanded

    next((place.server.home / ".pi").rglob(f"*{TORN_ID}.jsonl")).unlink()
    for window in windows:
        await window.wait_no_row(TORN)


async def test_a_document_follows_and_leaves_its_reader_alone(place: Place, open_window: OpenWindow) -> None:
    window = await open_window(place.server, place.home.shop)
    await window.open_view()
    await window.click(await window.wait_row(LONG))
    await window.wait_text("Question 0")
    keys = window.page.keyboard
    await window.page.locator(".editor-container .view-lines").first.click()

    await keys.press("Control+End")
    await window.wait_text(f"Answer {TURNS - 1}.")
    await known_to_the_host(window)
    append_pi_turn(place.long, "Said while the end was in sight", "And the answer to it.")
    await window.wait_text("And the answer to it.")
    await known_to_the_host(window)

    await keys.press("Control+Home")
    for _ in range(6):
        await keys.press("PageDown")
    await known_to_the_host(window)
    seen = await window.first_line()
    append_pi_turn(place.long, "Said while the middle was in sight", "Nobody sees this at first.")
    await shows(window, LONG, f"{TURNS + 2} turns")
    assert await window.first_line() == seen
    await known_to_the_host(window)
    await keys.press("Control+End")
    await window.wait_text("Nobody sees this at first.")
    await keys.press("Control+Home")
    for _ in range(6):
        await keys.press("PageDown")

    # The next server is asked anew for what the last one told.
    await take_picture(window, "live-before")
    await known_to_the_host(window)
    seen = await window.first_line()
    [sidecar] = place.server.sidecars()[-1:]
    os.kill(sidecar.pid, signal.SIGKILL)
    append_pi_turn(place.long, "Said while nobody served", "It was written down all the same.")
    await shows(window, LONG, f"{TURNS + 3} turns")
    append_pi_turn(place.long, "Said to the next one", "The next server told of it.")
    await shows(window, LONG, f"{TURNS + 4} turns")
    await take_picture(window, "live-after")
    assert await window.first_line() == seen
    await known_to_the_host(window)
    await keys.press("Control+End")
    await window.wait_text("The next server told of it.")
    await known_to_the_host(window)
    append_pi_turn(place.long, "And once more", "The end stays in sight.")
    await window.wait_text("The end stays in sight.")
