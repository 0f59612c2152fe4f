"""Each operation that changes a session, for every moment it may be killed at."""

import json
import os
import time
from collections.abc import Callable
from pathlib import Path

import attrs

from forkpoint.agents.writing import Cut
from forkpoint.model.session import SessionRow
from forkpoint.stores.housekeeping.aging import Aging
from forkpoint.stores.housekeeping.chores import Finding
from forkpoint.stores.session_changes import edits, forks, new_sessions, trash_room
from forkpoint.stores.session_changes.new_sessions import Wish
from forkpoint.stores.workers import CancelFlag
from tests.stores.changing.faults import FaultCase, Judgement, World
from tests.stores.session_changes.small_world import KIMI, PI, SmallWorld

Act = Callable[[SmallWorld, CancelFlag], object]
Rows = dict[str, SessionRow]


def _case(
    act: Act, judge: Callable[[SmallWorld, Rows], Judgement], prepare: Callable[[SmallWorld], object] | None = None
) -> FaultCase:
    """One change; `judge` says which world it is, of the rows that are there."""

    def make(world: World) -> None:
        made = SmallWorld.made(world.path)
        if prepare is not None:
            made.start()
            prepare(made)
            made.state.database.close()

    def carry_out(world: World) -> None:
        small = SmallWorld(world.path)
        small.start()
        act(small, CancelFlag())

    def judged(world: World) -> Judgement:
        small = SmallWorld(world.path)
        small.require_tidy()
        rows = small.rows()
        assert all(row.problems == [] for row in rows.values()), rows
        return judge(small, rows)

    return FaultCase(prepare=make, act=carry_out, start=lambda world: SmallWorld(world.path).start(), judge=judged)


def _appeared(turns: int, parent: str | None) -> Callable[[SmallWorld, Rows], Judgement]:
    """Either nothing is new, or one session is, with everything that belongs to it."""

    def judge(world: SmallWorld, rows: Rows) -> Judgement:
        new = [row for name, row in rows.items() if name not in (KIMI, PI)]
        assert {KIMI, PI} <= rows.keys()
        if not new:
            return "old"
        (row,) = new
        assert (row.turn_count, row.parent_session_id, row.work_dir) == (turns, parent, str(world.folder))
        if row.agent == "kimi":
            assert str(world.folder) in world.kimi_index()
        return "new"

    return judge


def _forked_kimi(world: SmallWorld, rows: Rows) -> Judgement:
    new = [row for name, row in rows.items() if name not in (KIMI, PI)]
    assert [(row.turn_count, row.title, row.parent_session_id) for row in new] in ([], [(1, "Fork: hello", KIMI)])
    return "new" if new else "old"


def _in_own_folder(world: SmallWorld) -> None:
    """Let the sessions work in the world's own folder, which no index names yet."""
    path = world.folder / ".pi" / "--w--" / "2023-11-14T22-13-20-000Z_a1b2.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"cwd":"/w"', f'"cwd":"{world.folder}"'.encode()))


def _create(agent: str) -> Act:
    def act(world: SmallWorld, flag: CancelFlag) -> None:
        adapter = next(each for each in world.store.adapters if each.info.id == agent)
        wish = Wish(adapter=adapter, work_dir=str(world.folder), title="New", parent_session_id=PI)
        new_sessions.create(world.tools, wish, flag)

    return act


def _fork(session_id: str) -> Act:
    return lambda world, flag: forks.fork(world.tools, session_id, Cut(turn=0), None, flag)


def _edited(session_id: str, title: str) -> Callable[[SmallWorld, Rows], Judgement]:
    def judge(world: SmallWorld, rows: Rows) -> Judgement:
        assert set(rows) == {KIMI, PI}
        row = rows[session_id]
        assert (row.title, row.archived) in (("first" if session_id == PI else "hello", False), (title, False))
        return "new" if row.title == title else "old"

    return judge


def _edit(session_id: str) -> Act:
    return lambda world, flag: edits.edit(world.tools, session_id, {"title": "Named"}, None, flag)


def _label(world: SmallWorld, flag: CancelFlag) -> None:
    edits.edit(world.tools, PI, {"label": "mine", "archived": True}, None, flag)


def _labelled(world: SmallWorld, rows: Rows) -> Judgement:
    row = rows[PI]
    assert (row.label, row.archived) in ((None, False), ("mine", True))
    return "new" if row.archived else "old"


def _delete(session_id: str) -> Act:
    return lambda world, flag: trash_room.delete(
        world.tools, session_id, permanently=False, force=False, kept_days=30, flag=flag
    )


def _bring_back(world: SmallWorld, flag: CancelFlag) -> None:
    (trashed,) = trash_room.listed(world.tools)
    trash_room.restore(world.tools, trashed.manifest.label.trash_id, flag)


def _deleted(session_id: str, gone: Judgement) -> Callable[[SmallWorld, Rows], Judgement]:
    """Either it is at home with its label, or in the trash with it, and can be brought back."""

    def judge(world: SmallWorld, rows: Rows) -> Judgement:
        in_trash = [each.manifest.label.session_id for each in trash_room.listed(world.tools)]
        holder = world.state.notes.holder_of("mine")
        if session_id in rows:
            assert (in_trash, holder, rows[session_id].label) == ([], session_id, "mine")
            return "new" if gone == "old" else "old"
        assert (in_trash, holder) == ([session_id], None)
        _bring_back(world, CancelFlag())
        assert world.rows()[session_id].label == "mine"
        return gone

    return judge


def _named(session_id: str) -> Callable[[SmallWorld], object]:
    return lambda world: edits.edit(world.tools, session_id, {"label": "mine"}, None, CancelFlag())


def _sent_away(session_id: str) -> Callable[[SmallWorld], object]:
    def prepare(world: SmallWorld) -> None:
        _named(session_id)(world)
        _delete(session_id)(world, CancelFlag())

    return prepare


def _delete_for_good(session_id: str) -> Act:
    return lambda world, flag: trash_room.delete(
        world.tools, session_id, permanently=True, force=False, kept_days=30, flag=flag
    )


def _with_state_elsewhere(case: FaultCase) -> Callable[[World], None]:
    """Let our state, and with it the trash, lie on another device than the agents' homes."""

    def prepare(world: World) -> None:
        (world.elsewhere / "state").mkdir(mode=0o700)
        (world.path / "state").symlink_to(world.elsewhere / "state")
        assert os.stat(world.elsewhere).st_dev != os.stat(world.path).st_dev
        case.prepare(world)

    return prepare


def _let_go(world: SmallWorld, flag: CancelFlag) -> None:
    (trashed,) = trash_room.listed(world.tools)
    assert trash_room.let_go(world.tools, trashed.manifest.label.trash_id, 1, flag)


def _expired(world: SmallWorld) -> None:
    """A session was deleted with a promise that is over by now."""
    _named(PI)(world)
    trash_id = trash_room.delete(world.tools, PI, permanently=False, force=False, kept_days=1, flag=CancelFlag())
    assert trash_id is not None
    path = os.path.join(world.tools.trash.folder_of(trash_id), "manifest.json")
    manifest = json.loads(Path(path).read_text())
    manifest["label"]["retired_at"] = 1
    Path(path).write_text(json.dumps(manifest))
    world.state.database.write(lambda connection: connection.execute("UPDATE trash SET expires_at = 2"))


def _gone(session_id: str, before: int) -> Callable[[SmallWorld, Rows], Judgement]:
    """Either everything is as it was, `before` things being in the trash, or nothing anywhere is left of it."""

    def judge(world: SmallWorld, rows: Rows) -> Judgement:
        in_trash, holder = trash_room.listed(world.tools), world.state.notes.holder_of("mine")
        assert list((world.folder / "state" / "trash").glob("*/items/0")) == [
            Path(world.tools.trash.folder_of(each.manifest.label.trash_id)) / "items" / "0" for each in in_trash
        ]
        if in_trash or session_id in rows:
            assert len(in_trash) == before
            assert (holder == session_id) == (session_id in rows) == (before == 0)
            return "old"
        assert holder is None
        return "new"

    return judge


def _archive(world: SmallWorld, flag: CancelFlag) -> None:
    aging = Aging(15, int(time.time() * 1000))
    found = [aging.examine(world.tools, each, flag) for each in aging.candidates(world.tools, flag)]
    (finding,) = [each for each in found if isinstance(each, Finding) and each.key == KIMI]
    assert aging.deal(world.tools, finding, flag)


def _archived(world: SmallWorld, rows: Rows) -> Judgement:
    assert [row.title for row in rows.values()].count("hello") == 1
    return "new" if rows[KIMI].archived else "old"


CREATE_KIMI = _case(_create("kimi"), _appeared(0, PI))
CREATE_PI = _case(_create("pi"), _appeared(0, PI))
CREATE_OURS = _case(_create("forkpoint"), _appeared(0, PI))
FORK_KIMI = _case(_fork(KIMI), _forked_kimi)
FORK_PI = _case(_fork(PI), _appeared(1, PI), _in_own_folder)
RENAME_PI = _case(_edit(PI), _edited(PI, "Named"))
RENAME_KIMI = _case(_edit(KIMI), _edited(KIMI, "Named"))
LABEL = _case(_label, _labelled)
DELETE_PI = _case(_delete(PI), _deleted(PI, "new"), _named(PI))
DELETE_KIMI = _case(_delete(KIMI), _deleted(KIMI, "new"), _named(KIMI))
DELETE_FOR_GOOD = _case(_delete_for_good(KIMI), _gone(KIMI, 0), _named(KIMI))
DELETE_FOR_GOOD_ACROSS = attrs.evolve(DELETE_FOR_GOOD, prepare=_with_state_elsewhere(DELETE_FOR_GOOD))
LET_GO = _case(_let_go, _gone(PI, 1), _expired)
AUTO_ARCHIVE = _case(_archive, _archived)
RESTORE_KIMI = _case(_bring_back, _deleted(KIMI, "old"), _sent_away(KIMI))
