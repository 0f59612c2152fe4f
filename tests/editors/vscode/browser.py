"""The browser that shows the windows: it finds nothing but this machine's loopback."""

import os
from pathlib import Path

from playwright.async_api import Browser, Playwright

from tests.editors.vscode.tools import Tools

OPTIONS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


async def launch_browser(playwright: Playwright, tools: Tools, home: Path) -> Browser:
    """Start the browser without a screen, with its own HOME."""
    environment: dict[str, str | float | bool] = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(home)}
    return await playwright.chromium.launch(executable_path=tools.chromium, args=list(OPTIONS), env=environment)
