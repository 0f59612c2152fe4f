"""Trees that somebody made deeper, or more closed, than anybody would: removed whole all the same."""

import os
import resource
import tempfile
from pathlib import Path

import pytest

from forkpoint.agents.writing import Retire
from forkpoint.model.failures import Unwritable
from forkpoint.stores.changing.staging import remove_tree
from forkpoint.stores.workers import CancelFlag
from tests.stores.changing.faults import OTHER_DEVICE
from tests.stores.changing.setting import LABEL, Setting
from tests.stores.changing.test_steps import unprivileged

DEEP = 1500
"""More folders than Python calls within each other, and than a process may usually have open."""


def dig(folder: Path, depth: int) -> None:
    """Make folders within each other, deeper than a path may be long."""
    current = os.open(folder, os.O_RDONLY)
    for _ in range(depth):
        os.mkdir("deeper", dir_fd=current)
        os.close(os.open("file", os.O_CREAT | os.O_WRONLY, dir_fd=current))
        inner = os.open("deeper", os.O_RDONLY, dir_fd=current)
        os.close(current)
        current = inner
    os.close(current)


def removed(folder: Path, name: str) -> bool:
    """Remove what a folder has under a name; gives whether it is gone."""
    top = os.open(folder, os.O_RDONLY)
    try:
        remove_tree(top, name)
    finally:
        os.close(top)
    return not os.path.lexists(folder / name)


def test_a_tree_is_removed_however_deep_it_is(tmp_path: Path) -> None:
    (tmp_path / "tree" / "wide").mkdir(parents=True)
    for number in range(3):
        (tmp_path / "tree" / "wide" / str(number)).mkdir()
    dig(tmp_path / "tree", DEEP)
    top = os.open(tmp_path, os.O_RDONLY)
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(limit[0], 256), limit[1]))
    try:
        remove_tree(top, "tree")
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limit)
        os.close(top)
    assert os.listdir(tmp_path) == []


def test_a_folder_that_was_made_read_only_is_removed() -> None:
    with tempfile.TemporaryDirectory() as folder:
        top = Path(folder)
        (top / "tree" / "shut").mkdir(parents=True)
        (top / "tree" / "shut" / "file").touch()
        (top / "tree" / "shut").chmod(0o500)
        with unprivileged(top):
            assert removed(top, "tree")


def test_a_tree_too_deep_for_another_device_stays_where_it_is(tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory(dir=OTHER_DEVICE) as other:
        setting = Setting.of(tmp_path, trash=Path(other) / "trash")
        (setting.home / "session").mkdir()
        dig(setting.home / "session", DEEP)
        with pytest.raises(Unwritable, match="deep"):
            setting.run(Retire(paths=[setting.file("session")]))
        assert os.path.isdir(setting.file("session"))
        setting.start()
        assert not os.path.lexists(setting.trash.folder_of(LABEL.trash_id))
        remove = os.open(setting.home, os.O_RDONLY)
        remove_tree(remove, "session")  # which pytest could not
        os.close(remove)


def test_what_is_too_deep_goes_into_the_trash_and_for_good(tmp_path: Path) -> None:
    setting = Setting.of(tmp_path)
    (setting.home / "session").mkdir()
    dig(setting.home / "session", DEEP)
    setting.run(Retire(paths=[setting.file("session")]))
    setting.trash.purge(LABEL.trash_id, CancelFlag())
    assert setting.trash.listed() == []
    setting.require_tidy()
