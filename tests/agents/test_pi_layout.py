"""Where pi's sessions are looked for, and what is found there."""

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from forkpoint.agents.adapter import Environment
from forkpoint.agents.formats.pi_v3.ends import last_spoken
from forkpoint.agents.pi import ADAPTER
from tests.agents.pi_files import SECOND, header, line, read, record, user, write
from tests.agents.reading import discovered, read_session


def homes(variables: Mapping[str, str]) -> list[str]:
    return [home.path for home in ADAPTER.homes(Environment(variables=variables, home_dir="/home/ana"))]


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, ["/home/ana/.pi/agent"]),
        ({"PI_CODING_AGENT_DIR": "/opt/pi/"}, ["/opt/pi"]),
        ({"PI_CODING_AGENT_DIR": "~/pi"}, ["/home/ana/pi"]),
        ({"PI_CODING_AGENT_DIR": "~"}, ["/home/ana"]),
        ({"PI_CODING_AGENT_DIR": ""}, ["/home/ana/.pi/agent"]),
        ({"PI_CODING_AGENT_DIR": "relative"}, ["/home/ana/.pi/agent"]),
        ({"PI_SESSIONS_DIR": "/data/pi"}, ["/home/ana/.pi/agent", "/data/pi"]),
        ({"PI_CODING_AGENT_SESSION_DIR": "/data/one"}, ["/home/ana/.pi/agent", "/data/one"]),
        ({"PI_SESSIONS_DIR": "/d", "PI_CODING_AGENT_SESSION_DIR": "/d"}, ["/home/ana/.pi/agent", "/d"]),
        ({"PI_SESSIONS_DIR": "~/.pi/agent/sessions"}, ["/home/ana/.pi/agent"]),
        ({"PI_CODING_AGENT_SESSION_DIR": "/home/ana/.pi/agent/sessions/--x--"}, ["/home/ana/.pi/agent"]),
    ],
)
def test_the_variables_name_the_homes(variables: Mapping[str, str], expected: list[str]) -> None:
    assert homes(variables) == expected


def found(home: Path) -> dict[str, str]:
    """Session ids and paths below the home."""
    candidates = discovered(ADAPTER, home).candidates
    return {candidate.native_id: os.path.relpath(candidate.path, home) for candidate in candidates}


def test_pi_i_54_an_agents_folder(tmp_path: Path) -> None:
    write(tmp_path / "sessions" / "--srv-app--" / "1.jsonl", header(id="in a project"))
    write(tmp_path / "sessions" / "2.jsonl", header(id="beside the projects"))
    write(tmp_path / "very-old.jsonl", header(id="very old"))
    write(tmp_path / "notes.jsonl", {"no": "session"})
    write(tmp_path / "extensions" / "3.jsonl", header(id="not a session of pi"))
    write(tmp_path / "sessions" / "--srv-app--" / "1.v2" / "index" / "offsets.jsonl", {"schema": "x"})
    write(tmp_path / "sessions" / "--srv-app--" / "1.jsonl.lock", "")
    write(tmp_path / "sessions" / "--srv-app--" / "4.json", header(id="another extension"))
    write(tmp_path / "sessions" / "session-index.sqlite", "")
    assert found(tmp_path) == {
        "in a project": "sessions/--srv-app--/1.jsonl",
        "beside the projects": "sessions/2.jsonl",
        "very old": "very-old.jsonl",
    }


def test_a_root_of_projects_and_a_folder_of_one(tmp_path: Path) -> None:
    write(tmp_path / "--srv-app--" / "1.jsonl", header(id="one"))
    write(tmp_path / "--srv-b--" / "2.jsonl", header(id="two"))
    write(tmp_path / "3.jsonl", header(id="three"))
    assert set(found(tmp_path)) == {"one", "two", "three"}
    assert set(found(tmp_path / "--srv-app--")) == {"one"}


def test_pi_i_54_an_empty_home(tmp_path: Path) -> None:
    assert found(tmp_path) == {}
    (tmp_path / "sessions").mkdir()
    assert found(tmp_path) == {}


def test_pi_e_a_link_inside_the_home_is_followed_and_one_out_of_it_is_not(tmp_path: Path) -> None:
    home = tmp_path / "home"
    target = write(home / "--srv-app--" / "1.jsonl", header(id="one"))
    outside = write(tmp_path / "outside.jsonl", header(id="outside"))
    (home / "--srv-app--" / "linked.jsonl").symlink_to(target)
    (home / "--srv-app--" / "out.jsonl").symlink_to(outside)
    discovery = discovered(ADAPTER, home)
    assert sorted(Path(candidate.path).name for candidate in discovery.candidates) == ["1.jsonl", "linked.jsonl"]
    assert [(problem.kind, Path(problem.path).name) for problem in discovery.problems] == [
        ("linkLeavesStore", "out.jsonl")
    ]


def test_a_folder_of_sessions_that_is_a_link_out_of_the_home_is_named(tmp_path: Path) -> None:
    write(tmp_path / "elsewhere" / "--srv-app--" / "1.jsonl", header(id="one"))
    agent = tmp_path / "agent"
    write(agent / "very-old.jsonl", header(id="very old"))
    (agent / "sessions").symlink_to(tmp_path / "elsewhere")
    discovery = discovered(ADAPTER, agent)
    assert [candidate.native_id for candidate in discovery.candidates] == ["very old"]
    assert [problem.kind for problem in discovery.problems] == ["linkLeavesStore"]


def test_what_is_no_file_costs_no_other_row(tmp_path: Path) -> None:
    write(tmp_path / "1.jsonl", header(id="one"))
    os.mkfifo(tmp_path / "2.jsonl")
    (tmp_path / "3.jsonl").mkdir()
    discovery = discovered(ADAPTER, tmp_path)
    assert [candidate.native_id for candidate in discovery.candidates] == ["one"]
    assert [(problem.kind, Path(problem.path).name) for problem in discovery.problems] == [("notRegular", "2.jsonl")]


# --- the look at both ends --------------------------------------------------------------------------------------

TOOL_OUTPUT = {"role": "toolResult", "toolCallId": "c", "toolName": "read", "isError": False}


def grown(folder: Path, *, before: int = 0, after: int = 0, step: int = 1000) -> Path:
    """A session with rubbish before its header, and tool results after its one message, in bytes."""
    output = {**TOOL_OUTPUT, "content": [{"type": "text", "text": "x" * step}]}
    result = record("message", "t", "u", message=output)
    rubbish = ["rubbish " + "x" * 90] * (before // 99)
    return write(folder / "1.jsonl", *rubbish, header(), user("u", None, "hi"), *[result] * (after // step))


@pytest.mark.parametrize("before", [0, 3_000, 50_000, 90_000])
def test_a_header_after_rubbish_is_found(tmp_path: Path, before: int) -> None:
    grown(tmp_path, before=before)
    assert set(found(tmp_path)) == {"s1"}


def test_a_header_longer_than_the_first_look(tmp_path: Path) -> None:
    write(tmp_path / "1.jsonl", header(cwd="/srv/" + "x" * 200, additionalRoots=["/srv/" + "y" * 200] * 500))
    assert set(found(tmp_path)) == {"s1"}


@pytest.mark.parametrize("step", [1000, 40_000, 800_000])
@pytest.mark.parametrize("after", [0, 12_000, 100_000, 800_000])
def test_the_last_message_is_found_behind_much_output(tmp_path: Path, after: int, step: int) -> None:
    grown(tmp_path, after=after, step=step)
    [candidate] = discovered(ADAPTER, tmp_path).candidates
    assert candidate.updated_at == SECOND + 1000


def test_behind_more_than_a_mebibyte_of_output_the_file_time_counts(tmp_path: Path) -> None:
    path = grown(tmp_path, after=3_000_000, step=300_000)
    os.utime(path, (1_800_000_000, 1_800_000_000))
    [candidate] = discovered(ADAPTER, tmp_path).candidates
    assert candidate.updated_at == 1_800_000_000_000


def test_without_a_message_the_header_time_counts(tmp_path: Path) -> None:
    write(tmp_path / "1.jsonl", header(), {"type": "session_info", "id": "1", "parentId": None, "name": "n"})
    [candidate] = discovered(ADAPTER, tmp_path).candidates
    assert candidate.updated_at == SECOND


@pytest.mark.parametrize("own", ["soon", None, True])
def test_a_message_without_a_time_of_its_own_has_its_lines(tmp_path: Path, own: object) -> None:
    said = {"role": "user", "content": "hi", "timestamp": own}
    entry = {"type": "message", "id": "1", "parentId": None, "timestamp": "2026-01-05T10:00:07.000Z", "message": said}
    write(tmp_path / "1.jsonl", header(), entry)
    [candidate] = discovered(ADAPTER, tmp_path).candidates
    assert candidate.updated_at == SECOND + 7000


def test_a_torn_last_message_does_not_count(tmp_path: Path) -> None:
    path = write(tmp_path / "1.jsonl", header(), user("1", None, "hi"))
    later = line(user("2", "1", "torn")).replace(str(SECOND + 1000).encode(), str(SECOND + 9000).encode())
    path.write_bytes(path.read_bytes() + later[:-20])
    [candidate] = discovered(ADAPTER, tmp_path).candidates
    assert candidate.updated_at == SECOND + 1000


def test_the_first_line_of_a_cut_off_look_does_not_count() -> None:
    said = line(user("1", None, "hi"))
    assert last_spoken(said, whole=True) == SECOND + 1000
    assert last_spoken(said, whole=False) is None
    assert last_spoken(b"\n" + said, whole=False) == SECOND + 1000


def test_pi_i_35_a_leaf_that_moved_since_the_list_is_read_anew(tmp_path: Path) -> None:
    entries = [user("1", None, "hi"), user("2", "1", "on")]
    candidate = read(tmp_path, header(), *entries).candidate
    write(Path(candidate.path), header(leafId="1"), *entries)
    assert [entry.entry_id for entry in read_session(ADAPTER, tmp_path, candidate).entries] == ["1"]


@pytest.mark.parametrize("bad", ["relative/dir", "/with\0nul", "/half \ud83d", 5, ["/a"], {"path": "/a"}])
def test_a_cwd_that_is_no_path_is_unknown(tmp_path: Path, bad: object) -> None:
    reading = read(tmp_path, header(cwd=bad))
    assert reading.candidate.work_dir is None
    assert [(problem.kind, problem.line) for problem in reading.problems] == [("badRecord", 1)]


@pytest.mark.parametrize("bad", ["", "  ", "a\0b", "half \ud83d", "x" * 300, 7, None, "two\nlines"])
def test_an_id_that_is_none_gives_way_to_the_file_name(tmp_path: Path, bad: object) -> None:
    reading = read(tmp_path, header(id=bad))
    assert reading.candidate.native_id == "any"
    assert reading.candidate.work_dir == "/srv/app"
    assert [problem.kind for problem in reading.problems] == ["badRecord"]


def test_resume_names_the_file_and_the_folder(tmp_path: Path) -> None:
    candidate = read(tmp_path, header()).candidate
    resume = ADAPTER.resume(candidate)
    assert resume is not None
    assert resume.command == ["pi", "--session", candidate.path]
    assert resume.cwd == "/srv/app"
