"""The trash after other hands were at it, or its place, or after what it holds would not go."""

import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest

from forkpoint.model.failures import Failure, NotSupported, TrashNotFound, Unreadable
from forkpoint.model.settings import Settings
from forkpoint.stores.changing.trash import Trash
from forkpoint.stores.changing.trash_folder import Manifest
from forkpoint.stores.session_changes import trash_room
from forkpoint.stores.uploads.places import own_place
from forkpoint.stores.workers import CancelFlag
from tests.stores.changing.test_steps import NOBODY, unprivileged
from tests.stores.session_changes.small_world import KIMI, PI, SmallWorld

FLAG = CancelFlag()


@pytest.fixture
def world(tmp_path: Path) -> SmallWorld:
    return SmallWorld.made(tmp_path)


def delete(world: SmallWorld, session_id: str) -> str:
    trash_id = trash_room.delete(world.tools, session_id, permanently=False, force=True, kept_days=30, flag=FLAG)
    assert trash_id is not None
    return trash_id


def restore(world: SmallWorld, trash_id: str) -> str:
    return trash_room.restore(world.tools, trash_id, FLAG).row.session_id


def again(world: SmallWorld, settings: Settings | None = None) -> SmallWorld:
    """Give the same world to another process, that has begun."""
    other = SmallWorld(world.folder, settings)
    other.start()
    return other


def in_trash(world: SmallWorld) -> list[str]:
    return sorted(each.manifest.label.trash_id for each in trash_room.listed(world.tools))


def trash_folder(world: SmallWorld) -> Path:
    return world.folder / "state" / "trash"


def upload(world: SmallWorld, session_id: str, text: str) -> Path:
    """Give a session a file, in our own state."""
    folder = Path(own_place(session_id, world.state.folder).path)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "a.txt").write_text(text)
    return folder / "a.txt"


def test_a_session_is_not_brought_back_to_where_nobody_looks(world: SmallWorld) -> None:
    """Its home was moved, or its disk is not there: it stays in the trash, and no new home is made."""
    trash_id = delete(world, KIMI)
    os.rename(world.folder / ".kimi", world.folder / "moved")
    moved = Settings(homes={"kimi": (f"{world.folder}/moved",), "pi": (f"{world.folder}/.pi",)})
    for settings in (moved, None):
        other = again(world, settings)
        with pytest.raises(NotSupported, match=r"\.kimi"):
            restore(other, trash_id)
        assert not (world.folder / ".kimi").exists()
        assert in_trash(other) == [trash_id]
    os.rename(world.folder / "moved", world.folder / ".kimi")
    assert restore(again(world), trash_id) == KIMI


def test_a_home_that_exists_and_is_not_looked_at_gets_nothing(world: SmallWorld) -> None:
    trash_id = delete(world, KIMI)
    (world.folder / "other").mkdir()
    other = again(world, Settings(homes={"kimi": (f"{world.folder}/other",), "pi": (f"{world.folder}/.pi",)}))
    with pytest.raises(NotSupported):
        restore(other, trash_id)
    assert in_trash(other) == [trash_id]


def test_what_is_back_and_no_session_is_told_as_that(world: SmallWorld) -> None:
    trash_id = delete(world, KIMI)
    own = trash_folder(world) / trash_id / "items" / "0"
    shutil.rmtree(own)
    own.write_text("no session")
    with pytest.raises(Unreadable, match="back in its place"):
        restore(again(world), trash_id)
    assert in_trash(again(world)) == []


def test_a_copy_of_a_folder_of_the_trash_is_another_one(world: SmallWorld) -> None:
    trash_id = delete(world, KIMI)
    shutil.copytree(trash_folder(world) / trash_id, trash_folder(world) / "my-copy")
    shutil.copytree(trash_folder(world) / trash_id, trash_folder(world) / "not an id")
    other = again(world)
    assert in_trash(other) == sorted([trash_id, "my-copy"])
    trash_room.purge(other.tools, trash_id, FLAG)
    assert in_trash(other) == ["my-copy"]
    assert restore(again(world), "my-copy") == KIMI
    assert in_trash(again(world)) == []


def test_a_manifest_that_is_a_pipe_is_none_and_nobody_waits_for_it(world: SmallWorld) -> None:
    trash_id = delete(world, KIMI)
    os.unlink(trash_folder(world) / trash_id / "manifest.json")
    os.mkfifo(trash_folder(world) / trash_id / "manifest.json")
    other = again(world)
    assert in_trash(other) == []
    assert (trash_folder(world) / trash_id / "items" / "0").is_dir()
    with pytest.raises(TrashNotFound):
        restore(other, trash_id)


def test_uploads_follow_a_session_that_was_taken_out_by_hand(world: SmallWorld) -> None:
    world.start()
    path, file = world.rows()[PI].path, upload(world, PI, "mine")
    world.state.notes.change(PI, {"label": "mine"})
    trash_id = delete(world, PI)
    assert not file.exists()
    os.rename(trash_folder(world) / trash_id / "items" / "0", path)
    other = again(world)
    assert file.read_text() == "mine"
    assert other.state.notes.holder_of("mine") == PI
    again(world)
    assert os.listdir(trash_folder(world)) == []


def test_uploads_of_a_living_session_are_not_taken_for_those_of_its_former_self(world: SmallWorld) -> None:
    """The same id lives again, from a backup; the old one is to go for good, and its process was killed at that."""
    world.start()
    path = Path(world.rows()[PI].path)
    backup = path.read_bytes()
    trash_id = delete(world, PI)
    path.write_bytes(backup)
    file = upload(world, PI, "of the living one")
    world.state.trash.let_go(trash_id)
    other = again(world)
    assert in_trash(other) == []
    assert file.read_text() == "of the living one"


def test_what_cannot_be_removed_keeps_nobody_from_changing_other_sessions(
    world: SmallWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.start()
    trash_id = delete(world, KIMI)
    world.state.trash.let_go(trash_id)
    taken = trash_folder(world) / f".forkpoint-{trash_id}"
    settle = Trash.settle

    def settled(trash: Trash, flag: CancelFlag) -> Any:
        problems = settle(trash, flag)
        (taken / "in the way").mkdir(parents=True, exist_ok=True)
        return problems

    monkeypatch.setattr(Trash, "settle", settled)
    other = again(world)
    assert in_trash(other) == [trash_id]
    with pytest.raises(Failure):
        trash_room.purge(other.tools, trash_id, FLAG)
    assert delete(other, PI) in in_trash(other)
    monkeypatch.undo()
    again(world)
    assert len(in_trash(again(world))) == 1


def test_what_is_deleted_for_good_and_cannot_be_removed_is_gone_all_the_same() -> None:
    """From its home at once; the next start that may do so removes the rest."""
    with tempfile.TemporaryDirectory() as folder:
        world = SmallWorld.made(Path(folder))
        (own,) = (Path(folder) / ".kimi" / "sessions").glob("*/one")
        (own / "theirs").mkdir()
        (own / "theirs" / "file").touch()
        with unprivileged(Path(folder)):
            os.seteuid(0)
            os.chown(own / "theirs", 0, 0)
            os.chmod(own / "theirs", 0o755)
            os.seteuid(NOBODY)
            world.start()
            gone = trash_room.delete(world.tools, KIMI, permanently=True, force=True, kept_days=30, flag=FLAG)
            assert gone is None
            assert set(world.rows()) == {PI}
            assert delete(again(world), PI)
        world.state.database.close()
        again(world)
        assert list((Path(folder) / "state" / "trash").rglob("theirs")) == []


def test_a_large_trash_is_not_read_for_one_session(world: SmallWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither settled one by one under a lease at each start."""
    world.start()
    first = delete(world, KIMI)
    manifest = json.loads((trash_folder(world) / first / "manifest.json").read_text())
    for number in range(50):
        folder = trash_folder(world) / f"other-{number}"
        (folder / "items" / "0").mkdir(parents=True)
        label = manifest["label"] | {"trash_id": folder.name, "session_id": f"kimi:{number}"}
        (folder / "manifest.json").write_text(json.dumps(manifest | {"label": label}))
    read, leased = list[str](), list[str]()
    manifest_of, single = Trash.manifest, world.tools.leases.single

    def counted(trash: Trash, trash_id: str) -> Manifest | None:
        read.append(trash_id)
        return manifest_of(trash, trash_id)

    def lease(kind: Any, name: str, *args: Any, **more: Any) -> Any:
        leased.append(name)
        return single(kind, name, *args, **more)

    monkeypatch.setattr(Trash, "manifest", counted)
    other = SmallWorld(world.folder)
    monkeypatch.setattr(other.tools.leases, "single", lease)
    other.start()
    assert leased == []
    assert restore(other, first) == KIMI
    trash_room.purge(other.tools, "other-1", FLAG)
    assert trash_room.let_go(other.tools, "other-2", 0, FLAG)
    assert set(read) == {first, "other-1", "other-2"}
    assert len(in_trash(other)) == 48
