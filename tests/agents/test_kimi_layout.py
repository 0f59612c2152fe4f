"""Which sessions a Kimi home has, and what each is made of.

The names `kimi_8_N` number the behaviour cases that the agent's own tests check. Some are decided otherwise here:
empty sessions are listed (28, 29), and a title that is not final gives way to the first turn (27).
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from forkpoint.agents.adapter import Candidate, Discovery, Environment
from forkpoint.agents.kimi import ADAPTER
from forkpoint.model.source import CONTEXT, SHOWN
from tests.agents.kimi_logs import (
    HEADER,
    NOBODY,
    WORK_DIR,
    event,
    read_one,
    work_key,
    write_index,
    write_lines,
    write_session,
)
from tests.agents.reading import arranged, discovered, read_all

OTHER = "11111111-1111-4111-8111-111111111111"
TURN = event("TurnBegin", user_input="hello")
USER = {"role": "user", "content": "hello"}


def _names(share: Path, *known: str) -> dict[str, str | None]:
    """The sessions of a home with their work dirs."""
    return {found.native_id: found.work_dir for found in discovered(ADAPTER, share, known).candidates}


def _reasons(share: Path) -> list[tuple[str, str]]:
    return [(problem.kind, Path(problem.path).name) for problem in discovered(ADAPTER, share).problems]


# --- homes ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("variables", "path"),
    [
        ({}, "/home/ana/.kimi"),
        ({"KIMI_SHARE_DIR": ""}, "/home/ana/.kimi"),
        ({"KIMI_SHARE_DIR": "/data/kimi"}, "/data/kimi"),
        ({"KIMI_SHARE_DIR": "~/kimi"}, "~/kimi"),
        ({"KIMI_SHARE_DIR": "share"}, "share"),
    ],
)
def test_the_share_folder_is_named_by_the_environment(variables: dict[str, str], path: str) -> None:
    environment = Environment(variables=variables, home_dir="/home/ana")
    assert [home.path for home in ADAPTER.homes(environment)] == [path]


# --- finding ----------------------------------------------------------------------------------------------------


def test_a_home_without_anything_has_no_sessions(tmp_path: Path) -> None:
    assert discovered(ADAPTER, tmp_path) == Discovery(candidates=[], problems=[])
    assert list(tmp_path.iterdir()) == []  # kimi-8-44


def test_a_folder_with_a_context_is_a_session(tmp_path: Path) -> None:
    write_index(tmp_path)
    folder = write_session(tmp_path, wire=None, context=[USER])
    os.utime(folder / "context.jsonl", ns=(5_000_000, 1_790_000_000_123_456_789))
    found = discovered(ADAPTER, tmp_path).candidates
    assert [(item.native_id, item.path, item.updated_at) for item in found] == [(NOBODY, str(folder), 1790000000123)]
    write_session(tmp_path, OTHER, wire=[TURN], context=None)
    assert _names(tmp_path) == {NOBODY: WORK_DIR}


def test_kimi_8_28_empty_sessions_are_listed(tmp_path: Path) -> None:
    write_index(tmp_path)
    write_session(tmp_path, NOBODY, wire=())
    write_session(tmp_path, OTHER, wire=None, context=[{"role": "_system_prompt", "content": "x"}])
    assert set(_names(tmp_path)) == {NOBODY, OTHER}


def test_kimi_8_45_a_session_of_any_name_has_its_folder_and_work_dir(tmp_path: Path) -> None:
    write_index(tmp_path)
    folder = write_session(tmp_path, "my session; rm -rf $HOME", wire=[TURN])
    reading = read_one(tmp_path, folder.name)
    assert (reading.candidate.path, reading.candidate.work_dir) == (str(folder), WORK_DIR)
    assert reading.arrangement.agent_fields == {"name": folder.name}


@pytest.mark.parametrize("name", [NOBODY, NOBODY.replace("-", ""), NOBODY.upper()])
def test_a_uuid_in_any_spelling_keeps_its_folder_name(tmp_path: Path, name: str) -> None:
    write_session(tmp_path, name)
    assert list(_names(tmp_path)) == [name]
    assert read_one(tmp_path, name).arrangement.agent_fields is None


def test_a_flat_context_is_a_session_unless_its_folder_is_one(tmp_path: Path) -> None:
    write_index(tmp_path)
    group = tmp_path / "sessions" / work_key()
    write_lines(group / f"{NOBODY}.jsonl", [USER])
    write_session(tmp_path, OTHER, context=[USER])
    write_lines(group / f"{OTHER}.jsonl", [USER])
    found = {item.native_id: item.path for item in discovered(ADAPTER, tmp_path).candidates}
    assert found == {NOBODY: str(group / f"{NOBODY}.jsonl"), OTHER: str(group / OTHER)}
    (group / OTHER / "context.jsonl").unlink()
    found = {item.native_id: item.path for item in discovered(ADAPTER, tmp_path).candidates}
    assert found[OTHER] == str(group / f"{OTHER}.jsonl")


def test_what_is_no_session_is_not_listed(tmp_path: Path) -> None:
    group = tmp_path / "sessions" / work_key()
    write_lines(group / ".jsonl", [USER])
    (group / "notes.txt").write_text("not a session")
    (group / "empty folder").mkdir()
    (tmp_path / "sessions" / "stray.jsonl").write_text("{}")
    assert discovered(ADAPTER, tmp_path) == Discovery(candidates=[], problems=[])


def test_one_id_under_two_keys_is_found_twice(tmp_path: Path) -> None:
    write_session(tmp_path, NOBODY)
    write_session(tmp_path, NOBODY, key=work_key("/home/ana/link"))
    assert [item.native_id for item in discovered(ADAPTER, tmp_path).candidates] == [NOBODY, NOBODY]


def test_imported_sessions_have_no_work_dir(tmp_path: Path) -> None:
    write_lines(tmp_path / "imported_sessions" / NOBODY / "context.jsonl", [USER])
    reading = read_one(tmp_path)
    assert reading.candidate.work_dir is None
    assert reading.arrangement.agent_fields == {"imported": True}
    assert ADAPTER.resume(reading.candidate) is None


# --- work dirs --------------------------------------------------------------------------------------------------


def test_the_work_dir_is_read_from_the_index_or_tried_against_known_folders(tmp_path: Path) -> None:
    write_index(tmp_path)
    write_session(tmp_path, NOBODY)
    write_session(tmp_path, OTHER, key=work_key("/home/ana/forgotten"))
    assert _names(tmp_path) == {NOBODY: WORK_DIR, OTHER: None}
    assert _names(tmp_path, "/elsewhere", "/home/ana/forgotten") == {NOBODY: WORK_DIR, OTHER: "/home/ana/forgotten"}


def test_a_folder_on_another_machine_is_remote(tmp_path: Path) -> None:
    write_index(tmp_path, {"path": "/srv/api", "kaos": "ssh", "last_session_id": NOBODY})
    write_session(tmp_path, NOBODY, key=work_key("/srv/api", "ssh"))
    write_session(tmp_path, OTHER, key=work_key("/srv/unlisted", "ssh"))
    found = {item.native_id: (item.work_dir, item.remote) for item in discovered(ADAPTER, tmp_path).candidates}
    assert found == {NOBODY: ("/srv/api", "ssh"), OTHER: (None, "ssh")}
    reading = read_one(tmp_path, NOBODY, ["/srv/api"])
    assert reading.arrangement.agent_fields == {"kaos": "ssh"}
    assert ADAPTER.resume(reading.candidate) is None


def test_a_known_folder_of_this_machine_is_not_taken_for_a_remote_key(tmp_path: Path) -> None:
    write_session(tmp_path, NOBODY, key=work_key("/srv/api", "ssh"))
    assert _names(tmp_path, "/srv/api") == {NOBODY: None}


@pytest.mark.parametrize("path", ["relative", "", "/nul\0byte", "\ud800"])
def test_a_path_that_is_none_is_an_unknown_work_dir(tmp_path: Path, path: str) -> None:
    write_index(tmp_path, {"path": path})
    write_session(tmp_path, key=work_key(path.encode(errors="replace").decode()))
    assert _names(tmp_path) == {NOBODY: None}


@pytest.mark.parametrize(
    ("data", "problems"),
    [
        (b"{ not json", 1),
        (b"\xff\xfe", 1),
        (b"", 1),
        (b"[]", 1),
        (b'{"work_dirs": {}}', 1),
        (b'{"work_dirs": [1, {"path": 2}, {"kaos": "ssh"}, {"path": "/a", "kaos": 3}]}', 4),
        (b"[" * 100_000, 1),
        (b"{}", 0),
        (b'{"work_dirs": [], "thinking": true}', 0),
    ],
)
def test_a_broken_index_costs_no_session(tmp_path: Path, data: bytes, problems: int) -> None:
    write_session(tmp_path)
    (tmp_path / "kimi.json").write_bytes(data)
    assert _names(tmp_path) == {NOBODY: None}
    assert _reasons(tmp_path) == [("badIndexFile", "kimi.json")] * problems


def test_kimi_8_33_an_index_without_last_sessions_reads(tmp_path: Path) -> None:
    write_index(tmp_path, {"path": WORK_DIR}, {"path": "/other", "last_session_id": None})
    write_session(tmp_path)
    assert _names(tmp_path) == {NOBODY: WORK_DIR}


def test_a_context_that_is_no_file_is_a_problem_and_no_session(tmp_path: Path) -> None:
    write_session(tmp_path, NOBODY)
    fifo = write_session(tmp_path, OTHER, context=None)
    os.mkfifo(fifo / "context.jsonl")
    assert list(_names(tmp_path)) == [NOBODY]
    assert _reasons(tmp_path) == [("notRegular", "context.jsonl")]


# --- laying out -------------------------------------------------------------------------------------------------


def _parts(share: Path) -> list[tuple[str, str]]:
    return [(part.role, part.name) for part in read_one(share).arrangement.parts]


def test_the_wire_log_is_shown_and_contexts_follow_in_order(tmp_path: Path) -> None:
    folder = write_session(tmp_path, wire=[TURN], context=[USER], state={})
    for name in ("context_10.jsonl", "context_2.jsonl", "context_x.jsonl", "context.tmp"):
        write_lines(folder / name, [USER])
    (folder / "context_3.jsonl").mkdir()
    assert _parts(tmp_path) == [
        (SHOWN, "wire"),
        (CONTEXT, "context"),
        (CONTEXT, "context_2"),
        (CONTEXT, "context_10"),
        ("index", "state"),
    ]


def _missing(folder: Path) -> None:
    (folder / "wire.jsonl").unlink()


def _empty(folder: Path) -> None:
    (folder / "wire.jsonl").write_bytes(b"")


def _link_out(folder: Path) -> None:
    _missing(folder)
    (folder / "wire.jsonl").symlink_to("/etc/hostname")


def _fifo(folder: Path) -> None:
    _missing(folder)
    os.mkfifo(folder / "wire.jsonl")


def _folder(folder: Path) -> None:
    _missing(folder)
    (folder / "wire.jsonl").mkdir()


@pytest.mark.parametrize(
    ("spoil", "problems"),
    [
        (_missing, []),
        (_empty, []),
        (_link_out, ["linkLeavesStore"]),
        (_fifo, ["notRegular"]),
        (_folder, ["notRegular"]),
    ],
)
def test_without_a_usable_log_the_context_is_shown(tmp_path: Path, spoil: Any, problems: list[str]) -> None:
    spoil(write_session(tmp_path, wire=[TURN], context=[{"role": "user", "content": "from the context"}]))
    reading = read_one(tmp_path)
    assert [turn[0] for turn in reading.turns] == ["from the context"]
    assert [entry.entry_id for entry in reading.entries] == ["context@0"]
    assert [problem.kind for problem in reading.problems] == problems


def test_a_link_inside_the_home_is_followed(tmp_path: Path) -> None:
    folder = write_session(tmp_path, wire=[TURN])
    (folder / "wire.jsonl").rename(tmp_path / "elsewhere")
    (folder / "wire.jsonl").symlink_to(tmp_path / "elsewhere")
    assert len(read_one(tmp_path).turns) == 1


def test_a_session_that_went_away_since_it_was_found_has_no_parts(tmp_path: Path) -> None:
    folder = write_session(tmp_path, wire=[TURN])
    (candidate,) = discovered(ADAPTER, tmp_path).candidates
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    arrangement = arranged(ADAPTER, tmp_path, candidate)
    assert (list(arrangement.parts), list(arrangement.problems)) == ([], [])


@pytest.mark.parametrize("spoilt", ["state.json", "metadata.json"])
@pytest.mark.parametrize("how", ["folder", "fifo", "link"])
def test_an_index_file_that_is_no_file_costs_only_itself(tmp_path: Path, spoilt: str, how: str) -> None:
    folder = write_session(tmp_path, wire=[TURN])
    path = folder / spoilt
    {"folder": path.mkdir, "fifo": lambda: os.mkfifo(path), "link": lambda: path.symlink_to("/etc/hostname")}[how]()
    reading = read_one(tmp_path)
    assert reading.arrangement.title is None
    assert len(reading.turns) == 1
    assert [Path(problem.path).name for problem in reading.problems] == [spoilt]


def test_kimi_8_44_a_broken_subagent_folder_changes_nothing(tmp_path: Path) -> None:
    folder = write_session(tmp_path, wire=[TURN])
    before = read_one(tmp_path)
    write_lines(folder / "subagents" / "a1b2c3d4e" / "meta.json", [b"{ not json"])
    write_lines(folder / "tasks" / "bash-k3x9q2aa" / "spec.json", [b"[]"])
    assert read_one(tmp_path).arrangement == before.arrangement


# --- continuing -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "work_dir", "remote", "command"),
    [
        (NOBODY, WORK_DIR, None, ["kimi", "--session", NOBODY]),
        ("two words", WORK_DIR, None, ["kimi", "--session", "two words"]),
        (NOBODY, None, None, None),
        (NOBODY, "/srv/api", "ssh", None),
        ("--yolo", WORK_DIR, None, None),
    ],
)
def test_a_session_is_continued_by_name_in_its_folder(
    name: str, work_dir: str | None, remote: str | None, command: list[str] | None
) -> None:
    candidate = Candidate(native_id=name, path="/s", updated_at=0, work_dir=work_dir, remote=remote)
    resume = ADAPTER.resume(candidate)
    assert (resume and resume.command) == command
    assert resume is None or resume.cwd == work_dir


def test_agent_fields_are_declared(tmp_path: Path) -> None:
    todos = [{"title": "measure", "status": "pending"}]
    write_index(tmp_path, {"path": "/srv/api", "kaos": "ssh"})
    state: dict[str, Any] = {"plan_mode": True, "additional_dirs": ["/a"], "auto_archive_exempt": True, "todos": todos}
    write_session(tmp_path, "named", key=work_key("/srv/api", "ssh"), state=state)
    write_lines(tmp_path / "imported_sessions" / NOBODY / "context.jsonl", [USER])
    readings = read_all(ADAPTER, tmp_path).values()
    shown = {name for reading in readings for name in reading.arrangement.agent_fields or ()}
    assert shown == set(ADAPTER.info.fields)


def test_files_stand_as_they_are_after_reading(tmp_path: Path) -> None:
    write_index(tmp_path)
    folder = write_session(tmp_path, wire=[TURN], metadata={"title": "old", "archived": True})
    flat = write_lines(folder.parent / f"{OTHER}.jsonl", [USER])
    before = {path: (path.lstat().st_mtime_ns, path.is_file() and path.read_bytes()) for path in tmp_path.rglob("*")}
    read_all(ADAPTER, tmp_path)
    after = {path: (path.lstat().st_mtime_ns, path.is_file() and path.read_bytes()) for path in tmp_path.rglob("*")}
    assert after == before
    assert flat.exists()
    assert json.loads((tmp_path / "kimi.json").read_text())["work_dirs"][0]["path"] == WORK_DIR
    assert (folder / "wire.jsonl").read_bytes().startswith(HEADER)
