"""Changes of several places, and of our own sessions, killed at every call that touches the disk."""

from pathlib import Path

import pytest

from tests.stores.changing.faults import run_faults
from tests.stores.session_changes import more_cases

ALL = ("TWO_FILES", "TITLE_KIMI", "NOTE_AND_FILE", "FORK_OURS")


@pytest.mark.timeout(600)
@pytest.mark.parametrize("case", ALL)
def test_killed_anywhere_it_is_one_world_or_the_other(case: str, tmp_path: Path) -> None:
    assert len(run_faults(f"{more_cases.__name__}:{case}", tmp_path)) > 10
