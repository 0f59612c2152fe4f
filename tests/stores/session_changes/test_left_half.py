"""Changes that were left half made, and something that keeps them from being taken back."""

from pathlib import Path

from forkpoint.stores.session_changes.edits import edit
from forkpoint.stores.state.half_changes import Awaited
from forkpoint.stores.workers import CancelFlag
from tests.stores.changing.setting import stamp
from tests.stores.session_changes.small_world import KIMI, PI, SmallWorld


def test_a_label_that_was_given_away_since_stays_where_it_is(tmp_path: Path) -> None:
    """Its old label would come back, had another session not got it: every change of every session went on failing."""
    world = SmallWorld.made(tmp_path)
    world.start()
    path = world.rows()[PI].path
    world.state.notes.change(PI, {"label": "mine", "group": "g"})
    world.state.half_changes.begin(PI, {"label": None, "group": None}, Awaited(path=path, was=stamp(path)))
    world.state.notes.change(KIMI, {"label": "mine"})
    other = SmallWorld(tmp_path)
    other.start()
    assert other.state.half_changes.left() == []
    assert other.state.notes.holder_of("mine") == KIMI
    assert other.state.notes.known(PI).group == "g"
    assert edit(other.tools, PI, {"pinned": True}, None, CancelFlag()).row.pinned
