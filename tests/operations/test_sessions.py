"""sessions/*, agents/* and workDirs/* on real stores."""

import time
from pathlib import Path

import attrs
import pytest

from forkpoint.operations.agents import ListAgentsParams, list_agents
from forkpoint.operations.registry import InvalidParams
from forkpoint.operations.sessions import GetSessionParams, ListSessionsParams, get_session, list_sessions
from forkpoint.operations.work_dirs import (
    ListWorkDirsParams,
    LocateWorkspaceParams,
    StartupWorkDirParams,
    list_work_dirs,
    locate_workspace,
    startup_work_dir,
)
from tests.operations.calls import RecordingCall, services_over
from tests.stores.git_sandbox import linked_worktrees
from tests.stores.small_kimi import SmallKimi


@pytest.fixture
def kimi(tmp_path: Path) -> SmallKimi:
    return SmallKimi(tmp_path)


@pytest.mark.parametrize(
    ("params", "path"),
    [
        (ListSessionsParams(limit=0), "/limit"),
        (ListSessionsParams(limit=501), "/limit"),
        (ListSessionsParams(folders=["/ok", "relative"]), "/folders/1"),
        (ListSessionsParams(folders=["/with\0nul"]), "/folders/0"),
        (ListSessionsParams(exclude_folders=["~/shop"]), "/excludeFolders/0"),
        (ListSessionsParams(folders=["/ok", "/lone\ud800"]), "/folders/1"),
        (ListSessionsParams(active_within_ms=-1), "/activeWithinMs"),
    ],
)
async def test_params_out_of_range_are_refused_with_a_path(
    tmp_path: Path, params: ListSessionsParams, path: str
) -> None:
    with pytest.raises(InvalidParams) as refused:
        await list_sessions.run(services_over(tmp_path), params)
    assert [where for where, _ in refused.value.problems] == [path]


async def test_a_streamed_list_sends_every_row_once_and_then_none(tmp_path: Path, kimi: SmallKimi) -> None:
    for number in range(60):
        kimi.add(f"s{number:02}", "/w", at=number)
    call = RecordingCall()
    services = services_over(tmp_path, call=call)
    result = await list_sessions.run(services, ListSessionsParams(limit=55))
    sent = [row.native_id for portion in call.portions for row in portion["items"]]
    assert sent == [f"s{number:02}" for number in range(59, 4, -1)]
    assert len(call.portions) > 1
    assert result.items == []
    assert result.next_cursor is not None
    quiet = attrs.evolve(services, call=RecordingCall(streams=False))
    rest = await list_sessions.run(quiet, ListSessionsParams(limit=55, cursor=result.next_cursor))
    assert [row.native_id for row in rest.items] == [f"s{number:02}" for number in range(4, -1, -1)]
    assert rest.next_cursor is None


async def test_active_within_counts_from_now(tmp_path: Path, kimi: SmallKimi) -> None:
    kimi.add("now", "/w", at=time.time() - 10)
    kimi.add("then", "/w", at=time.time() - 1000)
    result = await list_sessions.run(services_over(tmp_path), ListSessionsParams(active_within_ms=100_000))
    assert [row.native_id for row in result.items] == ["now"]


async def test_a_row_tells_how_to_continue(tmp_path: Path, kimi: SmallKimi) -> None:
    kimi.add("one", "/w", at=1)
    result = await get_session.run(services_over(tmp_path), GetSessionParams(session_id="kimi:one"))
    resume = result.session.resume
    assert resume is not None
    assert (resume.command, resume.cwd) == (["kimi", "--session", "one"], "/w")


async def test_agents_say_where_their_sessions_lie(tmp_path: Path, kimi: SmallKimi) -> None:
    result = await list_agents.run(services_over(tmp_path), ListAgentsParams())
    agents = {agent.id: agent for agent in result.agents}
    assert set(agents) >= {"kimi", "pi"}
    assert agents["kimi"].homes == [str(kimi.root)]
    assert agents["pi"].homes == []
    assert all(agent.title and agent.icon and agent.capabilities for agent in result.agents)


async def test_work_dirs_are_counted_once_per_folder(
    tmp_path: Path, kimi: SmallKimi, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "shop"
    (folder / "below").mkdir(parents=True)
    (tmp_path / "link").symlink_to(folder)
    kimi.add("a", folder, at=10)
    kimi.add("b", tmp_path / "link", at=30)
    kimi.add("c", folder / "below", at=20)
    kimi.add("d", "/gone/for/ever", at=5)
    kimi.add("e", "/tmp/scratch", at=40)
    result = await list_work_dirs.run(services_over(tmp_path, workspace=[folder]), ListWorkDirsParams())
    assert [(row.path, row.session_count, row.exists, row.workspace_folder) for row in result.items] == [
        (str(tmp_path / "link"), 2, True, str(folder)),
        (str(folder / "below"), 1, True, str(folder)),
        ("/gone/for/ever", 1, False, None),
    ]


async def test_startup_folder(tmp_path: Path) -> None:
    first = await startup_work_dir.run(services_over(tmp_path, workspace=[tmp_path]), StartupWorkDirParams())
    none = await startup_work_dir.run(services_over(tmp_path), StartupWorkDirParams())
    assert (first.folder, none.folder) == (str(tmp_path), "/started/here")


async def test_workspace_folders_are_placed_in_their_repositories(tmp_path: Path) -> None:
    main, other = linked_worktrees(tmp_path)
    (main / "app").mkdir()
    (other / "app").mkdir()
    (tmp_path / "link").symlink_to(other / "app")
    workspace = [main, main / "app", tmp_path / "link", tmp_path, tmp_path / "gone"]
    result = await locate_workspace.run(services_over(tmp_path, workspace=workspace), LocateWorkspaceParams())
    repository = str(main / ".git")
    assert [(row.path, row.exists, row.repository, row.repository_path) for row in result.folders] == [
        (str(main), True, repository, "."),
        (str(main / "app"), True, repository, "app"),
        (str(tmp_path / "link"), True, repository, "app"),
        (str(tmp_path), True, None, None),
        (str(tmp_path / "gone"), False, None, None),
    ]
