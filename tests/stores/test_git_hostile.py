"""A repository that wants to run programs runs none; plain git shows each time that it would have."""

import contextlib
import os
import time
from pathlib import Path

import pytest

from forkpoint.model.failures import Failure, RepositoryRefused, TooLarge
from forkpoint.stores.git_hardening import MAX_DRIVERS
from forkpoint.stores.git_queries import SMALL_LIMIT
from tests.stores.git_sandbox import git_store
from tests.stores.hostile_git import VECTORS, HostileRepository, Vector

FILES = ("f.txt", "g.txt", "sub/h.txt", "sub/gone.txt", "loose.txt", "module/inner.txt", "module")


async def ask_everything(repo: HostileRepository) -> dict[str, str]:
    """Put every question of the store, and give how each ended."""
    store = git_store()
    ends: dict[str, str] = {}
    for folder in (repo.folder, repo.folder / "sub", repo.folder / "module"):
        if not folder.exists():
            continue
        try:
            stats = await store.diff_stats(str(folder))
            ends[f"stats of {folder.name}"] = " ".join(file.path for file in stats.files)
        except Failure as failure:
            ends[f"stats of {folder.name}"] = failure.kind
        for path in FILES:
            try:
                await store.file_diff(str(folder), path, "standard")
                ends[f"{folder.name} {path}"] = "sides"
            except Failure as failure:
                ends[f"{folder.name} {path}"] = failure.kind
    return ends


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.name)
async def test_nothing_runs(vector: Vector, tmp_path: Path) -> None:
    repo = HostileRepository.prepare(tmp_path)
    vector.plant(repo)
    repo.disturb()
    repo.mark.unlink(missing_ok=True)
    ends = await ask_everything(repo)
    assert not repo.mark.exists(), repo.mark.read_text()
    if "partial clone" in vector.name:
        assert (ends["stats of repo"], ends["repo f.txt"]) == ("unreadable", "unreadable")
    else:
        assert {"f.txt", "loose.txt", "sub/gone.txt", "sub/h.txt"} <= set(ends["stats of repo"].split())
        assert (ends["repo f.txt"], ends["repo sub/gone.txt"]) == ("sides", "sides")
    repo.fire(vector.fire)
    assert repo.mark.exists(), "the vector does not work, so the test above shows nothing"


@pytest.mark.parametrize(
    ("config", "failure"),
    [
        ("".join(f'[filter "f{number}"]\n\tclean = x\n' for number in range(MAX_DRIVERS + 1)), RepositoryRefused),
        ('[filter "f"]\n\tclean = ' + "x" * SMALL_LIMIT + "\n", TooLarge),
        ('[filter "f"]\n\tclean = \\q\n', RepositoryRefused),
        ("[include]\n\tpath = config\n", RepositoryRefused),
    ],
    ids=["too many drivers", "too much to list", "not to be parsed", "includes itself"],
)
async def test_what_cannot_be_switched_off_is_refused(tmp_path: Path, config: str, failure: type[Failure]) -> None:
    repo = HostileRepository.prepare(tmp_path)
    repo.append(".git/config", config.encode())
    with pytest.raises(failure):
        await git_store().diff_stats(str(repo.folder))


@pytest.mark.parametrize("name", [".git/info/exclude", ".gitattributes", ".git/index", ".git/config", ".git/HEAD"])
async def test_a_fifo_in_place_of_a_file_cannot_hold_the_answer_up(tmp_path: Path, name: str) -> None:
    repo = HostileRepository.prepare(tmp_path)
    repo.disturb()
    with contextlib.suppress(FileNotFoundError):
        os.unlink(repo.at(name))
    os.mkfifo(repo.at(name))
    store = git_store(timeout_ms=300)
    begun = time.monotonic()
    with contextlib.suppress(Failure):
        await store.diff_stats(str(repo.folder))
    assert time.monotonic() - begun < 45
