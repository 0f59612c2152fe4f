"""What is loaded when, and what goes to the log."""

import asyncio
import json
import logging
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from forkpoint.lsp import log
from forkpoint.model.version import VERSION
from tests.end_to_end.server_process import ROOT, server_environment

HEAVY = {"typing", "asyncio", "attr", "cattrs", "pygls", "lsprotocol", "msgspec", "logging", "anyio", "threading"}


def loaded_after(code: str, home: Path) -> set[str]:
    """Give the modules that a fresh interpreter has after some code, less those it starts with."""
    program = f"import sys; before = set(sys.modules)\n{code}\nprint(' '.join(set(sys.modules) - before))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=server_environment(home)
    )
    return {name.partition(".")[0] for name in done.stdout.split()}


def test_nothing_heavy_is_loaded_before_initialize_is_answered(tmp_path: Path) -> None:
    first = "import forkpoint.__main__, forkpoint.lsp.capability_table, forkpoint.lsp.opening"
    loaded = loaded_after(first, tmp_path)
    assert "forkpoint" in loaded
    assert not loaded & HEAVY


def test_lean_types_are_still_types(tmp_path: Path) -> None:
    """The classes do what the server needs of them, and attrs is left as it was."""
    code = """
from forkpoint.lsp.lean_types import load_types
load_types()
import attrs
from lsprotocol import types
from pygls.protocol import default_converter
position = types.Position(line=1, character=2)
assert default_converter().unstructure(position) == {"line": 1, "character": 2}
assert "WorkspaceFolder(" not in repr(types.WorkspaceFolder(uri="file:///secret", name="n"))
@attrs.define
class After:
    value: int
assert After(1) == After(1)
assert repr(After(1)).endswith("After(value=1)")
"""
    assert "lsprotocol" in loaded_after(code, tmp_path)


def test_the_version_is_the_packages() -> None:
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"] == VERSION


def test_the_log_goes_to_stderr_and_drops_what_nobody_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    monkeypatch.setattr(log, "STDERR", writing)
    monkeypatch.setattr(log, "MOST_WAITING", 50)
    handler = log.StderrHandler()
    line = "x" * 10_000
    for number in range(500):  # far more than a pipe holds: were a line to wait, the test would hang
        handler.emit(logging.makeLogRecord({"msg": f"{number} {line}"}))
    handler.drain(0.01)
    os.set_blocking(reading, False)
    assert os.read(reading, 2) == b"0 "
    os.close(reading)
    handler.drain(10)
    os.close(writing)


@pytest.mark.parametrize(("level", "expected"), [("info", 20), ("DEBUG", 10), ("nonsense", 30), (None, 30)])
def test_the_least_level_is_a_variable(level: str | None, expected: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logging.getLogger("forkpoint"), "level", 0)
    if level is not None:
        monkeypatch.setenv("FORKPOINT_LOG", level)
    handler = log.start_logging()
    logging.getLogger().removeHandler(handler)
    assert log.logger.level == expected
    assert logging.getLogger("pygls.protocol").getEffectiveLevel() > logging.CRITICAL


async def test_the_late_answer_to_a_request_that_was_given_up_is_taken_once() -> None:
    from forkpoint.lsp.incoming import Response
    from forkpoint.lsp.outgoing import Outgoing

    sent: list[bytes] = []
    outgoing = Outgoing(sent.append)
    task = asyncio.create_task(outgoing.ask("workspace/configuration", {}))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    answer = Response(json.loads(sent[0])["id"], None, None)
    assert outgoing.answered(answer) is True
    assert outgoing.answered(answer) is False
