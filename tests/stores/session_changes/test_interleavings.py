"""Another program at work at every step of a change of ours: both are there, or ours says that it is not."""

from pathlib import Path

import pytest

from tests.stores.session_changes import meetings
from tests.stores.session_changes.interleavings import Meeting, run_meetings

ALL = [name for name, value in vars(meetings).items() if isinstance(value, Meeting)]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", ALL)
def test_nothing_of_anyone_is_lost(name: str, tmp_path: Path) -> None:
    met = run_meetings(f"{meetings.__name__}:{name}", tmp_path)
    assert len(met) > 10
