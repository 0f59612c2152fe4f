"""Diff stats of real repositories, held against what plain git says."""

import os
from pathlib import Path

import pytest

from forkpoint.model.diff_stats import DiffStats, FileDiff
from forkpoint.stores import loose_files
from forkpoint.stores.git_store import GitStore
from tests.stores.git_sandbox import Sandbox, as_git_says, git_store, rows, told

ODD_NAMES = [
    b"plain",
    b"with blank",
    b" leading and trailing ",
    b"new\nline",
    b"carriage\rreturn",
    b"tab\there",
    b'quo"te',
    b"back\\slash",
    b"HEAD",
    b"-option",
    b"--",
    b":(glob)*",
    b"*",
    b"{a => b}",
    b"a => b",
    "größe-日本-🎉".encode(),
    "decomposed-e\u0301".encode(),
    b"bad\xff\xfe\x80utf8",
    b"\xc3",
    b"\x01\x1b\x7f",
]
MANY_LINES = b"".join(b"line %d of many\n" % number for number in range(40))


@pytest.fixture
def store() -> GitStore:
    return git_store()


@pytest.fixture
def repo(tmp_path: Path) -> Sandbox:
    """A repository with one commit of a few files."""
    sandbox = Sandbox.make(tmp_path / "repo")
    sandbox.commit({"a.txt": b"1\n2\n3\n", "b.txt": b"x\n", "sub/c.txt": b"c\n", "sub/deep/d.txt": b"d\n"})
    return sandbox


async def test_a_clean_repository_has_no_changes(repo: Sandbox, store: GitStore) -> None:
    assert await told(store, repo) == DiffStats(is_git_repo=True, branch="main")


async def test_names_of_any_bytes_are_told_as_they_are(tmp_path: Path, store: GitStore) -> None:
    repo = Sandbox.make(tmp_path / "repo")
    repo.commit(
        {
            start + name: b"%s\n" % name + MANY_LINES
            for start in (b"edited ", b"gone ", b"moved/", b"")
            for name in ODD_NAMES
        }
    )
    os.mkdir(repo.at("after"))
    for name in ODD_NAMES:
        repo.write(b"edited " + name, b"new\nlines\n")
        repo.write(name, b"1\n2\n")
        os.unlink(repo.at(b"gone " + name))
        os.rename(repo.at(b"moved/" + name), repo.at(b"after/" + name))
        repo.write(b"staged/" + name, b"\0binary" + name)
    repo.git("add", "-A", "moved", "after", "staged")
    for name in ODD_NAMES:
        repo.write(b"loose " + name, b"1\n2\n3")
    found = rows(await told(store, repo))
    assert found == as_git_says(repo)
    assert len(found) == 6 * len(ODD_NAMES)
    assert {(row[0][6:], row[1]) for row in found if row[2] == "renamed"} == {(n, b"moved/" + n) for n in ODD_NAMES}


async def test_every_kind_of_change(repo: Sandbox, store: GitStore) -> None:
    files = {"mode": b"m\n", "type": b"t\n", "link2file": b"", "bin": b"\0\1", "cut": MANY_LINES, "grown": b"1\n"}
    repo.commit({**files, "moved": MANY_LINES, "emptied": b"1\n2\n", "undone": b"u\n", "kept link": b""})
    for name, target in (("link2file", "a.txt"), ("kept link", "a.txt")):
        os.unlink(repo.at(name))
        os.symlink(target, repo.at(name))
    repo.commit()
    os.chmod(repo.at("mode"), 0o755)
    os.unlink(repo.at("type"))
    os.symlink("a.txt", repo.at("type"))
    os.unlink(repo.at("link2file"))
    repo.write("link2file", b"now a file\n")
    repo.write("bin", b"\0\2")
    repo.write("cut", MANY_LINES[:90])
    repo.write("grown", b"1\n2\n")
    repo.write("emptied", b"")
    repo.git("mv", "moved", "to here")
    repo.write("to here", MANY_LINES + b"and changed\n")
    repo.write("undone", b"changed\n")
    repo.write("new empty", b"")
    repo.write("new and deleted", b"n\n")
    repo.git("add", "undone", "new empty", "new and deleted")
    repo.write("undone", b"u\n")
    os.unlink(repo.at("new and deleted"))
    os.unlink(repo.at("kept link"))
    repo.write("intended", b"i\n")
    repo.git("add", "-N", "intended")
    os.symlink("/etc/passwd", repo.at("loose link"))
    stats = await told(store, repo)
    assert rows(stats) == as_git_says(repo)
    assert {file.path: (file.status, file.additions, file.deletions) for file in stats.files} == {
        "bin": ("modified", None, None),
        "cut": ("modified", 0, 34),
        "emptied": ("modified", 0, 2),
        "grown": ("modified", 1, 0),
        "intended": ("added", 1, 0),
        "kept link": ("deleted", 0, 1),
        "link2file": ("typeChanged", 1, 1),
        "loose link": ("untracked", 1, 0),
        "mode": ("modified", 0, 0),
        "new empty": ("added", 0, 0),
        "to here": ("renamed", 1, 0),
        "type": ("typeChanged", 1, 1),
    }


async def test_untracked_files_are_counted_and_ignored_ones_left_out(repo: Sandbox, store: GitStore) -> None:
    contents = {
        "empty": b"",
        "one": b"1\n",
        "torn": b"1\n2",
        "bin": b"a\0b",
        "late": b"x" * 9000 + b"\0",
        "cr": b"\r\r",
    }
    for name, content in contents.items():
        repo.write(f"loose/{name}", content)
    repo.write(".gitignore", b"*.log\nbuild/\n")
    repo.write("a.log", b"l\n")
    repo.write("build/x", b"x\n")
    os.mkfifo(repo.at("fifo"))
    Sandbox.make(repo.folder / "nested").commit({"inner": b"i\n"})
    stats = await told(store, repo)
    assert rows(stats) == as_git_says(repo)
    assert [file.path for file in stats.files] == [".gitignore", *sorted(f"loose/{name}" for name in contents)]


async def test_what_is_too_large_to_count_is_told_without_a_count(
    repo: Sandbox, store: GitStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loose_files, "FILE_LIMIT", 10)
    repo.write("large", b"1\n" * 6)
    repo.write("small", b"1\n" * 5)
    large, small = (await told(store, repo)).files
    assert large == FileDiff(path="large", status="untracked", additions=None, deletions=0)
    assert small == FileDiff(path="small", status="untracked", additions=5, deletions=0)


async def test_a_file_taken_out_of_the_index_is_compared_with_head(repo: Sandbox, store: GitStore) -> None:
    repo.git("rm", "-q", "--cached", "a.txt", "b.txt", "sub/c.txt")
    repo.write("b.txt", b"y\nz\n")
    os.unlink(repo.at("sub/c.txt"))
    assert rows(await told(store, repo)) == [
        (b"b.txt", None, "modified", 2, 1),
        (b"sub/c.txt", None, "deleted", 0, 1),
    ]


CONFLICTS: dict[str, tuple[dict[int, bytes], bytes | None]] = {
    "both changed": ({1: b"base\n", 2: b"ours\n", 3: b"theirs\n"}, b"<<<<<<<\n"),
    "both added": ({2: b"ours\n", 3: b"theirs\n"}, b"ours\ntheirs\n"),
    "deleted by them": ({1: b"base\n", 2: b"ours\n"}, b"ours\n"),
    "deleted by us": ({1: b"base\n", 3: b"theirs\n"}, b"theirs\n"),
    "added by us": ({2: b"ours\n"}, b"ours\n"),
    "added by them": ({3: b"theirs\n"}, b"theirs\n"),
    "both deleted": ({1: b"base\n"}, None),
    "deleted since": ({1: b"base\n", 2: b"ours\n", 3: b"theirs\n"}, None),
}


async def test_conflicts_are_one_row_each_with_the_difference_to_head(tmp_path: Path, store: GitStore) -> None:
    repo = Sandbox.make(tmp_path / "repo")
    repo.commit({name: stages[2] for name, (stages, _) in CONFLICTS.items() if 2 in stages})
    for name, (stages, left) in CONFLICTS.items():
        repo.index_entry(name, stages)
        if left is not None:
            repo.write(name, left)
        elif 2 in stages:
            os.unlink(repo.at(name))
    stats = await told(store, repo)
    assert {file.path: (file.status, file.additions, file.deletions) for file in stats.files} == {
        "both changed": ("conflicted", 1, 1),
        "both added": ("conflicted", 1, 0),
        "deleted by them": ("conflicted", 0, 0),
        "deleted by us": ("conflicted", 1, 0),
        "added by us": ("conflicted", 0, 0),
        "added by them": ("conflicted", 1, 0),
        "both deleted": ("conflicted", 0, 0),
        "deleted since": ("conflicted", 0, 1),
    }


async def test_a_real_merge_conflict(repo: Sandbox, store: GitStore) -> None:
    repo.git("checkout", "-q", "-b", "other")
    repo.commit({"a.txt": b"1\ntheirs\n3\n"})
    repo.git("checkout", "-q", "main")
    repo.commit({"a.txt": b"1\nours\n3\n"})
    assert repo.tried("merge", "-q", "other") == 1
    assert [row[:3] for row in rows(await told(store, repo))] == [(b"a.txt", None, "conflicted")]


SETTINGS = {
    "diff.relative": "true",
    "diff.renames": "false",
    "diff.noprefix": "true",
    "diff.orderFile": "order",
    "diff.ignoreSubmodules": "none",
    "diff.algorithm": "patience",
    "diff.external": "false",
    "color.ui": "always",
    "core.quotePath": "true",
    "core.pager": "false",
    "status.showUntrackedFiles": "no",
    "status.renames": "copies",
    "status.aheadBehind": "false",
    "status.showStash": "true",
    "status.branch": "false",
    "status.relativePaths": "false",
    "column.ui": "always",
    "core.worktree": "/",
}


@pytest.mark.parametrize("name", SETTINGS)
async def test_settings_of_the_repository_do_not_change_the_answer(repo: Sandbox, store: GitStore, name: str) -> None:
    repo.commit({"moved": MANY_LINES})
    repo.git("branch", "-q", "upstream", "HEAD~1")
    repo.git("branch", "-q", "--set-upstream-to", "upstream")
    repo.git("mv", "moved", "sub/moved")
    repo.write("b.txt", b"y\n")
    repo.write("ü", b"loose\n")
    repo.write("order", "ü\n".encode())
    expected = await told(store, repo)
    assert (len(expected.files), expected.ahead, expected.behind) == (4, 1, 0)
    repo.config(name, SETTINGS[name])
    assert await told(store, repo) == expected


async def test_variables_of_the_parent_do_not_change_the_answer(
    repo: Sandbox, store: GitStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.write("a.txt", b"changed\n")
    expected = await told(store, repo)
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_EXTERNAL_DIFF", "PAGER"):
        monkeypatch.setenv(name, str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_CONFIG_PARAMETERS", "'core.bare=true'")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(repo.folder))
    assert await told(store, repo) == expected


async def test_the_users_own_ignore_file_and_line_endings_count(repo: Sandbox, home: Path) -> None:
    (home / "ignored").write_text("*.secret\n")
    (home / ".gitconfig").write_text("[include]\n\tpath = more.cfg\n[diff]\n\trenames = false\n")
    (home / "more.cfg").write_text("[core]\n\texcludesFile = ~/ignored\n\tautocrlf\n")
    repo.write("a.secret", b"s\n")
    repo.write("a.txt", b"1\r\n2\r\n3\r\n")
    repo.write("b.txt", b"y\r\n")
    assert rows(await told(git_store(), repo)) == [(b"b.txt", None, "modified", 1, 1)]


async def test_a_setting_of_the_repository_goes_before_the_users(repo: Sandbox, home: Path) -> None:
    (home / "mine").write_text("mine\n")
    (home / ".gitconfig").write_text("[core]\n\texcludesFile = ~/mine\n")
    repo.write("mine", b"m\n")
    repo.write("its", b"i\n")
    assert [file.path for file in (await told(git_store(), repo)).files] == ["its"]
    repo.write("../excludes", b"its\n")
    repo.config("core.excludesFile", str(repo.folder.parent / "excludes"))
    assert [file.path for file in (await told(git_store(), repo)).files] == ["mine"]


def fingerprint(repo: Sandbox) -> dict[str, tuple[int, int, int]]:
    """Size, mtime and inode of everything in the repository, folders too."""
    found = {path: path.lstat() for path in [repo.folder, *repo.folder.rglob("*")]}
    return {str(path): (state.st_size, state.st_mtime_ns, state.st_ino) for path, state in found.items()}


async def test_nothing_is_written_even_when_the_index_is_out_of_date(repo: Sandbox, store: GitStore) -> None:
    for path in repo.folder.rglob("*.txt"):
        os.utime(path, ns=(1, 1))
    repo.write("loose", b"l\n")
    index = (repo.folder / ".git" / "index").read_bytes()
    before = fingerprint(repo)
    assert len((await told(store, repo)).files) == 1
    await store.file_diff(str(repo.folder), "a.txt", "standard")
    assert fingerprint(repo) == before
    assert (repo.folder / ".git" / "index").read_bytes() == index
    repo.git("status")
    assert (repo.folder / ".git" / "index").read_bytes() != index


async def test_a_lock_of_another_git_is_no_hindrance(repo: Sandbox, store: GitStore) -> None:
    repo.write("a.txt", b"changed\n")
    repo.write(".git/index.lock", b"")
    assert len((await told(store, repo)).files) == 1
    assert os.stat(repo.at(".git/index.lock")).st_size == 0
