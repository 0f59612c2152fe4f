"""A kept index follows its files: grown by appends, made anew when anything else happened."""

import os
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from forkpoint.agents.adapter import Arrangement
from forkpoint.model.source import SHOWN, FileSource, Part
from forkpoint.stores import line_index
from forkpoint.stores.history_reader import history_of
from forkpoint.stores.line_index import LineIndex
from forkpoint.stores.transcript import Transcript
from forkpoint.stores.workers import CancelFlag
from tests.agents.toys.lines import say, written
from tests.agents.toys.pairs import ADAPTER

FIRST = written([say("a", "user", "one"), say("b", "assistant", "two")])
MORE = written([say("c", "user", "three")])


def _transcript(path: Path) -> Transcript:
    part = Part("log", FileSource(str(path)), SHOWN)
    return Transcript(ADAPTER, str(path.parent), Arrangement(parts=[part]))


def _index(transcript: Transcript, *, thorough: bool = False) -> LineIndex:
    with transcript.opened() as opened:
        return transcript.index(opened, CancelFlag(), thorough=thorough)


def _ids(index: LineIndex) -> list[str | None]:
    return [index.line(ordinal).id for ordinal in index.current.path]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "x.log"
    path.write_bytes(FIRST)
    return path


def test_an_unchanged_file_is_not_read_again(log: Path) -> None:
    transcript = _transcript(log)
    assert _index(transcript) is _index(transcript)


def test_an_append_grows_the_index(log: Path) -> None:
    transcript = _transcript(log)
    index = _index(transcript)
    with log.open("ab") as file:
        file.write(MORE)
    assert _index(transcript) is index
    assert _ids(index) == ["a", "b", "c"]
    assert index.place(2).offset == len(FIRST)
    assert index.place(2).number == 3


def _replace(log: Path) -> None:
    other = log.with_suffix(".new")
    other.write_bytes(FIRST + MORE)
    os.replace(other, log)


def _shorten(log: Path) -> None:
    log.write_bytes(FIRST[: FIRST.index(b"\n") + 1])


def _rewrite(log: Path) -> None:
    log.write_bytes(FIRST.replace(b"two", b"2wo") + MORE)


@pytest.mark.parametrize("change", [_replace, _shorten, _rewrite])
def test_any_other_change_makes_it_anew(log: Path, change: Callable[[Path], None]) -> None:
    transcript = _transcript(log)
    index = _index(transcript)
    change(log)
    anew = _index(transcript)
    assert anew is not index
    assert _ids(anew) == _ids(_index(_transcript(log)))


def test_a_line_that_was_not_ended_is_read_again(log: Path) -> None:
    transcript = _transcript(log)
    whole = MORE[:-1]
    with log.open("ab") as file:
        file.write(whole[:12])
    assert [problem.kind for problem in _index(transcript, thorough=True).problems] == ["tornTail"]
    with log.open("ab") as file:
        file.write(whole[12:] + b"\n")
    index = _index(transcript, thorough=True)
    assert index.problems == []
    assert _ids(index) == ["a", "b", "c"]


def test_a_whole_last_line_without_its_break_is_read_and_named(log: Path) -> None:
    with log.open("ab") as file:
        file.write(MORE[:-1])
    index = _index(_transcript(log), thorough=True)
    assert _ids(index) == ["a", "b", "c"]
    assert [(problem.kind, problem.line) for problem in index.problems] == [("noFinalNewline", 3)]


def test_a_quick_index_is_made_anew_when_a_thorough_one_is_asked_for(log: Path) -> None:
    with log.open("ab") as file:
        file.write(b"rubbish\n" + MORE)
    transcript = _transcript(log)
    quick = _index(transcript)
    thorough = _index(transcript, thorough=True)
    assert thorough is not quick
    assert [(problem.kind, problem.line, problem.byte_offset) for problem in thorough.problems] == [
        ("notJson", 3, len(FIRST))
    ]
    assert _index(transcript) is thorough


def test_problems_of_a_rubbish_file_are_bounded(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_index, "KEPT_PROBLEMS", 5)
    log.write_bytes(b"rubbish\n" * 50)
    assert len(_index(_transcript(log), thorough=True).problems) == 5


def test_a_file_that_is_gone_is_a_problem(log: Path) -> None:
    transcript = _transcript(log)
    log.unlink()
    with transcript.opened() as opened:
        assert [problem.kind for problem in opened.problems] == ["unreadable"]
        assert len(transcript.index(opened, CancelFlag(), thorough=True)) == 0


def test_a_link_out_of_the_home_is_not_followed(log: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside") / "y.log"
    outside.write_bytes(FIRST)
    log.unlink()
    log.symlink_to(outside)
    with _transcript(log).opened() as opened:
        assert [problem.kind for problem in opened.problems] == ["linkLeavesStore"]
        assert opened.sources == []


def test_a_link_inside_the_home_is_followed(log: Path) -> None:
    link = log.with_name("link.log")
    link.symlink_to(log)
    assert _ids(_index(_transcript(link))) == ["a", "b"]


def test_an_offset_is_looked_for_in_its_own_part_only(tmp_path: Path) -> None:
    first, second = tmp_path / "a.log", tmp_path / "b.log"
    first.write_bytes(b"{}\n")
    second.write_bytes(FIRST)
    start = FIRST.index(b"\n") + 1
    parts = [Part("a", FileSource(str(first)), SHOWN), Part("b", FileSource(str(second)), SHOWN, start)]
    index = _index(Transcript(ADAPTER, str(tmp_path), Arrangement(parts=parts)))
    assert index.find(f"b@{start:x}") == 1
    assert index.find(f"a@{start:x}") is None


@pytest.fixture
def hasty_threads() -> Iterator[None]:
    """Let threads take turns as often as they can."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


def test_a_reader_goes_on_while_the_index_grows_under_it(log: Path, hasty_threads: None) -> None:
    transcript = _transcript(log)
    stop = threading.Event()

    def append() -> None:
        number = 0
        while not stop.is_set():
            with log.open("ab") as file:
                for _ in range(50):
                    number += 1
                    file.write(written([say(f"n{number}", "user", "more")]))
            _index(transcript)

    writer = threading.Thread(target=append)
    writer.start()
    try:
        for _ in range(300):
            with transcript.opened() as opened:
                reader = history_of(transcript, opened, CancelFlag(), raw=False)
                known = reader.turn_count
                assert len(reader.turns(max(-1, known - 3), 5, CancelFlag())) == min(known, 2)
    finally:
        stop.set()
        writer.join()
    with transcript.opened() as opened:
        lines = log.read_bytes().count(b"\n")
        assert len(transcript.index(opened, CancelFlag(), thorough=False).current.path) == lines
