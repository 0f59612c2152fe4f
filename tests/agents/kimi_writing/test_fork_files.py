"""What else a fork is made of: its title, the uploads that come along, and where it lies."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forkpoint.agents.adapter import DirEntry
from forkpoint.agents.kimi.writing.uploads import candidates, spoken_of
from forkpoint.agents.writing import Creation, Cut, NewFolder
from forkpoint.model.failures import Failure, NotSupported
from tests.agents.kimi_logs import NOBODY, WORK_DIR, read_one, work_key, write_index, write_lines, write_session
from tests.agents.kimi_writing.script import context_row, wire_row
from tests.agents.kimi_writing.support import (
    NEW,
    OCCASION,
    WRITER,
    answered,
    carry_out,
    forked,
    lines_of,
    make_fork,
    subject,
)

WIRE = ["turn one", "step", "say a", "end", "turn two", "step", "say b", "end"]
CONTEXT = ["user one", "said a", "user two", "said b"]


def _session(share: Path, wire: list[str] = WIRE, context: list[str] = CONTEXT, **files: Any) -> Path:
    write_index(share)
    return write_session(
        share, wire=[wire_row(row) for row in wire], context=[context_row(row) for row in context], **files
    )


# --- title ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "title"),
    [
        (None, "Fork: one"),
        ({"custom_title": "Mine", "title_generated": True}, "Fork: Mine"),
        ({"custom_title": "Fork: Mine", "title_generated": True}, "Fork: Mine"),
        ({"custom_title": "Fork: Fork: Mine", "title_generated": True}, "Fork: Mine"),
        ({"custom_title": "a helper's prompt", "title_generated": False}, "Fork: one"),
        ({"custom_title": "Fork: ", "title_generated": True}, "Fork: Untitled"),
    ],
)
def test_titles_do_not_pile_up(tmp_path: Path, state: dict[str, Any] | None, title: str) -> None:
    folder = _session(tmp_path)
    if state is not None:
        (folder / "state.json").write_text(json.dumps(state))
    carry_out(forked(tmp_path, NOBODY, Cut(turn=0)).plan)
    arrangement = read_one(tmp_path, NEW).arrangement
    assert (arrangement.title, arrangement.title_is_final) == (title, True)


def test_a_title_stays_within_the_limit_and_a_wanted_one_is_taken(tmp_path: Path) -> None:
    _session(tmp_path, ["turn " + "long " * 100, "end"], ["user " + "long " * 100])
    made = make_fork(tmp_path, NOBODY, Cut())
    title = json.loads((made.folder / "state.json").read_bytes())["custom_title"]
    assert title.startswith("Fork: long") and len(title) <= 200
    plan = forked(tmp_path, NOBODY, Cut(), title="Mine").plan
    assert isinstance(plan.step, NewFolder)
    [state] = [file for file in plan.step.files if file.path == "state.json"]
    assert b'"custom_title": "Mine"' in b"".join(piece for piece in state.content if isinstance(piece, bytes))


# --- uploads ----------------------------------------------------------------------------------------------------


def _with_uploads(share: Path, wire: list[str], names: list[str]) -> Path:
    folder = _session(share, wire, ["user x"])
    (folder / "uploads").mkdir()
    for name in names:
        (folder / "uploads" / name).write_text(name)
    return folder


def test_uploads_that_kept_lines_speak_of_come_along(tmp_path: Path) -> None:
    first = "turn see /h/uploads/a.txt, /h/uploads/my film.mp4 and /h/uploads/ä.png. Not uploads/b.txt2"
    wire = [first, "end", "turn now /h/uploads/later.txt", "end"]
    names = ["a.txt", "my film.mp4", "ä.png", "b.txt", "later.txt", "my", "unused", ".sent"]
    _with_uploads(tmp_path, wire, names)
    made = make_fork(tmp_path, NOBODY, Cut(turn=0))
    found = {path.name: path.read_text() for path in (made.folder / "uploads").iterdir()}
    sent = json.loads(found.pop(".sent"))
    assert found == {name: name for name in ("a.txt", "my film.mp4", "ä.png")}
    assert sorted(sent) == sorted(found)


def test_nothing_but_files_of_the_folder_is_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    outside = tmp_path.parent / f"{tmp_path.name}-outside.txt"
    outside.write_text("secret")
    wire = [
        "turn uploads/../state.json uploads/../../secret.txt uploads/deep uploads/deep/x uploads/link uploads/fifo",
        "end",
    ]
    folder = _with_uploads(tmp_path, wire, [])
    (folder / "uploads" / "deep").mkdir()
    (folder / "uploads" / "deep" / "x").write_text("x")
    (folder / "uploads" / "link").symlink_to(outside)
    os.mkfifo(folder / "uploads" / "fifo")
    plan = forked(tmp_path, NOBODY, Cut()).plan
    assert isinstance(plan.step, NewFolder)
    assert sorted(file.path for file in plan.step.files) == ["context.jsonl", "state.json", "wire.jsonl"]


@given(st.lists(st.text(max_size=8), max_size=6, unique=True))
def test_only_names_are_candidates(names: list[str]) -> None:
    for name in candidates([DirEntry(name, "file") for name in names]):
        assert name not in ("", ".", "..") and not set("/\\\0") & set(name)


@given(st.lists(st.text(alphabet="ab .é\"'", min_size=1, max_size=5), min_size=1, max_size=5, unique=True), st.data())
def test_a_name_that_is_spoken_of_is_found(names: list[str], data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(names))
    depth, ascii_only = data.draw(st.integers(1, 2)), data.draw(st.booleans())
    text: str = f"see /h/uploads/{name}"
    for _ in range(depth):
        text = json.dumps(text, ensure_ascii=ascii_only)
    assert name in spoken_of(names, [text.encode()])


# --- where and whether ------------------------------------------------------------------------------------------


def test_a_flat_session_becomes_a_folder(tmp_path: Path) -> None:
    write_index(tmp_path)
    flat = tmp_path / "sessions" / work_key() / f"{NOBODY}.jsonl"
    write_lines(flat, [context_row(row) for row in CONTEXT])
    made = make_fork(tmp_path, NOBODY, Cut(turn=0))
    assert sorted(path.name for path in made.folder.iterdir()) == ["context.jsonl", "state.json"]
    assert len(made.context) == 2
    assert flat.exists()


def test_a_session_of_another_machine_is_not_forked_here(tmp_path: Path) -> None:
    write_index(tmp_path, {"path": "/srv/api", "kaos": "ssh", "last_session_id": None})
    write_session(tmp_path, wire=[], context=[], key=work_key("/srv/api", "ssh"))
    with pytest.raises(NotSupported, match="another machine"):
        forked(tmp_path, NOBODY, Cut())


def test_an_index_that_is_not_understood_stops_a_fork(tmp_path: Path) -> None:
    _session(tmp_path)
    (tmp_path / "kimi.json").write_text("{")
    with pytest.raises(NotSupported, match=r"kimi\.json"):
        forked(tmp_path, NOBODY, Cut())


def test_a_context_that_cannot_be_read_stops_a_fork(tmp_path: Path) -> None:
    _session(tmp_path)
    about = subject(tmp_path, NOBODY)
    lines = {name: lines for name, lines in lines_of(about).items() if name != "context"}
    wish = Creation(work_dir=WORK_DIR)
    with pytest.raises(NotSupported, match="context cannot be read"):
        answered(lambda disk: WRITER.fork(about, Cut(), wish, OCCASION, lines, disk), tmp_path)


_WORDS = st.sampled_from(
    ["turn go", "turn stop", "turn /usage", "steer go", "step", "say a", "call c1", "result c1", "end"]
)
_SEEN = st.sampled_from(
    ["user go", "user stop", "said a", "calls c1", "tool c1", "check 1", "remind", "summary s", "usage"]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(wire=st.lists(_WORDS, min_size=1, max_size=12), context=st.lists(_SEEN, max_size=12), data=st.data())
def test_any_files_fork_or_are_refused(
    tmp_path_factory: pytest.TempPathFactory, wire: list[str], context: list[str], data: st.DataObject
) -> None:
    share = tmp_path_factory.mktemp("share")
    folder = _session(share, wire, context)
    entries = [entry.entry_id for entry in read_one(share, NOBODY).entries] or ["wire@0"]
    cut = data.draw(
        st.one_of(
            st.builds(lambda turn: Cut(turn=turn), st.integers(0, 3)),
            st.builds(lambda name: Cut(after=name), st.sampled_from(entries)),
            st.builds(lambda name: Cut(before=name), st.sampled_from(entries)),
        )
    )
    source = {name: (folder / f"{name}.jsonl").read_bytes().splitlines() for name in ("wire", "context")}
    try:
        made = make_fork(share, NOBODY, cut)
    except Failure as failure:
        assert failure.kind in ("notSupported", "turnOutOfRange", "entryNotFound")
        return
    kept = [line for line in made.wire if line in source["wire"]]
    assert made.wire[: len(kept)] == kept
    assert all(line in source["context"] or b"interrupted" in line for line in made.context)
    shown, before = read_one(share, NEW).entries, read_one(share, NOBODY).entries
    names = [(entry.kind, entry.at) for entry in before]
    if cut.after is not None:
        place = [entry.entry_id for entry in before].index(cut.after)
        assert [(entry.kind, entry.at) for entry in shown][: place + 1] == names[: place + 1]
