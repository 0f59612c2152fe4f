"""One file as HEAD and the working tree have it, behind the guard."""

import os
import shutil
from pathlib import Path

import pytest

from forkpoint.model.diff_stats import FileSides
from forkpoint.model.failures import FileNotFound, PathRefused, TooLarge
from forkpoint.model.settings import GuardLevel
from forkpoint.stores.git_store import GitStore
from tests.stores.git_sandbox import MAX_BYTES, Sandbox, git_store

SECRET = b"TOKEN=do-not-tell\n"


@pytest.fixture
def store() -> GitStore:
    return git_store()


@pytest.fixture
def repo(tmp_path: Path) -> Sandbox:
    """A repository with one commit of files of many kinds, all unchanged."""
    sandbox = Sandbox.make(tmp_path / "repo")
    sandbox.commit(
        {
            "a.txt": b"old\n",
            "sub/b.txt": "größe\n".encode(),
            "binary": b"\0\1",
            "latin": b"gr\xf6\xdfe\n",
            "large": b"x" * (MAX_BYTES + 1),
            "fits": b"x" * MAX_BYTES,
            "empty": b"",
            "-x": b"dash\n",
            "HEAD": b"head\n",
            ".env": SECRET,
            ".hidden": b"hidden\n",
            b"bad\xff": b"odd\n",
            ":(glob)**": b"magic\n",
        }
    )
    return sandbox


async def sides(store: GitStore, repo: Sandbox, path: str, guard: GuardLevel = "standard") -> FileSides:
    return await store.file_diff(str(repo.folder), path, guard)


async def test_both_sides_of_a_changed_file(repo: Sandbox, store: GitStore) -> None:
    repo.write("a.txt", b"new\r\n\xef\xbb\xbf")
    assert await sides(store, repo, "a.txt") == FileSides(old="old\n", new="new\r\n\ufeff", binary=False)
    assert await sides(store, repo, "sub/b.txt") == FileSides(old="größe\n", new="größe\n", binary=False)


@pytest.mark.parametrize(
    "path", ["./a.txt", "sub//b.txt", "sub/./b.txt", "-x", "HEAD", "bad\udcff", ":(glob)**", "fits"]
)
async def test_a_path_means_the_same_on_both_sides(repo: Sandbox, store: GitStore, path: str) -> None:
    found = await sides(store, repo, path)
    assert found.old is not None
    assert found.old == found.new


async def test_a_deleted_and_a_new_file_have_one_side(repo: Sandbox, store: GitStore) -> None:
    os.unlink(repo.at("a.txt"))
    os.unlink(repo.at("empty"))
    repo.write("new", b"n\n")
    assert await sides(store, repo, "a.txt") == FileSides(old="old\n", binary=False)
    assert await sides(store, repo, "empty") == FileSides(old="", binary=False)
    assert await sides(store, repo, "new") == FileSides(new="n\n", binary=False)


async def test_the_index_is_no_side(repo: Sandbox, store: GitStore) -> None:
    repo.write("a.txt", b"staged\n")
    repo.git("add", "a.txt")
    repo.write("a.txt", b"working\n")
    assert await sides(store, repo, "a.txt") == FileSides(old="old\n", new="working\n", binary=False)


async def test_a_subfolder_reads_its_own_file(repo: Sandbox, store: GitStore) -> None:
    repo.write("sub/a.txt", b"another\n")
    below = str(repo.folder / "sub")
    assert await store.file_diff(below, "b.txt", "standard") == FileSides(old="größe\n", new="größe\n", binary=False)
    assert await store.file_diff(below, "a.txt", "standard") == FileSides(new="another\n", binary=False)


@pytest.mark.parametrize("path", ["binary", "latin"])
async def test_what_is_not_text_is_only_called_binary(repo: Sandbox, store: GitStore, path: str) -> None:
    assert await sides(store, repo, path) == FileSides(binary=True)
    repo.write(path, b"now text\n")
    assert await sides(store, repo, path) == FileSides(binary=True)
    os.unlink(repo.at(path))
    assert await sides(store, repo, path) == FileSides(binary=True)
    repo.write("a.txt", b"now binary \0 \xff")
    assert await sides(store, repo, "a.txt") == FileSides(binary=True)


async def test_either_side_can_be_too_large(repo: Sandbox, store: GitStore) -> None:
    repo.write("large", b"small now\n")
    with pytest.raises(TooLarge) as caught:
        await sides(store, repo, "large")
    assert (caught.value.size, caught.value.limit) == (MAX_BYTES + 1, MAX_BYTES)
    repo.write("a.txt", b"x" * (MAX_BYTES + 1))
    with pytest.raises(TooLarge):
        await sides(store, repo, "a.txt")


@pytest.mark.parametrize("path", ["nothing", "sub/nothing", "a.txt/below", "bad\udcfe", "*"])
async def test_what_is_on_neither_side_is_not_found(repo: Sandbox, store: GitStore, path: str) -> None:
    with pytest.raises(FileNotFound):
        await sides(store, repo, path)


@pytest.mark.parametrize("present", [True, False], ids=["present", "deleted"])
@pytest.mark.parametrize(
    ("path", "reason"),
    [
        (".env", "secretName"),
        ("sub/../.env", "dotDot"),
        ("./.env", "secretName"),
        ("\uff0e\uff25\uff2e\uff36", "secretName"),
        ("../repo/a.txt", "dotDot"),
        (".git/config", "repositoryInternals"),
        ("", "empty"),
        ("a\0", "nul"),
    ],
)
async def test_the_guard_judges_before_git_is_asked(
    repo: Sandbox, store: GitStore, path: str, reason: str, present: bool
) -> None:
    if not present:
        os.unlink(repo.at(".env"))
    with pytest.raises(PathRefused) as caught:
        await sides(store, repo, path)
    assert caught.value.reason == reason


async def test_an_absolute_path_is_refused(repo: Sandbox, store: GitStore) -> None:
    with pytest.raises(PathRefused):
        await sides(store, repo, str(repo.folder / "a.txt"))


async def test_the_public_guard_holds_for_the_old_side_too(repo: Sandbox, store: GitStore) -> None:
    os.unlink(repo.at(".hidden"))
    assert await sides(store, repo, ".hidden") == FileSides(old="hidden\n", binary=False)
    with pytest.raises(PathRefused):
        await sides(store, repo, ".hidden", "public")


async def test_links_are_never_followed(repo: Sandbox, store: GitStore, tmp_path: Path) -> None:
    (tmp_path / "target").write_bytes(SECRET)
    os.symlink(tmp_path / "target", repo.at("link"))
    os.symlink(tmp_path, repo.at("folder link"))
    repo.commit()
    for path in ("link", "folder link", "folder link/target"):
        with pytest.raises(PathRefused) as caught:
            await sides(store, repo, path)
        assert caught.value.reason == "link"
    os.unlink(repo.at("link"))
    os.unlink(repo.at("folder link"))
    assert await sides(store, repo, "link") == FileSides(old=str(tmp_path / "target"), binary=False)
    with pytest.raises(FileNotFound):
        await sides(store, repo, "folder link/target")


async def test_a_fifo_in_place_of_a_file_is_refused(repo: Sandbox, store: GitStore) -> None:
    os.unlink(repo.at("a.txt"))
    os.mkfifo(repo.at("a.txt"))
    with pytest.raises(PathRefused) as caught:
        await sides(store, repo, "a.txt")
    assert caught.value.reason == "fifo"


async def test_a_folder_in_place_of_a_file_and_back(repo: Sandbox, store: GitStore) -> None:
    os.unlink(repo.at("a.txt"))
    repo.write("a.txt/inner", b"i\n")
    assert await sides(store, repo, "a.txt") == FileSides(old="old\n", binary=False)
    shutil.rmtree(repo.at("sub"))
    repo.write("sub", b"a file\n")
    assert await sides(store, repo, "sub") == FileSides(new="a file\n", binary=False)
    assert await sides(store, repo, "sub/b.txt") == FileSides(old="größe\n", binary=False)


async def test_a_submodule_is_no_file(repo: Sandbox, store: GitStore, tmp_path: Path) -> None:
    Sandbox.make(tmp_path / "library").commit({"f": b"f\n"})
    repo.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(tmp_path / "library"), "module")
    repo.commit()
    with pytest.raises(PathRefused) as caught:
        await sides(store, repo, "module")
    assert caught.value.reason == "isFolder"
    shutil.rmtree(repo.at("module"))
    with pytest.raises(FileNotFound):
        await sides(store, repo, "module")


async def test_without_a_commit_or_a_repository_there_is_only_the_new_side(tmp_path: Path, store: GitStore) -> None:
    for repo in (Sandbox.make(tmp_path / "unborn"), Sandbox(tmp_path / "plain")):
        repo.write("f", b"f\n")
        assert await sides(store, repo, "f") == FileSides(new="f\n", binary=False)
        with pytest.raises(FileNotFound):
            await sides(store, repo, "g")


async def test_neither_filters_nor_replacements_change_the_old_side(repo: Sandbox, store: GitStore) -> None:
    repo.commit({".gitattributes": b"*.txt ident eol=crlf\n", "id.txt": b"$Id$\n"})
    other = repo.git("hash-object", "-w", "--stdin", feed=b"replaced\n").strip()
    repo.git("replace", "HEAD:a.txt", other.decode())
    assert (await sides(store, repo, "a.txt")).old == "old\n"
    assert (await sides(store, repo, "id.txt")).old == "$Id$\n"


async def test_a_worktree_reads_its_own_head(repo: Sandbox, store: GitStore, tmp_path: Path) -> None:
    linked = Sandbox(tmp_path / "linked")
    repo.git("worktree", "add", "-q", "-b", "other", str(linked.folder))
    linked.commit({"a.txt": b"other\n"})
    assert (await sides(store, linked, "a.txt")).old == "other\n"
    assert (await sides(store, repo, "a.txt")).old == "old\n"
