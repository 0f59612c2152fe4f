"""Git repositories found by looking at names and small files alone; no program runs and nothing is remembered."""

import itertools
import os
import stat

import attrs

from forkpoint.model.failures import RepositoryRefused

LINK_LIMIT = 8192
"""The most that is read of a file that only holds a path, in bytes."""
MAX_WORKTREES = 1000
"""How many working trees of one repository are looked at."""

_OPEN_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_CLOEXEC", 0)


@attrs.frozen
class Repository:
    """Where a repository lies; every path is absolute with its links resolved."""

    top: str
    """The top level of the working tree."""
    git_dir: str
    """What belongs to this working tree: HEAD, index."""
    common_dir: str
    """What all working trees share: objects, branches, configuration. Equal to `git_dir` but in a linked worktree."""

    @property
    def is_main(self) -> bool:
        """Whether this is not a linked worktree."""
        return self.git_dir == self.common_dir

    def place_of(self, folder: str) -> str:
        """Give where a folder lies below the top level, `.` for the top itself; equal in every working tree."""
        return os.path.relpath(os.path.realpath(folder), self.top)


def find_repository(folder: str) -> Repository | None:
    """Give the repository whose working tree holds a folder, found as git finds it, or None.

    The search goes up to the root of the file system that the folder is on. Inside a git directory, and in a bare
    repository, there is no working tree.
    """
    try:
        here = os.path.realpath(folder)
    except (OSError, ValueError):
        return None
    device = _device(here)
    while device is not None and _device(here) == device:
        git_dir = _git_dir_of(here)
        if git_dir is not None:
            return Repository(top=here, git_dir=git_dir, common_dir=_common_dir(git_dir))
        if _is_git_dir(here):
            return None
        parent = os.path.dirname(here)
        if parent == here:
            return None
        here = parent
    return None


def common_dir_of(folder: str) -> str | None:
    """Give what all working trees of a folder's repository share, None outside of one."""
    found = find_repository(folder)
    return None if found is None else found.common_dir


def worktree_folders(repository: Repository) -> tuple[str, ...]:
    """Give the top levels of all working trees of a repository that exist: the main one, then the others by name.

    A folder counts only when it names this repository itself, so that a repository cannot claim another's folder.
    """
    folders = [repository.top]
    if os.path.basename(repository.common_dir) == ".git":
        folders.insert(0, os.path.dirname(repository.common_dir))
    folders += _linked_folders(repository.common_dir)
    existing: dict[str, None] = {}
    for folder in folders:
        found = find_repository(folder)
        if found is not None and found.common_dir == repository.common_dir and found.top == os.path.realpath(folder):
            existing[found.top] = None
    return tuple(existing)


def refuse_foreign(repository: Repository) -> None:
    """Raise RepositoryRefused when another user owns the working tree or the git directory.

    Such a user could make git run programs as this one; git itself refuses for the same reason.
    """
    if not hasattr(os, "geteuid"):
        return
    me = os.geteuid()
    named = os.path.join(repository.top, ".git")
    for path in (repository.top, named, repository.git_dir, repository.common_dir):
        try:
            owner = os.lstat(path).st_uid
        except OSError as problem:
            raise RepositoryRefused(
                folder=repository.top, reason=f"{path!r} cannot be looked at: {problem.strerror}"
            ) from None
        if owner != me:
            raise RepositoryRefused(folder=repository.top, reason=f"another user owns {path!r}")


def _git_dir_of(folder: str) -> str | None:
    """Give the git directory that `.git` in a folder is or names."""
    named = os.path.join(folder, ".git")
    try:
        kind = os.stat(named).st_mode
    except (OSError, ValueError):
        return None
    if stat.S_ISREG(kind):
        line = _read_path(named)
        if line is None or not line.startswith(b"gitdir: "):
            return None
        named = os.path.join(folder, os.fsdecode(line.removeprefix(b"gitdir: ")))
    return os.path.realpath(named) if _is_git_dir(named) else None


def _is_git_dir(folder: str) -> bool:
    """Test what git tests: HEAD, and objects and refs in the common directory."""
    if not os.path.lexists(os.path.join(folder, "HEAD")):
        return False
    common = _common_dir(folder)
    return os.path.isdir(os.path.join(common, "objects")) and os.path.isdir(os.path.join(common, "refs"))


def _common_dir(git_dir: str) -> str:
    line = _read_path(os.path.join(git_dir, "commondir"))
    return os.path.realpath(git_dir if line is None else os.path.join(git_dir, os.fsdecode(line)))


def _linked_folders(common_dir: str) -> list[str]:
    entries = os.path.join(common_dir, "worktrees")
    try:
        with os.scandir(entries) as found:
            names = sorted(entry.name for entry in itertools.islice(found, MAX_WORKTREES))
    except OSError:
        return []
    folders: list[str] = []
    for name in names:
        line = _read_path(os.path.join(entries, name, "gitdir"))
        if line is not None:
            folders.append(os.path.dirname(os.path.join(entries, name, os.fsdecode(line))))
    return folders


def _read_path(path: str) -> bytes | None:
    """Read a small regular file that holds a path; None for all else, and a FIFO does not make it wait."""
    try:
        descriptor = os.open(path, _OPEN_FLAGS)
    except (OSError, ValueError):
        return None
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return None
        data = os.read(descriptor, LINK_LIMIT + 1)
    except OSError:
        return None
    finally:
        os.close(descriptor)
    line = data.rstrip(b"\r\n")
    return line if line and len(data) <= LINK_LIMIT and b"\0" not in line else None


def _device(folder: str) -> int | None:
    try:
        found = os.stat(folder)
    except (OSError, ValueError):
        return None
    return found.st_dev if stat.S_ISDIR(found.st_mode) else None
