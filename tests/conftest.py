"""What holds for every test: a home and state folders of its own, and nothing of this machine's agents."""

import itertools
import os
from pathlib import Path

import hypothesis
import pytest

from tests.end_to_end.server_process import server_environment

# A busy machine is slow now and then; what a test must not do is hang, and for that there is a time limit.
hypothesis.settings.register_profile("forkpoint", deadline=None)
hypothesis.settings.load_profile("forkpoint")

FOREIGN = ("KIMI", "PI_", "OPENCLAW", "CLAUDE", "CODEX", "GEMINI", "FORKPOINT", "GIT_", "XDG_")
"""Beginnings of variables that could lead a server or git to something outside the test."""
INHERITED = ("PATH", "PYTHONPATH")

_numbers = itertools.count()


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that holds every test's home."""
    return tmp_path_factory.mktemp("homes")


@pytest.fixture(autouse=True)
def home(homes: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The test's own HOME; XDG and Forkpoint folders lie below it and do not exist yet."""
    folder = homes / str(next(_numbers))
    folder.mkdir()
    for name in os.environ:
        if name.startswith(FOREIGN):
            monkeypatch.delenv(name)
    for name, value in server_environment(folder).items():
        if name not in INHERITED:
            monkeypatch.setenv(name, value)
    return folder
