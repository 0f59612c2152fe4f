"""The sidebar on generated stores of Kimi and pi: what the manifest promises is what a person sees."""

from collections.abc import AsyncGenerator, Generator
from pathlib import Path

import attrs
import pytest
import pytest_asyncio

from tests.editors.vscode.code_server import CodeServer
from tests.editors.vscode.homes import GeneratedHome, Promised, make_generated_home
from tests.editors.vscode.screen import Row
from tests.editors.vscode.tools import Tools
from tests.editors.vscode.waiting import until
from tests.editors.vscode.windows import Windows
from tests.editors.vscode.workbench import Workbench

PAGE = 20
TALL = (1280, 2200)
"""High enough for every row: those outside of the window are not in the page."""
REPOSITORY, PLAIN, OTHERS = "proj-000, proj-001", "proj-002", "Other folders"


@attrs.frozen
class Place:
    """A running VS Code and what its home holds."""

    server: CodeServer
    home: GeneratedHome


@pytest.fixture(scope="module")
def place(tools: Tools, bare_python: Path) -> Generator[Place]:
    """A VS Code on the generated home, with small pages."""
    with CodeServer(tools) as server:
        home = make_generated_home(server.home)
        server.set_user_settings({"forkpoint.pageSize": PAGE})
        server.set_machine_settings({"forkpoint.python": str(bare_python)})
        server.install_extension()
        yield Place(server.start(), home)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def window(place: Place, windows: Windows) -> AsyncGenerator[Workbench]:
    """The window of these tests, with its sessions."""
    window = await windows.open(place.server, place.home.workspace, size=TALL)
    await window.open_view()
    await window.expand(OTHERS)
    yield window
    await windows.close(window)


async def test_rows_are_what_the_manifest_promises(place: Place, window: Workbench) -> None:
    repository, plain, others = place.home.repository, place.home.plain, place.home.others
    groups = [(row.title, row.detail) for row in await window.rows() if row.level == 1]
    assert groups == [(REPOSITORY, f"{PAGE}+"), (PLAIN, str(len(plain))), (OTHERS, str(len(others)))]
    await check_names(window)
    check_rows(await window.wait_children(PLAIN, len(plain)), plain)
    check_rows(await window.wait_children(OTHERS, len(others)), others)

    for pages in range(1, 1 + len(repository) // PAGE):
        *rows, more = await window.wait_children(REPOSITORY, pages * PAGE + 1)
        check_rows(rows, repository[: pages * PAGE])
        assert more.title == "Load more…"
        await window.click(window.row("Load more…"))
    check_rows(await window.wait_children(REPOSITORY, len(repository)), repository)
    assert (await window.rows())[0].detail == str(len(repository))


async def check_names(window: Workbench) -> None:
    """See that the tree and every icon above it have a name."""
    assert await window.page.get_by_role("tree", name="Sessions").count() == 1
    names = await window.view_actions()
    assert all(names), names
    icons = ("New Session…", "Find Session…", "Filter Sessions…", "Refresh Sessions", "Collapse All", "More Actions")
    for name in icons:
        assert any(shown.startswith(name) for shown in names), names


def check_rows(rows: list[Row], promised: list[Promised]) -> None:
    """See that rows are these, in this order, and say a whole sentence to who cannot see them."""
    for row, one in zip(rows, promised, strict=True):
        assert one.is_titled(row.title), f"{row} is not {one.text!r}"
        assert row.label.startswith(row.title)
        assert f", {one.agent} session, last worked on " in row.label
        if one.turns is not None:
            turns = "1 turn" if one.turns == 1 else f"{one.turns} turns"
            assert turns in row.detail
            assert turns in row.label


async def test_a_filter_narrows_and_is_cleared(place: Place, window: Workbench) -> None:
    text = place.home.plain[0].text[:30]

    await window.palette("Forkpoint: Filter by Text…")
    await window.quick_input(text.upper())
    await window.page.keyboard.press("Enter")
    found = await window.wait_children(PLAIN, 1)
    assert place.home.plain[0].is_titled(found[0].title)
    for name in (REPOSITORY, OTHERS):
        assert [row.title for row in await window.wait_children(name, 1)] == ["No session matches the filter"]

    await window.view_action("Clear Filter")
    await window.wait_children(REPOSITORY, PAGE + 1)
    await window.wait_children(OTHERS, len(place.home.others))

    await window.view_action("Filter Sessions")
    await (await window.quick_row("Agents…")).click()
    await (await window.quick_row("Kimi CLI")).click()
    await window.page.keyboard.press("Enter")
    kimi = [one for one in place.home.others if one.agent == "Kimi CLI"]
    check_rows(await window.wait_children(OTHERS, len(kimi)), kimi)

    await window.palette("Forkpoint: Show Archived Sessions…")
    await window.quick_input("Archived")
    await window.page.keyboard.press("Enter")

    async def archived_alone() -> bool:
        rows = [row for row in await window.rows() if row.level == 2 and not row.title.startswith("No session")]
        return len(rows) == place.home.archived and all("archived" in row.detail for row in rows)

    await until(archived_alone, f"{place.home.archived} archived sessions")
    await window.palette("Forkpoint: Filter by Text…")
    await window.quick_input("no title has this")
    await window.page.keyboard.press("Enter")
    await (await window.welcome_button("Clear Filter")).click()
    await window.wait_children(REPOSITORY, PAGE + 1)


async def test_typing_finds_one_of_all_sessions(place: Place, window: Workbench) -> None:
    wanted = next(one for one in place.home.others if one.agent == "pi")
    await window.page.keyboard.press("Control+Alt+S")
    await window.quick_row(place.home.repository[0].text[:20])
    await window.type(wanted.text[:25])

    async def narrowed() -> bool:
        return [wanted.text[:25] in row for row in await window.quick_rows()] == [True]

    await until(narrowed, f"one row with {wanted.text[:25]!r}")
    await window.page.keyboard.press("Enter")
    await window.wait_text(wanted.text[:60])
