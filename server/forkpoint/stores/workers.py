"""Worker threads for everything that blocks, in two lanes so that long work never delays short work."""

import threading
from collections.abc import Callable
from typing import TypeVar

import anyio
import anyio.to_thread

T = TypeVar("T")

QUICK_THREADS = 16
HEAVY_THREADS = 2
"""Scans hold the interpreter for most of their time, so more of them at once only get in each other's way."""


class Cancelled(Exception):
    """Raised inside a worker when nobody waits for its result any more."""


class CancelFlag:
    """Set by the waiting side, polled by the work."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def set(self) -> None:
        """Ask the work to stop."""
        self._event.set()

    def check(self) -> None:
        """Raise `Cancelled` when the work is no longer wanted; long work calls this every few milliseconds."""
        if self._event.is_set():
            raise Cancelled


class Workers:
    """The two lanes. Work takes a `CancelFlag`; when the waiting task is cancelled the flag is set."""

    def __init__(self) -> None:
        self._quick = anyio.CapacityLimiter(QUICK_THREADS)
        self._heavy = anyio.CapacityLimiter(HEAVY_THREADS)

    async def quick(self, work: Callable[[CancelFlag], T]) -> T:
        """Run work of a few milliseconds: one session, one file."""
        return await self._run(work, self._quick)

    async def heavy(self, work: Callable[[CancelFlag], T]) -> T:
        """Run work that may take long: a walk, a scan of a large transcript, a replay."""
        return await self._run(work, self._heavy)

    async def _run(self, work: Callable[[CancelFlag], T], lane: anyio.CapacityLimiter) -> T:
        flag = CancelFlag()
        try:
            return await anyio.to_thread.run_sync(work, flag, abandon_on_cancel=True, limiter=lane)
        finally:
            flag.set()
