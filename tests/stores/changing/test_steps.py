"""Plans carried out, refused and cancelled: what each step does, and that a refused one does nothing."""

import os
import resource
import stat
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from forkpoint.agents.writing import Append, Copied, NewFile, NewFolder, Plan, Replace, Retire, Step
from forkpoint.model.failures import (
    Failure,
    FileNotFound,
    NameTaken,
    NoSpace,
    PathRefused,
    SessionChangedOnDisk,
    Unreadable,
    Unwritable,
)
from forkpoint.stores.workers import CancelFlag, Cancelled
from tests.stores.changing.setting import LABEL, Setting, stamp
from tests.stores.exchange import Swapping

NOBODY = 65534
LINES = b'{"a":1}\n{"b":2}\n'


@pytest.fixture
def setting(tmp_path: Path) -> Setting:
    made = Setting.of(tmp_path)
    made.write("log.jsonl", LINES)
    made.write("index.json", b"{}")
    return made


def steps(setting: Setting) -> dict[str, Step]:
    """Give one step of each kind, all of which can be carried out, and what the home is like then."""
    log, index = setting.file("log.jsonl"), setting.file("index.json")
    content = [b"head\n", Copied(log, 8, 16, stamp(log)), b"x" * 100_000]
    return {
        "file": NewFile(path=setting.file("new/fork.jsonl"), content=content),
        "folder": NewFolder(path=setting.file("fork"), files=[NewFile(path="deep/wire.jsonl", content=content)]),
        "replace": Replace(path=index, content=b"y" * 100_000, was=stamp(index)),
        "append": Append(path=log, lines=b"z" * 99_999 + b"\n", was=stamp(log)),
    }


KINDS = ("file", "folder", "replace", "append")


def test_a_new_file_holds_its_pieces(setting: Setting) -> None:
    done = setting.run(steps(setting)["file"])
    path = setting.file("new/fork.jsonl")
    assert Path(path).read_bytes() == b'head\n{"b":2}\n' + b"x" * 100_000
    assert done.stamps == {path: stamp(path)}
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    assert stat.S_IMODE(os.stat(os.path.dirname(path)).st_mode) == 0o700
    setting.require_tidy()


def test_a_new_folder_has_everything_at_once(setting: Setting) -> None:
    setting.run(steps(setting)["folder"])
    assert setting.files()["fork/deep/wire.jsonl"].startswith(b'head\n{"b":2}\n')
    assert stat.S_IMODE(os.stat(setting.file("fork")).st_mode) == 0o700
    setting.require_tidy()


@pytest.mark.parametrize("kind", ["file", "folder"])
@pytest.mark.parametrize("make", [os.mkdir, lambda path: os.symlink("nowhere", path), lambda path: Path(path).touch()])
def test_a_taken_name_stays_as_it_is(setting: Setting, kind: str, make: Callable[[str], object]) -> None:
    step = steps(setting)[kind]
    assert isinstance(step, NewFile | NewFolder)
    os.makedirs(os.path.dirname(step.path), exist_ok=True)
    make(step.path)
    was = os.lstat(step.path)
    with pytest.raises(NameTaken):
        setting.run(step)
    assert os.lstat(step.path) == was
    setting.require_tidy()


def test_a_replaced_file_keeps_its_mode(setting: Setting) -> None:
    os.chmod(setting.file("index.json"), 0o640)
    setting.run(Replace(path=setting.file("index.json"), content=b"[]", was=stamp(setting.file("index.json"))))
    assert setting.files()["index.json"] == b"[]"
    assert stat.S_IMODE(os.stat(setting.file("index.json")).st_mode) == 0o640


def test_a_file_that_must_not_be_there(setting: Setting) -> None:
    setting.run(Replace(path=setting.file("a/state.json"), content=b"1", was=None))
    with pytest.raises(SessionChangedOnDisk):
        setting.run(Replace(path=setting.file("a/state.json"), content=b"2", was=None))
    assert setting.files()["a/state.json"] == b"1"


@pytest.mark.parametrize(("before", "after"), [(b"", b"{}\n"), (b"a\n", b"a\n{}\n"), (b"a\ntor", b"a\ntor\n{}\n")])
def test_lines_are_added_behind_whole_lines(setting: Setting, before: bytes, after: bytes) -> None:
    was = setting.write("log.jsonl", before)
    setting.run(Append(path=setting.file("log.jsonl"), lines=b"{}\n", was=was))
    assert setting.files()["log.jsonl"] == after


@pytest.mark.parametrize("kind", ["replace", "append"])
def test_what_moved_on_is_not_changed(setting: Setting, kind: str) -> None:
    step = steps(setting)[kind]
    for name in ("log.jsonl", "index.json"):
        setting.write(name, b"foreign\n")
    with pytest.raises(SessionChangedOnDisk):
        setting.run(step)
    assert setting.files() == {"log.jsonl": b"foreign\n", "index.json": b"foreign\n"}
    setting.require_tidy()


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_a_source_may_grow_and_nothing_else(setting: Setting, kind: str) -> None:
    step, log = steps(setting)[kind], setting.file("log.jsonl")
    with open(log, "ab") as file:
        file.write(b"more\n")
    setting.run(step)
    os.rename(setting.file("new" if kind == "file" else "fork"), setting.file("first"))
    setting.write("log.jsonl", b"other contents, and longer than they were")
    os.rename(log, setting.file("moved"))
    setting.write("log.jsonl", b"other contents, and longer than they were")
    with pytest.raises(SessionChangedOnDisk):
        setting.run(step)
    setting.require_tidy()


def test_what_comes_before_and_after(setting: Setting) -> None:
    index = setting.file("index.json")
    late = Replace(path=setting.file("late.json"), content=b"late", was=None)
    stale = Replace(path=index, content=b"stale", was=stamp(index))
    done = setting.run(
        steps(setting)["file"],
        before=[Replace(path=index, content=b"early", was=stamp(index))],
        after=[stale, late],
    )
    assert setting.files()["index.json"] == b"early"
    assert setting.files()["late.json"] == b"late"
    assert [(problem.kind, problem.path) for problem in done.problems] == [("notTidied", index)]
    assert set(done.stamps) == {index, late.path, setting.file("new/fork.jsonl")}


def test_a_retired_session_comes_back(setting: Setting) -> None:
    setting.write("log.side/a", b"a")
    was = setting.files()
    setting.run(Retire(paths=[setting.file("log.jsonl"), setting.file("log.side")]))
    assert setting.files() == {"index.json": b"{}"}
    (manifest,) = setting.trash.listed()
    assert [item.path for item in manifest.items] == [setting.file("log.jsonl"), setting.file("log.side")]
    setting.write("log.jsonl", b"somebody else's")
    with pytest.raises(NameTaken):
        setting.trash.restore(LABEL.trash_id, CancelFlag())
    os.unlink(setting.file("log.jsonl"))
    setting.trash.restore(LABEL.trash_id, CancelFlag())
    assert setting.files() == was
    assert setting.trash.listed() == []
    setting.start()
    setting.require_tidy()


def test_a_purged_session_is_gone(setting: Setting) -> None:
    setting.run(Retire(paths=[setting.file("log.jsonl")]))
    setting.trash.purge(LABEL.trash_id, CancelFlag())
    assert list(setting.trash_path.iterdir()) == []


def test_a_living_process_is_left_to_finish(setting: Setting) -> None:
    """Half done and its lease held, a folder of the trash is not touched; once the lease is free it is settled."""
    setting.write("log.side/a", b"a")
    setting.run(Retire(paths=[setting.file("log.jsonl"), setting.file("log.side")]))
    os.rename(setting.trash_path / LABEL.trash_id / "items" / "1", setting.file("log.side"))
    with setting.leases.single("trash", LABEL.trash_id, CancelFlag()):
        setting.start()
        assert "log.side/a" in setting.files()
    setting.start()
    assert "log.side/a" not in setting.files()
    setting.trash.restore(LABEL.trash_id, CancelFlag())
    assert {"log.jsonl", "log.side/a"} <= set(setting.files())


def test_what_was_made_anew_at_the_place_is_not_taken_for_the_old(setting: Setting) -> None:
    setting.write("log.side/a", b"a")
    setting.run(Retire(paths=[setting.file("log.jsonl"), setting.file("log.side")]))
    os.rename(setting.trash_path / LABEL.trash_id / "items" / "1", setting.home.parent / "away")
    setting.write("log.side/new", b"new")
    setting.start()
    assert setting.files()["log.side/new"] == b"new"


@pytest.mark.parametrize("manifest", [b"", b"[]", b"{}", b'{"version": 99}', b"[" * 100_000])
def test_a_trash_that_cannot_be_read_is_left_as_it_is(setting: Setting, manifest: bytes) -> None:
    setting.run(Retire(paths=[setting.file("log.jsonl")]))
    folder = setting.trash_path / LABEL.trash_id
    (folder / "manifest.json").write_bytes(manifest)
    setting.start()
    assert setting.trash.listed() == []
    assert (folder / "items" / "0").read_bytes() == LINES


def test_a_manifest_cannot_lead_out_of_the_home(setting: Setting, tmp_path: Path) -> None:
    setting.run(Retire(paths=[setting.file("log.jsonl")]))
    manifest = setting.trash_path / LABEL.trash_id / "manifest.json"
    manifest.write_text(manifest.read_text().replace("/home/log.jsonl", "/home/../log.jsonl"))
    with pytest.raises(PathRefused):
        setting.trash.restore(LABEL.trash_id, CancelFlag())
    assert not (tmp_path / "log.jsonl").exists()


@pytest.mark.parametrize("trash_id", ["..", ".", "", "a/b", "../home", "\u00e4"])
def test_an_id_that_is_none_names_no_folder(setting: Setting, trash_id: str) -> None:
    with pytest.raises(FileNotFound):
        setting.trash.purge(trash_id, CancelFlag())


def test_a_session_that_changed_is_not_retired(setting: Setting) -> None:
    log = setting.file("log.jsonl")
    seen = {log: stamp(log)}
    setting.write("log.jsonl", b"new\n")
    with pytest.raises(SessionChangedOnDisk):
        setting.run(Retire(paths=[log]), seen=seen)
    assert setting.files()["log.jsonl"] == b"new\n"
    setting.require_tidy()


# --- cancelled ----------------------------------------------------------------------------------------------------


class CancelAt(CancelFlag):
    """Is set when it is looked at for the n-th time."""

    def __init__(self, look: int) -> None:
        super().__init__()
        self.looks = 0
        self._at = look

    def check(self) -> None:
        self.looks += 1
        if self.looks == self._at:
            self.set()
        super().check()


@pytest.mark.parametrize("kind", KINDS)
def test_a_cancel_at_every_look_changes_nothing(setting: Setting, kind: str) -> None:
    was, look = setting.files(), 0
    while True:
        look += 1
        flag = CancelAt(look)
        try:
            setting.run(steps(setting)[kind], flag=flag)
        except Cancelled:
            assert setting.files() == was
            setting.require_tidy()
        else:
            break
    assert look > 1
    assert setting.files() != was


# --- refused by the system ----------------------------------------------------------------------------------------


@contextmanager
def size_limit(size: int) -> Iterator[None]:
    """Let no file of this process grow beyond a size, as on a full disk: what fits is written first."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("kind", KINDS)
def test_no_space_changes_nothing(setting: Setting, kind: str) -> None:
    was = setting.files()
    with size_limit(5000), pytest.raises(NoSpace):
        setting.run(steps(setting)[kind])
    assert setting.files() == was
    setting.require_tidy()
    setting.run(steps(setting)[kind])
    assert setting.files() != was


@contextmanager
def unprivileged(folder: Path) -> Iterator[None]:
    """Be nobody, who owns a folder and what is in it, if this is root, whom no mode stops."""
    if os.geteuid() != 0:
        yield
        return
    for path in (folder, *folder.rglob("*")):
        os.chown(path, NOBODY, NOBODY)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.parametrize("kind", KINDS)
def test_no_permission_changes_nothing(kind: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        setting = Setting.of(Path(folder))
        setting.write("log.jsonl", LINES)
        setting.write("index.json", b"{}")
        was, step = setting.files(), steps(setting)[kind]
        with unprivileged(Path(folder)):
            os.chmod(setting.home, 0o500)
            os.chmod(setting.file("log.jsonl"), 0o400)
            with pytest.raises(Unwritable):
                setting.run(step)
            os.chmod(setting.home, 0o700)
        assert setting.files() == was
        setting.require_tidy()


def test_a_home_is_not_made_for_what_must_be_in_it(setting: Setting, tmp_path: Path) -> None:
    plan = Plan(step=steps(setting)["append"], native_id="x", path="x")
    with pytest.raises(Unreadable):
        setting.runner.run(plan, home=str(tmp_path / "none"), flag=CancelFlag())
    assert not (tmp_path / "none").exists()


# --- led elsewhere ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["../out", "a/../../out", "out/link/new", "/etc/new", "", "."])
def test_nothing_is_put_outside_the_home(setting: Setting, tmp_path: Path, path: str) -> None:
    (tmp_path / "outside").mkdir()
    os.mkdir(setting.file("out"))
    os.symlink(tmp_path / "outside", setting.file("out/link"))
    target = path if path.startswith("/") else setting.file(path)
    with pytest.raises(Failure):
        setting.run(NewFile(path=target, content=[b"x"]))
    assert os.listdir(tmp_path / "outside") == []


def test_a_link_to_a_file_outside_is_neither_appended_to_nor_replaced(setting: Setting, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_bytes(LINES)
    os.symlink(outside, setting.file("link"))
    for step in (
        Append(path=setting.file("link"), lines=b"x\n", was=stamp(outside)),
        Replace(path=setting.file("link"), content=b"x", was=stamp(outside)),
    ):
        with pytest.raises(PathRefused):
            setting.run(step)
    assert outside.read_bytes() == LINES


def test_a_link_inside_the_home_is_followed(setting: Setting) -> None:
    os.symlink("index.json", setting.file("link"))
    setting.run(Replace(path=setting.file("link"), content=b"[]", was=stamp(setting.file("index.json"))))
    assert os.path.islink(setting.file("link"))
    assert setting.files()["index.json"] == b"[]"


def test_a_folder_swapped_for_a_link_leads_nobody_out(setting: Setting, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    os.mkdir(setting.file("inside"))
    os.symlink(outside, setting.file("link"))
    made = 0
    with Swapping(setting.file("inside"), setting.file("link")) as swapping:
        number = 0
        while made < 20 or swapping.swaps < 1000:
            number += 1
            try:
                setting.run(NewFile(path=setting.file(f"inside/{number}"), content=[b"x"]))
            except Failure:
                continue
            made += 1
    assert os.listdir(outside) == []


# --- several at once ----------------------------------------------------------------------------------------------


def test_nobody_undoes_anothers_replacement(setting: Setting) -> None:
    """Every thread adds one, again if somebody was faster; none is lost."""
    index = setting.file("index.json")
    setting.write("index.json", b"0")

    def count(times: int) -> None:
        while times:
            was = stamp(index)
            number = int(Path(index).read_bytes())
            try:
                setting.run(Replace(path=index, content=b"%d" % (number + 1), was=was))
            except SessionChangedOnDisk:
                continue
            times -= 1

    threads = [threading.Thread(target=count, args=(20,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert setting.files()["index.json"] == b"80"
