"""A full disk, a limit to files, a disk that is only read: refused by name, and the old world is whole and tidy."""

from pathlib import Path

import pytest

from tests.stores.session_changes.no_room import DONE, WAYS, can_mount, tries

FULL = [
    ("limit", "CREATE_KIMI"),
    ("disk", "CREATE_KIMI"),
    ("limit", "DELETE_PI"),
    ("disk", "FORK_PI"),
    ("disk", "DELETE_KIMI"),
    ("disk", "RESTORE_KIMI"),
    ("disk", "NOTE_AND_FILE"),
    ("diskOfAgents", "CREATE_PI"),
    ("diskOfState", "RENAME_KIMI"),
]
READ_ONLY = [
    (way, case)
    for way in ("readOnly", "readOnlyAgents", "readOnlyState")
    for case in ("FORK_PI", "RENAME_KIMI", "DELETE_PI")
]
MOUNTS = can_mount()
"""Where mounts of one's own are not allowed, a limit to the size of files is what there is."""


def _possible(ways: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(way, case) for way, case in ways if MOUNTS or not WAYS[way].small]


@pytest.mark.timeout(120)
@pytest.mark.parametrize(("way", "case"), _possible(FULL))
def test_without_room_nothing_changes(way: str, case: str, tmp_path: Path) -> None:
    tried = tries(way, case, tmp_path)
    assert DONE in [one.answer for one in tried]
    assert tried[0].answer == "noSpace" or case == "RESTORE_KIMI"  # which needs none


@pytest.mark.timeout(120)
@pytest.mark.parametrize(("way", "case"), _possible(READ_ONLY))
def test_where_nothing_may_be_written_nothing_changes(way: str, case: str, tmp_path: Path) -> None:
    (only,) = tries(way, case, tmp_path)
    assert only.answer == "unwritable"
