"""What a change looks at: its own session, whatever else there is, and the same rows as a whole look gives."""

import json
import os
from pathlib import Path

import pytest

from forkpoint.agents.writing import Cut
from forkpoint.model.session import SessionRow
from forkpoint.stores.session_changes import edits, forks, new_sessions
from forkpoint.stores.session_changes.new_sessions import Wish
from forkpoint.stores.session_changes.subjects import opened_subject
from forkpoint.stores.session_walk import Walk
from forkpoint.stores.workers import CancelFlag
from tests.agents.pi_files import assistant, header, line, user, write
from tests.stores.session_changes.small_world import KIMI, PI, SmallWorld

FLAG = CancelFlag()


@pytest.fixture
def world(tmp_path: Path) -> SmallWorld:
    return SmallWorld.made(tmp_path)


class _Walks:
    """Counts the walks over everything."""

    def __init__(self, world: SmallWorld) -> None:
        self.count = 0
        world.store.finder.walk(FLAG)
        world.store.finder.on_walk = self._hear

    def _hear(self, _walk: Walk, _began: float) -> None:
        self.count += 1


def _row_anew(world: SmallWorld, session_id: str) -> SessionRow:
    """The row as another process makes it."""
    other = SmallWorld(world.folder)
    located, walk = other.store.finder.locate(session_id, FLAG)
    return other.store.rows.row(located, walk, FLAG)


@pytest.mark.parametrize("session_id", [KIMI, PI])
def test_a_fork_is_found_without_a_walk_over_everything(world: SmallWorld, session_id: str) -> None:
    walks = _Walks(world)
    first = forks.fork(world.tools, session_id, Cut(), None, FLAG).row
    second = forks.fork(world.tools, first.session_id, Cut(), "Second", FLAG).row
    assert walks.count == 0
    assert (first.parent_session_id, second.parent_session_id) == (session_id, first.session_id)
    located, walk = world.store.finder.locate(first.session_id, FLAG)
    assert world.store.rows.row(located, walk, FLAG).child_session_ids == [second.session_id]
    assert second.title == "Second"
    assert walks.count == 0
    again = world.store.finder.walk(FLAG)
    assert again.sessions.keys() == walk.sessions.keys()
    assert again.by_path == walk.by_path
    assert again.children == walk.children


def test_a_new_session_is_found_without_a_walk_over_everything(world: SmallWorld) -> None:
    walks = _Walks(world)
    for adapter in world.store.adapters:
        if adapter.writer is None:
            continue
        wish = Wish(adapter=adapter, work_dir=str(world.folder), title="New", label=adapter.info.id)
        row = new_sessions.create(world.tools, wish, FLAG).row
        assert (row.title, row.label, row.work_dir) == ("New", adapter.info.id, str(world.folder))
    assert walks.count == 0


def test_an_id_that_another_source_has_takes_a_whole_walk(world: SmallWorld) -> None:
    walks = _Walks(world)
    path = world.folder / ".pi" / "--w--" / "double.jsonl"
    write(path, header(id="a1b2", cwd="/w"), user("u1", None, "first"))
    found = world.store.finder.find_at(str(path), FLAG)
    assert found is not None
    assert walks.count == 1
    located, walk = found
    assert walk.by_path[str(path)] == located.session_id
    assert {name.partition("~")[0] for name in walk.sessions if name.startswith(PI)} == {PI}


def test_what_is_not_there_is_not_found(world: SmallWorld) -> None:
    assert world.store.finder.find_at(f"{world.folder}/.pi/--w--/none.jsonl", FLAG) is None
    assert world.store.finder.find_at("/nowhere/at/all.jsonl", FLAG) is None


@pytest.mark.parametrize("session_id", [KIMI, PI])
def test_a_row_after_many_changes_is_what_a_whole_read_gives(world: SmallWorld, session_id: str) -> None:
    for number in range(4):
        title = None if number == 2 else f"Title {number}"
        row = edits.edit(world.tools, session_id, {"title": title, "pinned": bool(number % 2)}, None, FLAG).row
        assert row == _row_anew(world, session_id)


def test_a_row_sees_what_another_program_wrote_between_two_changes(world: SmallWorld) -> None:
    path = Path(world.store.finder.locate(PI, FLAG)[0].candidate.path)
    edits.edit(world.tools, PI, {"title": "One"}, None, FLAG)
    leaf = json.loads(path.read_bytes().splitlines()[-1])["id"]
    with path.open("ab") as file:
        file.write(line(user("u9", leaf, "added")) + line(assistant("x9", "u9", "yes")))
    row = edits.edit(world.tools, PI, {"title": "Two"}, None, FLAG).row
    assert (row.title, row.turn_count) == ("Two", 3)
    assert row.turn_count == _row_anew(world, PI).turn_count
    lines = path.read_bytes().splitlines(keepends=True)
    fresh = path.with_suffix(".new")
    fresh.write_bytes(b"".join(lines[:3]))
    os.replace(fresh, path)
    row = edits.edit(world.tools, PI, {"title": "Three"}, None, FLAG).row
    assert (row.title, row.turn_count) == ("Three", 1)


def test_the_index_of_a_context_is_kept_and_grows_with_its_file(world: SmallWorld) -> None:
    located, _ = world.store.finder.locate(KIMI, FLAG)
    path = Path(located.candidate.path) / "context.jsonl"

    def read() -> list[bytes]:
        with opened_subject(world.store, located, FLAG) as subject:
            lines = subject.lines["context"]
            return [lines.read(number) for number in range(len(lines))]

    assert read() == read() == path.read_bytes().splitlines()
    with path.open("ab") as file:
        file.write(b'{"role": "user", "content": "more"}\n')
    assert read() == path.read_bytes().splitlines()
    path.write_bytes(b'{"role": "user", "content": "a new beginning"}\n' * 30)
    assert read() == path.read_bytes().splitlines()
