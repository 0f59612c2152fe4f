"""The folder of large tools: each is installed once, and a half-installed one is never taken."""

from pathlib import Path

import pytest

from tools.cache import tool, tools_folder
from tools.shell import Missing


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache folder."""
    monkeypatch.setenv("FORKPOINT_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


def write_program(folder: Path) -> None:
    """Install something."""
    (folder / "program").write_text("1")


def forbidden(_: Path) -> None:
    """Be called when nothing should be installed."""
    raise AssertionError("installed again")


def test_a_tool_is_installed_once_per_version() -> None:
    first = tool("drill", "1.0", write_program)
    assert (first / "program").read_text() == "1"
    assert tool("drill", "1.0", forbidden) == first
    assert tool("drill", "1.1", write_program) != first


def test_a_tool_that_could_not_be_installed_leaves_nothing() -> None:
    def break_off(folder: Path) -> None:
        write_program(folder)
        raise Missing("the network is gone")

    with pytest.raises(Missing, match="network"):
        tool("drill", "1.0", break_off)
    assert list(tools_folder().iterdir()) == []
    assert tool("drill", "1.0", write_program).is_dir()


def test_two_that_install_at_once_get_one_tool() -> None:
    def slow(folder: Path) -> None:
        tool("drill", "1.0", write_program)
        (folder / "program").write_text("2")

    assert (tool("drill", "1.0", slow) / "program").read_text() == "1"
    assert len(list(tools_folder().iterdir())) == 1


def test_a_cache_that_cannot_be_written_is_said(cache: Path) -> None:
    cache.write_text("a file")
    with pytest.raises(Missing, match="drill cannot be installed"):
        tool("drill", "1.0", write_program)
