"""Where a newer Python comes from, and what is said when there is none."""

import sys
from pathlib import Path

import pytest

from tools import debian_release
from tools.newer_python import VERSIONS, debian_python, pythons_here
from tools.shell import Missing


def pretend(folder: Path, name: str, version: str) -> Path:
    """Put a program there that answers as a Python of a version would."""
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / name
    program.write_text(f"""#!/bin/sh\necho '["{version}", "{program}"]'\n""")
    program.chmod(0o755)
    return program


@pytest.fixture(autouse=True)
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine on which nothing but a Python that is too old is found."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    monkeypatch.setenv("FORKPOINT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(sys, "executable", str(pretend(tmp_path / "own", "python3", "3.11.2")))
    return tmp_path


def test_one_that_is_too_old_or_too_new_does_not_serve(machine: Path) -> None:
    pretend(machine / "pyenv" / "versions" / "3.15.0" / "bin", "python3.15", "3.15.0")
    assert list(pythons_here()) == []


def test_the_one_on_path_comes_before_pyenvs(machine: Path) -> None:
    named = pretend(machine / "bin", "python3.13", "3.13.5")
    older = pretend(machine / "pyenv" / "versions" / "3.12.1" / "bin", "python3.12", "3.12.1")
    assert [found.program for found in pythons_here()] == [named, older]
    assert len({found.tag for found in pythons_here()}) == 2


def test_a_name_that_leads_nowhere_is_passed_over(machine: Path) -> None:
    broken = pretend(machine / "bin", "python3.13", "3.13.5")
    broken.write_text("#!/bin/sh\nexit 127\n")
    good = pretend(machine / "pyenv" / "versions" / "3.13.0" / "bin", "python3.13", "3.13.0")
    assert [found.program for found in pythons_here()] == [good]


def test_without_debian_it_is_said_what_to_install(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(debian_release, "KEYS", machine / "none")
    with pytest.raises(Missing, match=f"Please install Python {' or '.join(sorted(VERSIONS))}") as missing:
        debian_python()
    assert "not Debian" in str(missing.value)
    assert list((machine / "cache" / "tools").iterdir()) == []
