"""Runs a piece of work in a process of its own that is stopped before each call with which it changes the disk.

A filter of the kernel (seccomp) stops it there and nowhere else, threads and SQLite included, and ptrace(2) hands it
over. Linux on x86-64 and arm64 only.
"""

import ctypes
import os
import platform
import signal
import struct
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

_TRACEME, _CONT, _SETOPTIONS, _SYSCALL_INFO = 0, 7, 0x4200, 0x420E
_OPTIONS = 0x2 | 0x4 | 0x8 | 0x80 | 0x100000
"""Forks, vforks and clones followed; stops where the filter says so; everything dies with the tracer."""
_ALL_THREADS = 0x40000000
_FILTERED = signal.SIGTRAP | (7 << 8)
"""What a status says, without its lowest eight bits, when the filter stopped the process."""
_INFO_SIZE = 88
_OPENS = {"x86_64": 257, "aarch64": 56}
"""The number of openat(2), which counts when its flags say that something may be changed."""
_NAMES = {
    "x86_64": {
        1: "write", 18: "pwrite64", 20: "writev", 296: "pwritev", 85: "creat", 257: "openat",
        82: "rename", 264: "renameat", 316: "renameat2", 83: "mkdir", 258: "mkdirat", 84: "rmdir", 87: "unlink",
        263: "unlinkat", 86: "link", 265: "linkat", 88: "symlink", 266: "symlinkat", 76: "truncate", 77: "ftruncate",
        74: "fsync", 75: "fdatasync", 285: "fallocate", 91: "fchmod", 280: "utimensat", 16: "ioctl",
        326: "copy_file_range", 40: "sendfile",
    },
    "aarch64": {
        64: "write", 68: "pwrite64", 66: "writev", 70: "pwritev", 56: "openat", 38: "renameat",
        276: "renameat2", 34: "mkdirat", 35: "unlinkat", 37: "linkat", 36: "symlinkat", 45: "truncate",
        46: "ftruncate", 82: "fsync", 83: "fdatasync", 47: "fallocate", 52: "fchmod", 88: "utimensat", 29: "ioctl",
        285: "copy_file_range", 71: "sendfile",
    },
}  # fmt: skip
_WRITES = frozenset({"write", "pwrite64", "writev", "pwritev", "copy_file_range", "sendfile"})
_CHANGING_FLAGS = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_CLONE_RANGE = 0x4020940D

_SET_NO_NEW_PRIVILEGES, _SET_SECCOMP, _BY_FILTER = 38, 22, 2
_LOAD, _IF_EQUAL, _IF_ANY_BIT, _RETURN = 0x20, 0x15, 0x45, 0x06
"""Instructions of a filter. Source: seccomp(2), linux/filter.h."""
_STOP, _PASS = 0x7FF00000, 0x7FFF0000
_NUMBER_AT, _FLAGS_AT = 0, 16 + 2 * 8


def answer_of(work: Callable[[], object]) -> str | None:
    """Run something in a fork and give the word it answers, None when it raised."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        _leave(work, writing)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        answer = pipe.read()
    os.waitpid(pid, 0)
    return answer or None


def traced(work: Callable[[], object], folders: Sequence[Path], at: Callable[[int, str], bool]) -> str | None:
    """Run something in a fork; `at` hears of each call in some folders before it happens, counted from 1.

    When `at` answers True, the process is killed before that call, and None is given; else what the work answers. The
    process stands still while `at` runs. Raises RuntimeError when it ended badly, or cannot be traced.
    """
    reading, writing = os.pipe()
    tracer = _Tracer(folders, at)
    main_pid = os.fork()
    if main_pid == 0:
        tracer.be_traced()
        _leave(work, writing)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        whole = tracer.follow(main_pid)
        answer = pipe.read()
    if not whole:
        return None
    return answer


def _leave(work: Callable[[], object], writing: int) -> None:
    code = 1
    try:
        answer = work()
        os.write(writing, str(answer).encode())
        code = 0
    except BaseException:
        traceback.print_exc()
        raise
    finally:
        sys.stderr.flush()
        os._exit(code)


class _Tracer:
    def __init__(self, folders: Sequence[Path], at: Callable[[int, str], bool]) -> None:
        self._folders = tuple(f"{folder}/" for folder in folders)
        self._at = at
        self._seen = 0
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._ptrace = self._libc.ptrace
        self._ptrace.argtypes = (ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p)
        self._ptrace.restype = ctypes.c_long

    def be_traced(self) -> None:
        """In the process itself: stop until the tracer is ready, then let the filter in."""
        if self._ptrace(_TRACEME, 0, None, None) != 0:
            os._exit(1)
        os.kill(os.getpid(), signal.SIGSTOP)
        program = _filter()
        buffer = ctypes.create_string_buffer(program, len(program))
        # A filter is a count of instructions and a pointer to them, both in words of eight bytes.
        described = struct.pack("=HxxxxxxQ", len(program) // 8, ctypes.addressof(buffer))
        prctl = self._libc.prctl
        prctl.argtypes = (ctypes.c_int, ctypes.c_ulong, ctypes.c_char_p, ctypes.c_ulong, ctypes.c_ulong)
        if prctl(_SET_NO_NEW_PRIVILEGES, 1, None, 0, 0) != 0 or prctl(_SET_SECCOMP, _BY_FILTER, described, 0, 0) != 0:
            os._exit(1)

    def follow(self, main_pid: int) -> bool:
        """Follow it to its end, True, or to where it is killed, False."""
        _, status = os.waitpid(main_pid, 0)
        if not os.WIFSTOPPED(status):
            raise RuntimeError("this system does not let a process trace its own child")
        self._ptrace(_SETOPTIONS, main_pid, None, _OPTIONS)
        self._ptrace(_CONT, main_pid, None, None)
        ended: int | None = None
        while True:
            try:
                pid, status = os.waitpid(-1, _ALL_THREADS)
            except ChildProcessError:
                break
            if not os.WIFSTOPPED(status):
                ended = status if pid == main_pid else ended
                continue
            if status >> 8 == _FILTERED and self._kills(pid):
                _kill_all(main_pid)
                return False
            stopped_by = os.WSTOPSIG(status)
            passed_on = 0 if stopped_by in (signal.SIGTRAP, signal.SIGSTOP) else stopped_by
            self._ptrace(_CONT, pid, None, passed_on)
        if ended != 0:
            raise RuntimeError(f"the change itself failed, with status {ended}")
        return True

    def _kills(self, pid: int) -> bool:
        call = self._changing_call(pid)
        if call is None:
            return False
        self._seen += 1
        return self._at(self._seen, call)

    def _changing_call(self, pid: int) -> str | None:
        """Give the name of the call a process is about to make, if it changes something on disk."""
        info = ctypes.create_string_buffer(_INFO_SIZE)
        if self._ptrace(_SYSCALL_INFO, pid, _INFO_SIZE, info) < 0:
            return None
        number, *arguments = (int.from_bytes(info.raw[at : at + 8], "little") for at in range(24, 80, 8))
        name = _NAMES[platform.machine()].get(number)
        if name == "ioctl":
            return name if arguments[1] & 0xFFFFFFFF == _CLONE_RANGE else None
        return name if name not in _WRITES or self._lies_in(pid, arguments[0]) else None

    def _lies_in(self, pid: int, descriptor: int) -> bool:
        try:
            path = os.readlink(f"/proc/{pid}/fd/{descriptor}")
        except OSError:
            return False
        return path.startswith(self._folders)


def _filter() -> bytes:
    """Stop before every call that is named, and before an open that may change something; let all else pass."""
    machine = platform.machine()
    opens = _OPENS[machine]
    plain = [number for number in _NAMES[machine] if number != opens]
    program = [
        (_LOAD, 0, 0, _NUMBER_AT),
        *((_IF_EQUAL, len(plain) - at + 3, 0, number) for at, number in enumerate(plain)),
        (_IF_EQUAL, 0, 2, opens),
        (_LOAD, 0, 0, _FLAGS_AT),
        (_IF_ANY_BIT, 1, 0, _CHANGING_FLAGS),
        (_RETURN, 0, 0, _PASS),
        (_RETURN, 0, 0, _STOP),
    ]
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in program)


def _kill_all(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    while True:
        try:
            os.waitpid(-1, _ALL_THREADS)
        except ChildProcessError:
            return
