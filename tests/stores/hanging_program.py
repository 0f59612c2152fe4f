"""A shell script in place of git, and whether any process that came from it still lives."""

import asyncio
import os
import time
from collections.abc import Callable
from pathlib import Path

PATIENCE_S = 45.0
"""How long a test waits for what must happen, in seconds."""
HANGS = "sleep 600 &\necho started >&3\nsleep 600"
"""A script that has a child and never ends by itself."""


class HangingProgram:
    """The script `git` in a folder; its processes hold a FIFO open, so that its end tells that all are dead."""

    def __init__(self, folder: Path, script: str = HANGS) -> None:
        fifo = folder / "alive"
        os.mkfifo(fifo)
        self._reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
        self._said = b""
        self.path = folder / "git"
        self.path.write_text(
            f'#!/bin/sh\n[ "$1" = --version ] && {{ echo git version 9.9; exit; }}\nexec 3>"{fifo}"\n{script}\n'
        )
        self.path.chmod(0o755)

    async def started(self) -> None:
        """Wait until the script says that it has started."""
        await until(self._has_started, "the program did not start")

    async def is_dead(self) -> None:
        """Wait until no process of a started script is left."""
        await self.started()
        await until(self._read, "a process of the group is still alive")

    def close(self) -> None:
        """Let go of the FIFO."""
        os.close(self._reader)

    def _has_started(self) -> bool:
        self._read()
        return b"started" in self._said

    def _read(self) -> bool:
        """Take what was said; True when nobody is left who could say more."""
        try:
            data = os.read(self._reader, 4096)
        except BlockingIOError:
            return False
        self._said += data
        return not data


async def until(condition: Callable[[], bool], complaint: str) -> None:
    """Wait for a condition."""
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, complaint
        await asyncio.sleep(0.005)
