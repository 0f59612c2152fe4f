"""A small file that others replace at the very moment at which we do: the newest of theirs stays."""

import os
from pathlib import Path

import pytest

from forkpoint.agents.writing import Replace
from forkpoint.model.failures import SessionChangedOnDisk
from forkpoint.stores.changing import durable, steps
from tests.stores.changing.setting import Setting, stamp

OURS = b"of ours, and longer"


@pytest.mark.parametrize("others", [1, 2, 3, 4])
def test_the_newest_of_others_stays(tmp_path: Path, others: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of theirs comes just before one of our exchanges, the first one after everything was looked at."""
    setting = Setting.of(tmp_path)
    was, path = setting.write("index.json", b"0"), setting.file("index.json")
    left = [b"theirs %d" % number for number in range(others)]

    def swap(from_folder: int, from_name: str, to_folder: int, to_name: str) -> bool:
        if left:
            theirs = Path(f"{path}.theirs")
            theirs.write_bytes(left.pop(0))
            os.replace(theirs, path)
        return durable.swap(from_folder, from_name, to_folder, to_name)

    monkeypatch.setattr(steps, "swap", swap)
    with pytest.raises(SessionChangedOnDisk):
        setting.run(Replace(path=path, content=OURS, was=was))
    assert left == []
    assert setting.files() == {"index.json": b"theirs %d" % (others - 1)}
    setting.require_tidy()
    setting.run(Replace(path=path, content=OURS, was=stamp(path)))
    assert setting.files() == {"index.json": OURS}


def test_a_file_that_somebody_made_meanwhile_has_changed_and_is_planned_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    setting = Setting.of(tmp_path)
    path = setting.file("index.json")

    def link_new(from_folder: int, from_name: str, to_folder: int, to_name: str) -> None:
        Path(path).write_bytes(b"theirs")
        durable.link_new(from_folder, from_name, to_folder, to_name)

    monkeypatch.setattr(steps, "link_new", link_new)
    with pytest.raises(SessionChangedOnDisk):
        setting.run(Replace(path=path, content=OURS, was=None))
    assert setting.files() == {"index.json": b"theirs"}
    setting.require_tidy()
