"""Uploads, for every moment they may be killed at: taken in, sent into the trash with their session, brought back."""

import json
import os
from collections.abc import Callable
from pathlib import Path

from forkpoint.agents.writing import Cut
from forkpoint.stores.session_changes import forks, trash_room
from forkpoint.stores.session_changes.uploading import Portion, receive
from forkpoint.stores.uploads.places import own_place
from forkpoint.stores.uploads.reception import Reception
from forkpoint.stores.workers import CancelFlag
from tests.agents.pi_files import user
from tests.stores.changing.faults import FaultCase, Judgement, World
from tests.stores.changing.setting import files_in
from tests.stores.session_changes.small_world import AT, KIMI, PI, SmallWorld

FIRST, DATA = b"first", b"0123456789" * 1000
Act = Callable[[SmallWorld], object]


def _case(act: Act, judge: Callable[[SmallWorld], Judgement], *prepare: Act) -> FaultCase:
    def make(world: World) -> None:
        made = SmallWorld.made(world.path)
        made.start()
        for step in prepare:
            step(made)
        made.state.database.close()

    def carry_out(world: World) -> None:
        small = SmallWorld(world.path)
        small.start()
        act(small)

    def judged(world: World) -> Judgement:
        small = SmallWorld(world.path)
        small.require_tidy()
        return judge(small)

    return FaultCase(prepare=make, act=carry_out, start=lambda world: SmallWorld(world.path).start(), judge=judged)


def _upload(session_id: str, *portions: bytes) -> Act:
    def act(world: SmallWorld) -> None:
        reception, upload_id = Reception(), None
        for number, data in enumerate(portions, 1):
            portion = Portion(
                session_id=session_id,
                name="a.txt",
                pieces=[data],
                upload_id=upload_id,
                last=number == len(portions),
                limit=1 << 20,
            )
            upload_id = receive(world.tools, reception, portion, CancelFlag()).upload_id

    return act


def _uploads(world: SmallWorld) -> dict[str, bytes]:
    """Every uploaded file of a living session, by its name."""
    kimi = world.folder / ".kimi" / "sessions"
    folders = [*(world.folder / "state" / "uploads").glob("*"), *kimi.glob("*/*/uploads")]
    return {name: data for folder in folders for name, data in files_in(folder).items()}


def _second_is_there(world: SmallWorld) -> Judgement:
    assert set(world.rows()) == {KIMI, PI}
    found = _uploads(world)
    assert found in ({"a.txt": FIRST}, {"a.txt": FIRST, "a (2).txt": DATA * 2}), found.keys()
    return "old" if len(found) == 1 else "new"


def _delete(world: SmallWorld) -> None:
    trash_room.delete(world.tools, PI, permanently=False, force=False, kept_days=30, flag=CancelFlag())


def _restore(world: SmallWorld) -> None:
    (trashed,) = trash_room.listed(world.tools)
    trash_room.restore(world.tools, trashed.manifest.label.trash_id, CancelFlag())


def _together(gone: Judgement) -> Callable[[SmallWorld], Judgement]:
    """Wherever the session is, its upload is there too, and comes back with it."""

    def judge(world: SmallWorld) -> Judgement:
        if PI in world.rows():
            assert _uploads(world) == {"a.txt": FIRST}
            return "new" if gone == "old" else "old"
        assert _uploads(world) == {}, "they lie where another session of its id would find them"
        _restore(world)
        assert _uploads(world) == {"a.txt": FIRST}
        return gone

    return judge


def _mention(world: SmallWorld) -> None:
    """Let the session of pi speak of what was uploaded to it."""
    row = world.rows()[PI]
    said = user("u3", "x2", f"see {own_place(PI, world.state.folder).path}/a.txt")
    with open(row.path, "ab") as file:
        file.write((json.dumps(said) + "\n").encode())
    os.utime(row.path, (AT, AT))


def _fork(world: SmallWorld) -> None:
    assert forks.fork(world.tools, PI, Cut(), None, CancelFlag()).problems == []


def _fork_has_its_own(world: SmallWorld) -> Judgement:
    """A fork is there with its upload, or there is neither."""
    ids = set(world.rows())
    folders = {path.name for path in (world.folder / "state" / "uploads").iterdir()}
    assert folders == {own_place(session_id, world.state.folder).name for session_id in ids - {KIMI}}
    for session_id in ids - {KIMI}:
        assert files_in(Path(own_place(session_id, world.state.folder).path)) == {"a.txt": FIRST}
    return "old" if ids == {KIMI, PI} else "new"


UPLOAD = _case(_upload(KIMI, DATA, DATA), _second_is_there, _upload(KIMI, FIRST))
DELETE = _case(_delete, _together("new"), _upload(PI, FIRST))
FORK = _case(_fork, _fork_has_its_own, _upload(PI, FIRST), _mention)
RESTORE = _case(_restore, _together("old"), _upload(PI, FIRST), _delete)


def _in_place(world: SmallWorld) -> None:
    folder = Path(world.folder / ".kimi" / "sessions")
    (uploads,) = folder.glob("*/*/uploads")
    with open(uploads / "a (2).txt", "wb", buffering=0) as file:
        file.write(DATA)
        file.write(DATA)


IN_PLACE = _case(_in_place, _second_is_there, _upload(KIMI, FIRST))
"""How a file must not come in: it shows that such a one is seen."""
