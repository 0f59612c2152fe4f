"""The generated files in the repository are what the code says."""

import pytest

from forkpoint.generate import examples
from forkpoint.generate.__main__ import FIX, difference, main
from forkpoint.generate.targets import TARGETS, Target


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.path)
def test_a_generated_file_is_fresh(target: Target) -> None:
    stale = difference(target)
    assert not stale, f"{stale}\nRun: {FIX}"


def test_examples_do_not_depend_on_where_and_when_they_were_made() -> None:
    assert examples.carried_out() == examples.executed()


def test_a_stale_file_is_shown_with_the_way_to_mend_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stale = Target(".ci/run", lambda: b"something else\n")
    monkeypatch.setattr("forkpoint.generate.__main__.TARGETS", [stale])
    assert main(["--check"]) == 1
    shown = capsys.readouterr().out
    assert "+something else" in shown
    assert ".ci/run (as it is)" in shown
    assert shown.endswith(f"Run: {FIX}\n")
