"""Changing sessions as a person does it: by menu, key, palette and notification, with a way back from each."""

from collections.abc import AsyncGenerator, Generator
from pathlib import Path

import attrs
import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.editors.vscode.code_server import CodeServer
from tests.editors.vscode.homes import (
    FIRST_TURN,
    IMPORTER,
    TORN,
    UPLOADER,
    PersonsHome,
    append_pi_turn,
    make_persons_home,
    rename_pi_session,
)
from tests.editors.vscode.pictures import take_picture
from tests.editors.vscode.sidebar import TRASH_PANE
from tests.editors.vscode.tools import Tools
from tests.editors.vscode.waiting import PATIENCE_MS, until
from tests.editors.vscode.windows import Windows
from tests.editors.vscode.workbench import Workbench

SIZE = (1280, 1000)
WIDE = 460
SHOP = "shop"
NAMED_BY_PI = "Named by pi"
SETTINGS, PICTURES, PRICES = (
    "Move the settings to one file",
    "Pictures larger than 5 MB",
    "Read the price list as CSV too",
)
CHANGING = ("Rename Session…", "Pin Session", "Archive Session", "Move to Group…", "Set Label…", "Delete Session")


@attrs.frozen
class Place:
    """A running VS Code and what its home holds."""

    server: CodeServer
    home: PersonsHome


@pytest.fixture(scope="module")
def place(tools: Tools, bare_python: Path) -> Generator[Place]:
    """A VS Code on a person's home, on whose sessions nobody works."""
    with CodeServer(tools) as server:
        home = make_persons_home(server.home)
        server.set_machine_settings({"forkpoint.python": str(bare_python)})
        server.install_extension()
        yield Place(server.start(), home)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def window(place: Place, windows: Windows) -> AsyncGenerator[Workbench]:
    """The window of these tests, with its sessions."""
    window = await windows.open(place.server, place.home.shop, size=SIZE)
    await window.open_view()
    await window.wait_row(IMPORTER)
    await window.set_sidebar_width(WIDE)
    yield window
    await windows.close(window)


async def titles(window: Workbench, group: str = SHOP) -> list[str]:
    """Give the titles below a group of the tree, those of a person's own groups among them."""
    return [row.title for row in await window.children(group)]


def pi_files(place: Place, text: str) -> list[Path]:
    """Give pi's files in which a text stands."""
    return [path for path in (place.server.home / ".pi").rglob("*.jsonl") if text in path.read_text()]


async def wait_first(window: Workbench, *wanted: str) -> None:
    """Wait until the rows below the folder begin with these."""

    async def begins() -> bool:
        return (await titles(window))[: len(wanted)] == list(wanted)

    await until(begins, f"the first rows {wanted}")


async def select(window: Workbench, *rows: str) -> None:
    """Select rows with the mouse, and give the tree the focus."""

    async def selected() -> bool:
        for number, text in enumerate(rows):
            await window.forget_mouse()
            await window.row(text).click(modifiers=["ControlOrMeta"] if number else None)
        # A tooltip of a row that goes away under the mouse would stay.
        await window.forget_mouse()
        found = [row.title for row in await window.rows() if row.selected]
        return len(found) == len(rows) and all(any(text in title for title in found) for text in rows)

    await until(selected, f"the selection of {rows}")


async def test_a_title_is_changed_in_place_and_given_back(window: Workbench) -> None:
    keys = window.page.keyboard
    await select(window, IMPORTER)
    await window.wait_text(FIRST_TURN)
    await keys.press("F2")
    box = window.page.locator(".quick-input-widget input[type=text]")
    await box.wait_for()
    assert await box.input_value() == IMPORTER
    await window.type("Import in one go")  # what stands there is selected, and gives way
    await keys.press("Enter")
    await window.wait_row("Import in one go")
    await window.wait_no_row(IMPORTER)

    await window.palette("Forkpoint: Undo Last Change")
    await window.wait_row(IMPORTER)
    assert not await window.palette_has("Forkpoint: Undo Last Change")

    await window.context_menu(UPLOADER)
    await window.choose("Generate Title")
    await window.dialog_button(f"Somebody named this session “{UPLOADER}”.", "Replace")
    await window.wait_row("Add a retry to the uploader")
    await window.row(IMPORTER).focus()
    await keys.press("Control+Z")
    await window.wait_row(UPLOADER)


async def test_pins_labels_and_groups_stand_where_a_person_looks(window: Workbench) -> None:
    keys = window.page.keyboard
    assert (await titles(window))[0] == IMPORTER
    menu = await window.context_menu(PRICES)
    assert {*CHANGING} <= {*menu}, menu
    assert "Unpin Session" not in menu
    await window.choose("Pin Session")
    await wait_first(window, PRICES, IMPORTER)
    assert await window.row(PRICES).locator(".codicon-pinned").count() >= 1

    await window.context_menu(PRICES)
    await window.choose("Set Label…")
    await window.quick_input("csv")
    await keys.press("Enter")

    async def labelled() -> bool:
        return any(row.title == PRICES and "csv" in row.detail for row in await window.rows())

    await until(labelled, "the label")
    await window.context_menu(UPLOADER)
    await window.choose("Set Label…")
    await window.quick_input("csv")
    await keys.press("Enter")
    await window.notification("Another session has the label “csv”.")

    await select(window, SETTINGS, PICTURES)
    await window.page.keyboard.press("Control+Alt+G")
    await window.quick_input("Tidy up")
    await window.quick_row("New group “Tidy up”")
    await keys.press("Enter")
    await window.notification("2 sessions were put into the group.")
    await wait_first(window, "Tidy up", SETTINGS, PICTURES, PRICES, IMPORTER)
    await take_picture(window, "changing")
    await window.clear_notifications()

    await window.context_menu("Tidy up")
    await window.choose("Rename Group…")
    await window.quick_input("Release 2")
    await keys.press("Enter")
    await wait_first(window, "Release 2", SETTINGS, PICTURES)
    await window.press_button("2 sessions were put into the group.", "Undo")
    await window.wait_row("Tidy up")
    await window.context_menu("Tidy up")
    await window.choose("Remove Group, Keep Its Sessions")
    await window.wait_no_row("Tidy up")
    await wait_first(window, PRICES, IMPORTER)
    await window.clear_notifications()


async def test_what_is_put_away_comes_back(window: Workbench) -> None:
    keys = window.page.keyboard
    await window.context_menu(IMPORTER)
    await window.choose("Archive Session")
    await window.wait_no_row(IMPORTER)
    await window.press_button(f"“{IMPORTER}” was archived.", "Undo")
    await window.wait_row(IMPORTER)

    await select(window, IMPORTER)
    await keys.press("Delete")
    await window.wait_no_row(IMPORTER)
    await window.press_button(f"“{IMPORTER}” was moved to the trash.", "Undo")
    await window.wait_row(IMPORTER)

    await select(window, SETTINGS, PRICES, TORN)
    await keys.press("Delete")
    for gone in (SETTINGS, PRICES, TORN):
        await window.wait_no_row(gone)
    await window.notification("3 sessions were moved to the trash.")
    await window.row(IMPORTER).focus()
    await keys.press("Control+Z")
    await window.notification("3 sessions are as they were before.")
    await wait_first(window, PRICES, IMPORTER)  # still pinned
    await window.wait_row(SETTINGS)
    await window.wait_row(TORN)
    await window.clear_notifications()


async def test_the_trash_gives_back_and_lets_go(window: Workbench) -> None:
    keys = window.page.keyboard
    await window.open_trash()
    await window.page.locator(TRASH_PANE, has_text="The trash is empty").wait_for()
    await select(window, SETTINGS, PICTURES, TORN)
    await keys.press("Delete")
    await window.trash_row(TORN).wait_for()
    await take_picture(window, "trash")
    for row in (SETTINGS, PICTURES, TORN):
        assert "30 days left" in await window.trash_row(row).inner_text()
    await window.clear_notifications()

    await window.click(window.trash_row(SETTINGS))
    await window.forget_mouse()
    await window.trash_row(PICTURES).click(modifiers=["ControlOrMeta"])
    await window.click(window.trash_row(PICTURES), "right")
    await window.choose("Restore from Trash")
    await window.notification("2 sessions are back.")
    await window.wait_row(SETTINGS)
    await window.wait_row(PICTURES)
    await expect(window.trash_row(SETTINGS)).to_have_count(0, timeout=PATIENCE_MS)

    await window.click(window.trash_row(TORN), "right")
    await window.choose("Delete for Good…")
    await window.dialog_button("for good?", "Delete for Good")
    await window.notification("is gone for good.")
    await window.page.locator(TRASH_PANE, has_text="The trash is empty").wait_for()
    await window.wait_no_row(TORN)
    await window.clear_notifications()


async def test_a_session_at_work_is_deleted_only_after_a_question(place: Place, window: Workbench) -> None:
    uploader = place.home.uploader
    await work_and_delete(window, uploader, "Is anybody there?", turns=3)
    await window.dialog_button(f"“{UPLOADER}” is being worked on.", "Cancel")
    await window.wait_row(UPLOADER)
    assert uploader.is_file()
    await work_and_delete(window, uploader, "And now?", turns=4)
    await window.dialog_button(f"“{UPLOADER}” is being worked on.", "Delete Anyhow")
    await window.wait_no_row(UPLOADER)
    assert not uploader.is_file()
    await window.press_button("was moved to the trash.", "Undo")
    await window.wait_row(UPLOADER)
    assert "And now?" in uploader.read_text()


async def work_and_delete(window: Workbench, path: Path, text: str, *, turns: int) -> None:
    """Let pi go on with a session and, when its row is where it belongs then, delete that."""
    append_pi_turn(path, text, f"{text} Yes.")

    async def seen() -> bool:
        first = next(row for row in await window.children(SHOP) if row.title != PRICES)
        return first.title == UPLOADER and f"{turns} turns" in first.detail

    await until(seen, f"{turns} turns")
    await window.context_menu(UPLOADER)
    await window.choose("Delete Session")


async def test_a_new_session_is_made_and_opened(place: Place, window: Workbench) -> None:
    keys = window.page.keyboard
    await window.view_action("New Session")
    agents = [await window.quick_row(name) for name in ("Forkpoint", "Kimi CLI", "pi")]
    assert (await window.quick_rows())[0].startswith("Forkpoint")
    await agents[2].click()
    await window.quick_input("Plan the next release")
    await keys.press("Enter")
    await window.wait_row("Plan the next release")
    await window.wait_text("# Plan the next release")
    [made] = pi_files(place, "Plan the next release")
    await window.wait_text("- Thinking: off")

    await select(window, IMPORTER)  # the new document has taken the focus
    await keys.press("Control+Z")
    await window.notification("“Plan the next release” was moved to the trash.")
    await window.wait_no_row("Plan the next release")
    assert not made.exists()
    await window.clear_notifications()


async def test_what_somebody_did_since_is_not_taken_back(place: Place, window: Workbench) -> None:
    keys = window.page.keyboard
    await select(window, UPLOADER)
    await keys.press("F2")
    await window.quick_input("Named here")
    await keys.press("Enter")
    await window.wait_row("Named here")
    rename_pi_session(place.home.uploader, NAMED_BY_PI)
    await window.wait_row(NAMED_BY_PI)
    await window.row(IMPORTER).focus()
    await keys.press("Control+Z")
    await window.notification("Somebody changed it since, so it was left as it is.")
    await window.wait_row(NAMED_BY_PI)
    await window.clear_notifications()


async def test_a_window_that_was_reloaded_offers_no_undo(window: Workbench) -> None:
    await window.context_menu(PRICES)
    await window.choose("Unpin Session")
    await wait_first(window, NAMED_BY_PI)
    assert await window.palette_has("Forkpoint: Undo Last Change")
    await window.page.reload()
    await window.open_view()
    await window.wait_row(IMPORTER)
    assert not await window.palette_has("Forkpoint: Undo Last Change")


async def test_nothing_is_offered_when_changes_are_forbidden(
    place: Place, bare_python: Path, window: Workbench
) -> None:
    await window.click(window.row(IMPORTER))
    lenses = window.page.locator(".codelens-decoration a", has_text="Fork before this turn")
    await lenses.first.wait_for()
    place.server.set_machine_settings({"forkpoint.python": str(bare_python), "forkpoint.readOnly": True})

    async def refused() -> bool:
        return not await window.palette_has("Forkpoint: Delete Session")

    await until(refused, "a palette without changes")
    await expect(lenses).to_have_count(0, timeout=PATIENCE_MS)
    menu = await window.context_menu(IMPORTER)
    assert "Open Session" in menu
    assert not {*CHANGING} & {*menu}, menu
    await window.page.keyboard.press("Escape")
    assert not any(name.startswith("New Session") for name in await window.view_actions())
    await select(window, IMPORTER)
    await window.page.keyboard.press("Delete")
    await window.page.keyboard.press("F2")
    await window.view_action("Refresh Sessions")
    await window.wait_row(IMPORTER)
