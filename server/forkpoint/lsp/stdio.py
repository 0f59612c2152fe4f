"""One session over standard input and output, from the first frame to the exit code."""

import asyncio
import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Sequence
from typing import NoReturn

from forkpoint.lsp.client_profile import ClientProfile
from forkpoint.lsp.conversation import Conversation
from forkpoint.lsp.descriptors import STDIN
from forkpoint.lsp.log import start_logging
from forkpoint.lsp.opening import Opening, settle_memory
from forkpoint.lsp.parent_watch import ParentWatch
from forkpoint.lsp.transport import FrameReader, FrameWriter
from forkpoint.operations.catalogue import Listing

SWITCH_INTERVAL = 0.0005
"""Seconds after which a busy thread lets another one run: the loop must not wait for a scan."""
PATIENCE_FOR_OUTPUT = 2.0
"""Seconds that the client gets to take the last frames."""
PATIENCE_FOR_LOG = 0.5
PATIENCE_FOR_WORKERS = 2.0
"""Seconds that worker threads get to notice that nobody waits for them."""


def serve_session(catalogue: Sequence[Listing], opening: Opening) -> int:
    """Serve one client over stdio; give the exit code."""
    log = start_logging()
    sys.setswitchinterval(SWITCH_INTERVAL)
    try:
        return asyncio.run(_run(catalogue, opening))
    finally:
        log.drain(PATIENCE_FOR_LOG)


def leave(code: int) -> NoReturn:
    """End the process: workers get a moment, and none of them can hold it back for longer."""
    deadline = time.monotonic() + PATIENCE_FOR_WORKERS
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join(max(0.0, deadline - time.monotonic()))
    os._exit(code)


async def _run(catalogue: Sequence[Listing], opening: Opening) -> int:
    session = StdioSession(catalogue, opening)
    settle_memory()
    return await session.run()


class StdioSession:
    """A conversation between two threads, one that reads and one that writes; lives inside the event loop."""

    def __init__(self, catalogue: Sequence[Listing], opening: Opening) -> None:
        self._loop = asyncio.get_running_loop()
        self._opening = opening
        self._ended: asyncio.Future[int] = self._loop.create_future()
        self._watch: ParentWatch | None = None
        self._writer = FrameWriter(opening.output, self._loop, on_broken=lambda: self.end(0))
        self._conversation = Conversation(
            catalogue,
            send=self._writer.send,
            room=self._writer.room,
            on_client=self._watch_parent,
            on_exit=self.end,
        )
        self._reader = FrameReader(
            STDIN,
            opening.parser,
            self._loop,
            receive=self._conversation.receive,
            on_end=lambda: self.end(0),
            before_read=self._writer.wait_to_read,
        )

    async def run(self) -> int:
        """Serve until the end; give the exit code."""
        for number in (signal.SIGTERM, signal.SIGINT):
            with contextlib.suppress(NotImplementedError):  # not on Windows
                self._loop.add_signal_handler(number, self.end, 0)
        self._writer.start()
        self._conversation.receive(self._opening.frames, answered_before=self._opening.answered)
        self._reader.start()
        code = await self._ended
        if self._watch is not None:
            self._watch.stop()
        await self._conversation.close()
        self._writer.finish(PATIENCE_FOR_OUTPUT)
        return code

    def end(self, code: int) -> None:
        """End the session, the first time it is called."""
        if not self._ended.done():
            self._ended.set_result(code)

    def _watch_parent(self, profile: ClientProfile) -> None:
        if profile.process_id is not None:
            self._watch = ParentWatch(profile.process_id, lambda: self.end(0))
            self._watch.start()
