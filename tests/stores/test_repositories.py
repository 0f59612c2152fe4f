"""Repositories found without running git, held against what git itself finds."""

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from forkpoint.model.failures import RepositoryRefused
from forkpoint.stores.repositories import LINK_LIMIT, Repository, find_repository, refuse_foreign, worktree_folders
from tests.stores.git_sandbox import Sandbox


@pytest.fixture
def main(tmp_path: Path) -> Sandbox:
    """A repository with one commit and a subfolder."""
    sandbox = Sandbox.make(tmp_path / "main")
    sandbox.commit({"sub/deep/file": b"text\n"})
    return sandbox


def as_git_says(folder: Path) -> Repository | None:
    """What git finds, asked by plain git."""
    sandbox = Sandbox(folder)
    if sandbox.tried("rev-parse", "--show-toplevel") != 0:
        return None
    asked = ("--show-toplevel", "--absolute-git-dir", "--git-common-dir")
    told = [sandbox.git("rev-parse", name).decode().removesuffix("\n") for name in asked]
    return Repository(*(os.path.realpath(folder / line) for line in told))


def make_worktree(main: Sandbox, place: Path) -> Path:
    main.git("worktree", "add", "-q", "-b", "other", str(place))
    return place


def make_submodule(main: Sandbox, place: Path) -> Path:
    source = Sandbox.make(main.folder.parent / "library")
    source.commit({"inner/file": b"library\n"})
    main.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(source.folder), place.name)
    return main.folder / place.name


PLACES: dict[str, Callable[[Sandbox], Path]] = {
    "top level": lambda main: main.folder,
    "subfolder": lambda main: main.folder / "sub" / "deep",
    "worktree": lambda main: make_worktree(main, main.folder.parent / "linked"),
    "subfolder of a worktree": lambda main: make_worktree(main, main.folder.parent / "linked") / "sub",
    "worktree inside the main one": lambda main: make_worktree(main, main.folder / "inside"),
    "submodule": lambda main: make_submodule(main, main.folder / "module"),
    "subfolder of a submodule": lambda main: make_submodule(main, main.folder / "module") / "inner",
    "git directory elsewhere": lambda main: (
        Sandbox.make(
            main.folder.parent / "split", "--separate-git-dir", str(main.folder.parent / "elsewhere.git")
        ).folder
    ),
    "bare repository": lambda main: Sandbox.make(main.folder.parent / "bare.git", "--bare").folder,
    "inside the git directory": lambda main: main.folder / ".git" / "refs",
    "outside": lambda main: main.folder.parent,
    "empty .git": lambda main: _made(main.folder / "sub" / ".git").parent,
    "detached .git file": lambda main: _detached(main),
}


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _detached(main: Sandbox) -> Path:
    place = make_worktree(main, main.folder.parent / "linked")
    shutil.rmtree(main.folder / ".git" / "worktrees")
    return place


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES.keys())
def test_what_is_found_is_what_git_finds(main: Sandbox, place: Callable[[Sandbox], Path]) -> None:
    folder = place(main)
    assert find_repository(str(folder)) == as_git_says(folder)


def test_a_link_to_a_subfolder_leads_to_its_repository(main: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(main.folder / "sub")
    found = find_repository(str(tmp_path / "link"))
    assert found is not None
    assert found.top == str(main.folder.resolve())


@pytest.mark.parametrize("missing", ["gone", "sub/deep/file", "nul\0name"])
def test_what_is_no_folder_is_in_no_repository(main: Sandbox, missing: str) -> None:
    assert find_repository(str(main.folder / missing)) is None


@pytest.mark.parametrize(
    "content", [b"", b"gitdir: ", b"gitdir: /nowhere", b"gitdir: a\0b", b"gitdir: " + b"x" * LINK_LIMIT, b"\xff" * 100]
)
def test_a_broken_git_file_names_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / ".git").write_bytes(content)
    assert find_repository(str(tmp_path)) is None


def test_fifos_and_loops_do_not_hang(main: Sandbox, tmp_path: Path) -> None:
    begun = time.monotonic()
    (tmp_path / "fifo").mkdir()
    os.mkfifo(tmp_path / "fifo" / ".git")
    (tmp_path / "loop").mkdir()
    (tmp_path / "loop" / ".git").symlink_to(".git")
    assert find_repository(str(tmp_path / "fifo")) is None
    assert find_repository(str(tmp_path / "loop")) is None
    os.mkfifo(main.folder / ".git" / "commondir")
    (main.folder / ".git" / "worktrees" / "w").mkdir(parents=True)
    os.mkfifo(main.folder / ".git" / "worktrees" / "w" / "gitdir")
    found = find_repository(str(main.folder))
    assert found is not None
    assert worktree_folders(found) == (found.top,)
    assert time.monotonic() - begun < 45


def listed(folder: Path) -> tuple[str, ...]:
    found = find_repository(str(folder))
    assert found is not None
    return worktree_folders(found)


def test_all_worktrees_are_found_from_each_of_them(main: Sandbox, tmp_path: Path) -> None:
    linked = make_worktree(main, tmp_path / "linked")
    main.git("worktree", "add", "-q", "--detach", str(tmp_path / "näher"))
    lines = main.git("worktree", "list", "--porcelain", "-z").split(b"\0")
    folders = {os.fsdecode(line.removeprefix(b"worktree ")) for line in lines if line.startswith(b"worktree ")}
    assert len(folders) == 3
    for place in (main.folder, linked, tmp_path / "näher" / "sub"):
        assert set(listed(place)) == folders
        assert listed(place)[0] == str(main.folder)


def test_a_worktree_by_a_relative_path_is_found(main: Sandbox, tmp_path: Path) -> None:
    linked = make_worktree(main, tmp_path / "linked")
    named = main.folder / ".git" / "worktrees" / "linked" / "gitdir"
    named.write_text("../../../../linked/.git\n")
    assert listed(main.folder) == (str(main.folder), str(linked))


def test_a_worktree_that_is_gone_is_left_out(main: Sandbox, tmp_path: Path) -> None:
    shutil.rmtree(make_worktree(main, tmp_path / "linked"))
    assert listed(main.folder) == (str(main.folder),)


def test_worktrees_of_a_bare_repository_have_no_main_one(main: Sandbox, tmp_path: Path) -> None:
    bare = Sandbox(tmp_path / "bare.git")
    main.git("clone", "-q", "--bare", str(main.folder), str(bare.folder))
    linked = make_worktree(bare, tmp_path / "linked")
    assert listed(linked) == (str(linked),)


def test_a_repository_cannot_claim_a_folder_of_another(main: Sandbox, tmp_path: Path) -> None:
    other = Sandbox.make(tmp_path / "other")
    claim = main.folder / ".git" / "worktrees" / "claim"
    claim.mkdir(parents=True)
    for victim in (other.folder / ".git", tmp_path / ".git", main.folder / "sub" / ".git"):
        (claim / "gitdir").write_text(f"{victim}\n")
        assert listed(main.folder) == (str(main.folder),)


def test_a_repository_of_another_user_is_refused(main: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    found = find_repository(str(main.folder / "sub"))
    assert found is not None
    refuse_foreign(found)
    monkeypatch.setattr(os, "geteuid", lambda: os.stat(main.folder).st_uid + 1)
    with pytest.raises(RepositoryRefused, match="another user owns"):
        refuse_foreign(found)


def test_nothing_is_written_while_looking(main: Sandbox, tmp_path: Path) -> None:
    make_worktree(main, tmp_path / "linked")

    def state() -> dict[str, tuple[int, int]]:
        paths = [*main.folder.rglob("*"), *(tmp_path / "linked").rglob("*")]
        return {str(path): (path.lstat().st_mtime_ns, path.lstat().st_size) for path in paths}

    before = state()
    listed(main.folder)
    assert state() == before
