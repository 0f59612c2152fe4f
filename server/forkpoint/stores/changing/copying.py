"""Copying ranges of a file's bytes as they are: shared with the original where the file system can, else copied.

Sharing pays when the bytes begin at the same remainder of a block in both files; then the whole blocks are shared and
the two ends are copied. Source: ioctl_ficlonerange(2), Linux 4.5.
"""

import os
import struct
import sys
from typing import NamedTuple

from forkpoint.model.failures import SessionChangedOnDisk
from forkpoint.model.source import Stamp
from forkpoint.stores.changing.durable import write_all
from forkpoint.stores.changing.writeback import begin_writing_out
from forkpoint.stores.workers import CancelFlag

BUFFER = 1 << 20
"""How many bytes are copied at a time; the cancel flag is looked at as often."""
WRITTEN_OUT_AT = 4 << 20
"""After how many bytes the disk is told to begin with them."""
WORTH_SHARING = 1 << 20
"""Fewer bytes are copied in less time than it takes to find out whether they can be shared."""
_CLONE_RANGE = 0x4020940D
"""`FICLONERANGE`, the same number on x86-64 and arm64."""


class Window(NamedTuple):
    """A range cut in three: bytes to copy, whole blocks to share, bytes to copy."""

    head: int
    shared: int
    tail: int


def shared_window(start: int, length: int, at: int, block: int) -> Window:
    """Say which part of a range that goes to offset `at` lies on the same whole blocks in both files."""
    if start % block != at % block:
        return Window(length, 0, 0)
    head = min(-start % block, length)
    shared = (length - head) // block * block
    return Window(head, shared, length - head - shared)


def copy_range(source: int, start: int, end: int, target: int, flag: CancelFlag, *, path: str) -> None:
    """Add a half-open range of a file to the end of another, which is open for writing where it ends.

    Raises Cancelled, OSError, and SessionChangedOnDisk with `path` when the source has not that many bytes any more.
    """
    length = end - start
    at = os.lseek(target, 0, os.SEEK_CUR)
    window = shared_window(start, length, at, os.fstat(target).st_blksize)
    if window.shared < WORTH_SHARING:
        _copy(source, start, end, target, flag, path)
        return
    _copy(source, start, start + window.head, target, flag, path)
    middle = start + window.head
    if _share(source, middle, window.shared, target, at + window.head):
        os.lseek(target, window.shared, os.SEEK_CUR)
        middle += window.shared
    _copy(source, middle, end, target, flag, path)


def _copy(source: int, start: int, end: int, target: int, flag: CancelFlag, path: str) -> None:
    if start >= end:
        return
    buffer = memoryview(bytearray(min(BUFFER, end - start)))
    at = told = os.lseek(target, 0, os.SEEK_CUR)
    while start < end:
        flag.check()
        count = os.preadv(source, [buffer[: min(BUFFER, end - start)]], start)
        if count == 0:
            raise SessionChangedOnDisk(path=path)
        write_all(target, buffer[:count])
        start += count
        at += count
        if at - told >= WRITTEN_OUT_AT:
            begin_writing_out(target, told, at - told)
            told = at


def _share(source: int, start: int, length: int, target: int, at: int) -> bool:
    """Let both files have the same blocks; False where the file system, or the pair of files, cannot."""
    if not sys.platform.startswith("linux"):
        return False
    import fcntl

    try:
        fcntl.ioctl(target, _CLONE_RANGE, struct.pack("=qQQQ", source, start, length, at))
    except OSError:
        return False
    return True


def only_grew(was: Stamp, now: Stamp) -> bool:
    """Whether a file that had one stamp and has another can hold the same bytes as far as it went then."""
    if now.inode != was.inode or (was.device and now.device != was.device):
        return False
    return now.size > was.size or same(was, now)


def same(was: Stamp, now: Stamp) -> bool:
    """Whether two stamps are of one state of one file; a device of 0 is an unknown one."""
    alike = (was.size, was.mtime_ns, was.inode) == (now.size, now.mtime_ns, now.inode)
    return alike and (not was.device or was.device == now.device)
