"""Every kind of change killed at every call: the old world or the new one, whole, and tidy after the next start."""

import os
from pathlib import Path

import pytest

from tests.stores.changing.faults import OTHER_DEVICE, run_faults

CASES = "tests.stores.changing.cases"


@pytest.mark.parametrize(
    "case", ["NEW_FILE", "NEW_FOLDER", "FORERUNNER", "REPLACE", "APPEND", "RETIRE", "RESTORE", "STORED_BOOK"]
)
def test_killed_anywhere_it_is_one_world_or_the_other(case: str, tmp_path: Path) -> None:
    calls = [fault.call for fault in run_faults(f"{CASES}:{case}", tmp_path)]
    assert "fsync" in calls


@pytest.mark.parametrize("case", ["RETIRE_ACROSS", "RESTORE_ACROSS"])
def test_killed_between_two_devices_too(case: str, tmp_path: Path) -> None:
    assert os.stat(OTHER_DEVICE).st_dev != os.stat(tmp_path).st_dev, "this machine has no second device to test with"
    run_faults(f"{CASES}:{case}", tmp_path)


def test_a_file_is_durable_before_it_has_its_name(tmp_path: Path) -> None:
    calls = [fault.call for fault in run_faults(f"{CASES}:REPLACE", tmp_path)]
    renamed = max(at for at, call in enumerate(calls) if call.startswith("rename"))
    assert "fsync" in calls[:renamed]
    assert "fsync" in calls[renamed:]


def test_a_world_that_is_neither_is_seen(tmp_path: Path) -> None:
    """A change that writes in place is caught, so the runner can fail."""
    with pytest.raises(AssertionError, match="killed before call"):
        run_faults(f"{CASES}:IN_PLACE", tmp_path)
