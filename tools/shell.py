"""The project's folder, its terminal, and the programs that are run in it."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WINDOWS = os.name == "nt"
IN_CI = os.environ.get("CI") == "true"
SHOWN = 4000
"""How many characters of a failed program's output are shown: the last ones."""


class Failed(Exception):
    """A step of the work went wrong; the text says which and how."""


class Missing(Failed):
    """Something this machine lacks; the text says what, and how to get it."""


def say(text: str) -> None:
    """Write a line now, before what a child process writes next."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def run(command: Sequence[str | Path], env: Mapping[str, str] | None = None, cwd: Path = ROOT) -> int:
    """Run a program on this terminal, without input, and give its exit code."""
    return subprocess.run([str(word) for word in command], cwd=cwd, env=env, stdin=subprocess.DEVNULL).returncode


def quietly(
    command: Sequence[str | Path],
    purpose: str,
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path = ROOT,
    error: type[Failed] = Missing,
) -> str:
    """Run a program and give its output; its failure is raised with what it said."""
    try:
        done = subprocess.run(
            [str(word) for word in command], cwd=cwd, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True
        )
    except OSError as problem:
        raise Missing(f"{purpose} failed: {problem}") from None
    if done.returncode:
        raise error(f"{purpose} failed:\n{(done.stdout + done.stderr).strip()[-SHOWN:]}")
    return done.stdout
