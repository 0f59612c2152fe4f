"""Goes through a chore: first everything it would deal with, then one thing after the other."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import attrs

from forkpoint.model.failures import Failure
from forkpoint.model.problem import Problem
from forkpoint.stores.housekeeping.chores import Chore, Finding
from forkpoint.stores.session_changes.changes import SessionChanges
from forkpoint.stores.session_changes.tools import ChangeTools
from forkpoint.stores.watching.changes import ChangeStream
from forkpoint.stores.workers import CancelFlag

T = TypeVar("T")

EXAMINED_AT_ONCE = 20
"""How many candidates are looked at in one step of a worker."""

Rest = Callable[[], Awaitable[None]]
"""Waited for between two steps, so that others get their turn; may raise to end the work."""


async def no_rest() -> None:
    """Go on at once."""


@attrs.frozen(kw_only=True)
class Found:
    """What a chore has to deal with."""

    findings: Sequence[Finding]
    """What is due comes first."""
    problems: Sequence[Problem]


@attrs.frozen(kw_only=True)
class Dealt:
    """What was dealt with."""

    count: int
    problems: Sequence[Problem]
    """What could not be dealt with, and why: a busy session, a full disk."""


class Housekeeper:
    """Does chores for whoever asks; lives on the event loop."""

    def __init__(self, changes: SessionChanges, stream: ChangeStream) -> None:
        self._changes = changes
        self._stream = stream

    async def look(self, chore: Chore[T], rest: Rest = no_rest) -> Found:
        """Give what a chore has to deal with; nothing is written."""
        candidates = await self._changes.look_around(chore.candidates)
        findings: list[Finding] = []
        problems: list[Problem] = []
        for start in range(0, len(candidates), EXAMINED_AT_ONCE):
            portion = candidates[start : start + EXAMINED_AT_ONCE]
            for found in await self._changes.look_around(_examining(chore, portion)):
                if isinstance(found, Finding):
                    findings.append(found)
                else:
                    problems.append(found)
            await rest()
        findings.sort(key=lambda finding: finding.due_at or 0)
        return Found(findings=findings, problems=problems)

    async def deal(self, chore: Chore[T], findings: Sequence[Finding], reason: str, rest: Rest = no_rest) -> Dealt:
        """Deal with what is due, each as one change, announced with a reason if lists show it."""
        count, problems = 0, list[Problem]()
        for finding in findings:
            if finding.due_at is not None:
                continue
            try:
                count += await self._deal(chore, finding, reason)
            except Failure as failure:
                problems.append(Problem(kind=failure.kind, reason=failure.sentence(), path=finding.path))
            await rest()
        return Dealt(count=count, problems=problems)

    async def _deal(self, chore: Chore[T], finding: Finding, reason: str) -> bool:
        with self._stream.own_work():
            done = await self._changes.keep_house(lambda tools, flag: chore.deal(tools, finding, flag))
            if done and chore.tells and finding.session_id is not None:
                self._stream.announce([finding.session_id], "changed", reason)
        return done


def _examining(chore: Chore[T], portion: Sequence[T]) -> Callable[[ChangeTools, CancelFlag], list[Finding | Problem]]:
    def work(tools: ChangeTools, flag: CancelFlag) -> list[Finding | Problem]:
        found: list[Finding | Problem] = []
        for candidate in portion:
            flag.check()
            result = chore.examine(tools, candidate, flag)
            if result is not None:
                found.append(result)
        return found

    return work
