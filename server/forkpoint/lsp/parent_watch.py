"""Notices when the process that started the session is gone."""

import asyncio
import os
from collections.abc import Callable

POLL_EVERY = 1.0
"""Seconds between two looks where the system cannot tell by itself."""


class ParentWatch:
    """Calls back once when a process has ended.

    A process that cannot be seen from the start is not watched: the client may live in another process namespace, or
    on another machine, and then the end of our input is what tells.
    """

    def __init__(self, process_id: int, on_gone: Callable[[], None]) -> None:
        self._process_id = process_id
        self._on_gone = on_gone
        self._loop = asyncio.get_running_loop()
        self._descriptor = -1
        self._timer: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Begin to watch."""
        if os.name == "nt" or not _lives(self._process_id):
            return  # on Windows a signal 0 would end the process that is asked about
        try:
            self._descriptor = os.pidfd_open(self._process_id)
            self._loop.add_reader(self._descriptor, self._gone)
        except (AttributeError, OSError):
            self._timer = self._loop.call_later(POLL_EVERY, self._poll)

    def stop(self) -> None:
        """End the watch."""
        if self._timer is not None:
            self._timer.cancel()
        if self._descriptor >= 0:
            self._loop.remove_reader(self._descriptor)
            os.close(self._descriptor)
            self._descriptor = -1

    def _poll(self) -> None:
        if _lives(self._process_id):
            self._timer = self._loop.call_later(POLL_EVERY, self._poll)
        else:
            self._gone()

    def _gone(self) -> None:
        self.stop()
        self._on_gone()


def _lives(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except PermissionError:
        return True
    except OSError:
        return False
    return True
