"""The two threads between the descriptors and the event loop, which waits for neither."""

import asyncio
import contextlib
import queue
import threading
from collections.abc import Callable

from forkpoint.lsp.descriptors import read_into, widen_pipe, write_all
from forkpoint.lsp.frames import Frame, FrameParser, frame_header

ROOM_BELOW = 1024 * 1024
"""Portions of results wait until fewer bytes than this are on their way to the client (1 MiB)."""
READ_BELOW = 64 * 1024 * 1024
"""No more is read while more bytes than this wait for a client that does not take its replies (64 MiB)."""
JOINED_BELOW = 512 * 1024
"""Bodies shorter than this are copied behind their header, so that the client wakes once (512 KiB)."""


class FrameWriter:
    """Sends frames in order from a daemon thread; what is sent never waits."""

    def __init__(self, descriptor: int, loop: asyncio.AbstractEventLoop, on_broken: Callable[[], None]) -> None:
        self._descriptor = descriptor
        self._loop = loop
        self._on_broken = on_broken
        self._queue: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._sent = 0
        """Bytes handed over, counted by the loop alone."""
        self._written = 0
        """Bytes written or given up, counted by the thread alone."""
        self._room = asyncio.Event()
        self._room_wanted = False
        self._low = threading.Event()
        self._low_wanted = False
        self._thread = threading.Thread(target=self._run, name="frame writer", daemon=True)

    def start(self) -> None:
        """Begin to write."""
        widen_pipe(self._descriptor)
        self._thread.start()

    @property
    def backlog(self) -> int:
        """Bytes that were sent and not written yet."""
        return self._sent - self._written

    def send(self, body: bytes) -> None:
        """Send one body as a frame; to be called on the loop."""
        self._sent += len(body)
        self._queue.put(body)

    # Both waits announce themselves before they look a last time: the thread looks for them after it has counted.

    async def room(self) -> None:
        """Wait until the client has taken most of what was sent."""
        while self.backlog >= ROOM_BELOW:
            self._room.clear()
            self._room_wanted = True
            if self.backlog >= ROOM_BELOW:
                await self._room.wait()

    def wait_to_read(self) -> None:
        """Hold the reading thread while far too much waits for the client."""
        while self.backlog >= READ_BELOW:
            self._low.clear()
            self._low_wanted = True
            if self.backlog >= READ_BELOW:
                self._low.wait()

    def finish(self, patience: float) -> None:
        """Write what is left, for at most `patience` seconds."""
        self._queue.put(None)
        self._thread.join(patience)

    def _run(self) -> None:
        broken = False
        while (body := self._queue.get()) is not None:
            if not broken:
                broken = not self._write(body)
            self._written += len(body)
            if self._room_wanted and self.backlog < ROOM_BELOW:
                self._room_wanted = False
                self._on_loop(self._room.set)
            if self._low_wanted and self.backlog < READ_BELOW:
                self._low_wanted = False
                self._low.set()

    def _write(self, body: bytes) -> bool:
        header = frame_header(len(body))
        try:
            if len(body) < JOINED_BELOW:
                write_all(self._descriptor, header + body)
            else:
                write_all(self._descriptor, header)
                write_all(self._descriptor, body)
        except OSError:  # the client has closed its side
            self._on_loop(self._on_broken)
            return False
        return True

    def _on_loop(self, callback: Callable[[], object]) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            self._loop.call_soon_threadsafe(callback)


class FrameReader:
    """Reads frames in a daemon thread and hands each to the loop; the end of the stream too."""

    def __init__(
        self,
        descriptor: int,
        parser: FrameParser,
        loop: asyncio.AbstractEventLoop,
        *,
        receive: Callable[[list[Frame]], None],
        on_end: Callable[[], None],
        before_read: Callable[[], None],
    ) -> None:
        self._descriptor = descriptor
        self._parser = parser
        self._loop = loop
        self._receive = receive
        self._on_end = on_end
        self._before_read = before_read

    def start(self) -> None:
        """Begin to read."""
        threading.Thread(target=self._run, name="frame reader", daemon=True).start()

    def _run(self) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: the server is ending
            while count := read_into(self._descriptor, self._parser.space()):
                if frames := self._parser.filled(count):
                    self._loop.call_soon_threadsafe(self._receive, frames)
                    del frames
                self._before_read()
            self._loop.call_soon_threadsafe(self._on_end)
