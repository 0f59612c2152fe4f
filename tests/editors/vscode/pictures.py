"""Pictures of windows, for people."""

from pathlib import Path

from tests.editors.vscode.conftest import ENVIRONMENT
from tests.editors.vscode.workbench import Workbench


async def take_picture(window: Workbench, name: str) -> None:
    """Save what is on the screen, when FORKPOINT_SCREENSHOTS names a folder."""
    if folder := ENVIRONMENT.get("FORKPOINT_SCREENSHOTS"):
        await window.forget_mouse()
        await window.screenshot(Path(folder) / f"{name}.png")
