"""A window of VS Code as a person uses it: what is on the screen, and what can be clicked and typed.

Every verb waits for what it needs and fails with a timeout when that does not come; none sleeps for a fixed time.
"""

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Self
from urllib.parse import quote

from playwright.async_api import Browser, Locator, Page, expect

from tests.editors.vscode.code_server import CodeServer
from tests.editors.vscode.screen import HAS_TEXT, READ_EDITORS, plain
from tests.editors.vscode.sidebar import SIZE, Sidebar
from tests.editors.vscode.waiting import PATIENCE_MS, until

FOUND_NOTHING = re.compile(r"similar commands|No matching")
"""What the palette says when no command has this name."""
QUICK_ROW = ".quick-input-list .monaco-list-row"


class Workbench(Sidebar):
    """One window. `await Workbench.open(...)` gives it with the folder shown and the extension not yet active."""

    def __init__(self, server: CodeServer, page: Page) -> None:
        super().__init__(page)
        self.server = server
        self.beyond: list[str] = []
        """The addresses that were asked for outside of this machine's loopback; nobody answers them."""
        self._hosts_before = len(server.host_logs())

    # --- life ---------------------------------------------------------------------------------------------------

    @classmethod
    async def open(
        cls,
        browser: Browser,
        server: CodeServer,
        opened: Path | None,
        *,
        size: tuple[int, int] = SIZE,
        options: Mapping[str, str] | None = None,
        prepare: Callable[[Page], Awaitable[None]] | None = None,
    ) -> Self:
        """Open a window on a folder, on a `.code-workspace` file or on nothing, and wait until it is drawn.

        `options` are development options of the workbench; `prepare` is awaited before the page is loaded.
        """
        width, height = size
        context = await browser.new_context(
            viewport={"width": width, "height": height},
            permissions=["clipboard-read", "clipboard-write"],
            reduced_motion="reduce",
        )
        page = await context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        window = cls(server, page)
        page.on("request", lambda request: window._note(request.url))
        if prepare is not None:
            await prepare(page)
        await page.goto(window._address(opened, options or {}))
        await page.locator(".monaco-workbench .activitybar").wait_for()
        return window

    async def settled(self) -> None:
        """Wait until the extension host runs and is done with what it does at the start."""

        async def ready() -> bool:
            logs = self.server.host_logs()
            return len(logs) > self._hosts_before and "Eager extensions activated" in logs[-1]

        await until(ready, "an extension host")

    async def close(self) -> None:
        """Close the window."""
        await self.page.context.close()

    def _address(self, opened: Path | None, options: Mapping[str, str]) -> str:
        query = "ew=true"
        if opened is not None:
            query = f"{'workspace' if opened.suffix == '.code-workspace' else 'folder'}={quote(str(opened))}"
        if options:
            query += f"&payload={quote(json.dumps(list(options.items())))}"
        return f"{self.server.url}/?{query}"

    def _note(self, url: str) -> None:
        if not url.startswith((self.server.url, "data:", "blob:")):
            self.beyond.append(url)

    # --- palette and quick picks --------------------------------------------------------------------------------

    async def palette(self, command: str) -> None:
        """Run a command from the palette, by its whole name, as soon as the palette knows it."""

        async def offered() -> bool:
            if await self._is_offered(command):
                return True
            await self.page.keyboard.press("Escape")
            return False

        await until(offered, f"{command} in the palette")
        await self.page.keyboard.press("Enter")

    async def palette_has(self, command: str) -> bool:
        """Tell whether the palette offers a command by this name; the palette is closed again."""
        found = await self._is_offered(command)
        await self.page.keyboard.press("Escape")
        return found

    async def _is_offered(self, command: str) -> bool:
        """Open the palette, type the name of a command, and tell whether the palette's first row is that command."""
        await self.page.keyboard.press("F1")
        await self.quick_input(f">{command}")

        async def answer() -> str | None:
            rows = await self.quick_rows()
            return next((row for row in rows if row.startswith(command) or FOUND_NOTHING.search(row)), None)

        return (await until(answer, f"what the palette says to {command}")).startswith(command)

    async def quick_input(self, text: str) -> None:
        """Type into the quick input that is open, replacing what is in it."""
        box = self.page.locator(".quick-input-widget input[type=text]")
        await box.wait_for()
        await box.fill(text)

    async def type(self, text: str) -> None:
        """Type key by key into what has the focus."""
        await self.page.keyboard.type(text, delay=15)

    async def quick_row(self, text: str) -> Locator:
        """Wait for a row of the quick pick with this text."""
        row = self.page.locator(QUICK_ROW, has_text=text).first
        await row.wait_for()
        return row

    async def quick_rows(self) -> list[str]:
        """Give the rows of the quick pick that are on the screen."""
        return [plain(text) for text in await self.page.locator(QUICK_ROW).all_inner_texts()]

    # --- notifications, editors ---------------------------------------------------------------------------------

    async def notification(self, text: str) -> Locator:
        """Wait for a notification with this text."""
        toast = self.page.locator(".notification-toast", has_text=text).first
        await toast.wait_for()
        return toast

    async def press_button(self, notification: str, button: str) -> None:
        """Press a button of the notification with this text, and wait until it is gone."""
        toast = await self.notification(notification)
        await toast.locator(".monaco-button", has_text=button).first.click()
        await toast.wait_for(state="detached")

    async def clear_notifications(self) -> None:
        """Take away what notifications there are."""
        await self.palette("Notifications: Clear All Notifications")
        await expect(self.page.locator(".notification-toast")).to_have_count(0, timeout=PATIENCE_MS)

    async def dialog_button(self, text: str, button: str) -> None:
        """Wait for a dialog with this text and press one of its buttons."""
        dialog = self.page.locator(".monaco-dialog-box", has_text=text)
        await dialog.locator(".monaco-button", has_text=button).first.click()
        await dialog.wait_for(state="detached")

    async def wait_text(self, text: str) -> None:
        """Wait until an editor on the screen shows a text, which has no line break in it."""
        await self.page.wait_for_function(HAS_TEXT, arg=text, timeout=PATIENCE_MS)

    async def wait_coloured(self) -> None:
        """Wait until the editor has understood the language of what it shows."""
        await self.page.locator(".view-line span[class*=mtk]:not(.mtk1)").first.wait_for()

    async def editor_text(self) -> str:
        """Give the lines that editors, the log among them, have on the screen."""
        return await self.page.evaluate(READ_EDITORS)

    async def first_line(self) -> int:
        """Give the number of the first line that the editor on the screen shows all of, counted from 1."""
        # What was pressed before has an effect in the next frame.
        await self.page.evaluate("new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
        numbers = self.page.locator(".editor-container .margin-view-overlays .line-numbers")
        return min(int(text) for text in await numbers.all_inner_texts() if text.strip())

    async def tabs(self) -> list[str]:
        """Give the names of the open editors."""
        return [plain(text) for text in await self.page.locator(".tabs-container .tab").all_inner_texts()]

    # --- the whole ----------------------------------------------------------------------------------------------

    async def wait_copied(self, text: str) -> None:
        """Wait until the clipboard holds a text."""

        async def copied() -> bool:
            return await self.page.evaluate("navigator.clipboard.readText()") == text

        await until(copied, f"{text!r} on the clipboard")

    async def screenshot(self, path: Path) -> None:
        """Save what is on the screen."""
        path.parent.mkdir(parents=True, exist_ok=True)
        await self.page.screenshot(path=path)
