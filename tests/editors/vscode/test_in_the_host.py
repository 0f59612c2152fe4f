"""The extension's API, commands and documents, checked by code that runs beside it in a real extension host."""

import asyncio
import json
from collections.abc import Generator
from pathlib import Path

import pytest
from playwright.async_api import Page

from tests.editors.vscode.code_server import CodeServer
from tests.editors.vscode.conftest import OpenWindow
from tests.editors.vscode.homes import FIRST_ANSWER, FIRST_TURN, IMPORTER, PersonsHome, make_persons_home
from tests.editors.vscode.tools import EXTENSION, Tools

CHECKS = Path(__file__).parent / "host" / "index.js"
PATIENCE = 150.0
"""Seconds for all checks together."""


@pytest.fixture(scope="module")
def served(tools: Tools, bare_python: Path) -> Generator[tuple[CodeServer, PersonsHome]]:
    """A VS Code without the packaged extension, which takes it from its folder instead."""
    if not (EXTENSION / "dist" / "extension.js").is_file():
        pytest.fail("the extension is not built: run these tests with `python3 dev.py test`", pytrace=False)
    with CodeServer(tools) as server:
        home = make_persons_home(server.home)
        server.set_machine_settings({"forkpoint.python": str(bare_python)})
        server.variables["FORKPOINT_EXPECTED"] = json.dumps(expected_of(server.home, home, bare_python))
        yield server.start("--vscode-option", "enable-smoke-test-driver"), home


def expected_of(home: Path, persons: PersonsHome, python: Path) -> dict[str, object]:
    """Give what the checks must find in the home."""
    kimi = [f"kimi:{path.parent.name}" for path in (home / ".kimi").rglob("wire.jsonl")]
    pi = [f"pi:{path.stem.partition('_')[2]}" for path in (home / ".pi").rglob("*.jsonl")]
    return {
        "sessionIds": sorted(kimi + pi),
        "importer": f"kimi:{persons.importer.name}",
        "importerTitle": IMPORTER,
        "firstTurn": FIRST_TURN,
        "firstAnswer": FIRST_ANSWER,
        "python": str(python),
    }


class HostRun:
    """What the checks said, and their exit code."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.code: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def listen(self, page: Page) -> None:
        """Give the page the functions that the extension host reports through."""
        await page.expose_function("codeAutomationLog", self._hear)
        await page.expose_function("codeAutomationExit", self._end)

    def _hear(self, _kind: str, words: list[object]) -> None:
        self.said.append(" ".join(map(str, words)))

    def _end(self, code: int) -> None:
        if not self.code.done():
            self.code.set_result(code)


async def test_the_checks_pass(served: tuple[CodeServer, PersonsHome], open_window: OpenWindow) -> None:
    server, home = served
    run = HostRun()
    host = server.url.removeprefix("http://")
    options = {
        "extensionDevelopmentPath": f"vscode-remote://{host}{EXTENSION}",
        "extensionTestsPath": f"vscode-remote://{host}{CHECKS}",
        "skipWelcome": "true",
    }
    await open_window(server, home.shop, options=options, prepare=run.listen)
    code = await asyncio.wait_for(run.code, PATIENCE)
    said = "\n".join(run.said)
    assert code == 0, said
    assert said.count("ok ") >= 14, said
