"""New sessions: where they lie, how they begin, what they are called."""

import json
import re
import uuid
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forkpoint.agents.adapter import DirEntry, Environment, Home
from forkpoint.agents.forkpoint import ADAPTER as FORKPOINT
from forkpoint.agents.formats.pi_v3.writing.ids import EntryIds, session_id
from forkpoint.agents.formats.pi_v3.writing.new_session import project_folder
from forkpoint.agents.pi import ADAPTER
from forkpoint.agents.pi.layout import SessionsHome, new_session_folder
from forkpoint.agents.writing import Occasion
from forkpoint.model.failures import NotSupported
from tests.agents.pi_writing.support import NOW, OCCASION, PROJECT, WORK_DIR, Changes
from tests.agents.reading import FolderDisk, read_all


def lines_of(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def test_a_new_session_is_a_header_that_every_reader_takes(tmp_path: Path) -> None:
    path = Changes(tmp_path).create()
    name = path.name.removeprefix("2026-01-05T10-00-30-123Z_").removesuffix(".jsonl")
    assert path.parent == tmp_path / "sessions" / PROJECT
    assert uuid.UUID(name).version == 7
    expected = (
        f'{{"type":"session","version":3,"id":"{name}","timestamp":"2026-01-05T10:00:30.123Z","cwd":"/srv/app"}}\n'
    )
    assert path.read_text() == expected


def test_what_it_was_given_follows_in_a_chain(tmp_path: Path) -> None:
    given_path = "/home/ana/.pi/agent/sessions/--srv-app--/old.jsonl"
    path = Changes(tmp_path).create(
        title=" Two\nlines é ", model="openrouter/anthropic/claude", thinking_level="high", parent_path=given_path
    )
    header, *entries = lines_of(path)
    assert header["parentSession"] == given_path
    assert [entry["type"] for entry in entries] == ["model_change", "thinking_level_change", "session_info"]
    assert [entry["parentId"] for entry in entries] == [None, entries[0]["id"], entries[1]["id"]]
    assert [list(entry)[:4] for entry in entries] == [["type", "id", "parentId", "timestamp"]] * 3
    assert all(re.fullmatch("[0-9a-f]{8}", str(entry["id"])) for entry in entries)
    reading = read_all(ADAPTER, tmp_path)[str(header["id"])]
    assert not reading.problems
    summary = reading.summary
    assert (summary.title, summary.model, summary.thinking_level) == (
        "Two lines é",
        "openrouter/anthropic/claude",
        "high",
    )


@pytest.mark.parametrize("title", [None, "", " \n "])
def test_a_blank_title_is_none(tmp_path: Path, title: str | None) -> None:
    assert len(lines_of(Changes(tmp_path).create(title=title))) == 1


@pytest.mark.parametrize(
    ("work_dir", "folder"),
    [
        ("/", "----"),
        ("/a/b", "--a-b--"),
        ("/a-b", "--a-b--"),
        ("//a", "--a--"),
        ("/tmp/", "--tmp--"),
        ("/tmp/../x", "--x--"),
        ("/a:b\\c", "--a-b-c--"),
        ("/srv/dätä/my project", "--srv-dätä-my project--"),
    ],
)
def test_a_folder_is_called_as_pi_calls_it(work_dir: str, folder: str) -> None:
    assert project_folder(work_dir) == folder


@pytest.mark.parametrize("work_dir", ["relative", "", "/bad\udcff", "/" + "long/" * 60])
def test_a_folder_that_the_format_cannot_name_is_refused(tmp_path: Path, work_dir: str) -> None:
    with pytest.raises(NotSupported):
        Changes(tmp_path).create(work_dir=work_dir)


@pytest.mark.parametrize(
    "wanted", [{"model": "no-provider"}, {"model": "/x"}, {"thinking_level": " "}, {"title": "\ud800"}]
)
def test_what_cannot_be_written_is_refused(tmp_path: Path, wanted: dict[str, str]) -> None:
    with pytest.raises(NotSupported):
        Changes(tmp_path).create(**wanted)


@pytest.mark.parametrize(
    ("lies_there", "folder"),
    [
        ([], f"sessions/{PROJECT}"),
        (["settings.json"], f"sessions/{PROJECT}"),
        (["sessions/"], f"sessions/{PROJECT}"),
        (["sessions/", "very-old.jsonl"], f"sessions/{PROJECT}"),
        (["--other--/"], PROJECT),
        (["some.jsonl"], ""),
    ],
)
def test_a_home_shows_what_it_is(tmp_path: Path, lies_there: list[str], folder: str) -> None:
    for name in lies_there:
        (tmp_path / name).mkdir() if name.endswith("/") else (tmp_path / name).touch()
    assert Changes(tmp_path).create().parent == tmp_path / folder


@pytest.mark.parametrize(("by_project", "folder"), [(True, PROJECT), (False, "")])
def test_an_empty_folder_that_a_variable_names_is_what_it_says(tmp_path: Path, by_project: bool, folder: str) -> None:
    home = SessionsHome(path=str(tmp_path), by_project=by_project)
    assert Changes(tmp_path, kind=home).create().parent == tmp_path / folder


class _LinkedElsewhere(FolderDisk):
    """A home whose folder of sessions is a link to somewhere else, as the store shows it."""

    def folder(self, path: str) -> Sequence[DirEntry]:
        return [DirEntry("sessions", "link")]


def test_nothing_is_created_behind_a_link_out_of_the_home(tmp_path: Path) -> None:
    with pytest.raises(NotSupported, match="link"):
        new_session_folder(Home(path=str(tmp_path)), WORK_DIR, _LinkedElsewhere(tmp_path))


def test_our_own_store_needs_no_folder_of_an_agent(tmp_path: Path) -> None:
    path = Changes(tmp_path, FORKPOINT).create(title="Own")
    assert path.parent == tmp_path / PROJECT
    assert [reading.summary.title for reading in read_all(FORKPOINT, tmp_path).values()] == ["Own"]


def test_our_own_store_lies_in_the_state_folder() -> None:
    environment = Environment(variables={}, home_dir="/home/ana", state_dir="/home/ana/.local/state/forkpoint")
    assert FORKPOINT.homes(environment) == [Home(path="/home/ana/.local/state/forkpoint/sessions")]
    assert FORKPOINT.homes(Environment(variables={}, home_dir="/home/ana")) == []


@given(st.uuids(version=4), st.integers(0, (1 << 48) - 1))
def test_a_session_id_is_a_uuid_of_version_7(drawn: uuid.UUID, now: int) -> None:
    name = uuid.UUID(session_id(Occasion(now=now, new_id=str(drawn))))
    assert (name.version, name.variant, name.int >> 80) == (7, uuid.RFC_4122, now)


def test_session_ids_of_one_moment_differ() -> None:
    names = {session_id(Occasion(now=NOW, new_id=str(uuid.uuid4()))) for _ in range(1000)}
    assert len(names) == 1000


def test_an_entry_id_is_never_given_twice() -> None:
    first = EntryIds(OCCASION, frozenset())
    taken = frozenset(first.next() for _ in range(50))
    second = EntryIds(OCCASION, taken)
    given_ids = {second.next() for _ in range(40)}
    assert len(given_ids) == 40
    assert not given_ids & taken


class _Everything(frozenset[str]):
    def __contains__(self, item: object) -> bool:
        return len(str(item)) == 8


def test_where_all_short_ids_are_taken_a_long_one_is_given() -> None:
    assert uuid.UUID(EntryIds(OCCASION, _Everything()).next()).version == 4
