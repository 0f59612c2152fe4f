"""Linux's `openat2`: an open that the kernel keeps beneath a folder and off every link.

Source: openat2(2), Linux 5.6. Python has no binding, so the call goes through ctypes, imported on first use.
"""

import errno
import os
import struct
import sys
from collections.abc import Callable
from functools import cache

SYSTEM_CALL = 437
"""The same number on every architecture that Python is built for on Linux, Alpha excepted."""
NO_MAGICLINKS, NO_SYMLINKS, BENEATH = 0x02, 0x04, 0x08
ATTEMPTS = 8
"""How often a call that was interrupted, or raced with a rename, is made again before it counts as failed."""

OpenAt2 = Callable[[int, bytes, int], int]
"""Takes a folder's descriptor, a relative path and open flags; gives a descriptor or raises OSError."""


@cache
def openat2() -> OpenAt2 | None:
    """Give the call, or None where the kernel is too old, a container's filter forbids it, or this is not Linux.

    The answer is found once by opening the root folder itself, and remembered.
    """
    if sys.platform != "linux":
        return None
    import ctypes

    call = ctypes.CDLL(None, use_errno=True).syscall
    call.argtypes = (ctypes.c_long, ctypes.c_int, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_size_t)
    call.restype = ctypes.c_long

    def open_at(folder: int, path: bytes, flags: int) -> int:
        how = _how(flags)
        number = 0
        for _ in range(ATTEMPTS):
            descriptor: int = call(SYSTEM_CALL, folder, path, how, len(how))
            if descriptor >= 0:
                return descriptor
            number = ctypes.get_errno()
            if number not in (errno.EAGAIN, errno.EINTR):
                break
        raise OSError(number, os.strerror(number))

    return open_at if _works(open_at) else None


@cache
def _how(flags: int) -> bytes:
    """Give `struct open_how`: flags, mode and resolve, 64 bits each."""
    return struct.pack("=QQQ", flags, 0, BENEATH | NO_SYMLINKS | NO_MAGICLINKS)


def _works(open_at: OpenAt2) -> bool:
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
    top = os.open("/", flags)
    try:
        os.close(open_at(top, b".", flags))
    except OSError:
        return False
    finally:
        os.close(top)
    return True
