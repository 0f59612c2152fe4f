"""git/* on real stores: by session and by folder, behind the guard."""

import base64
import os
from pathlib import Path

import attrs
import pytest

from forkpoint.model.diff_stats import FileSides
from forkpoint.model.failures import PathRefused, SessionNotFound
from forkpoint.model.settings import Settings
from forkpoint.operations.git import DiffStatsParams, FileDiffParams, diff_stats, file_diff
from forkpoint.operations.registry import InvalidParams
from tests.operations.calls import services_over
from tests.stores.git_sandbox import Sandbox, rows
from tests.stores.small_kimi import SmallKimi


@pytest.fixture
def repo(tmp_path: Path) -> Sandbox:
    """A repository in which one session of Kimi works, with a change and a secret."""
    sandbox = Sandbox.make(tmp_path / "repo")
    sandbox.commit({"a.txt": b"old\n", ".env": b"TOKEN=x\n", ".hidden": b"h\n", b"odd\xff": b"o\n"})
    sandbox.write("a.txt", b"new\n")
    os.unlink(sandbox.at(".env"))
    SmallKimi(tmp_path).add("one", str(sandbox.folder), at=100)
    return sandbox


async def test_a_session_and_its_folder_give_the_same(tmp_path: Path, repo: Sandbox) -> None:
    services = services_over(tmp_path)
    by_session = await diff_stats.run(services, DiffStatsParams(session_id="kimi:one"))
    assert rows(by_session) == [(b".env", None, "deleted", 0, 1), (b"a.txt", None, "modified", 1, 1)]
    assert await diff_stats.run(services, DiffStatsParams(folder=str(repo.folder))) == by_session
    expected = FileSides(old="old\n", new="new\n", binary=False)
    assert await file_diff.run(services, FileDiffParams(session_id="kimi:one", path="a.txt")) == expected
    assert await file_diff.run(services, FileDiffParams(folder=str(repo.folder), path="a.txt")) == expected


async def test_a_path_that_is_not_utf8_is_taken_in_base64(tmp_path: Path, repo: Sandbox) -> None:
    params = FileDiffParams(folder=str(repo.folder), path_base64=base64.b64encode(b"odd\xff").decode())
    assert await file_diff.run(services_over(tmp_path), params) == FileSides(old="o\n", new="o\n", binary=False)


async def test_a_deleted_secret_does_not_leak_from_the_old_side(tmp_path: Path, repo: Sandbox) -> None:
    with pytest.raises(PathRefused) as refused:
        await file_diff.run(services_over(tmp_path), FileDiffParams(folder=str(repo.folder), path=".env"))
    assert refused.value.reason == "secretName"


async def test_the_public_guard_is_the_settings_matter(tmp_path: Path, repo: Sandbox) -> None:
    services = services_over(tmp_path, workspace=[repo.folder])
    params = FileDiffParams(folder=str(repo.folder), path=".hidden")
    assert (await file_diff.run(services, params)).old == "h\n"
    untrusted = attrs.evolve(services, settings=Settings(trusted=False))
    with pytest.raises(PathRefused) as refused:
        await file_diff.run(untrusted, params)
    assert refused.value.reason == "hidden"


@pytest.mark.parametrize(
    ("params", "where"),
    [
        (FileDiffParams(folder="/x"), "/path"),
        (FileDiffParams(folder="/x", path_base64="*"), "/pathBase64"),
        (FileDiffParams(path="a"), "/sessionId"),
        (FileDiffParams(folder="/x", session_id="kimi:one", path="a"), "/folder"),
        (FileDiffParams(folder="relative", path="a"), "/folder"),
    ],
)
async def test_wrong_params_are_told_by_their_path(tmp_path: Path, params: FileDiffParams, where: str) -> None:
    with pytest.raises(InvalidParams) as refused:
        await file_diff.run(services_over(tmp_path), params)
    assert [path for path, _ in refused.value.problems] == [where]


async def test_what_is_no_session_is_not_found(tmp_path: Path, repo: Sandbox) -> None:
    with pytest.raises(SessionNotFound):
        await diff_stats.run(services_over(tmp_path), DiffStatsParams(session_id="kimi:two"))


async def test_folders_that_are_no_roots_are_refused(tmp_path: Path, repo: Sandbox) -> None:
    for folder in ("/", str(repo.folder / ".git"), str(tmp_path / ".kimi")):
        with pytest.raises(PathRefused):
            await diff_stats.run(services_over(tmp_path), DiffStatsParams(folder=folder))
