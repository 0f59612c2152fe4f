"""Worker threads for everything that blocks, in two lanes so that long work never delays short work."""

import asyncio
import threading
from collections.abc import Callable
from typing import TypeVar

import anyio
import anyio.to_thread

T = TypeVar("T")

CHANGE_THREADS = 4

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

    @property
    def is_set(self) -> bool:
        """Whether the work was asked to stop."""
        return self._event.is_set()

    def check(self) -> None:
        """Raise `Cancelled` when the work is no longer wanted; long work calls this every few milliseconds."""
        if self._event.is_set():
            raise Cancelled


class Workers:
    """The two lanes. Work takes a `CancelFlag`; when the waiting task is cancelled the flag is set."""

    def __init__(self) -> None:
        self._quick = anyio.CapacityLimiter(QUICK_THREADS)
        self._heavy = anyio.CapacityLimiter(HEAVY_THREADS)
        self._changes = anyio.CapacityLimiter(CHANGE_THREADS)

    async def quick(self, work: Callable[[CancelFlag], T]) -> T:
        """Run work of a few milliseconds: one session, one file."""
        return await self._run(work, self._quick)

    async def heavy(self, work: Callable[[CancelFlag], T]) -> T:
        """Run work that may take long: a walk, a scan of a large transcript, a replay."""
        return await self._run(work, self._heavy)

    async def change(self, work: Callable[[CancelFlag], T]) -> T:
        """Run work that changes something, and never leave it behind.

        A cancel is passed on to it, and it is waited for: it stops, and the cancel holds, or it was past the point of
        no return, and its result is given as if there had been no cancel.
        """
        flag = CancelFlag()
        running = asyncio.create_task(anyio.to_thread.run_sync(work, flag, limiter=self._changes))
        while True:
            try:
                return await asyncio.shield(running)
            except asyncio.CancelledError:
                if running.cancelled():
                    raise
                flag.set()
                if (waiting := asyncio.current_task()) is not None:
                    waiting.uncancel()
            except Cancelled:
                raise asyncio.CancelledError from None

    async def _run(self, work: Callable[[CancelFlag], T], lane: anyio.CapacityLimiter) -> T:
        flag = CancelFlag()
        try:
            return await anyio.to_thread.run_sync(work, flag, abandon_on_cancel=True, limiter=lane)
        finally:
            flag.set()
