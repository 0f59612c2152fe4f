"""Notes: what a change gives back, labels that are unique, revisions that rise, and any text there is."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forkpoint.model.failures import LabelInUse, NotSupported, RevisionMismatch
from forkpoint.model.notes import (
    VALUE_BYTES,
    VALUE_DEPTH,
    VALUE_KEYS,
    VALUE_NODES,
    VALUE_STRING,
    NoteField,
    Notes,
    plugin_value_fault,
)
from forkpoint.stores.state.own_state import OwnState

HOSTILE = [
    "",
    "a\0b",
    "\ud83d\ude00 \u202e",
    "👩‍👩‍👧",
    "x" * 3_000_000,
    "'; DROP TABLE notes; --",
    "line\nbreak\r",
    "é",
    "e\u0301",
]


@pytest.fixture
def state(tmp_path: Path) -> OwnState:
    return OwnState(str(tmp_path / "state"))


def _plain(notes: Notes) -> dict[str, Any]:
    values = attrs.asdict(notes)
    del values["revision"]
    return values


def test_a_change_gives_back_the_values_before_of_just_what_differs(state: OwnState) -> None:
    state.notes.change("pi:a", {"title": "one", "pinned": True, "archived": True, "archived_at": 5})
    changed = state.notes.change("pi:a", {"title": None, "pinned": True, "group": "g", "archived_at": 7})
    assert changed.previous == {"title": "one", "group": None, "archived_at": 5}
    assert changed.notes == Notes(pinned=True, archived=True, archived_at=7, group="g", revision=2)
    assert state.notes.read(["pi:a", "pi:b"]) == {"pi:a": changed.notes}


def test_what_is_so_already_is_no_change(state: OwnState) -> None:
    first = state.notes.change("pi:a", {"title": "one"})
    again = state.notes.change("pi:a", {"title": "one", "label": None})
    assert (again.notes, again.previous) == (first.notes, {})
    assert state.notes.changed_since(0) == (["pi:a"], 1)


def test_labels_are_unique_in_exactly_their_case(state: OwnState) -> None:
    state.notes.change("pi:a", {"label": "Ship it"})
    state.notes.change("pi:b", {"label": "ship it"})
    with pytest.raises(LabelInUse) as taken:
        state.notes.change("pi:c", {"label": "Ship it", "title": "not kept either"})
    assert (taken.value.label, taken.value.session_id) == ("Ship it", "pi:a")
    assert state.notes.read(["pi:c"]) == {}
    state.notes.change("pi:a", {"label": "Ship it", "pinned": True})
    assert state.notes.holder_of("Ship it") == "pi:a"
    state.notes.change("pi:a", {"label": None})
    state.notes.change("pi:c", {"label": "Ship it"})
    assert state.notes.holder_of("Ship it") == "pi:c"
    state.notes.forget("pi:c")
    assert state.notes.holder_of("Ship it") is None


def test_a_change_is_refused_when_the_notes_moved_on(state: OwnState) -> None:
    first = state.notes.change("pi:a", {"title": "one"}, if_revision=0)
    second = state.notes.change("pi:a", {"title": "two"}, if_revision=first.notes.revision)
    with pytest.raises(RevisionMismatch) as refused:
        state.notes.change("pi:a", {"title": "three"}, if_revision=first.notes.revision)
    assert refused.value.revision == str(second.notes.revision)
    assert state.notes.read(["pi:a"])["pi:a"].title == "two"


def test_revisions_rise_over_all_sessions_and_are_never_given_twice(state: OwnState) -> None:
    seen = [state.notes.change(f"pi:{number % 3}", {"title": str(number)}).notes.revision for number in range(6)]
    assert seen == sorted(set(seen))
    assert state.notes.changed_since(seen[3]) == (["pi:1", "pi:2"], seen[5])
    state.notes.forget("pi:2")
    assert state.notes.change("pi:2", {"title": "again"}).notes.revision > seen[5]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_any_text_comes_back(state: OwnState, text: str) -> None:
    well_formed = text.encode("utf-16", "surrogatepass").decode("utf-16")
    for field in ("title", "label", "group", "model", "thinking_level"):
        state.notes.change(f"pi:{field}", {field: text})
        assert getattr(state.notes.read([f"pi:{field}"])[f"pi:{field}"], field) == well_formed
    value = [well_formed[:VALUE_STRING], "half a pair: \ud800"]
    state.plugin_values.set("pi:a", text, text, value)
    assert state.plugin_values.read("pi:a") == {well_formed: {well_formed: value}}


def test_half_a_surrogate_pair_is_replaced(state: OwnState) -> None:
    state.notes.change("pi:\udcff", {"title": "a\ud800b"})
    assert state.notes.read(["pi:\udcff"])["pi:\ufffd"].title == "a\ufffdb"


def test_many_sessions_are_read_at_once(state: OwnState) -> None:
    state.notes.change("pi:7", {"title": "seven"})
    state.notes.change("pi:1999", {"title": "last"})
    assert sorted(state.notes.read([f"pi:{number}" for number in range(2000)])) == ["pi:1999", "pi:7"]


# --- any changes --------------------------------------------------------------------------------------------------

texts = st.none() | st.text(max_size=4)
changes = st.fixed_dictionaries(
    {},
    optional={
        "title": texts,
        "label": st.none() | st.sampled_from("ab"),
        "group": texts,
        "pinned": st.booleans(),
        "archived": st.booleans(),
        "archived_at": st.none() | st.integers(0, 1 << 50),
        "model": texts,
        "thinking_level": texts,
    },
)


@settings(max_examples=40)
@given(st.lists(st.tuples(st.sampled_from(["pi:a", "pi:b", "kimi:a"]), changes), max_size=8))
def test_any_changes_are_kept_and_undone(
    tmp_path_factory: pytest.TempPathFactory, made: list[tuple[str, Mapping[NoteField, Any]]]
) -> None:
    state = OwnState(str(tmp_path_factory.mktemp("state")))
    expected: dict[str, dict[str, Any]] = {}
    done: list[tuple[str, Mapping[NoteField, Any], dict[str, Any]]] = []
    for session_id, wanted in made:
        before = expected.get(session_id, _plain(Notes()))
        label = wanted.get("label")
        holders = [other for other, notes in expected.items() if other != session_id and notes["label"] == label]
        if label is not None and holders:
            with pytest.raises(LabelInUse):
                state.notes.change(session_id, wanted)
            continue
        changed = state.notes.change(session_id, wanted)
        expected[session_id] = {**before, **wanted}
        assert _plain(changed.notes) == expected[session_id]
        assert changed.previous == {name: before[name] for name in wanted if before[name] != wanted[name]}
        done.append((session_id, changed.previous, before))
    kept = {session_id: _plain(notes) for session_id, notes in state.own_notes().notes.items()}
    assert {**dict.fromkeys(expected, _plain(Notes())), **kept} == expected
    for session_id, previous, before in reversed(done):
        assert _plain(state.notes.change(session_id, previous).notes) == before
    state.database.close()


# --- plugin values ------------------------------------------------------------------------------------------------


def _nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth - 1):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (_nested(VALUE_DEPTH), _nested(VALUE_DEPTH + 1)),
        ([0] * (VALUE_NODES - 1), [0] * VALUE_NODES),
        ({str(key): 0 for key in range(VALUE_KEYS)}, {str(key): 0 for key in range(VALUE_KEYS + 1)}),
        ("x" * VALUE_STRING, "x" * (VALUE_STRING + 1)),
        ({"x" * VALUE_STRING: 0}, {"x" * (VALUE_STRING + 1): 0}),
        (["x" * 1000] * 260, ["x" * 1000] * 265),
        (1.5, float("nan")),
        (None, {1: "no string"}),
        (True, b"bytes"),
    ],
    ids=["depth", "nodes", "keys", "string", "key", "bytes", "number", "name", "type"],
)
def test_a_plugins_value_has_limits(state: OwnState, right: Any, wrong: Any) -> None:
    state.plugin_values.set("pi:a", "plugin", "key", right)
    assert plugin_value_fault(wrong) is not None
    with pytest.raises(NotSupported):
        state.plugin_values.set("pi:a", "plugin", "key", wrong)
    assert state.plugin_values.read("pi:a") == {"plugin": {"key": right}}
    assert len(json.dumps(right, separators=(",", ":"))) <= VALUE_BYTES


def test_plugin_values_are_kept_apart_and_raise_the_revision(state: OwnState) -> None:
    state.plugin_values.set("pi:a", "one", "key", {"x": [1, None]})
    state.plugin_values.set("pi:a", "two", "key", 2)
    state.plugin_values.set("pi:b", "one", "key", 3)
    assert state.plugin_values.read("pi:a") == {"one": {"key": {"x": [1, None]}}, "two": {"key": 2}}
    before = state.notes.read(["pi:a"])["pi:a"].revision
    assert state.plugin_values.unset("pi:a", "one", "key")
    assert not state.plugin_values.unset("pi:a", "one", "key")
    assert state.plugin_values.read("pi:a") == {"two": {"key": 2}}
    assert state.notes.read(["pi:a"])["pi:a"].revision > before
