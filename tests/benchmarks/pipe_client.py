"""The least client there can be: bytes that are ready go out, whole frames come back undecoded."""

import os
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from tests.end_to_end.server_process import frame, server_environment

FIRST_BUFFER = 1 << 16
"""Bytes that can be read at first; the buffer grows with the answers, as making a large one takes milliseconds."""

INITIALIZE = frame(b'{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"processId":null,"capabilities":{}}}')
INITIALIZED = frame(b'{"jsonrpc":"2.0","method":"initialized","params":{}}')


class PipeClient:
    """One running server."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self.pid = process.pid
        self._in = process.stdin.fileno()
        self._out = process.stdout.fileno()
        self._buffer = bytearray(FIRST_BUFFER)
        self._view = memoryview(self._buffer)
        self._begin = self._end = 0
        """The bytes that were read and not given out yet."""

    def write(self, data: bytes) -> None:
        """Write bytes as they are."""
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(self._in, rest) :]

    def read_frame(self) -> memoryview:
        """Read one frame and give its body, which stays until the next frame is read."""
        if self._begin > len(self._buffer) // 2:
            rest = bytes(self._view[self._begin : self._end])
            self._buffer[: len(rest)] = rest
            self._begin, self._end = 0, len(rest)
        while (found := self._buffer.find(b"\r\n\r\n", self._begin, self._end)) < 0:
            self._read()
        header = bytes(self._view[self._begin : found]).lower()
        body = found + 4
        length = int(header.split(b"content-length:")[1].split()[0])
        while self._end < body + length:
            self._read()
        self._begin = body + length
        return self._view[body : self._begin]

    def trip(self, request: bytes) -> float:
        """Send one request's frame, wait for one frame, and give the milliseconds between."""
        begun = time.perf_counter()
        self.write(request)
        body = self.read_frame()
        passed = (time.perf_counter() - begun) * 1000
        if b'"result"' not in bytes(body[:200]) + bytes(body[-200:]):
            raise RuntimeError(f"no result: {bytes(body[:500])!r}")
        return passed

    def start(self) -> None:
        """Go through `initialize` and `initialized`."""
        self.trip(INITIALIZE)
        self.write(INITIALIZED)

    def _read(self) -> None:
        if self._end == len(self._buffer):
            self._buffer = self._buffer + bytes(len(self._buffer))
            self._view = memoryview(self._buffer)
        count = os.readv(self._out, [self._view[self._end :]])
        if not count:
            raise RuntimeError("the server ended")
        self._end += count


@contextmanager
def pipe_client(home: Path, module: str) -> Generator[PipeClient]:
    """Start `python -m module`; it has not been told anything yet."""
    process = subprocess.Popen(
        [sys.executable, "-m", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=server_environment(home),
        cwd=home,
    )
    with process:
        try:
            yield PipeClient(process)
        finally:
            process.kill()
