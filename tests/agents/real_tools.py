"""Where the real agents are that `dev.py test` installs, and their own code asked from here."""

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import pytest

HANDED = {name: value for name, value in os.environ.items() if name.startswith("FORKPOINT_")}
"""Read before the tests begin, each of which has an environment of its own."""


def handed(*variables: str) -> list[Path]:
    """Give the paths of these variables; where one names nothing, fail and say how to get it."""
    missing = [name for name in variables if not Path(HANDED.get(name) or "?").exists()]
    if missing:
        pytest.fail(
            f"there is no file that {' or '.join(missing)} names: run these tests with `python3 dev.py test "
            "tests/agents`, which installs the real agents once and hands them over",
            pytrace=False,
        )
    return [Path(HANDED[name]) for name in variables]


class Program:
    """An agent's own code in a process that answers for any home: its start takes longer than its answers."""

    def __init__(self, command: Sequence[str | Path], log: Path) -> None:
        self._log = log
        with log.open("w") as errors:
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def ask(self, environment: Mapping[str, str], requests: Sequence[Mapping[str, Any]]) -> list[Any]:
        """Give its answers to requests, each of which says what to do."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"environment": environment, "requests": requests}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        found: dict[str, Any] = json.loads(line) if line else {"error": "it has ended"}
        if "error" in found:
            raise AssertionError(f"{found['error']}\n{self._log.read_text()[-4000:]}")
        return found["answers"]
