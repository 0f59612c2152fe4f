"""The view of sessions in a window, as a person uses it."""

import contextlib
import itertools
from collections.abc import Awaitable, Callable
from typing import Any, Literal

from playwright.async_api import Locator, Page, TimeoutError, expect

from tests.editors.vscode.screen import READ_ROWS, Row
from tests.editors.vscode.waiting import PATIENCE_MS, until

SIZE = (1280, 800)
"""Width and height of a window, unless a test wants another."""
PANE = '.sidebar .pane:has(> .pane-header[aria-label^="Sessions"])'
TRASH_PANE = '.sidebar .pane:has(> .pane-header[aria-label^="Trash"])'
TREE = f"{PANE} .customview-tree"
ROW = f"{TREE} .monaco-list-row"


class Sidebar:
    """The sidebar of one window. Every verb waits for what it needs, and fails when that does not come."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def icon(self) -> Locator:
        """The icon of the view in the activity bar."""
        return self.page.locator('.activitybar a.action-label[aria-label^="Forkpoint"]')

    async def open_view(self) -> None:
        """Click on the icon in the activity bar; the extension becomes active."""
        await self.icon.click()
        await self.page.mouse.move(SIZE[0] / 2, SIZE[1] / 2)  # away from the icon, whose tooltip would lie on the tree
        await self.page.locator(f"{PANE} > .pane-header").wait_for()

    async def forget_mouse(self) -> None:
        """Move the mouse to where it shows nothing, until nothing that it had shown is left."""
        shown = self.page.locator(".monaco-sash.hover, .monaco-sash.active, .workbench-hover")
        places = itertools.cycle([(0, 0), (SIZE[0] - 5, 5)])

        async def alone() -> bool:
            await self.page.mouse.move(*next(places))
            if not await shown.count():
                return True
            # A tooltip whose row was drawn anew under the mouse goes when the mouse has been on it.
            with contextlib.suppress(TimeoutError):
                box = await shown.first.bounding_box(timeout=500)
                if box is not None:
                    await self.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
            return False

        await until(alone, "a screen without tooltips")

    async def click(self, target: Locator, button: Literal["left", "right"] = "left") -> None:
        """Click on something over which a tooltip of what the mouse met on its way may open."""

        async def clicked() -> bool:
            await self.forget_mouse()
            with contextlib.suppress(TimeoutError):
                await target.click(button=button, timeout=2000)
                return True
            return False

        await until(clicked, "a click that nothing was in the way of")

    async def set_sidebar_width(self, width: int) -> None:
        """Drag the border of the sidebar until it is so many pixels wide."""
        sidebar = self.page.locator(".part.sidebar")
        box = await sidebar.bounding_box()
        assert box is not None, "there is no sidebar"
        border, middle = box["x"] + box["width"], box["y"] + box["height"] / 2
        await self.page.mouse.move(border + 1, middle + 40)
        await self.page.mouse.down()
        await self.page.mouse.move(box["x"] + width, middle + 40, steps=5)
        await self.page.mouse.up()

        async def fits() -> bool:
            now = await sidebar.bounding_box()
            return now is not None and abs(now["width"] - width) < 12

        await until(fits, f"a sidebar of {width} pixels")

    def row(self, text: str) -> Locator:
        """Give the row of the tree with this text in it, the first of them."""
        return self.page.locator(ROW, has_text=text).first

    async def wait_row(self, text: str) -> Locator:
        """Wait for a row with this text."""
        row = self.row(text)
        await row.wait_for()
        return row

    async def wait_no_row(self, text: str) -> None:
        """Wait until no row has this text."""
        await expect(self.page.locator(ROW, has_text=text)).to_have_count(0, timeout=PATIENCE_MS)

    async def rows(self) -> list[Row]:
        """Give the rows of the tree that are on the screen, from the top."""
        found: list[dict[str, Any]] = await self.page.evaluate(READ_ROWS, ROW)
        return [Row(**row) for row in sorted(found, key=lambda row: row["top"])]

    async def expand(self, group: str) -> None:
        """Expand a group of the tree, when it is not yet."""
        row = await self.wait_row(group)

        async def expanded() -> bool:
            if await row.get_attribute("aria-expanded") == "true":
                return True
            # A row that is drawn anew between the press and the release of the button misses the click.
            await self.click(row.locator(".monaco-tl-twistie"))
            with contextlib.suppress(AssertionError):
                await expect(row).to_have_attribute("aria-expanded", "true", timeout=2000)
            return False

        await until(expanded, f"the rows below {group}")

    async def children(self, group: str) -> list[Row]:
        """Give the rows below a group."""
        found: list[Row] = []
        inside = False
        for row in await self.rows():
            if row.level == 1:
                inside = row.title == group
            elif inside:
                found.append(row)
        return found

    async def wait_children(self, group: str, count: int) -> list[Row]:
        """Wait until a group has so many rows and give them."""

        async def complete() -> list[Row] | None:
            rows = await self.children(group)
            return rows if len(rows) == count else None

        return await until(complete, f"{count} rows below {group}")

    def trash_row(self, text: str) -> Locator:
        """Give the row of the trash with this text in it, the first of them."""
        return self.page.locator(f"{TRASH_PANE} .monaco-list-row", has_text=text).first

    async def open_trash(self) -> None:
        """Unfold the trash below the sessions."""
        header = self.page.locator(f"{TRASH_PANE} > .pane-header")
        if await header.get_attribute("aria-expanded") != "true":
            await self.click(header)

    async def is_focused(self, text: str) -> bool:
        """Tell whether the row with this text has the keyboard's focus."""
        focused = self.page.locator(f"{TREE} .monaco-list:focus .monaco-list-row.focused", has_text=text)
        return await focused.count() == 1

    async def is_item_focused(self, name: str) -> bool:
        """Tell whether the item of the open menu with this name has the keyboard's focus."""
        return await self.page.locator(".context-view .monaco-menu .action-item.focused", has_text=name).count() == 1

    async def press_until(self, key: str, condition: Callable[[], Awaitable[bool]], most: int = 40) -> None:
        """Press a key again and again until a condition holds."""
        for _ in range(most):
            if await condition():
                return
            await self.page.keyboard.press(key)
            await self.page.evaluate("new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
        raise AssertionError(f"{most} times {key} did not help")

    async def welcome(self, text: str) -> Locator:
        """Wait for the text that the view shows in place of rows, with this in it, and give its element."""
        shown = self.page.locator(".sidebar .welcome-view-content", has_text=text).first
        await shown.wait_for()
        return shown

    async def welcome_button(self, text: str) -> Locator:
        """Wait for a button of the view that has no rows."""
        button = self.page.locator(".sidebar .welcome-view-content .monaco-button", has_text=text).first
        await button.wait_for()
        return button

    async def view_action(self, label: str) -> None:
        """Click on one of the icons above the tree, by the beginning of its name."""
        await self.page.locator(f"{PANE} > .pane-header").hover()
        await self.page.locator(f'{PANE} > .pane-header .actions-container a[aria-label^="{label}"]').first.click()

    async def view_actions(self) -> list[str]:
        """Give the names of the icons above the tree."""
        icons = self.page.locator(f"{PANE} > .pane-header .actions-container a.action-label")
        return [await icon.get_attribute("aria-label") or "" for icon in await icons.all()]

    async def context_menu(self, text: str) -> list[str]:
        """Open the context menu of the row with this text, and give the names in it."""
        await self.click(self.row(text), "right")
        await self.page.locator(".context-view .monaco-menu").wait_for()
        items = self.page.locator(".context-view .monaco-menu .action-item:not(.disabled) .action-label")
        return [name for name in await items.all_inner_texts() if name.strip()]

    async def choose(self, item: str) -> None:
        """Click on an item of the open menu."""
        menu = self.page.locator(".context-view .monaco-menu")

        async def taken() -> bool:
            # A menu that has just opened does not listen to the mouse yet.
            if await menu.count():
                with contextlib.suppress(TimeoutError):
                    await menu.locator(".action-label", has_text=item).first.click(timeout=1000)
            return not await menu.count()

        await until(taken, f"the end of the menu after {item}")
