"""The browser, the bare Python and the windows of these tests."""

import os
import subprocess
import sys
import tempfile
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import async_playwright

from tests.editors.vscode.browser import launch_browser
from tests.editors.vscode.tools import MissingTool, Tools, find_tools
from tests.editors.vscode.windows import Windows
from tests.editors.vscode.workbench import Workbench

ENVIRONMENT = dict(os.environ)
"""As it was handed over: a test's own has no variable of ours."""
FAILED = pytest.StashKey[bool]()

OpenWindow = Callable[..., Awaitable[Workbench]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give a test here the time that several windows take, and one event loop, which the browser lives on."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.timeout(180), append=False)
            if item.get_closest_marker("asyncio") is not None:
                item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember that a test failed, so that its windows say what they saw."""
    report = yield
    if report.failed:
        item.stash[FAILED] = True
    return report


@pytest.fixture(scope="session")
def tools() -> Tools:
    """The tools that `dev.py test` installs."""
    try:
        return find_tools(ENVIRONMENT)
    except MissingTool as missing:
        reason = str(missing)
    pytest.fail(reason, pytrace=False)


@pytest.fixture(scope="session")
def bare_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python that has no packages at all: the extension carries what it needs."""
    folder = tmp_path_factory.mktemp("bare") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True, stdin=subprocess.DEVNULL)
    return folder / "bin" / "python"


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def windows(tools: Tools, tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Windows]:
    """The windows of a browser that finds nothing but this machine's loopback."""
    async with async_playwright() as playwright:
        browser = await launch_browser(playwright, tools, tmp_path_factory.mktemp("browser"))
        yield Windows(browser)
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def open_window(windows: Windows) -> AsyncGenerator[OpenWindow]:
    """Opens windows as `Windows.open` does; they are closed after the test."""
    opened: list[Workbench] = []

    async def open_one(*arguments: Any, **options: Any) -> Workbench:
        opened.append(await windows.open(*arguments, **options))
        return opened[-1]

    yield open_one
    for window in opened:
        await windows.close(window)


@pytest_asyncio.fixture(loop_scope="session", autouse=True)
async def explain_failure(
    request: pytest.FixtureRequest, windows: Windows, open_window: OpenWindow
) -> AsyncGenerator[None]:
    """After a test that failed, write the logs of its windows into the report and save what they show."""
    yield
    if request.node.stash.get(FAILED, False):
        folder = Path(ENVIRONMENT.get("FORKPOINT_SCREENSHOTS") or tempfile.gettempdir())
        sys.stdout.write(await windows.explain(request.node.name, folder))
