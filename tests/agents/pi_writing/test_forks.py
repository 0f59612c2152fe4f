"""Forks: which lines are kept, byte for byte, and what is added to them."""

import json
from pathlib import Path

import pytest

from forkpoint.agents.pi import ADAPTER
from forkpoint.agents.writing import Copied, Cut, NewFile, Occasion
from forkpoint.model.failures import EntryNotFound, NotSupported, TurnOutOfRange
from tests.agents.pi_files import Record, assistant, header, line, message, record, user, write
from tests.agents.pi_writing.support import Changes
from tests.agents.pi_writing.talks import KEPT, TALK, bodies, talk
from tests.agents.reading import read_all

LATER = Occasion(now=1_767_607_999_000, new_id="11111111-2222-4333-8444-555555555555")


def test_a_whole_fork_has_every_line_under_a_new_header(tmp_path: Path) -> None:
    source = talk(tmp_path)
    fork = Changes(tmp_path).fork(source)
    first = json.loads(fork.read_bytes().splitlines()[0])
    assert first == {
        "type": "session",
        "version": 3,
        "id": first["id"],
        "timestamp": "2026-01-05T10:00:30.123Z",
        "cwd": "/srv/app",
        "parentSession": str(source),
    }
    assert fork.parent == source.parent
    assert bodies(fork) == KEPT
    assert read_all(ADAPTER, tmp_path)[first["id"]].candidate.parent_path == str(source)


@pytest.mark.parametrize(
    ("cut", "kept"),
    [
        (Cut(turn=0), 7),
        (Cut(turn=1), 9),
        (Cut(after="u0"), 2),
        (Cut(after="r2"), 5),
        (Cut(after="a2"), 9),
        (Cut(before="u1"), 7),
        (Cut(before="a1"), 5),
        (Cut(before="m"), 0),
    ],
)
def test_a_cut_keeps_what_came_before_as_it_is(tmp_path: Path, cut: Cut, kept: int) -> None:
    plan = Changes(tmp_path).plan_fork(talk(tmp_path), cut)
    assert isinstance(plan.plan.step, NewFile)
    assert len(plan.plan.step.content) == (2 if kept else 1)
    assert bodies(Changes(tmp_path).fork(tmp_path.resolve() / "--srv-app--/x.jsonl", cut)) == KEPT[:kept]


def test_before_a_users_entry_its_text_is_the_prompt(tmp_path: Path) -> None:
    blocks = [
        {"type": "text", "text": "one"},
        {"type": "image", "data": "", "mimeType": "x"},
        {"type": "text", "text": "2"},
    ]
    path = talk(tmp_path, message("u2", "a2", "user", blocks))
    changes = Changes(tmp_path)
    assert changes.plan_fork(path, Cut(before="u2")).prefill == "one\n2"
    assert changes.plan_fork(path, Cut(before="u1")).prefill == "second"
    assert changes.plan_fork(path, Cut(before="a1")).prefill is None
    assert changes.plan_fork(path, Cut(after="u1")).prefill is None


def test_what_is_not_there_cannot_be_cut_at(tmp_path: Path) -> None:
    path, changes = talk(tmp_path), Changes(tmp_path)
    for cut in (Cut(after="gone"), Cut(before="")):
        with pytest.raises(EntryNotFound):
            changes.plan_fork(path, cut)
    for turn in (-1, 2):
        with pytest.raises(TurnOutOfRange) as caught:
            changes.plan_fork(path, Cut(turn=turn))
        assert caught.value.turns == 2


def test_what_a_fork_is_given_comes_last(tmp_path: Path) -> None:
    fork = Changes(tmp_path).fork(talk(tmp_path), Cut(turn=0), title="Mine", model="q/r", thinking_level="low")
    added = [json.loads(raw) for raw in bodies(fork)[7:]]
    assert [entry["type"] for entry in added] == ["model_change", "thinking_level_change", "session_info"]
    assert [entry["parentId"] for entry in added] == ["n", added[0]["id"], added[1]["id"]]


def test_the_name_comes_along_without_a_word_before_it(tmp_path: Path) -> None:
    changes = Changes(tmp_path)
    fork = changes.fork(talk(tmp_path), Cut(turn=0))
    titles = [reading.summary.title for reading in read_all(ADAPTER, tmp_path).values()]
    assert titles == ["Name", "Name"]
    assert bodies(fork) == KEPT[:7]


def test_another_work_dir_is_another_folder(tmp_path: Path) -> None:
    (tmp_path / "sessions").mkdir()
    source = write(tmp_path.resolve() / "sessions" / "--srv-app--" / "x.jsonl", *TALK)
    fork = Changes(tmp_path).fork(source, work_dir="/srv/other/")
    assert fork.parent == tmp_path.resolve() / "sessions" / "--srv-other--"
    assert json.loads(fork.read_bytes().splitlines()[0])["cwd"] == "/srv/other"


def test_a_very_old_session_is_forked_into_the_folder_of_its_project(tmp_path: Path) -> None:
    (tmp_path / "sessions").mkdir()
    source = write(tmp_path.resolve() / "x.jsonl", *TALK)
    assert Changes(tmp_path).fork(source).parent == tmp_path.resolve() / "sessions" / "--srv-app--"


# --- branches, leaves, damage -----------------------------------------------------------------------------------


def test_a_path_between_branches_is_copied_in_runs(tmp_path: Path) -> None:
    more = (
        user("b1", "a1", "branch"),
        assistant("b2", "b1", "x"),
        user("u2", "a2", "back"),
        assistant("a3", "u2", "y"),
    )
    path = talk(tmp_path, *more)
    plan = Changes(tmp_path).plan_fork(path, Cut(turn=2)).plan
    assert isinstance(plan.step, NewFile)
    assert sum(isinstance(piece, Copied) for piece in plan.step.content) == 2
    assert bodies(Changes(tmp_path).fork(path, Cut(turn=2))) == [*KEPT, line(more[2]), line(more[3])]


def test_an_entry_of_another_branch_can_be_forked_at(tmp_path: Path) -> None:
    path = talk(tmp_path, user("b1", "a1", "branch"))
    assert bodies(Changes(tmp_path).fork(path, Cut(after="u1"))) == KEPT[:8]


@pytest.mark.parametrize(("leaf", "shown"), [("u0", ["m", "u0"]), ("", [])])
def test_a_whole_fork_stands_where_the_header_of_its_source_says(tmp_path: Path, leaf: str, shown: list[str]) -> None:
    path = write(tmp_path.resolve() / "p" / "x.jsonl", header(leafId=leaf), *TALK[1:])
    fork = Changes(tmp_path).fork(path)
    *kept, added = bodies(fork)
    assert kept == KEPT
    last = json.loads(added)
    assert (last["type"], last["customType"], last["parentId"]) == ("custom", "forkpoint.leaf", leaf or None)
    name = json.loads(fork.read_bytes().splitlines()[0])["id"]
    assert [entry.entry_id for entry in read_all(ADAPTER, tmp_path)[name].entries] == [*shown, last["id"]]


def test_what_stands_around_a_header_stays_behind(tmp_path: Path) -> None:
    # pi 0.73.1 writes the header, and what followed it, again when it goes on with a file that has no answer yet.
    info = record("session_info", "n", None, name="T")
    lines = (
        "rubbish",
        header(),
        info,
        header(),
        info,
        user("u", "n", "hello"),
        "more rubbish",
        assistant("a", "u", "hi"),
    )
    path = write(tmp_path.resolve() / "p" / "x.jsonl", *lines)
    assert bodies(Changes(tmp_path).fork(path)) == [line(lines[number]) for number in (2, 4, 5, 6, 7)]
    assert bodies(Changes(tmp_path).fork(path, Cut(turn=0), LATER)) == [line(lines[number]) for number in (4, 5, 7)]


def test_a_line_that_is_being_written_stays_behind(tmp_path: Path) -> None:
    path = talk(tmp_path)
    with path.open("ab") as file:
        file.write(b'{"type":"message","id":"half')
    plan = Changes(tmp_path).plan_fork(path, Cut())
    assert [problem.kind for problem in plan.problems] == ["tornTail"]
    assert bodies(Changes(tmp_path).fork(path)) == KEPT


@pytest.mark.parametrize("cut", [Cut(), Cut(after="u2")])
def test_a_last_line_without_a_line_break_gets_one(tmp_path: Path, cut: Cut) -> None:
    path = talk(tmp_path)
    with path.open("ab") as file:
        file.write(line(user("u2", "a2", "third")).rstrip())
    assert bodies(Changes(tmp_path).fork(path, cut)) == [*KEPT, line(user("u2", "a2", "third"))]


def test_carriage_returns_are_kept(tmp_path: Path) -> None:
    path = talk(tmp_path)
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert bodies(Changes(tmp_path).fork(path)) == [raw.replace(b"\n", b"\r\n") for raw in KEPT]


def test_a_path_without_its_beginning_is_forked_as_pi_shows_it(tmp_path: Path) -> None:
    path = write(tmp_path.resolve() / "p" / "x.jsonl", header(), user("u", "lost", "hello"), assistant("a", "u", "hi"))
    plan = Changes(tmp_path).plan_fork(path, Cut(turn=0))
    assert [(problem.kind, problem.line) for problem in plan.problems] == [("orphan", 2)]
    assert bodies(Changes(tmp_path).fork(path, Cut(turn=0))) == [
        line(user("u", "lost", "hello")),
        line(assistant("a", "u", "hi")),
    ]


@pytest.mark.parametrize(
    "lines",
    [
        (header(), user("u", "u", "its own parent")),
        (header(), user("u", "a", "x"), assistant("a", "u", "y")),
        (header(), user("u", None, "x"), assistant("a", "u", "y"), user("u", "a", "one id, twice")),
        (header(version=None), {"type": "message", "message": {"role": "user", "content": "v1"}}),
        (header(version=9), user("u", None, "later")),
        (user("u", None, "no header"),),
        (header(), user("u", None, "x"), {"type": "custom", "customType": "nameless", "parentId": "u"}),
    ],
)
@pytest.mark.parametrize("cut", [Cut(), Cut(turn=0)])
def test_what_is_not_sound_is_refused(tmp_path: Path, lines: tuple[Record, ...], cut: Cut) -> None:
    path = write(tmp_path.resolve() / "p" / "x.jsonl", *lines)
    with pytest.raises(NotSupported):
        Changes(tmp_path).plan_fork(path, cut)


def test_of_two_lines_with_one_id_the_last_is_kept(tmp_path: Path) -> None:
    path = write(
        tmp_path.resolve() / "p" / "x.jsonl",
        header(),
        user("u", None, "one"),
        user("u", None, "two"),
        assistant("a", "u", "y"),
    )
    assert bodies(Changes(tmp_path).fork(path, Cut(turn=0))) == [
        line(user("u", None, "two")),
        line(assistant("a", "u", "y")),
    ]


def test_version_two_stays_version_two(tmp_path: Path) -> None:
    path = write(tmp_path.resolve() / "p" / "x.jsonl", header(version=2), *TALK[1:])
    fork = Changes(tmp_path).fork(path)
    assert json.loads(fork.read_bytes().splitlines()[0])["version"] == 2


def test_a_session_without_entries_is_forked(tmp_path: Path) -> None:
    path = write(tmp_path.resolve() / "p" / "x.jsonl", header())
    assert bodies(Changes(tmp_path).fork(path)) == []
