"""The trash, the temporary names, where forks come from, and folders that were moved."""

import os
from pathlib import Path

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forkpoint.model.notes import Notes
from forkpoint.stores.changing.processes import is_running, this_process
from forkpoint.stores.changing.staging import clean_staging
from forkpoint.stores.own_folders import own_folders
from forkpoint.stores.state.lineage import Descent
from forkpoint.stores.state.own_state import OwnState
from forkpoint.stores.state.relocations import follow
from forkpoint.stores.state.trash_book import TrashedFile, TrashItem
from tests.stores.state.states import finished, started

NOT_UTF8 = os.fsdecode(b"/w/caf\xe9")


@pytest.fixture
def state(tmp_path: Path) -> OwnState:
    return OwnState(str(tmp_path / "state"))


def _item(trash_id: str, session_id: str, *, at: int = 10, expires: int | None = 40) -> TrashItem:
    return TrashItem(
        trash_id=trash_id,
        session_id=session_id,
        agent="pi",
        title="A session",
        work_dir=NOT_UTF8,
        deleted_at=at,
        expires_at=expires,
        files=[TrashedFile(original=f"{NOT_UTF8}/{n}", kept=f"/trash/{trash_id}/{n}") for n in (2, 1)],
    )


# --- trash --------------------------------------------------------------------------------------------------------


def test_a_session_goes_to_the_trash_with_its_notes_and_comes_back_with_them(state: OwnState) -> None:
    state.notes.change("pi:a", {"label": "mine", "pinned": True, "title": "t"})
    state.plugin_values.set("pi:a", "plugin", "key", {"x": "\ud800"})
    descent = Descent(child="pi:a", parent="pi:p", entry_id="e1", at=3)
    state.lineage.record(descent)
    state.trash.enter(_item("t1", "pi:a"))
    assert state.trash.items() == [_item("t1", "pi:a")]
    assert state.notes.holder_of("mine") == "pi:a"
    state.trash.settle("t1")
    state.trash.settle("t1")
    assert state.trash.get("t1") == attrs.evolve(_item("t1", "pi:a"), settled=True)
    assert state.notes.read(["pi:a"]) == {}
    assert state.plugin_values.read("pi:a") == {}
    assert state.lineage.of("pi:a") is None
    assert state.trash.take("t1") is None
    assert state.trash.items() == []
    assert attrs.evolve(state.notes.read(["pi:a"])["pi:a"], revision=0) == Notes(label="mine", pinned=True, title="t")
    assert state.plugin_values.read("pi:a") == {"plugin": {"key": {"x": "\ud800"}}}
    assert state.lineage.of("pi:a") == descent


def test_a_label_taken_meanwhile_is_told_and_not_taken_back(state: OwnState) -> None:
    state.notes.change("pi:a", {"label": "mine", "group": "g"})
    state.trash.enter(_item("t1", "pi:a"))
    state.trash.settle("t1")
    state.notes.change("pi:b", {"label": "mine"})
    assert state.trash.take("t1", "pi:c") == "mine"
    assert state.notes.holder_of("mine") == "pi:b"
    assert state.notes.read(["pi:c"])["pi:c"].group == "g"


def test_an_item_whose_files_never_moved_is_struck_out_without_a_loss(state: OwnState) -> None:
    state.notes.change("pi:a", {"pinned": True})
    state.trash.enter(_item("t1", "pi:a"))
    assert state.trash.take("t1") is None
    assert state.notes.read(["pi:a"])["pi:a"].pinned
    assert state.trash.items() == []
    assert state.trash.take("never") is None


def test_the_trash_is_listed_newest_first(state: OwnState) -> None:
    for trash_id, at, expires in (("old", 1, 20), ("new", 9, 30), ("kept", 5, None), ("unsettled", 3, 20)):
        state.trash.enter(_item(trash_id, f"pi:{trash_id}", at=at, expires=expires))
        if trash_id != "unsettled":
            state.trash.settle(trash_id)
    assert [item.trash_id for item in state.trash.items()] == ["new", "kept", "unsettled", "old"]
    state.trash.remove("old")
    assert [item.trash_id for item in state.trash.items()] == ["new", "kept", "unsettled"]


def test_what_is_to_go_for_good_is_noted_at_once_or_later(state: OwnState) -> None:
    state.trash.enter(attrs.evolve(_item("now", "pi:now"), leaving=True))
    state.trash.enter(_item("later", "pi:later"))
    assert {item.trash_id: item.leaving for item in state.trash.items()} == {"now": True, "later": False}
    state.trash.let_go("later")
    assert {item.trash_id: item.leaving for item in state.trash.items()} == {"now": True, "later": True}


# --- temporary names ----------------------------------------------------------------------------------------------


def test_names_are_noted_with_their_process_until_they_are_crossed_out(state: OwnState) -> None:
    tokens = [state.staging.note(f"{NOT_UTF8}/.forkpoint-{number}") for number in range(2)]
    assert [(note.token, note.path) for note in state.staging.notes()] == [
        (token, f"{NOT_UTF8}/.forkpoint-{number}") for number, token in enumerate(tokens)
    ]
    assert {note.process for note in state.staging.notes()} == {this_process()}
    state.staging.done(tokens[0])
    assert [note.token for note in state.staging.notes()] == tokens[1:]


def test_what_a_dead_process_left_is_removed_and_nothing_else(state: OwnState, tmp_path: Path) -> None:
    ours, theirs = tmp_path / ".forkpoint-ours", tmp_path / ".forkpoint-theirs"
    for path in (ours, theirs):
        path.write_text("x")
    state.staging.note(str(ours))
    process = started("leaver", state.folder, str(theirs))
    finished(process)
    (left,) = [note for note in state.staging.notes() if note.process.pid == process.pid]
    assert not is_running(left.process)
    assert clean_staging(state.staging) == []
    assert (ours.exists(), theirs.exists()) == (True, False)
    assert [note.path for note in state.staging.notes()] == [str(ours)]


def test_names_of_another_machine_are_left_alone(state: OwnState) -> None:
    state.staging.note("/w/.forkpoint-1")
    state.database.write(lambda connection: connection.execute("UPDATE staging SET host = 'elsewhere', pid = 1"))
    assert state.staging.notes() == []


# --- lineage ------------------------------------------------------------------------------------------------------


def test_lineage_is_known_from_both_ends(state: OwnState) -> None:
    first = Descent(child="kimi:b", parent="kimi:a", turn=3, at=2)
    second = Descent(child="kimi:c", parent="kimi:a", at=1)
    state.lineage.record(first)
    state.lineage.record(second)
    assert state.lineage.of("kimi:b") == first
    assert state.lineage.of("kimi:a") is None
    assert state.lineage.children_of("kimi:a") == [second, first]
    assert state.own_notes().parents == {"kimi:b": "kimi:a", "kimi:c": "kimi:a"}
    state.lineage.forget("kimi:b")
    assert state.lineage.children_of("kimi:a") == [second]


# --- moved folders ------------------------------------------------------------------------------------------------


def test_a_folder_that_moves_on_takes_along_what_was_moved_into_it(state: OwnState) -> None:
    state.relocations.add("/old", "/new", 1)
    state.relocations.add("/other", "/new/below", 2)
    state.relocations.add("/new", "/newest", 3)
    moved = state.relocations.all()
    assert moved == {"/old": "/newest", "/other": "/newest/below", "/new": "/newest"}
    assert follow(moved, "/old/src/x") == "/newest/src/x"
    assert follow(moved, "/older") == "/older"
    assert follow(moved, "/") == "/"
    state.relocations.add("/newest", "/old", 4)
    assert state.relocations.all() == {"/other": "/old/below", "/new": "/old", "/newest": "/old"}
    assert state.relocations.remove("/other")
    assert not state.relocations.remove("/other")


places = st.sampled_from(["/a", "/b", "/c", "/a/x", "/b/x"])
moves = st.tuples(places, places).filter(lambda pair: not f"{pair[1]}/".startswith(f"{pair[0]}/"))


@settings(max_examples=40)
@given(st.lists(moves, max_size=6))
def test_following_the_moves_one_by_one_ends_where_the_book_says(
    tmp_path_factory: pytest.TempPathFactory, made: list[tuple[str, str]]
) -> None:
    state = OwnState(str(tmp_path_factory.mktemp("state")))
    where = "/begin/y"
    for at, (old, new) in enumerate([("/begin", "/a"), *made]):
        state.relocations.add(old, new, at)
        where = follow({old: new}, where)
        assert follow(state.relocations.all(), "/begin/y") == where
    state.database.close()


# --- folders ------------------------------------------------------------------------------------------------------


def test_our_folders_are_named_by_variables_else_by_the_platform(home: Path, tmp_path: Path) -> None:
    named = own_folders({"FORKPOINT_STATE_DIR": f"{tmp_path}/s/", "FORKPOINT_CACHE_DIR": "~/c"})
    assert (named.state, named.cache) == (f"{tmp_path}/s", f"{home}/c")
    for nothing in ({}, {"FORKPOINT_STATE_DIR": "", "FORKPOINT_CACHE_DIR": "relative"}):
        folders = own_folders(nothing)
        assert folders.state.startswith(str(home)) and folders.cache.startswith(str(home))
        assert folders.state != folders.cache
    assert list(home.iterdir()) == []
