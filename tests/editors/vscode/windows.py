"""The windows that are open in the one browser of a run."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from playwright.async_api import Browser, Page

from tests.editors.vscode.code_server import CodeServer
from tests.editors.vscode.sidebar import SIZE
from tests.editors.vscode.workbench import Workbench


class Windows:
    """Opens windows, knows which are open, and can say what they show and what their logs hold."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._open: list[Workbench] = []

    async def open(
        self,
        server: CodeServer,
        opened: Path | None,
        *,
        size: tuple[int, int] = SIZE,
        options: dict[str, str] | None = None,
        prepare: Callable[[Page], Awaitable[None]] | None = None,
    ) -> Workbench:
        """Open a window on a folder, on a `.code-workspace` file or on nothing, and wait until it is drawn.

        `options` are development options of the workbench; `prepare` is awaited before the page is loaded.
        """
        try:
            window = await Workbench.open(self._browser, server, opened, size=size, options=options, prepare=prepare)
        except BaseException as error:
            error.add_note(server.logs())
            raise
        self._open.append(window)
        return window

    async def close(self, window: Workbench) -> None:
        """Close a window; it is an error that it asked for something outside of this machine."""
        self._open.remove(window)
        await window.close()
        assert not window.beyond, window.beyond

    async def explain(self, name: str, folder: Path) -> str:
        """Save what every open window shows into files that begin with a name, and give that with the logs."""
        parts: list[str] = []
        for number, window in enumerate(self._open):
            picture = folder / f"failed-{name}-{number}.png"
            await window.screenshot(picture)
            parts.append(f"{window.server.logs()}\nthe screen: {picture}\n")
        return "".join(parts)
