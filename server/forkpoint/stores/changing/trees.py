"""Whole files and folders carried to another device: copied, compared and told apart, no link followed."""

import os
import stat

from forkpoint.model.failures import Unwritable
from forkpoint.model.source import Stamp
from forkpoint.stores.changing.copying import BUFFER, copy_range
from forkpoint.stores.changing.durable import AT_ONCE, NEW_FILE, SAFELY
from forkpoint.stores.disk import stamp_of
from forkpoint.stores.guarded_open import FOLDER_FLAGS
from forkpoint.stores.workers import CancelFlag

_READ = os.O_RDONLY | SAFELY | AT_ONCE

DEEPEST = 200
"""How many folders deep a tree may be that goes to another device; each holds descriptors open."""

TreeState = dict[str, Stamp]
"""The stamp of everything in a tree, by path from its top, which is the empty one."""


def tree_state(folder: int, name: str, at: str = "") -> TreeState:
    """Give the stamps of a file, or of a folder and everything in it. Raises OSError, Unwritable for one too deep."""
    found = os.stat(name, dir_fd=folder, follow_symlinks=False)
    state = {at: stamp_of(found)}
    if stat.S_ISDIR(found.st_mode):
        _refuse_too_deep(at.count("/"), name)
        inner = os.open(name, FOLDER_FLAGS, dir_fd=folder)
        try:
            for inside in os.listdir(inner):
                state |= tree_state(inner, inside, f"{at}/{inside}")
        finally:
            os.close(inner)
    return state


def _refuse_too_deep(depth: int, path: str) -> None:
    if depth >= DEEPEST:
        raise Unwritable(path=path, reason=f"folders more than {DEEPEST} deep cannot go to another device")


def copy_tree(
    folder: int, name: str, to_folder: int, to_name: str, flag: CancelFlag, *, path: str, depth: int = 0
) -> None:
    """Copy a file, link or folder with its modes and times, durable but for the name. Raises OSError, a Failure."""
    flag.check()
    found = os.stat(name, dir_fd=folder, follow_symlinks=False)
    if stat.S_ISLNK(found.st_mode):
        os.symlink(os.readlink(name, dir_fd=folder), to_name, dir_fd=to_folder)
    elif stat.S_ISREG(found.st_mode):
        _copy_file(folder, name, to_folder, to_name, flag, path)
    elif stat.S_ISDIR(found.st_mode):
        _refuse_too_deep(depth, path)
        os.mkdir(to_name, 0o700, dir_fd=to_folder)
        source, target = (os.open(n, FOLDER_FLAGS, dir_fd=f) for f, n in ((folder, name), (to_folder, to_name)))
        try:
            for inside in os.listdir(source):
                copy_tree(source, inside, target, inside, flag, path=f"{path}/{inside}", depth=depth + 1)
            _take_over(target, found)
            os.fsync(target)
        finally:
            os.close(source)
            os.close(target)
    else:
        raise Unwritable(path=path, reason="it is neither file nor folder and cannot go to another device")


def _copy_file(folder: int, name: str, to_folder: int, to_name: str, flag: CancelFlag, path: str) -> None:
    source = os.open(name, _READ, dir_fd=folder)
    try:
        found = os.fstat(source)
        target = os.open(to_name, NEW_FILE, 0o600, dir_fd=to_folder)
        try:
            copy_range(source, 0, found.st_size, target, flag, path=path)
            _take_over(target, found)
            os.fsync(target)
        finally:
            os.close(target)
    finally:
        os.close(source)


def _take_over(target: int, found: os.stat_result) -> None:
    os.fchmod(target, stat.S_IMODE(found.st_mode))
    os.utime(target, ns=(found.st_atime_ns, found.st_mtime_ns))


def same_tree(folder: int, name: str, other_folder: int, other_name: str) -> bool:
    """Whether two trees have the same names, kinds and bytes. Raises OSError."""
    one = os.stat(name, dir_fd=folder, follow_symlinks=False)
    other = os.stat(other_name, dir_fd=other_folder, follow_symlinks=False)
    if stat.S_IFMT(one.st_mode) != stat.S_IFMT(other.st_mode):
        return False
    if stat.S_ISLNK(one.st_mode):
        return os.readlink(name, dir_fd=folder) == os.readlink(other_name, dir_fd=other_folder)
    flags = FOLDER_FLAGS if stat.S_ISDIR(one.st_mode) else _READ
    first = os.open(name, flags, dir_fd=folder)
    try:
        second = os.open(other_name, flags, dir_fd=other_folder)
        try:
            return _same_folder(first, second) if stat.S_ISDIR(one.st_mode) else _same_bytes(first, second)
        finally:
            os.close(second)
    finally:
        os.close(first)


def _same_folder(first: int, second: int) -> bool:
    names = sorted(os.listdir(first))
    return names == sorted(os.listdir(second)) and all(same_tree(first, name, second, name) for name in names)


def _same_bytes(first: int, second: int) -> bool:
    if os.fstat(first).st_size != os.fstat(second).st_size:
        return False
    while block := os.read(first, BUFFER):
        if os.read(second, len(block)) != block:
            return False
    return True
