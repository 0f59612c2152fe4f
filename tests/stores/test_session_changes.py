"""Changes as operations ask for them: planned again where that helps, brought to an end after a killed process."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from forkpoint.agents.writing import Cut, Plan
from forkpoint.model.failures import NoSpace, NotSupported, SessionBusy, SessionChangedOnDisk, SessionNotFound
from forkpoint.model.settings import Settings
from forkpoint.stores.changing.runner import ChangeRunner
from forkpoint.stores.session_changes import edits, forks, new_sessions, trash_room
from forkpoint.stores.session_changes.new_sessions import Wish
from forkpoint.stores.session_changes.tools import ATTEMPTS
from forkpoint.stores.workers import CancelFlag, Cancelled
from tests.agents.pi_files import header, message, user, write
from tests.stores.session_changes.small_world import KIMI, PI, SmallWorld

BLOB = "ab" * 32


@pytest.fixture
def world(tmp_path: Path) -> SmallWorld:
    return SmallWorld.made(tmp_path)


def wish(world: SmallWorld, agent: str, **wanted: Any) -> Wish:
    """A new session in the world's own folder, which no index names."""
    adapter = next(each for each in world.store.adapters if each.info.id == agent)
    return Wish(adapter=adapter, work_dir=str(world.folder), **wanted)


class Meddler:
    """Writes to a file behind the runner's back, before each of its first runs."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, path: Path, times: int) -> None:
        self.runs = 0
        run = ChangeRunner.run

        def meddled(runner: ChangeRunner, plan: Plan, **more: Any) -> Any:
            self.runs += 1
            if self.runs <= times:
                with path.open("ab") as file:
                    file.write(b"\n")
            return run(runner, plan, **more)

        monkeypatch.setattr(ChangeRunner, "run", meddled)


def test_a_change_of_an_index_is_planned_again(world: SmallWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    meddler = Meddler(monkeypatch, world.folder / ".kimi" / "kimi.json", times=2)
    made = new_sessions.create(world.tools, wish(world, "kimi"), CancelFlag())
    assert meddler.runs == 3
    assert world.kimi_index() == ["/w", str(world.folder)]
    assert made.row.session_id in world.rows()
    world.require_tidy()


def test_an_index_that_never_rests_is_given_up(world: SmallWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    meddler = Meddler(monkeypatch, world.folder / ".kimi" / "kimi.json", times=100)
    with pytest.raises(SessionChangedOnDisk):
        new_sessions.create(world.tools, wish(world, "kimi", parent_session_id=PI), CancelFlag())
    assert meddler.runs == ATTEMPTS
    assert set(world.rows()) == {KIMI, PI}
    assert world.state.lineage.children_of(PI) == []
    world.require_tidy()


def test_a_transcript_that_moved_on_is_told(world: SmallWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    (path,) = (world.folder / ".pi").rglob("*.jsonl")
    meddler = Meddler(monkeypatch, path, times=1)
    with pytest.raises(SessionChangedOnDisk):
        edits.edit(world.tools, PI, {"title": "New", "pinned": True}, None, CancelFlag())
    assert meddler.runs == 1
    row = world.rows()[PI]
    assert (row.title, row.pinned) == ("first", False)


def test_a_cancel_before_the_change_leaves_everything(world: SmallWorld) -> None:
    files, flag = world.files(), CancelFlag()
    flag.set()
    for act in (
        lambda: forks.fork(world.tools, KIMI, Cut(), None, flag),
        lambda: forks.fork(world.tools, PI, Cut(), None, flag),
        lambda: edits.edit(world.tools, PI, {"title": "x"}, None, flag),
        lambda: trash_room.delete(world.tools, KIMI, permanently=False, force=False, kept_days=30, flag=flag),
        lambda: new_sessions.create(world.tools, wish(world, "pi"), flag),
    ):
        with pytest.raises(Cancelled):
            act()
    assert world.files() == files
    assert world.state.trash.items() == []
    world.require_tidy()


def test_a_held_session_is_busy(world: SmallWorld) -> None:
    other = SmallWorld(world.folder)
    with other.tools.leases.sessions([PI], CancelFlag()), pytest.raises(SessionBusy):
        forks.fork(world.tools, PI, Cut(), None, CancelFlag())


def test_attachments_come_along(world: SmallWorld) -> None:
    block = {"type": "image", "data": {"$piBlob": f"sha256:{BLOB}", "sizeBytes": 5, "encoding": "base64"}}
    path = world.folder / ".pi" / "--w--" / "blobs.jsonl"
    write(path, header(id="b", cwd="/w"), user("u1", None, "a"), message("u2", "u1", "user", [block]))
    Path(f"{path}.blobs").mkdir()
    (Path(f"{path}.blobs") / BLOB).write_bytes(b"image")
    made = forks.fork(world.tools, "pi:b", Cut(), None, CancelFlag())
    assert (Path(f"{made.row.path}.blobs") / BLOB).read_bytes() == b"image"
    without = forks.fork(world.tools, "pi:b", Cut(turn=0), None, CancelFlag())
    assert not Path(f"{without.row.path}.blobs").exists()
    world.require_tidy()


def test_attachments_go_again_when_the_fork_cannot_be_made(world: SmallWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    block = {"type": "image", "data": {"$piBlob": f"sha256:{BLOB}", "sizeBytes": 5, "encoding": "base64"}}
    path = world.folder / ".pi" / "--w--" / "blobs.jsonl"
    write(path, header(id="b", cwd="/w"), message("u1", None, "user", [block]))
    Path(f"{path}.blobs").mkdir()
    (Path(f"{path}.blobs") / BLOB).write_bytes(b"image")
    files = world.files()

    def full(*_: object, **__: object) -> None:
        raise NoSpace(path=str(path))

    monkeypatch.setattr("os.link", full)
    with pytest.raises(NoSpace):
        forks.fork(world.tools, "pi:b", Cut(), None, CancelFlag())
    assert world.files() == files
    world.require_tidy()


def test_a_missing_home_of_an_agent_is_not_made(world: SmallWorld) -> None:
    bare = SmallWorld(world.folder, Settings())
    made = new_sessions.create(bare.tools, wish(bare, "forkpoint"), CancelFlag())
    assert made.row.path.startswith(bare.state.folder)
    with pytest.raises(NotSupported, match="no folder"):
        new_sessions.create(bare.tools, wish(bare, "pi"), CancelFlag())
    assert not os.path.exists(os.path.expanduser("~/.pi"))


# --- what killed processes leave -----------------------------------------------------------------------------------


def _delete(world: SmallWorld, session_id: str) -> str:
    trash_id = trash_room.delete(
        world.tools, session_id, permanently=False, force=False, kept_days=30, flag=CancelFlag()
    )
    assert trash_id is not None
    return trash_id


def test_a_book_without_its_trash_is_put_right(world: SmallWorld) -> None:
    edits.edit(world.tools, PI, {"label": "mine"}, None, CancelFlag())
    trash_id = _delete(world, PI)
    world.tools.trash.restore(trash_id, CancelFlag())  # and killed before the book was told
    assert world.rows()[PI].label is None
    again = SmallWorld(world.folder)
    again.start()
    assert again.rows()[PI].label == "mine"
    again.require_tidy()


def test_a_trash_without_its_book_can_be_restored(world: SmallWorld) -> None:
    trash_id = _delete(world, KIMI)
    world.state.trash.remove(trash_id)
    (trashed,) = trash_room.listed(world.tools)
    assert (trashed.item, trashed.manifest.label.trash_id) == (None, trash_id)
    assert trash_room.restore(world.tools, trash_id, CancelFlag()).row.session_id == KIMI
    world.require_tidy()


def test_who_is_still_at_it_is_left_alone(world: SmallWorld) -> None:
    trash_id = _delete(world, PI)
    world.tools.trash.restore(trash_id, CancelFlag())
    again = SmallWorld(world.folder)
    with world.tools.leases.sessions([PI], CancelFlag()):
        again.start()
    assert [item.trash_id for item in again.state.trash.items()] == [trash_id]


def test_what_belongs_to_a_session_goes_with_it(world: SmallWorld) -> None:
    (path,) = (world.folder / ".pi").rglob("*.jsonl")
    Path(f"{path}.lock").touch()
    _delete(world, PI)
    assert list((world.folder / ".pi").rglob("*a1b2*")) == []


def test_an_unknown_session_is_not_deleted(world: SmallWorld) -> None:
    with pytest.raises(SessionNotFound):
        _delete(world, "pi:nobody")
    assert json.loads((world.folder / ".kimi" / "kimi.json").read_text())["work_dirs"]


def test_what_is_being_made_is_no_session_yet(world: SmallWorld) -> None:
    (kimi,) = (world.folder / ".kimi" / "sessions").glob("*/one")
    shutil.copytree(kimi, kimi.with_name(".forkpoint-0011"))
    (path,) = (world.folder / ".pi").rglob("*.jsonl")
    shutil.copy(path, path.with_name(".forkpoint-0022.jsonl"))
    assert set(world.rows()) == {KIMI, PI}
