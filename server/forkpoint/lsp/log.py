"""Log lines go to stderr from a thread of their own, so that an editor which does not read them stops nothing.

Contents of messages are never logged: a line has a method, an id, milliseconds and bytes.
"""

import contextlib
import logging
import os
import queue
import threading

from forkpoint.lsp.descriptors import STDERR, write_all

LEVEL_VARIABLE = "FORKPOINT_LOG"
"""The environment variable that names the least level to log: debug, info, warning (the default) or error."""
MOST_WAITING = 2000
"""How many lines wait for a slow reader before further ones are dropped."""

logger = logging.getLogger("forkpoint")


class StderrHandler(logging.Handler):
    """Hands lines to a daemon thread that writes them."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: queue.SimpleQueue[bytes | threading.Event] = queue.SimpleQueue()
        threading.Thread(target=self._write, name="log", daemon=True).start()

    def emit(self, record: logging.LogRecord) -> None:
        """Queue one line; drop it when too many wait already."""
        if self._lines.qsize() < MOST_WAITING:
            self._lines.put(self.format(record).encode(errors="backslashreplace") + b"\n")

    def drain(self, patience: float) -> None:
        """Wait until all lines are written, at most `patience` seconds."""
        reached = threading.Event()
        self._lines.put(reached)
        reached.wait(patience)

    def _write(self) -> None:
        while True:
            line = self._lines.get()
            if isinstance(line, threading.Event):
                line.set()
                continue
            with contextlib.suppress(OSError):  # nobody is there to read it
                write_all(STDERR, line)


def start_logging() -> StderrHandler:
    """Send our own log, and other libraries' warnings, to stderr."""
    handler = StderrHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    level = os.environ.get(LEVEL_VARIABLE, "warning").upper()
    logger.setLevel(level if level in logging.getLevelNamesMapping() else logging.WARNING)
    # pygls logs whole messages, those that failed even at the level of errors.
    logging.getLogger("pygls").setLevel(logging.CRITICAL + 1)
    return handler
