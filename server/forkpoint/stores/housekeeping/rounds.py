"""The rounds of housekeeping that nobody has to ask for: in the background, while the client is quiet.

The first thing a process does so is to remove what killed ones left. A round then archives what is old and lets go what
has expired in the trash; of all the processes of one user only one makes it, every few hours. Whether anything may be
written is asked anew before each step, and reading something never makes a round begin.
"""

import asyncio
import contextlib
import math
import os
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import TypeVar

import attrs

from forkpoint.model.failures import Failure
from forkpoint.model.settings import Settings
from forkpoint.stores.housekeeping.aging import Aging
from forkpoint.stores.housekeeping.chores import Chore
from forkpoint.stores.housekeeping.emptying import Emptying
from forkpoint.stores.housekeeping.forgetting import Forgetting
from forkpoint.stores.housekeeping.housekeeper import Housekeeper
from forkpoint.stores.session_changes.changes import SessionChanges
from forkpoint.stores.session_changes.tools import ChangeTools, now_ms
from forkpoint.stores.watching.changes import ChangeStream
from forkpoint.stores.workers import CancelFlag

T = TypeVar("T")

QUIET_VARIABLE = "FORKPOINT_TIDY_AFTER"
"""The environment variable for other seconds of quiet before the first round."""
_LEASE = "housekeeping"


@attrs.frozen(kw_only=True)
class RoundPace:
    """When rounds are made, in seconds."""

    quiet: float = 5.0
    """How long the client must not have asked for anything before a round begins."""
    patience: float = 12.0
    """How many times as long to wait for such a quiet moment before a round begins without one."""
    between_looks: float = 3600.0
    """How long until it is looked again whether a round is due."""
    between_rounds: float = 4 * 3600.0
    """How long after one process's round another one is due."""
    between_steps: float = 0.05
    """The rest after each step, so that the client's requests have the disk and the processor."""


def pace_of(variables: Mapping[str, str] = os.environ) -> RoundPace:
    """Give the pace that the environment says."""
    try:
        quiet = float(variables.get(QUIET_VARIABLE, ""))
    except ValueError:
        return RoundPace()
    return RoundPace(quiet=quiet) if math.isfinite(quiet) and quiet >= 0 else RoundPace()


class Rounds:
    """Makes rounds from `start` to `close`; lives on the event loop."""

    def __init__(
        self,
        changes: SessionChanges,
        stream: ChangeStream,
        settings: Callable[[], Settings],
        pace: RoundPace,
    ) -> None:
        self._changes = changes
        self._keeper = Housekeeper(changes, stream)
        self._settings = settings
        self._pace = pace
        self._disturbed_at = time.monotonic()
        self._task: asyncio.Task[None] | None = None
        self._days: tuple[int, int] | None = None
        """How long things are kept by the round that is being made."""
        self._closed = False

    def disturbed(self) -> None:
        """Take note that the client has asked for something."""
        self._disturbed_at = time.monotonic()

    def start(self) -> None:
        """Begin, once."""
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._run())

    async def close(self) -> None:
        """End; what is being changed just now is changed whole or not at all."""
        self._closed = True
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def _run(self) -> None:
        while not self._closed:
            await self._be_quiet()
            # A disk that is full or not ours, a busy database: the next look tries again.
            with contextlib.suppress(Failure, _Withdrawn):
                await self._round()
            if not self._closed:
                await asyncio.sleep(self._pace.between_looks)

    async def _be_quiet(self) -> None:
        """Wait until the client has been quiet for a while, or was not for too long."""
        latest = time.monotonic() + self._pace.quiet * self._pace.patience
        while True:
            wait = min(latest, self._disturbed_at + self._pace.quiet) - time.monotonic()
            if wait <= 0:
                return
            await asyncio.sleep(wait)

    async def _round(self) -> None:
        """Make one round, if it is due and nobody else makes it. Raises a Failure."""
        if not self._settings().may_write:
            return
        self._days = None
        await self._change(lambda tools, flag: None)  # what killed processes left is removed before any change
        if not await self._is_due():
            return
        with ExitStack() as stack:
            await self._change(
                lambda tools, flag: stack.enter_context(tools.leases.single("round", _LEASE, flag, patience=0))
            )
            if await self._is_due():
                await self._keep_house()
                await self._change(lambda tools, flag: tools.state.rounds.record(now_ms()))

    async def _is_due(self) -> bool:
        """Whether the last round is long ago; where nothing of ours was ever written, whether there is work at all."""
        if not await self._changes.look_around(lambda tools, flag: tools.state.database.exists()):
            found = await self._keeper.look(Aging(self._settings().auto_archive_days, now_ms()), self._rest)
            return bool(found.findings)
        last = await self._changes.look_around(lambda tools, flag: tools.state.rounds.last())
        return last is None or not 0 <= now_ms() - last < self._pace.between_rounds * 1000

    async def _keep_house(self) -> None:
        now, settings = now_ms(), self._settings()
        self._days = _days_of(settings)
        await self._change(Forgetting(now).observe)
        await self._rest()
        await self._do(Aging(settings.auto_archive_days, now), "autoArchive")
        await self._do(Emptying(settings.trash_days, now), "trash")

    async def _do(self, chore: Chore[T], reason: str) -> None:
        found = await self._keeper.look(chore, self._rest)
        await self._keeper.deal(chore, found.findings, reason, self._rest)

    async def _change(self, work: Callable[[ChangeTools, CancelFlag], object]) -> None:
        await self._changes.keep_house(work)
        self._go_on()

    async def _rest(self) -> None:
        self._go_on()
        await asyncio.sleep(self._pace.between_steps)
        self._go_on()

    def _go_on(self) -> None:
        """Stop where that is wished: a cancel that came too late for a change does not end the round by itself."""
        settings = self._settings()
        if self._closed or not settings.may_write or self._days not in (None, _days_of(settings)):
            raise _Withdrawn


def _days_of(settings: Settings) -> tuple[int, int]:
    return settings.auto_archive_days, settings.trash_days


class _Withdrawn(Exception):
    """Nothing may be written any more, or nothing more is to be, or other things than when the round began."""
