"""Real git repositories for tests, made by plain git in a clean environment with fixed dates."""

import base64
import os
import subprocess
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from forkpoint.model.diff_stats import DiffStats
from forkpoint.stores.file_store import FileStore
from forkpoint.stores.git_store import GitStore
from forkpoint.stores.workers import Workers

DATE = "1700000000 +0000"
IDENTITY = {
    "GIT_AUTHOR_NAME": "A. Tester",
    "GIT_AUTHOR_EMAIL": "tester@example.invalid",
    "GIT_AUTHOR_DATE": DATE,
    "GIT_COMMITTER_NAME": "A. Tester",
    "GIT_COMMITTER_EMAIL": "tester@example.invalid",
    "GIT_COMMITTER_DATE": DATE,
}
TIMEOUT_MS = 20_000
MAX_BYTES = 1_000_000

Name = str | bytes


class Sandbox:
    """A folder with a repository in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def make(cls, folder: Path, *options: str) -> "Sandbox":
        """Make an empty repository with the branch `main`."""
        folder.mkdir(parents=True, exist_ok=True)
        sandbox = cls(folder)
        sandbox.git("init", "-q", "-b", "main", *options)
        return sandbox

    def git(self, *arguments: Name, feed: bytes = b"", codes: Collection[int] = (0,)) -> bytes:
        """Run plain git here and give what it prints; fails when git ends with another code."""
        environment = clean_environment() | IDENTITY
        command = ["git", "-C", str(self.folder), *arguments]
        done = subprocess.run(command, input=feed, env=environment, check=False, capture_output=True)
        assert done.returncode in codes, (command, done.stderr)
        return done.stdout

    def tried(self, *arguments: Name) -> int:
        """Run plain git here, whatever comes of it, and give its exit code."""
        command = ["git", "-C", str(self.folder), *arguments]
        environment = clean_environment() | IDENTITY
        quiet = subprocess.DEVNULL
        return subprocess.run(command, env=environment, stdin=quiet, stdout=quiet, stderr=quiet, check=False).returncode

    def config(self, name: str, value: str) -> None:
        """Set something in the repository's own configuration."""
        self.git("config", "--local", name, value)

    def write(self, name: Name, content: bytes) -> bytes:
        """Write a file, its folders too, and give its path."""
        path = self.at(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content)
        return path

    def append(self, name: Name, content: bytes) -> None:
        """Add to a file, new or not."""
        with open(self.at(name), "ab") as file:
            file.write(content)

    def at(self, name: Name) -> bytes:
        """Give the absolute path of a name."""
        return os.path.join(os.fsencode(self.folder), os.fsencode(name))

    def commit(self, files: Mapping[Name, bytes] | None = None, *, message: str = "a commit") -> None:
        """Write files, stage everything and commit it."""
        for name, content in (files or {}).items():
            self.write(name, content)
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", message)

    def index_entry(self, name: Name, stages: Mapping[int, bytes]) -> None:
        """Put blobs of the given contents into the index at merge stages, as a conflict does."""
        lines = [b"0 %s\t%s" % (b"0" * 40, os.fsencode(name))]
        for stage, content in stages.items():
            blob = self.git("hash-object", "-w", "--stdin", feed=content).strip()
            lines.append(b"100644 %s %d\t%s" % (blob, stage, os.fsencode(name)))
        self.git("update-index", "--index-info", feed=b"\n".join(lines) + b"\n")


def clean_environment() -> dict[str, str]:
    """Give the environment without anything that steers git, but with the test's own HOME."""
    return {name: value for name, value in os.environ.items() if not name.startswith("GIT_")} | {
        "GIT_CONFIG_NOSYSTEM": "1"
    }


def linked_worktrees(folder: Path) -> tuple[Path, Path]:
    """Make the repository `main` with a second worktree, `other`, in a folder."""
    main, other = Sandbox.make(folder / "main"), folder / "other"
    main.git("commit", "-q", "--allow-empty", "-m", "x")
    main.git("worktree", "add", "-q", str(other))
    return main.folder, other


def git_store(timeout_ms: int = TIMEOUT_MS, max_bytes: int = MAX_BYTES) -> GitStore:
    """Give the real store over real guarded reads."""
    workers = Workers()
    return GitStore(workers, FileStore(workers, lambda: max_bytes), lambda: timeout_ms, lambda: max_bytes)


def fields(raw: bytes) -> Sequence[bytes]:
    """Take apart what git printed with `-z`."""
    return raw.split(b"\0")[:-1]


Row = tuple[bytes, bytes | None, str, int | None, int | None]
"""A changed file: path, old path, status, additions, deletions."""

LETTERS = {b"A": "added", b"M": "modified", b"D": "deleted", b"T": "typeChanged"}


def rows(stats: DiffStats) -> list[Row]:
    """Give the files of an answer with the bytes of their paths."""
    return [
        (
            _bytes(file.path, file.path_base64),
            None if file.old_path is None else _bytes(file.old_path, file.old_path_base64),
            file.status,
            file.additions,
            file.deletions,
        )
        for file in stats.files
    ]


def as_git_says(repo: Sandbox, *options: str, against: str = "HEAD") -> list[Row]:
    """Give the same from plain git, asked file by file and in other words than the store asks."""
    found: list[Row] = []
    words = iter(fields(repo.git("diff", "--name-status", "-z", "-M", *options, against, "--")))
    for letter in words:
        old = next(words) if letter.startswith(b"R") else None
        path = next(words)
        pathspecs = [b":(top,literal)" + name for name in (old, path) if name is not None]
        if options:
            pathspecs = [b":(literal)" + name for name in (old, path) if name is not None]
        told = repo.git("diff", "--numstat", "-z", "-M", *options, against, "--", *pathspecs)
        found.append((path, old, "renamed" if old is not None else LETTERS[letter], *_numbers(told)))
    for path in fields(repo.git("ls-files", "--others", "--exclude-standard", "-z")):
        if not path.endswith(b"/"):
            told = repo.git("diff", "--no-index", "--numstat", "-z", "--", os.devnull, b"./" + path, codes=(0, 1))
            added, deleted = _numbers(told or b"0\t0\t")
            found.append((path, None, "untracked", added, deleted))
    return sorted(found, key=lambda row: row[0])


async def told(store: GitStore, repo: Sandbox, folder: Path | None = None) -> DiffStats:
    """Ask, check the sums, and give the answer."""
    stats = await store.diff_stats(str(folder or repo.folder))
    assert stats.is_git_repo
    assert stats.has_changes == bool(stats.files)
    assert stats.total_additions == sum(file.additions or 0 for file in stats.files)
    assert stats.total_deletions == sum(file.deletions or 0 for file in stats.files)
    assert all(file.binary == (file.deletions is None) for file in stats.files)
    return stats


def _numbers(numstat: bytes) -> tuple[int | None, int | None]:
    added, deleted = (None if word == b"-" else int(word) for word in numstat.split(b"\t")[:2])
    return added, deleted


def _bytes(text: str, encoded: str | None) -> bytes:
    return text.encode() if encoded is None else base64.b64decode(encoded)
