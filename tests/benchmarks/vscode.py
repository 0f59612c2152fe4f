"""The extension in a real VS Code with 1,000 sessions: from the click on its icon to rows, and the server's memory.

Beside it the same server on the same Python without an editor: started, greeted and asked for the same page.
"""

import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import attrs
from playwright.async_api import async_playwright

from tests.benchmarks.pipe_client import INITIALIZED, PipeClient
from tests.benchmarks.table import Row
from tests.editors.vscode.browser import launch_browser
from tests.editors.vscode.code_server import CodeServer
from tests.editors.vscode.processes import resident_megabytes
from tests.editors.vscode.tools import Tools, find_tools
from tests.editors.vscode.workbench import Workbench
from tests.end_to_end.server_process import frame
from tests.generators import kimi_store
from tools.real_editor import editor_tools
from tools.vsix import make_vsix

SESSIONS = 1000
ROUNDS = 5
PAGE = 50


@attrs.frozen
class Measured:
    """One round."""

    milliseconds: float
    megabytes: float


def measure() -> list[Row]:
    """Open windows, one after another, and start the server alone as often."""
    with tempfile.TemporaryDirectory() as folder:
        tools = find_tools({**editor_tools(), "FORKPOINT_VSIX": str(make_vsix(Path(folder) / "forkpoint.vsix"))})
        python = Path(folder) / "bare" / "bin" / "python"
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", python.parents[1]], check=True)
        with CodeServer(tools) as server:
            shop = kimi_store.build(server.home, sessions=SESSIONS).work_dirs[0]
            server.set_machine_settings({"forkpoint.python": str(python)})
            server.install_extension()
            server.start()
            inside = asyncio.run(_in_windows(server, tools, shop))
            start = next(server.extensions.glob("forkpoint.forkpoint-*/dist/server/start.py"))
            alone = [_alone(server, python, start, shop) for _ in range(ROUNDS + 1)][1:]
    floor = "the server alone, started and asked for the same rows"
    return [
        Row(
            f"VS Code: click on the icon to first rows of {SESSIONS:,} sessions",
            statistics.median(one.milliseconds for one in inside),
            floor,
            statistics.median(one.milliseconds for one in alone),
            "<= 1500 ms",
        ),
        Row(
            "VS Code: resident memory of the server with these rows",
            statistics.median(one.megabytes for one in inside),
            floor,
            statistics.median(one.megabytes for one in alone),
            "<= 1.2 x",
            unit="MB",
        ),
    ]


async def _in_windows(server: CodeServer, tools: Tools, opened: Path) -> list[Measured]:
    """Open one window more than is counted: the first compiles what is not compiled yet."""
    async with async_playwright() as playwright:
        browser = await launch_browser(playwright, tools, server.root)
        measured = [await _in_window(await Workbench.open(browser, server, opened)) for _ in range(ROUNDS + 1)]
        await browser.close()
    return measured[1:]


async def _in_window(window: Workbench) -> Measured:
    before = {sidecar.pid for sidecar in window.server.sidecars()}
    await window.settled()
    begun = time.perf_counter()
    await window.icon.click()
    await window.page.locator(ROW_OF_SESSION).first.wait_for()
    passed = (time.perf_counter() - begun) * 1000
    sidecar = next(sidecar for sidecar in window.server.sidecars() if sidecar.pid not in before)
    megabytes = resident_megabytes(sidecar.pid)
    await window.close()
    return Measured(passed, megabytes)


ROW_OF_SESSION = '.customview-tree .monaco-list-row[aria-level="2"]'


def _alone(server: CodeServer, python: Path, start: Path, folder: Path) -> Measured:
    workspace = [{"uri": folder.as_uri(), "name": folder.name}]
    begun = time.perf_counter()
    process = subprocess.Popen(
        [python, start],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=server.environment(),
        cwd=server.home,
    )
    with process:
        try:
            pipe = PipeClient(process)
            pipe.write(_request(0, "initialize", processId=None, capabilities={}, workspaceFolders=workspace))
            _wait(pipe, 0)
            pipe.write(INITIALIZED)
            # One list for each group of the sidebar: the folder that is open, and all others.
            for number, group in enumerate(("folders", "excludeFolders"), 1):
                pipe.write(_request(number, "sessions/list", **{group: [str(folder)]}, worktrees=True, limit=PAGE))
            _wait(pipe, 1, 2)
            passed = (time.perf_counter() - begun) * 1000
            return Measured(passed, resident_megabytes(process.pid))
        finally:
            process.kill()


def _request(number: int, method: str, **params: Any) -> bytes:
    return frame(json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params}).encode())


def _wait(pipe: PipeClient, *numbers: int) -> None:
    """Read frames until these requests are answered, in whatever order."""
    left = set(numbers)
    while left:
        message = json.loads(bytes(pipe.read_frame()))
        if "error" in message:
            raise RuntimeError(f"no result: {message['error']}")
        if "method" not in message:
            left.discard(message["id"])
