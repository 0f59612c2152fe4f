"""Bytes in and out of the descriptors this process was started with; light enough to be loaded before anything else.

Only raw reads are used: a thread inside a buffered `sys.stdin` when the process ends would abort it.
"""

import os

STDIN = 0
STDOUT = 1
STDERR = 2

PIPE_SIZE = 1024 * 1024
"""The most that Linux lets anybody ask for, in bytes (1 MiB)."""


def claim_stdout() -> int:
    """Give a descriptor for frames; from here on whatever prints to stdout lands on stderr.

    The new descriptor is not inherited by child processes.
    """
    frames = os.dup(STDOUT)
    try:
        os.dup2(STDERR, STDOUT)
    except OSError:  # started without a stderr
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, STDOUT)
        os.close(null)
    return frames


def read_into(descriptor: int, space: memoryview) -> int:
    """Read at least one byte into a buffer and give how many; 0 at the end of the stream or when it broke."""
    while True:
        try:
            if hasattr(os, "readv"):
                return os.readv(descriptor, [space])
            data = os.read(descriptor, len(space))
            space[: len(data)] = data
            return len(data)
        except BlockingIOError:  # the other side has set the shared description to non-blocking
            _wait(descriptor, to_read=True)
        except OSError:
            return 0


def write_all(descriptor: int, data: bytes) -> None:
    """Write all bytes. Errors: OSError when the other side is gone."""
    rest = memoryview(data)
    while rest:
        try:
            rest = rest[os.write(descriptor, rest) :]
        except BlockingIOError:
            _wait(descriptor, to_read=False)


def widen_pipe(descriptor: int) -> None:
    """Let a pipe hold a whole page of results, where the system can, so that writer and reader need not take turns."""
    try:
        import fcntl

        fcntl.fcntl(descriptor, fcntl.F_SETPIPE_SZ, PIPE_SIZE)
    except (ImportError, AttributeError, OSError):  # another system, or no pipe
        pass


def _wait(descriptor: int, *, to_read: bool) -> None:
    import select

    select.select([descriptor] if to_read else [], [] if to_read else [descriptor], [])
