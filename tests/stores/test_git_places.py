"""Diff stats wherever a folder can lie in a repository, and where git cannot answer."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from forkpoint.model.diff_stats import DiffStats
from forkpoint.model.failures import FileNotFound, NotSupported, RepositoryRefused, TimedOut, Unreadable
from forkpoint.stores.git_store import GitStore
from tests.stores.git_sandbox import Sandbox, as_git_says, git_store, rows, told
from tests.stores.hanging_program import HangingProgram


@pytest.fixture
def store() -> GitStore:
    return git_store()


@pytest.fixture
def repo(tmp_path: Path) -> Sandbox:
    """A repository with one commit, with files inside and outside of a subfolder."""
    sandbox = Sandbox.make(tmp_path / "repo")
    sandbox.commit({"a.txt": b"1\n2\n3\n", "b.txt": b"x\n", "sub/c.txt": b"c\n", "sub/deep/d.txt": b"d\n"})
    return sandbox


async def test_a_subfolder_answers_for_itself_with_its_own_paths(repo: Sandbox, store: GitStore) -> None:
    out, comes, stays = (b"".join(b"%s %d\n" % (word, n) for n in range(30)) for word in (b"out", b"in", b"stays"))
    repo.commit({"sub/out": out, "comes in": comes, "sub/stays": stays, "subway/x": b"x\n"})
    for old, new in (("sub/out", "gone out"), ("comes in", "sub/come in"), ("sub/stays", "sub/deep/stays")):
        repo.git("mv", old, new)
    repo.write("a.txt", b"changed\n")
    repo.write("sub/c.txt", b"changed\n")
    repo.write("subway/x", b"changed\n")
    repo.write("loose", b"l\n")
    repo.write("sub/deep/löose", b"l\n")
    below = Sandbox(repo.folder / "sub")
    found = rows(await told(store, repo, below.folder))
    assert found == as_git_says(below, "--relative")
    assert found == [
        (b"c.txt", None, "modified", 1, 1),
        (b"come in", None, "added", 30, 0),
        ("deep/löose".encode(), None, "untracked", 1, 0),
        (b"deep/stays", b"stays", "renamed", 0, 0),
        (b"out", None, "deleted", 0, 30),
    ]


async def test_a_subfolder_with_an_odd_name(tmp_path: Path, store: GitStore) -> None:
    repo = Sandbox.make(tmp_path / "repo")
    odd = b":(top)* [a] \xff\n"
    repo.commit({odd + b"/f": b"1\n", b"other": b"1\n"})
    repo.write(odd + b"/f", b"2\n")
    repo.write(odd + b"/new", b"n\n")
    repo.write("other", b"2\n")
    stats = await store.diff_stats(os.fsdecode(repo.at(odd)))
    assert rows(stats) == [(b"f", None, "modified", 1, 1), (b"new", None, "untracked", 1, 0)]


async def test_a_folder_reached_through_a_link(repo: Sandbox, store: GitStore, tmp_path: Path) -> None:
    repo.write("sub/c.txt", b"changed\n")
    os.symlink(repo.folder / "sub", tmp_path / "link")
    assert rows(await told(store, repo, tmp_path / "link")) == [(b"c.txt", None, "modified", 1, 1)]


async def test_an_ignored_folder_and_an_untracked_one(repo: Sandbox, store: GitStore) -> None:
    repo.write(".gitignore", b"build/\n")
    repo.write("build/x", b"x\n")
    repo.write("fresh/y", b"y\n")
    assert await told(store, repo, repo.folder / "build") == DiffStats(is_git_repo=True, branch="main")
    assert rows(await told(store, repo, repo.folder / "fresh")) == [(b"y", None, "untracked", 1, 0)]


async def test_a_worktree_has_its_own_branch_and_changes(repo: Sandbox, store: GitStore, tmp_path: Path) -> None:
    linked = Sandbox(repo.folder / "trees" / "linked")
    repo.git("worktree", "add", "-q", "-b", "other", str(linked.folder))
    linked.write("sub/c.txt", b"changed\n")
    stats = await told(store, linked)
    assert (stats.branch, rows(stats)) == ("other", [(b"sub/c.txt", None, "modified", 1, 1)])
    assert rows(await told(store, linked, linked.folder / "sub")) == [(b"c.txt", None, "modified", 1, 1)]
    assert await told(store, repo) == DiffStats(is_git_repo=True, branch="main")


async def test_a_submodule_answers_for_itself_and_its_parent_leaves_it_out(
    repo: Sandbox, store: GitStore, tmp_path: Path
) -> None:
    Sandbox.make(tmp_path / "library").commit({"inner/f": b"1\n"})
    repo.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(tmp_path / "library"), "module")
    repo.commit()
    module = Sandbox(repo.folder / "module")
    module.write("inner/f", b"2\n")
    module.write("loose", b"l\n")
    assert rows(await told(store, module)) == [
        (b"inner/f", None, "modified", 1, 1),
        (b"loose", None, "untracked", 1, 0),
    ]
    assert rows(await told(store, module, module.folder / "inner")) == [(b"f", None, "modified", 1, 1)]
    assert await told(store, repo) == DiffStats(is_git_repo=True, branch="main")


@pytest.mark.parametrize("format_", ["sha1", "sha256"])
async def test_before_the_first_commit(tmp_path: Path, store: GitStore, format_: str) -> None:
    repo = Sandbox.make(tmp_path / "repo", f"--object-format={format_}")
    assert await told(store, repo) == DiffStats(is_git_repo=True, branch="main")
    repo.write("HEAD", b"1\n2\n")
    repo.write("sub/staged", b"1\n")
    repo.git("add", "-A")
    repo.write("sub/staged", b"1\n2\n3\n")
    repo.write("sub/loose", b"1\n")
    stats = await told(store, repo)
    assert (stats.branch, rows(stats)) == (
        "main",
        [
            (b"HEAD", None, "added", 2, 0),
            (b"sub/loose", None, "untracked", 1, 0),
            (b"sub/staged", None, "added", 3, 0),
        ],
    )
    assert rows(await told(store, repo, repo.folder / "sub")) == [
        (b"loose", None, "untracked", 1, 0),
        (b"staged", None, "added", 3, 0),
    ]


async def test_a_repository_of_sha256(tmp_path: Path, store: GitStore) -> None:
    repo = Sandbox.make(tmp_path / "repo", "--object-format=sha256")
    repo.commit({"a": b"1\n", "kept": b"k\n", "swapped": b"s\n"})
    repo.git("rm", "-q", "--cached", "kept", "swapped")
    repo.write("a", b"2\n")
    repo.write("swapped", b"t\n")
    assert rows(await told(store, repo)) == [
        (b"a", None, "modified", 1, 1),
        (b"swapped", None, "modified", 1, 1),
    ]


async def test_a_split_index(repo: Sandbox, store: GitStore) -> None:
    repo.git("update-index", "--split-index")
    repo.write("a.txt", b"changed\n")
    repo.write("new", b"n\n")
    repo.git("add", "new")
    assert list((repo.folder / ".git").glob("sharedindex.*"))
    assert rows(await told(store, repo)) == [(b"a.txt", None, "modified", 1, 3), (b"new", None, "added", 1, 0)]


async def test_a_detached_head_has_no_branch(repo: Sandbox, store: GitStore) -> None:
    repo.git("checkout", "-q", "--detach")
    assert (await told(store, repo)).branch is None


async def test_ahead_and_behind_count_commits(repo: Sandbox, store: GitStore, tmp_path: Path) -> None:
    copy = Sandbox(tmp_path / "copy")
    repo.git("clone", "-q", str(repo.folder), str(copy.folder))
    for number in range(2):
        repo.commit(message=f"theirs {number}")
    for number in range(3):
        copy.commit(message=f"ours {number}")
    copy.git("fetch", "-q")
    stats = await told(store, copy)
    assert (stats.branch, stats.ahead, stats.behind) == ("main", 3, 2)
    copy.git("update-ref", "-d", "refs/remotes/origin/main")
    stats = await told(store, copy)
    assert (stats.branch, stats.ahead, stats.behind) == ("main", None, None)


async def test_the_work_tree_is_where_the_folder_lies_whatever_the_configuration_says(
    repo: Sandbox, store: GitStore, tmp_path: Path
) -> None:
    (tmp_path / "private").mkdir()
    (tmp_path / "private" / "diary").write_text("secret\n")
    repo.config("core.worktree", str(tmp_path / "private"))
    assert await told(store, repo) == DiffStats(is_git_repo=True, branch="main")


async def test_a_bare_repository_and_a_git_directory_have_no_working_tree(
    repo: Sandbox, store: GitStore, tmp_path: Path
) -> None:
    bare = Sandbox.make(tmp_path / "bare", "--bare")
    for folder in (bare.folder, bare.folder / "refs", repo.folder / ".git", repo.folder / ".git" / "refs"):
        assert await store.diff_stats(str(folder)) == DiffStats(is_git_repo=False)


async def test_worktrees_beside_a_bare_git_directory(repo: Sandbox, store: GitStore, tmp_path: Path) -> None:
    project = Sandbox(tmp_path / "project")
    repo.git("clone", "-q", "--bare", str(repo.folder), str(project.folder / ".git"))
    linked = Sandbox(project.folder / "linked")
    project.git("worktree", "add", "-q", str(linked.folder), "main")
    linked.write("a.txt", b"changed\n")
    assert await store.diff_stats(str(project.folder)) == DiffStats(is_git_repo=False)
    assert rows(await told(store, linked)) == [(b"a.txt", None, "modified", 1, 3)]


async def test_a_folder_outside_a_repository(tmp_path: Path, store: GitStore) -> None:
    assert await store.diff_stats(str(tmp_path)) == DiffStats(is_git_repo=False)


@pytest.mark.parametrize("name", ["gone", "a.txt", "nul\0"])
async def test_what_is_no_folder_is_not_found(repo: Sandbox, store: GitStore, name: str) -> None:
    with pytest.raises(FileNotFound):
        await store.diff_stats(str(repo.folder / name))


async def test_a_repository_of_another_user_is_refused(
    repo: Sandbox, store: GitStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: os.stat(repo.folder).st_uid + 1)
    with pytest.raises(RepositoryRefused):
        await store.diff_stats(str(repo.folder / "sub"))
    with pytest.raises(RepositoryRefused):
        await store.file_diff(str(repo.folder), "a.txt", "standard")


def break_config(repo: Sandbox) -> None:
    repo.write(".git/config", b"[core\n")


def break_head(repo: Sandbox) -> None:
    repo.write(".git/refs/heads/main", b"0" * 39 + b"1\n")


def break_index(repo: Sandbox) -> None:
    repo.write(".git/index", b"not an index")


def break_objects(repo: Sandbox) -> None:
    shutil.rmtree(repo.folder / ".git" / "objects")
    os.makedirs(repo.folder / ".git" / "objects")


def break_format(repo: Sandbox) -> None:
    repo.config("core.repositoryformatversion", "99")


@pytest.mark.parametrize(
    ("break_it", "failure"),
    [
        (break_config, RepositoryRefused),
        (break_head, Unreadable),
        (break_index, Unreadable),
        (break_objects, Unreadable),
        (break_format, Unreadable),
    ],
)
async def test_a_broken_repository_is_an_error_and_not_clean(
    repo: Sandbox, store: GitStore, break_it: Callable[[Sandbox], None], failure: type[Exception]
) -> None:
    break_it(repo)
    with pytest.raises(failure):
        await store.diff_stats(str(repo.folder))


async def test_without_git_it_is_not_supported(repo: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = git_store()
    path = os.environ["PATH"]
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NotSupported, match="no program"):
        await store.diff_stats(str(repo.folder))
    monkeypatch.setenv("PATH", path)
    await told(store, repo)


@pytest.mark.parametrize("version", ["git version 2.31.9", "git version 1.8", "something else", ""])
async def test_a_git_that_cannot_be_hardened_is_not_supported(
    repo: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    (tmp_path / "git").write_text(f"#!/bin/sh\necho {version}\n")
    (tmp_path / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with pytest.raises(NotSupported, match=r"not git 2\.32"):
        await git_store().diff_stats(str(repo.folder))


async def test_when_one_program_fails_the_other_is_stopped(
    repo: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait = f"until [ -e {tmp_path}/hanging ]; do sleep 0.01; done; exit 128"
    hang = f"touch {tmp_path}/hanging; echo started >&3; sleep 600"
    script = f'case "$*" in *" config "*|config*) exit 1;; *" diff "*) {wait};; *" status "*) {hang};; esac'
    program = HangingProgram(tmp_path, script)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with pytest.raises(Unreadable):
        await git_store().diff_stats(str(repo.folder))
    await program.is_dead()
    program.close()


async def test_a_git_that_hangs_is_stopped_with_its_children(
    repo: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = 'case "$*" in *" config "*|config*) exit 1;; esac\necho started >&3\nsleep 600 &\nsleep 600'
    program = HangingProgram(tmp_path, script)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with pytest.raises(TimedOut) as caught:
        await git_store(timeout_ms=700).diff_stats(str(repo.folder))
    assert caught.value.after_ms == 700
    await program.is_dead()
    program.close()
