"""Every operation killed at every call that touches the disk: the old world or the new one, whole and tidy."""

from pathlib import Path

import pytest

from tests.stores.changing.faults import run_faults

CASES = "tests.stores.session_changes.cases"
ALL = (
    "CREATE_KIMI",
    "CREATE_PI",
    "CREATE_OURS",
    "FORK_KIMI",
    "FORK_PI",
    "RENAME_PI",
    "RENAME_KIMI",
    "LABEL",
    "DELETE_PI",
    "DELETE_KIMI",
    "RESTORE_KIMI",
    "DELETE_FOR_GOOD_ACROSS",
    "LET_GO",
    "AUTO_ARCHIVE",
)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("case", ALL)
def test_killed_anywhere_it_is_one_world_or_the_other(case: str, tmp_path: Path) -> None:
    faults = run_faults(f"{CASES}:{case}", tmp_path)
    assert len(faults) > 10
