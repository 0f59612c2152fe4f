"""Temporary names after their process, and ranges of bytes."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forkpoint.model.failures import SessionChangedOnDisk
from forkpoint.stores.changing.copying import copy_range, shared_window
from forkpoint.stores.changing.processes import ProcessMark, mark_of
from forkpoint.stores.changing.staging import PREFIX, Staged, StagedNote, clean_staging, identity
from forkpoint.stores.workers import CancelFlag
from tests.stores.changing.setting import FolderBook

DEAD = ProcessMark(2**22 + 1, "")


class Notes(FolderBook):
    """A book whose notes are given."""

    def __init__(self, folder: Path, notes: list[StagedNote]) -> None:
        super().__init__(folder)
        self.left = {note.token: note for note in notes}

    def done(self, token: int) -> None:
        if token in self.left:
            del self.left[token]
        else:
            super().done(token)

    def notes(self) -> list[StagedNote]:
        return list(self.left.values())


def noted(path: Path, process: ProcessMark = DEAD) -> StagedNote:
    return StagedNote(token=1, path=str(path), process=process)


def test_what_a_dead_process_left_is_removed_and_no_link_followed(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "file").write_bytes(b"1")
    left = tmp_path / f"{PREFIX}1"
    (left / "deep").mkdir(parents=True)
    (left / "deep" / "file").write_bytes(b"1")
    (left / "link").symlink_to(kept)
    book = Notes(tmp_path / "book", [noted(left)])
    assert clean_staging(book) == []
    assert not left.exists()
    assert (kept / "file").exists()
    assert book.left == {}


def forerunner(folder: Path, stays_with: Path) -> StagedNote:
    made = identity(os.lstat(folder))
    return StagedNote(token=1, path=str(folder), process=DEAD, made=made, stays_with=str(stays_with))


def test_a_folder_that_was_made_for_something_that_never_came_is_removed(tmp_path: Path) -> None:
    folder = tmp_path / "fork.blobs"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "file").write_bytes(b"1")
    book = Notes(tmp_path / "book", [forerunner(folder, tmp_path / "fork.jsonl")])
    assert clean_staging(book) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["book"]
    assert book.left == {}


@pytest.mark.parametrize("why", ["it belongs to something", "something came into it", "it is another one", "a link"])
def test_any_other_folder_of_that_name_is_left_alone(tmp_path: Path, why: str) -> None:
    folder, fork = tmp_path / "fork.blobs", tmp_path / "fork.jsonl"
    folder.mkdir()
    os.utime(folder, (1, 1))
    book = Notes(tmp_path / "book", [forerunner(folder, fork)])
    if why == "it belongs to something":
        fork.touch()
    elif why == "something came into it":
        (folder / "file").touch()
    else:
        folder.rename(tmp_path / "away")
        folder.symlink_to(tmp_path / "away") if why == "a link" else folder.mkdir()
    assert clean_staging(book) == []
    assert folder.is_dir()
    assert book.left == {}


def test_what_a_living_process_makes_is_left_alone(tmp_path: Path) -> None:
    left = tmp_path / f"{PREFIX}1"
    left.touch()
    book = Notes(tmp_path / "book", [noted(left, mark_of(os.getppid()))])
    assert clean_staging(book) == []
    assert left.exists()
    assert book.left


@pytest.mark.parametrize("name", ["session.jsonl", "forkpoint-1", "."])
def test_a_book_cannot_have_anything_else_removed(tmp_path: Path, name: str) -> None:
    (tmp_path / "home").mkdir()
    for other in ("session.jsonl", "forkpoint-1"):
        (tmp_path / "home" / other).touch()
    clean_staging(Notes(tmp_path / "book", [noted(tmp_path / "home" / name)]))
    assert sorted(os.listdir(tmp_path / "home")) == ["forkpoint-1", "session.jsonl"]


def test_a_folder_that_became_a_link_is_not_cleaned(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / f"{PREFIX}1").touch()
    (tmp_path / "link").symlink_to(outside)
    clean_staging(Notes(tmp_path / "book", [noted(tmp_path / "link" / f"{PREFIX}1")]))
    assert (outside / f"{PREFIX}1").exists()


def test_a_name_is_noted_before_it_is_made_and_crossed_out_after_it_is_gone(tmp_path: Path) -> None:
    book = FolderBook(tmp_path / "book")
    folder = os.open(tmp_path, os.O_RDONLY)
    try:
        with Staged(book, folder, str(tmp_path)) as staged:
            (note,) = book.notes()
            assert note.path == staged.path
            assert not os.path.exists(staged.path)
            Path(staged.path).touch()
        assert book.notes() == []
        assert not os.path.exists(staged.path)
    finally:
        os.close(folder)


@given(st.integers(0, 2**40), st.integers(0, 2**30), st.integers(0, 2**40), st.sampled_from([512, 4096, 65536]))
def test_only_whole_blocks_on_the_same_places_are_shared(start: int, length: int, at: int, block: int) -> None:
    head, shared, tail = shared_window(start, length, at, block)
    assert head + shared + tail == length
    assert min(head, shared, tail) >= 0
    if shared:
        assert (start + head) % block == (at + head) % block == shared % block == 0
        assert head < block > tail
    elif start % block == at % block:
        assert length < 2 * block


@pytest.mark.parametrize(("before", "start", "end"), [(0, 0, 3 << 20), (5, 5, 3 << 20), (5, 4101, 2 << 20), (7, 1, 9)])
def test_a_range_is_copied_as_it_is(tmp_path: Path, before: int, start: int, end: int) -> None:
    data = os.urandom(3 << 20)
    (tmp_path / "source").write_bytes(data)
    with open(tmp_path / "source", "rb") as source, open(tmp_path / "target", "wb", buffering=0) as target:
        target.write(b"h" * before)
        copy_range(source.fileno(), start, end, target.fileno(), CancelFlag(), path="source")
        target.write(b"end")
    assert (tmp_path / "target").read_bytes() == b"h" * before + data[start:end] + b"end"


def test_a_source_that_was_cut_short_is_told(tmp_path: Path) -> None:
    (tmp_path / "source").write_bytes(b"short")
    with (
        open(tmp_path / "source", "rb") as source,
        open(tmp_path / "target", "wb") as target,
        pytest.raises(SessionChangedOnDisk),
    ):
        copy_range(source.fileno(), 0, 6, target.fileno(), CancelFlag(), path="source")
