"""New files that get their names last, with and without a temporary one, and what is written out meanwhile."""

import os
from collections.abc import Generator
from contextlib import ExitStack
from pathlib import Path

import pytest

from forkpoint.agents.writing import Copied, NewFile
from forkpoint.model.failures import NameTaken, NoSpace
from forkpoint.stores.changing import copying, staged_file
from forkpoint.stores.changing.copying import copy_range
from forkpoint.stores.changing.writeback import begin_writing_out
from forkpoint.stores.workers import CancelFlag
from tests.stores.changing.faults import run_faults
from tests.stores.changing.setting import Setting, stamp


@pytest.fixture(params=["nameless", "named"])
def setting(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[Setting]:
    if request.param == "named":
        monkeypatch.setattr(staged_file, "NAMELESS", 0)
    made = Setting.of(tmp_path)
    yield made
    made.require_tidy()


def test_a_file_appears_whole_and_private(setting: Setting) -> None:
    setting.run(NewFile(path=setting.file("deep/one.jsonl"), content=[b"a\n", b"b\n"]))
    assert setting.files() == {"deep/one.jsonl": b"a\nb\n"}
    found = os.stat(setting.file("deep/one.jsonl"))
    assert (found.st_mode & 0o777, found.st_nlink) == (0o600, 1)


def test_what_took_the_name_meanwhile_stays(setting: Setting) -> None:
    """The name is free when the file is begun, and taken while it is written."""
    with ExitStack() as stack:
        folder = os.open(setting.home, os.O_RDONLY)
        stack.callback(os.close, folder)
        staged = staged_file.staged_file(setting.book, folder, str(setting.home), 0o600, stack)
        os.write(staged.descriptor, b"ours")
        setting.write("one", b"theirs")
        with pytest.raises(FileExistsError):
            staged.give_name(folder, "one")
    with pytest.raises(NameTaken):
        setting.run(NewFile(path=setting.file("one"), content=[b"ours"]))
    assert setting.files() == {"one": b"theirs"}


def test_a_full_disk_leaves_nothing(setting: Setting, monkeypatch: pytest.MonkeyPatch) -> None:
    source = setting.write("log.jsonl", b"x" * 100)

    def full(_descriptor: int, _data: bytes) -> int:
        raise OSError(28, "full")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(NoSpace):
        setting.run(
            NewFile(path=setting.file("two"), content=[b"a", Copied(setting.file("log.jsonl"), 0, 100, source)])
        )
    monkeypatch.undo()
    assert setting.files() == {"log.jsonl": b"x" * 100}


def test_a_file_without_a_name_needs_no_note(tmp_path: Path) -> None:
    setting = Setting.of(tmp_path)
    with ExitStack() as stack:
        folder = os.open(setting.home, os.O_RDONLY)
        stack.callback(os.close, folder)
        staged = staged_file.staged_file(setting.book, folder, str(setting.home), 0o600, stack)
        assert os.fstat(staged.descriptor).st_nlink == 0
        assert (setting.book.notes(), os.listdir(setting.home)) == ([], [])


def test_killed_anywhere_a_named_file_is_tidied_too(tmp_path: Path) -> None:
    calls = [fault.call for fault in run_faults("tests.stores.changing.named_cases:NAMED_FILE", tmp_path)]
    assert "linkat" in calls
    assert calls.index("unlinkat") < calls.index("end")


@pytest.mark.parametrize("length", [1, copying.WRITTEN_OUT_AT - 1, copying.WRITTEN_OUT_AT, 9 << 20])
def test_what_is_written_out_early_is_the_same(tmp_path: Path, length: int) -> None:
    body = os.urandom(1 << 16) * (length // (1 << 16) + 2)
    (tmp_path / "source").write_bytes(body[: length + 10])
    source = os.open(tmp_path / "source", os.O_RDONLY)
    target = os.open(tmp_path / "target", os.O_WRONLY | os.O_CREAT)
    try:
        os.write(target, b"head")
        copy_range(source, 3, 3 + length, target, CancelFlag(), path="source")
        assert os.lseek(target, 0, os.SEEK_CUR) == 4 + length
    finally:
        os.close(source)
        os.close(target)
    assert (tmp_path / "target").read_bytes() == b"head" + body[3 : 3 + length]


def test_nothing_depends_on_it_that_the_system_begins_to_write() -> None:
    begin_writing_out(-1, 0, 1 << 20)


def test_the_stamp_is_that_of_the_file_with_its_name(setting: Setting) -> None:
    done = setting.run(NewFile(path=setting.file("one"), content=[b"a"]))
    assert dict(done.stamps) == {setting.file("one"): stamp(setting.file("one"))}
