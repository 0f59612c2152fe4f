"""Titles and archive flags as state.json and metadata.json tell them.

The names `kimi_8_N` number the behaviour cases that the agent's own tests check.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from forkpoint.agents.adapter import Arrangement
from forkpoint.agents.kimi.index_files import SessionState, merge_metadata, read_state
from tests.agents.kimi_logs import event, read_one, write_session

WHOLE: dict[str, Any] = {
    "version": 1,
    "approval": {"yolo": True, "afk": False, "auto_approve_actions": ["run command"]},
    "additional_dirs": ["/home/ana/shared-lib"],
    "custom_title": "Speed up the importer",
    "title_generated": True,
    "title_generate_attempts": 2,
    "plan_mode": True,
    "plan_session_id": "p",
    "plan_slug": "s",
    "wire_mtime": 1790000000.25,
    "archived": True,
    "archived_at": 1790000000.5,
    "auto_archive_exempt": True,
    "todos": [{"title": "measure", "status": "in_progress"}],
}
METADATA: dict[str, Any] = {
    "session_id": "x",
    "title": "Old title",
    "title_generated": True,
    "title_generate_attempts": 1,
    "wire_mtime": None,
    "archived": True,
    "archived_at": 1790000040,
    "auto_archive_exempt": True,
}
FIELDS = ("custom_title", "title_generated", "archived", "archived_at", "auto_archive_exempt")


def _read(value: Any) -> tuple[SessionState, str | None]:
    return read_state(json.dumps(value).encode())


def _arranged(share: Path, **index_files: Any) -> Arrangement:
    write_session(share, wire=[event("TurnBegin", user_input="hello")], **index_files)
    return read_one(share).arrangement


# --- state.json -------------------------------------------------------------------------------------------------


def test_kimi_8_21_a_whole_state_reads() -> None:
    state, reason = _read(WHOLE)
    assert reason is None
    assert {name: getattr(state, name) for name in FIELDS} == {name: WHOLE[name] for name in FIELDS}
    assert state.fields() == {
        "planMode": True,
        "additionalDirs": ["/home/ana/shared-lib"],
        "autoArchiveExempt": True,
        "todos": [{"title": "measure", "status": "in_progress"}],
    }


@pytest.mark.parametrize("given", [{}, {"version": 1}, {"dynamic_subagents": [1], "something": {"new": 1}}])
def test_kimi_8_21_an_old_state_and_unknown_fields_read_as_defaults(given: dict[str, Any]) -> None:
    assert _read(given) == (SessionState(), None)


def test_kimi_8_20_a_missing_state_is_all_defaults() -> None:
    assert read_state(None) == (SessionState(), None)


@pytest.mark.parametrize(
    "data",
    [
        b'{"version": 1, "approval":',
        b"invalid",
        b"",
        b"\x80\xff\xfe\x00\x01",
        b"[1,2,3]",
        b"null",
        b'{"custom_title": "\xff"}',
        b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    ],
)
def test_kimi_8_20_a_state_that_is_no_object_is_all_defaults(data: bytes) -> None:
    state, reason = read_state(data)
    assert state == SessionState()
    assert reason


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("version", "x"),
        ("approval", "bad"),
        ("approval", {"yolo": 1}),
        ("approval", {"auto_approve_actions": [1]}),
        ("additional_dirs", [None]),
        ("custom_title", 5),
        ("title_generated", None),
        ("title_generate_attempts", "1"),
        ("plan_slug", []),
        ("archived", "yes"),
        ("archived_at", "now"),
        ("archived_at", True),
        ("todos", [{"title": "t"}]),
        ("todos", [{"title": "t", "status": ["done"]}]),
        ("todos", {"title": "t"}),
    ],
)
def test_kimi_8_20_one_wrong_type_puts_every_field_at_its_default(field: str, value: Any) -> None:
    state, reason = _read({**WHOLE, field: value})
    assert state == SessionState()
    assert reason is not None
    assert reason.startswith(field)


def test_a_broken_state_is_named_and_costs_nothing_else(tmp_path: Path) -> None:
    arrangement = _arranged(tmp_path, state=b'{"version": "x"}', metadata=METADATA)
    assert [(problem.kind, Path(problem.path).name) for problem in arrangement.problems] == [
        ("badIndexFile", "state.json")
    ]
    assert (arrangement.title, arrangement.archived) == ("Old title", True)


@pytest.mark.parametrize("at", [None, float("nan"), float("inf"), -1, 1e300, 10**400])
def test_a_time_of_archiving_that_is_none_is_left_out(tmp_path: Path, at: Any) -> None:
    arrangement = _arranged(tmp_path, state={"archived": True, "archived_at": at})
    assert (arrangement.archived, arrangement.archived_at) == (True, None)
    assert not arrangement.problems


def test_the_time_of_archiving_counts_while_archived(tmp_path: Path) -> None:
    state, _ = _read({"archived": True, "archived_at": 1790000000.5})
    assert state.archived_ms == 1790000000500
    state, _ = _read({"archived": False, "archived_at": 1790000000.5})
    assert state.archived_ms is None


# --- titles -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "title", "final", "source"),
    [
        ({"custom_title": "Mine", "title_generated": True}, "Mine", True, "custom"),
        ({"custom_title": "the agent's own"}, "the agent's own", False, "generated"),
        ({"custom_title": ""}, None, False, "generated"),
        ({"custom_title": " \n"}, None, False, "generated"),
        ({}, None, False, "generated"),
    ],
)
def test_kimi_8_27_a_title_is_final_when_somebody_made_it(
    tmp_path: Path, state: dict[str, Any], title: str | None, final: bool, source: str
) -> None:
    arrangement = _arranged(tmp_path, state=state)
    assert (arrangement.title, arrangement.title_is_final, arrangement.title_source) == (title, final, source)


# --- metadata.json ----------------------------------------------------------------------------------------------


def test_kimi_8_23_all_fields_of_an_old_file_count() -> None:
    state = SessionState()
    assert merge_metadata(state, json.dumps(METADATA).encode()) is None
    assert [getattr(state, name) for name in FIELDS] == ["Old title", True, True, 1790000040, True]
    again = SessionState()
    merge_metadata(again, json.dumps(METADATA).encode())
    assert again == state


def test_kimi_8_24_what_the_state_says_wins(tmp_path: Path) -> None:
    state, _ = _read({"custom_title": "New title", "archived_at": 1790000000.5})
    assert merge_metadata(state, json.dumps(METADATA).encode()) is None
    assert [getattr(state, name) for name in FIELDS] == ["New title", True, True, 1790000000.5, True]


def test_kimi_8_24_untitled_is_no_title() -> None:
    state = SessionState()
    assert merge_metadata(state, b'{"title": "Untitled", "archived": false}') is None
    assert state == SessionState()


@pytest.mark.parametrize("data", [b"{ not json", b"[]", b'{"title": 5}', b'{"title_generate_attempts": "1"}'])
def test_kimi_8_24_a_broken_old_file_is_left_alone(tmp_path: Path, data: bytes) -> None:
    arrangement = _arranged(tmp_path, state={"custom_title": "Kept", "title_generated": True}, metadata=data)
    assert arrangement.title == "Kept"
    assert [(problem.kind, Path(problem.path).name) for problem in arrangement.problems] == [
        ("badIndexFile", "metadata.json")
    ]
    assert next(tmp_path.rglob("metadata.json")).read_bytes() == data
