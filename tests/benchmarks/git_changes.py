"""git/diffStats of a repository of 20,000 files, 2,000 of them changed, beside plain git."""

import os
import statistics
import subprocess
import time
from pathlib import Path

from tests.benchmarks import git_repository
from tests.benchmarks.large_stores import kept
from tests.benchmarks.raw_server import raw_server
from tests.benchmarks.responsiveness import while_running
from tests.benchmarks.table import Row

RUNS = 9


def measure() -> list[Row]:
    """Measure the server and git in turn."""
    home = kept("git-20000", _make, git_repository)
    folder = home / "repository"
    params = {"folder": str(folder)}
    plain: list[float] = []
    ours: list[float] = []
    with raw_server(home, folder) as server:
        server.timed("git/diffStats", params)
        for _ in range(RUNS):
            plain.append(_plain_git(folder))
            ours.append(server.timed("git/diffStats", params))
    return [
        Row(
            figure="git/diffStats, 2,000 of 20,000 files changed",
            value=statistics.median(ours),
            floor="git diff --numstat HEAD",
            floor_value=statistics.median(plain),
            goal="<= 1.25 x",
        ),
        while_running("git/diffStats", home, "git/diffStats", params),
    ]


def _make(home: Path) -> None:
    git_repository.make_repository(home / "repository")


def _plain_git(folder: Path) -> float:
    environment = {"PATH": os.environ["PATH"], "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    begun = time.perf_counter()
    subprocess.run(
        ["git", "diff", "--numstat", "HEAD"],
        cwd=folder,
        env={**environment, "GIT_OPTIONAL_LOCKS": "0"},
        stdout=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        check=True,
    )
    return (time.perf_counter() - begun) * 1000
