"""The two ways to watch, on real folders."""

import os
import resource
import shutil
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forkpoint.stores.watching.network import is_remote, mount_type
from forkpoint.stores.watching.polling import LATEST, Polling
from forkpoint.stores.watching.sightings import CannotWatch, Eyes, Wake, outermost
from forkpoint.stores.watching.watcher import Notices

FIRST_ROUND = 0.0
NEVER = 1e9


def seen_by(eyes: Eyes, wanted: set[str]) -> set[str]:
    """What was seen until all that is wanted was among it."""
    seen: set[str] = set()
    for _ in range(1000):
        seen |= eyes.wait(0.05, Wake()).paths
        if wanted <= seen:
            return seen
    raise AssertionError(wanted - seen)


def seen_next(eyes: Polling) -> set[str]:
    """What the next look sees."""
    return {*eyes.wait(2 * LATEST, Wake()).paths}


def test_what_was_seen_before_the_thread_is_woken_is_not_forgotten(tmp_path: Path) -> None:
    eyes, wake = Notices([str(tmp_path)]), Wake()
    for number in range(20):
        path = tmp_path / f"{number}"
        path.write_text("seen by the system before the wait")
        wake.set()
        seen: set[str] = set()
        for _ in range(100):
            seen |= eyes.wait(0.05, wake).paths
            if str(path) in seen:
                break
        assert str(path) in seen
    eyes.close()


def test_notices_leave_out_our_temporary_names_and_nothing_else(tmp_path: Path) -> None:
    root = tmp_path / ".forkpoint-state" / ".git" / "node_modules"
    root.mkdir(parents=True)
    eyes = Notices([str(root)])
    (root / ".forkpoint-x").mkdir()
    (root / ".forkpoint-x" / "inside").write_text("ours")
    (root / "a.pyc").write_text("kept")
    (root / ".forkpoint").write_text("kept")
    assert seen_by(eyes, {str(root / "a.pyc"), str(root / ".forkpoint")}) == {
        str(root / "a.pyc"),
        str(root / ".forkpoint"),
    }
    eyes.close()


def test_a_missing_root_cannot_be_watched(tmp_path: Path) -> None:
    with pytest.raises(CannotWatch):
        Notices([str(tmp_path / "missing")])


def test_the_limit_of_the_system_cannot_be_passed(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    lowest = os.dup(0)
    os.close(lowest)
    resource.setrlimit(resource.RLIMIT_NOFILE, (lowest, hard))
    try:
        with pytest.raises(CannotWatch):
            Notices([str(tmp_path)])
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_polling_sees_appends_to_the_newest_at_once_and_others_with_the_full_round(tmp_path: Path) -> None:
    new, old = tmp_path / "new.jsonl", tmp_path / "old.jsonl"
    for path in (new, old):
        path.write_text("1\n")
    os.utime(tmp_path, (1_700_000_000, 1_700_000_000))
    often = Polling([str(tmp_path)], lambda: [str(new)], soonest=FIRST_ROUND, full=NEVER)
    whole = Polling([str(tmp_path)], list, soonest=FIRST_ROUND, full=FIRST_ROUND)
    for path in (new, old):
        path.write_text("1\n2\n")
    assert seen_next(often) == {str(new)}
    assert seen_next(whole) == {str(new), str(old)}
    assert seen_next(often) == seen_next(whole) == set()


def test_polling_looks_again_for_a_folder_that_was_away_for_a_moment(tmp_path: Path) -> None:
    inner = tmp_path / "top" / "inner"
    inner.mkdir(parents=True)
    old = (1_700_000_000, 1_700_000_000)
    os.utime(inner, old)
    os.utime(tmp_path / "top", old)
    eyes = Polling([str(tmp_path / "top")], list, soonest=FIRST_ROUND, full=NEVER)
    inner.rename(tmp_path / "away")
    os.utime(tmp_path / "top", old)  # as when all of it was moved away in the midst of a look
    assert seen_next(eyes) == {str(inner)}
    (tmp_path / "away").rename(inner)
    os.utime(tmp_path / "top", old)
    assert seen_next(eyes) == {str(inner)}
    (inner / "new").write_text("x")
    assert str(inner / "new") in seen_next(eyes)


def test_polling_pauses_longer_the_longer_a_look_takes(tmp_path: Path) -> None:
    eyes = Polling([str(tmp_path)], lambda: pause(0.01), soonest=0.1, full=NEVER)
    eyes.wait(2 * LATEST, Wake())
    begun = time.monotonic()
    assert eyes.wait(0.5, Wake()).paths == set()
    assert time.monotonic() - begun >= 0.5 - 0.01  # the next look is a second away


def pause(seconds: float) -> list[str]:
    time.sleep(seconds)
    return []


names = st.sampled_from(["a", "b", "a/c", "a/d", "a/c/e", "b/f"])
acts = st.lists(st.tuples(st.sampled_from(["file", "folder", "remove"]), names), max_size=8)


@given(acts, acts)
def test_polling_finds_every_name_that_came_or_went(
    tmp_path_factory: pytest.TempPathFactory, before: list[tuple[str, str]], after: list[tuple[str, str]]
) -> None:
    root = tmp_path_factory.mktemp("root")
    for act in before:
        carry_out(root, *act)
    first = names_in(root)
    eyes = Polling([str(root)], list, soonest=FIRST_ROUND, full=NEVER)
    for act in after:
        carry_out(root, *act)
    second = names_in(root)
    seen = seen_next(eyes)
    assert first ^ second <= seen
    assert seen_next(eyes) == set()


def carry_out(root: Path, what: str, name: str) -> None:
    path = root / name
    if what == "remove":
        if path.is_dir():
            shutil.rmtree(path)
        elif path.exists():
            path.unlink()
    elif not path.exists() and path.parent.is_dir():
        if what == "folder":
            path.mkdir()
        else:
            path.write_text("x")


def names_in(root: Path) -> set[str]:
    return {str(path) for path in root.rglob("*")}


def test_folders_in_others_are_watched_with_them() -> None:
    assert outermost(["/a/b", "/a", "/ab", "/a/b/c", "/c"]) == ["/a", "/ab", "/c"]
    assert outermost(["/", "/a"]) == ["/"]


def test_a_local_folder_has_a_type_that_is_not_remote(tmp_path: Path) -> None:
    assert mount_type("/proc") == "proc"
    assert not is_remote("/proc")
