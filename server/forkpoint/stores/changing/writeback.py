"""Letting the disk begin with what has been written while the rest is still being copied.

A file is synced before it gets its name. When its pages are on their way by then, that takes a fraction of the time,
and no other program's sync has to wait for a hundred megabytes of ours.
"""

import sys
from collections.abc import Callable
from functools import cache

_WRITE = 2
"""`SYNC_FILE_RANGE_WRITE` of sync_file_range(2), Linux 2.6.17: begins to write the pages, and waits for none."""


def begin_writing_out(descriptor: int, start: int, length: int) -> None:
    """Have the system begin to write a range of a file out; it promises nothing, so that no failure counts."""
    call = _sync_file_range()
    if call is not None:
        call(descriptor, start, length, _WRITE)


@cache
def _sync_file_range() -> Callable[[int, int, int, int], int] | None:
    if not sys.platform.startswith("linux"):
        return None
    import ctypes  # several milliseconds to load, and only needed for a long copy

    call = getattr(ctypes.CDLL(None), "sync_file_range", None)
    if call is not None:
        call.argtypes = (ctypes.c_int, ctypes.c_int64, ctypes.c_int64, ctypes.c_uint)
    return call
