"""Changes that touch more than one place, for every moment they may be killed at."""

import json
import os
from collections.abc import Callable
from pathlib import Path

from forkpoint.agents.writing import Cut
from forkpoint.model.session import SessionRow
from forkpoint.stores.session_changes import edits, forks, new_sessions, titles
from forkpoint.stores.session_changes.new_sessions import Wish
from forkpoint.stores.workers import CancelFlag
from tests.agents.pi_files import line, record
from tests.stores.changing.faults import FaultCase, Judgement, World
from tests.stores.session_changes.small_world import AT, KIMI, PI, SmallWorld

Rows = dict[str, SessionRow]
PAGE = 4096
PERSONS = "Persons"
"""What every judged world is changed to at last: whatever was killed, the next change works."""


def _case(
    act: Callable[[SmallWorld], object],
    judge: Callable[[SmallWorld, Rows], Judgement],
    prepare: Callable[[SmallWorld], object] = lambda _: None,
) -> FaultCase:
    def make(world: World) -> None:
        made = SmallWorld.made(world.path)
        made.start()
        prepare(made)
        made.state.database.close()

    def carry_out(world: World) -> None:
        small = SmallWorld(world.path)
        small.start()
        act(small)

    def judged(world: World) -> Judgement:
        small = SmallWorld(world.path)
        small.require_tidy()
        rows = small.rows()
        assert all(row.problems == [] for row in rows.values()), rows
        judgement = judge(small, rows)
        edits.edit(small.tools, KIMI, {"label": PERSONS, "title": PERSONS}, None, CancelFlag())
        assert (small.rows()[KIMI].label, small.rows()[KIMI].title) == (PERSONS, PERSONS)
        return judgement

    return FaultCase(prepare=make, act=carry_out, start=lambda world: SmallWorld(world.path).start(), judge=judged)


# --- fields in two files of the agent -----------------------------------------------------------------------------


def _kimi(world: SmallWorld) -> Path:
    (folder,) = (world.folder / ".kimi").glob("sessions/*/one")
    return folder


def _with_the_older_file(world: SmallWorld) -> None:
    """Give the session a metadata.json, which Kimi would bring old values back from."""
    (_kimi(world) / "metadata.json").write_text(json.dumps({"session_id": "one", "title": "older", "archived": False}))


def _name_and_archive(world: SmallWorld) -> None:
    edits.edit(world.tools, KIMI, {"title": "Named", "archived": True}, None, CancelFlag())


def _named_and_archived(world: SmallWorld, rows: Rows) -> Judgement:
    row = rows[KIMI]
    assert (row.title == "Named") == row.archived, row
    return "new" if row.archived else "old"


# --- a title that is made -------------------------------------------------------------------------------------------


def _make_title(session_id: str) -> Callable[[SmallWorld], object]:
    return lambda world: titles.generate_title(world.tools, session_id, force=False, flag=CancelFlag())


def _titled(session_id: str) -> Callable[[SmallWorld, Rows], Judgement]:
    def judge(world: SmallWorld, rows: Rows) -> Judgement:
        row = rows[session_id]
        assert row.title_source in ("derived", "generated")
        assert titles.generate_title(world.tools, session_id, force=False, flag=CancelFlag()).reason is None
        assert world.rows()[session_id].title_source == "generated"
        return "new" if row.title_source == "generated" else "old"

    return judge


# --- fields in our notes and in the agent's file --------------------------------------------------------------------


def _with_a_full_page(world: SmallWorld) -> None:
    """Let the file of pi end where a page of the disk does, so that a line more needs another one."""
    (path,) = (world.folder / ".pi").rglob("*_a1b2.jsonl")
    begun = path.read_bytes() + line(record("custom", "c1", "x2", customType="filling", data=""))
    path.write_bytes(begun.replace(b'"data":""', b'"data":"' + b"x" * (-len(begun) % PAGE) + b'"'))
    assert path.stat().st_size % PAGE == 0
    os.utime(path, (AT, AT))


def _name_and_label(world: SmallWorld) -> None:
    edits.edit(world.tools, PI, {"title": "Named", "label": "mine"}, None, CancelFlag())


def _named_and_labelled(world: SmallWorld, rows: Rows) -> Judgement:
    row = rows[PI]
    assert (row.title, row.label) in (("first", None), ("Named", "mine")), row
    return "new" if row.label else "old"


# --- our own sessions ------------------------------------------------------------------------------------------------


def _create_ours(world: SmallWorld) -> None:
    ours = next(each for each in world.store.adapters if each.info.id == "forkpoint")
    new_sessions.create(world.tools, Wish(adapter=ours, work_dir=str(world.folder), title="Own"), CancelFlag())


def _fork_ours(world: SmallWorld) -> None:
    (session_id,) = (name for name in world.rows() if name.startswith("forkpoint:"))
    forks.fork(world.tools, session_id, Cut(), None, CancelFlag())


def _forked_ours(world: SmallWorld, rows: Rows) -> Judgement:
    own = [row for name, row in rows.items() if name.startswith("forkpoint:")]
    assert {KIMI, PI} <= rows.keys()
    assert len(own) in (1, 2)
    assert len([row for row in own if row.parent_session_id is not None]) == len(own) - 1
    return "new" if len(own) == 2 else "old"


TWO_FILES = _case(_name_and_archive, _named_and_archived, _with_the_older_file)
TITLE_KIMI = _case(_make_title(KIMI), _titled(KIMI))
NOTE_AND_FILE = _case(_name_and_label, _named_and_labelled, _with_a_full_page)
FORK_OURS = _case(_fork_ours, _forked_ours, _create_ours)
