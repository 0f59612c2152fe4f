"""Titles, models and levels: what is appended, after what, and when nothing is."""

import json
from pathlib import Path
from typing import Any

import pytest

from forkpoint.agents.pi import ADAPTER
from forkpoint.agents.writing import Append, Retire
from forkpoint.model.failures import NotSupported, SessionChangedOnDisk
from tests.agents.pi_files import Record, assistant, header, line, record, user, write
from tests.agents.pi_writing.support import OCCASION, Changes, answer
from tests.agents.reading import SessionReading, read_all

Talk = tuple[Record, ...]
TALK: Talk = (
    header(),
    record("model_change", "m", None, provider="p", modelId="m"),
    user("u", "m", "hello"),
    assistant("a", "u", "hi"),
)


def talk(home: Path, *more: Record | str) -> Path:
    return write(home.resolve() / "--srv-app--" / "x.jsonl", *TALK, *more)


def reading(home: Path) -> SessionReading:
    return read_all(ADAPTER, home)["s1"]


@pytest.mark.parametrize(
    ("change", "kind", "members"),
    [
        ({"title": "New\r\nname "}, "session_info", {"name": "New name"}),
        ({"model": "q/r/s"}, "model_change", {"provider": "q", "modelId": "r/s"}),
        ({"thinkingLevel": "low"}, "thinking_level_change", {"thinkingLevel": "low"}),
    ],
)
def test_a_change_is_an_entry_after_the_leaf(
    tmp_path: Path, change: dict[str, str], kind: str, members: dict[str, str]
) -> None:
    before = talk(tmp_path).read_bytes()
    added = Changes(tmp_path).update(tmp_path.resolve() / "--srv-app--/x.jsonl", **change)
    entry = json.loads(added)
    base = {"type": kind, "id": entry["id"], "parentId": "a", "timestamp": "2026-01-05T10:00:30.123Z"}
    assert added == line({**base, **members})
    assert (tmp_path / "--srv-app--/x.jsonl").read_bytes() == before + added


def test_several_changes_are_one_append_in_a_chain(tmp_path: Path) -> None:
    path = talk(tmp_path)
    added = Changes(tmp_path).update(path, title="T", thinkingLevel="high", model="q/r")
    entries = [json.loads(raw) for raw in added.splitlines()]
    assert [entry["parentId"] for entry in entries] == ["a", entries[0]["id"], entries[1]["id"]]
    summary = reading(tmp_path).summary
    assert (summary.title, summary.thinking_level, summary.model) == ("T", "high", "q/r")


@pytest.mark.parametrize(
    "change",
    [{"title": None}, {"title": "  "}, {"model": "p/m"}, {"thinkingLevel": "off"}, {"thinkingLevel": None}, {}],
)
def test_what_is_so_already_is_not_written(tmp_path: Path, change: dict[str, Any]) -> None:
    assert Changes(tmp_path).plan_update(talk(tmp_path), change) is None


def test_only_what_differs_is_written(tmp_path: Path) -> None:
    path = talk(tmp_path)
    changes = Changes(tmp_path)
    changes.update(path, title="T")
    assert changes.update(path, title="T", model="p/m") == b""
    assert b"session_info" not in changes.update(path, title="T", model="p/other")


def test_the_last_title_of_the_whole_file_counts_and_the_path_for_the_rest(tmp_path: Path) -> None:
    name = record("session_info", "n", "a", name="T")
    level = record("thinking_level_change", "l", "a", thinkingLevel="high")
    path = talk(tmp_path, name, level, assistant("b", "a", "other branch"))
    changes = Changes(tmp_path)
    assert changes.plan_update(path, {"title": "T"}) is None
    assert changes.plan_update(path, {"thinkingLevel": "off"}) is None
    assert changes.plan_update(path, {"thinkingLevel": "high"}) is not None


def test_a_title_taken_away_is_an_empty_name(tmp_path: Path) -> None:
    path = talk(tmp_path, record("session_info", "n", "a", name="Old"))
    assert json.loads(Changes(tmp_path).update(path, title=None))["name"] == ""
    assert reading(tmp_path).summary.title is None


def test_a_large_file_is_only_looked_at_from_its_end(tmp_path: Path) -> None:
    long = user("long", "a", "x" * (2 << 20))
    path = talk(tmp_path, long, record("session_info", "n", "long", name="T"))
    changes = Changes(tmp_path)
    assert changes.plan_update(path, {"title": "T"}) is None
    # What lies before the end is not known, so that it counts as different.
    assert changes.plan_update(path, {"thinkingLevel": "off"}) is not None
    write(
        path, *TALK, record("session_info", "n", "a", name="T"), user("long", "n", "x" * (2 << 20)), user("z", "n", "")
    )
    assert changes.plan_update(path, {"title": None}) is not None


def test_a_middling_file_is_looked_at_whole(tmp_path: Path) -> None:
    path = talk(tmp_path, record("session_info", "n", "a", name="T"), user("long", "n", "x" * (200 << 10)))
    assert Changes(tmp_path).plan_update(path, {"title": "T"}) is None


def test_a_file_of_nothing_but_a_header_gets_a_root(tmp_path: Path) -> None:
    path = write(tmp_path.resolve() / "p" / "x.jsonl", header())
    assert json.loads(Changes(tmp_path).update(path, title="T"))["parentId"] is None


@pytest.mark.parametrize("tail", ['{"type":"mess', json.dumps(record("custom", "c", "a", customType="x"))])
def test_a_last_line_without_a_line_break_stays_a_line(tmp_path: Path, tail: str) -> None:
    path = talk(tmp_path)
    with path.open("a") as file:
        file.write(tail)
    Changes(tmp_path).update(path, title="T")
    assert path.read_bytes().splitlines()[4] == tail.encode()
    assert reading(tmp_path).summary.title == "T"
    assert [entry.entry_id for entry in reading(tmp_path).entries][:3] == ["m", "u", "a"]


def test_a_damaged_file_is_appended_to(tmp_path: Path) -> None:
    path = talk(tmp_path, "rubbish", record("label", "o", "missing", targetId="u", label="x"), user("z", "a", "more"))
    before = path.read_bytes()
    added = Changes(tmp_path).update(path, title="T")
    assert json.loads(added)["parentId"] == "z"
    assert path.read_bytes() == before + added


def test_the_stamp_is_that_of_the_file_looked_at(tmp_path: Path) -> None:
    path = talk(tmp_path)
    plan = Changes(tmp_path).plan_update(path, {"title": "T"})
    assert plan is not None
    assert isinstance(plan.step, Append)
    assert (plan.step.was.size, plan.native_id, plan.path) == (path.stat().st_size, "s1", str(path))


def test_a_session_that_went_on_meanwhile_is_not_changed(tmp_path: Path) -> None:
    path = talk(tmp_path)
    changes = Changes(tmp_path)
    subject, _ = changes.subject(path)
    with path.open("ab") as file:
        file.write(line(user("u2", "a", "meanwhile")))
    with pytest.raises(SessionChangedOnDisk):
        answer(lambda disk: changes.writer.update(subject, {"title": "T"}, OCCASION, disk), changes.folder)


@pytest.mark.parametrize(
    ("lines", "change"),
    [
        ((header(version=None), {"type": "message", "message": {"role": "user", "content": "v1"}}), {"title": "T"}),
        ((header(version=9), user("u", None, "later")), {"title": "T"}),
        ((record("custom", "c", None, customType="no header"),), {"title": "T"}),
        (TALK, {"archived": True}),
        (TALK, {"model": None}),
        (TALK, {"model": "without-provider"}),
        (TALK, {"thinkingLevel": ""}),
        (TALK, {"title": "half \ud800"}),
        ((*TALK, {"type": "custom", "customType": "nameless", "parentId": "a"}), {"title": "T"}),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(tmp_path: Path, lines: Talk, change: dict[str, Any]) -> None:
    path = write(tmp_path.resolve() / "p" / "x.jsonl", *lines)
    with pytest.raises(NotSupported):
        Changes(tmp_path).plan_update(path, change)


def test_a_session_that_its_header_holds_at_an_entry_takes_a_title_alone(tmp_path: Path) -> None:
    path = write(tmp_path.resolve() / "p" / "x.jsonl", header(leafId="u"), *TALK[1:])
    changes = Changes(tmp_path)
    assert json.loads(changes.update(path, title="T"))["parentId"] == "u"
    with pytest.raises(NotSupported, match="header"):
        changes.plan_update(path, {"model": "q/r"})


def test_a_leaf_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    path = write(tmp_path.resolve() / "p" / "x.jsonl", header(leafId="gone"), *TALK[1:])
    assert json.loads(Changes(tmp_path).update(path, model="q/r"))["parentId"] == "a"


def test_only_what_belongs_to_the_session_alone_goes_with_it(tmp_path: Path) -> None:
    path = talk(tmp_path)
    folder = path.parent
    own = ["x.jsonl.blobs", "x.jsonl.lock", "x.v2"]
    others = ["x.jsonl.bak", "xx.jsonl", "x.v2.backup", "x.txt", "session-index.sqlite", "x.jsonl.blobs2"]
    for name in (*own, *others):
        (folder / name).mkdir()
    step = Changes(tmp_path).plan_removal(path).step
    assert step == Retire(paths=[str(path), *(str(folder / name) for name in own)])
    alone = write(folder / "y.jsonl", header(id="y"))
    assert Changes(tmp_path).plan_removal(alone).step == Retire(paths=[str(alone)])
