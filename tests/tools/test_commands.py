"""What `dev.py test` does before pytest, and what it leaves out."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tools import commands
from tools.commands import (
    EDITOR_TESTS,
    REAL_EDITOR_TESTS,
    REAL_KIMI_TESTS,
    REAL_PI_TESTS,
    Checks,
    begin_agents,
    concern,
    finish_agents,
    prepare_editor_tests,
)
from tools.shell import Failed, Missing


def lacking() -> None:
    """Fail as on a machine that lacks something."""
    raise Missing("Please install a browser.")


def wrong() -> None:
    """Fail as when the work itself is wrong."""
    raise Failed("Bundling failed: no such module.")


@pytest.fixture(params=[False, True], ids=["at home", "in CI"])
def in_ci(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether CI runs the checks."""
    monkeypatch.setattr(commands, "IN_CI", request.param)
    return request.param


def test_a_failed_check_is_named(capsys: pytest.CaptureFixture[str], in_ci: bool) -> None:
    checks = Checks()
    assert checks.check("fine", lambda: 0)
    assert checks.check("told", lambda: 1)
    assert checks.check("raised", wrong)
    assert checks.failed == ["told", "raised"]
    assert "no such module" in capsys.readouterr().out


def test_what_this_machine_lacks_fails_only_in_ci(capsys: pytest.CaptureFixture[str], in_ci: bool) -> None:
    checks = Checks()
    assert not checks.check("screens", lacking)
    assert checks.failed == (["screens (left out)"] if in_ci else [])
    assert "left out: screens. Please install a browser." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "concerned"),
    [
        ([], True),
        (["-x", "-k", "some words"], True),
        (["tests"], True),
        (["tests/editors", "-q"], True),
        (["tests/model", "tests/editors/vscode"], True),
        (["tests/editors/vscode/conftest.py::test_of_something"], True),
        (["tests/editors/test_vsix.py"], False),
        (["tests/model", "-x"], False),
    ],
)
def test_tools_are_prepared_for_the_tests_that_need_them(arguments: list[str], concerned: bool) -> None:
    assert concern(arguments, REAL_EDITOR_TESTS) == concerned


def test_paths_are_handed_to_the_tests(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(commands, "make_vsix", lambda: tmp_path / "forkpoint.vsix")
    monkeypatch.setattr(commands, "editor_tools", lambda: {"FORKPOINT_CHROMIUM": "/opt/chromium"})
    package = {"FORKPOINT_VSIX": str(tmp_path / "forkpoint.vsix")}
    assert prepare_editor_tests(Checks(), []) == ({**package, "FORKPOINT_CHROMIUM": "/opt/chromium"}, [])
    assert prepare_editor_tests(Checks(), ["tests/editors/test_vsix.py"]) == (package, [])
    assert prepare_editor_tests(Checks(), ["tests/model"]) == ({}, [])


def test_tests_without_their_tools_are_left_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(commands, "make_vsix", lambda: tmp_path / "forkpoint.vsix")
    monkeypatch.setattr(commands, "editor_tools", lacking)
    assert prepare_editor_tests(Checks(), [])[1] == [REAL_EDITOR_TESTS]
    monkeypatch.setattr(commands, "make_vsix", lacking)
    assert prepare_editor_tests(Checks(), [])[1] == [EDITOR_TESTS]


def test_a_package_that_cannot_be_built_leaves_no_test_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "make_vsix", wrong)
    monkeypatch.setattr(commands, "editor_tools", dict)
    checks = Checks()
    assert prepare_editor_tests(checks, []) == ({}, [])
    assert checks.failed == ["vsix"]


@pytest.mark.parametrize(
    ("arguments", "folders"),
    [
        ([], [REAL_PI_TESTS, REAL_KIMI_TESTS]),
        (["-k", "something"], [REAL_PI_TESTS, REAL_KIMI_TESTS]),
        (["tests/agents/kimi_writing"], [REAL_KIMI_TESTS]),
        (["tests/agents/pi_writing/real/test_real_pi.py::test_of_something"], [REAL_PI_TESTS]),
        (["tests/model", "tests/editors"], []),
    ],
)
def test_agents_are_handed_to_the_tests_that_need_them(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], folders: list[Path]
) -> None:
    monkeypatch.setattr(commands, "pi_tools", lambda: {"FORKPOINT_PI_087": "/opt/pi"})
    monkeypatch.setattr(commands, "kimi_tools", lambda: {"FORKPOINT_KIMI": "/opt/kimi"})
    with ThreadPoolExecutor() as pool:
        agents = begin_agents(pool, arguments)
        handed: dict[str, str] = {}
        assert finish_agents(Checks(), agents, handed) == []
    assert list(agents) == folders
    wanted = {REAL_PI_TESTS: ("FORKPOINT_PI_087", "/opt/pi"), REAL_KIMI_TESTS: ("FORKPOINT_KIMI", "/opt/kimi")}
    assert handed == dict(wanted[folder] for folder in folders)


def test_an_agent_that_cannot_be_installed_takes_no_other_with_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], in_ci: bool
) -> None:
    monkeypatch.setattr(commands, "pi_tools", lambda: {"FORKPOINT_PI_087": "/opt/pi"})
    monkeypatch.setattr(commands, "kimi_tools", lacking)
    checks, handed = Checks(), dict[str, str]()
    with ThreadPoolExecutor() as pool:
        assert finish_agents(checks, begin_agents(pool, []), handed) == [REAL_KIMI_TESTS]
    assert handed == {"FORKPOINT_PI_087": "/opt/pi"}
    assert checks.failed == (["a real Kimi (left out)"] if in_ci else [])
    assert "left out: a real Kimi." in capsys.readouterr().out
