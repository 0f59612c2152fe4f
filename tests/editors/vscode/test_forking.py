"""Forking a session from one of its turns, and handing files to it."""

import contextlib
from collections.abc import Generator
from pathlib import Path

import attrs
import pytest
from playwright.async_api import TimeoutError

from tests.editors.vscode.code_server import CodeServer
from tests.editors.vscode.conftest import OpenWindow
from tests.editors.vscode.homes import UPLOADER, PersonsHome, add_long_pi_session, make_persons_home
from tests.editors.vscode.pictures import take_picture
from tests.editors.vscode.sidebar import ROW
from tests.editors.vscode.tools import Tools
from tests.editors.vscode.waiting import until
from tests.editors.vscode.workbench import QUICK_ROW, Workbench

LONG = "Question 0"
TURNS = 130
"""More turns than are asked for at once."""
FORK = "Add a retry to the uploader"
"""What pi calls a fork: by its first prompt, less what a file name ends in."""
TALL = (1280, 1500)
"""High enough for the whole of a short session."""
DROP = """async ([selector, text, name, content]) => {
  const row = () => [...document.querySelectorAll(selector)].find(one => one.textContent.includes(text));
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([content], name, { type: 'text/plain' }));
  const { left, top, width, height } = row().getBoundingClientRect();
  const place = { clientX: left + width / 2, clientY: top + height / 2, bubbles: true, cancelable: true, dataTransfer };
  const drawn = () => new Promise(then => requestAnimationFrame(() => requestAnimationFrame(then)));
  for (const kind of ['dragenter', 'dragover', 'dragover', 'drop']) {
    row().dispatchEvent(new DragEvent(kind, place));
    await drawn();
  }
}"""


@attrs.frozen
class Place:
    """A running VS Code and what its home holds."""

    server: CodeServer
    home: PersonsHome


@pytest.fixture(scope="module")
def place(tools: Tools, bare_python: Path) -> Generator[Place]:
    """A VS Code on a person's home with one long session more."""
    with CodeServer(tools) as server:
        home = make_persons_home(server.home)
        add_long_pi_session(server.home, home.shop, TURNS)
        server.set_machine_settings({"forkpoint.python": str(bare_python)})
        server.install_extension()
        yield Place(server.start(), home)


async def offered(window: Workbench, *texts: str) -> None:
    """Wait until the quick pick has a row with all of these texts."""

    async def found() -> bool:
        return any(all(text in row for text in texts) for row in await window.quick_rows())

    await until(found, f"a row with {texts}")


async def planned(window: Workbench, *texts: str) -> None:
    """Wait until the quick pick's title says all of these texts, of the row that has the focus."""

    async def said() -> bool:
        title = await window.page.locator(".quick-input-title").inner_text()
        return all(text in title for text in texts)

    await until(said, f"a title with {texts}")


async def copied_path(window: Workbench) -> Path:
    """Give the path that is on the clipboard."""
    return Path(await window.page.evaluate("navigator.clipboard.readText()"))


def fill(path: Path, data: bytes) -> None:
    """Write a file."""
    path.write_bytes(data)


def content(path: Path) -> bytes:
    """Read a file."""
    return path.read_bytes()


async def test_a_session_is_forked_from_a_turn(place: Place, open_window: OpenWindow) -> None:
    window = await open_window(place.server, place.home.shop, size=TALL)
    keys = window.page.keyboard
    await window.open_view()
    await window.wait_row(UPLOADER)

    # From its row: a list of turns, which says what a fork would be.
    await window.context_menu(UPLOADER)
    await window.choose("Fork Session")
    await offered(window, "Whole session")
    await planned(window, f"Fork “{UPLOADER}”: ", "kB")
    await offered(window, "Log every attempt.", "turn 2")
    await keys.press("ArrowDown")
    await planned(window, "after turn 2: ", "kB")
    await keys.press("ArrowDown")
    await offered(window, "Add a retry", "turn 1")
    await planned(window, "after turn 1: ", "kB")
    await take_picture(window, "fork-pick")
    await keys.press("Enter")
    told = await window.notification("Forked: ")
    await window.wait_row(FORK)
    [row] = [row for row in await window.rows() if row.title.startswith(FORK)]
    assert row.selected
    assert any(FORK in tab for tab in await window.tabs()), await window.tabs()
    await take_picture(window, "forked")

    # Back to where it came from, and away with it.
    await window.context_menu(FORK)
    await window.choose("Go to the Session It Was Forked From")
    await window.wait_text("Log every attempt.")
    await told.locator(".monaco-button", has_text="Undo").click()
    await window.wait_no_row(FORK)

    # From the document: before a turn, with what was said in it to begin with.
    lenses = window.page.locator(".codelens-decoration a", has_text="Fork before this turn")
    await lenses.nth(1).click()
    told = await window.notification("Forked: ")
    await told.locator(".monaco-button", has_text="Copy Prompt").click()
    await window.wait_copied("Log every attempt.")
    await window.wait_row(FORK)

    # A long session shows its newest turns, and earlier ones on demand.
    await window.context_menu(LONG)
    await window.choose("Fork Session")
    await offered(window, f"Question {TURNS - 1}")
    await keys.press("ArrowUp")  # from the first line to the last one
    await window.page.locator(f"{QUICK_ROW}.focused", has_text="Show earlier turns").wait_for()
    await take_picture(window, "fork-long")
    await keys.press("Enter")
    await offered(window, "Question 29", "turn 30")
    await planned(window, "after turn 30: ", "kB")
    await keys.press("Escape")


async def test_files_are_handed_to_a_session(place: Place, open_window: OpenWindow) -> None:
    window = await open_window(place.server, place.home.shop)
    await window.open_view()
    await window.wait_row(UPLOADER)
    picture = place.server.home / "picture.bin"
    fill(picture, bytes(range(256)) * 10_000)  # three portions
    await window.context_menu(UPLOADER)
    await window.choose("Upload Files")

    async def found() -> bool:
        await window.quick_input(str(picture))  # the dialog writes a folder into its box when it is ready
        return any("picture.bin" in row for row in await window.quick_rows())

    await until(found, "the file in the dialog")
    await window.page.locator(".quick-input-widget .monaco-button", has_text="Upload").click()
    await window.notification("Uploaded picture.bin")
    assert content(await copied_path(window)) == content(picture)

    async def dropped() -> bool:
        # A row that is drawn anew between two of the events misses the drop.
        await window.page.evaluate(DROP, [ROW, UPLOADER, "dropped.txt", "Dropped on a row.\n"])
        with contextlib.suppress(TimeoutError):
            await window.page.locator(".notification-toast", has_text="Uploaded dropped").wait_for(timeout=5000)
            return True
        return False

    await until(dropped, "an upload of what was dropped")
    assert content(await copied_path(window)) == b"Dropped on a row.\n"
