"""Work on the event loop that is wanted again and again: at once the first time, later at its own pace."""

import asyncio
from collections.abc import Awaitable, Callable

from forkpoint.stores.watching.changes import Pace


class PacedTask:
    """Runs one piece of work, never twice at the same time, and once more when it was wanted meanwhile."""

    def __init__(self, work: Callable[[], Awaitable[None]], pace: Pace) -> None:
        self._work = work
        self._pace = pace
        self._wanted = False
        self._stopped = False
        self._task: asyncio.Task[None] | None = None

    def want(self) -> None:
        """Ask for a run after everything that happened until now."""
        self._wanted = True
        if self._task is None and not self._stopped:
            self._task = asyncio.get_running_loop().create_task(self._run())
            self._task.add_done_callback(self._ended)

    def stop(self) -> None:
        """Run no more; a run under way is cancelled, unless it stops itself."""
        self._stopped = True
        if self._task is not None and self._task is not asyncio.current_task():
            self._task.cancel()

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while self._wanted and not self._stopped:
            if wait := self._pace.wait(loop.time()):
                await asyncio.sleep(wait)
            self._wanted = False
            self._pace.went(loop.time())
            await self._work()

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self._task = None
        if self._wanted and not task.cancelled():
            self.want()
