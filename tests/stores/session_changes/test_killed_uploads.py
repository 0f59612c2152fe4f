"""Uploads killed at every call that touches the disk: there whole or not at all, and with their session."""

from pathlib import Path

import pytest

from tests.stores.changing.faults import run_faults

CASES = "tests.stores.session_changes.upload_cases"


@pytest.mark.timeout(600)
def test_a_file_is_there_whole_or_not_at_all_and_durable_before_it_has_its_name(tmp_path: Path) -> None:
    calls = [fault.call for fault in run_faults(f"{CASES}:UPLOAD", tmp_path)]
    named = max(at for at, call in enumerate(calls) if call.startswith("link"))
    assert "fsync" in calls[:named]
    assert "fsync" in calls[named:]


@pytest.mark.timeout(600)
@pytest.mark.parametrize("case", ["DELETE", "RESTORE"])
def test_wherever_a_session_is_its_uploads_come_back_with_it(case: str, tmp_path: Path) -> None:
    assert len(run_faults(f"{CASES}:{case}", tmp_path)) > 10


@pytest.mark.timeout(600)
def test_a_fork_is_never_without_its_uploads(tmp_path: Path) -> None:
    assert len(run_faults(f"{CASES}:FORK", tmp_path)) > 10


def test_a_file_that_is_written_in_place_is_seen(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="killed before call"):
        run_faults(f"{CASES}:IN_PLACE", tmp_path)
