"""Housekeeping that a person asks for: old sessions, lost ones, the trash and what was left behind."""

import time
from typing import Any, Literal

import attrs

from forkpoint.model.problem import Problem
from forkpoint.operations.registry import InvalidParams, operation
from forkpoint.operations.services import Services
from forkpoint.stores.housekeeping.aging import Aging, title_of
from forkpoint.stores.housekeeping.chores import Chore, Finding
from forkpoint.stores.housekeeping.emptying import Emptying
from forkpoint.stores.housekeeping.forgetting import Forgetting
from forkpoint.stores.housekeeping.housekeeper import Found, Housekeeper
from forkpoint.stores.housekeeping.sweeping import Sweeping

MOST_ITEMS = 100
"""How many things one task names; the rest is only counted."""
MOST_PROBLEMS = 20

Task = Literal["autoArchive", "missing", "trash", "staging"]


@attrs.frozen(kw_only=True)
class CleanupSessionsParams:
    """What to look for, and whether to do something about it."""

    tasks: list[Task]
    """At least one, done in this order: autoArchive: sessions that nobody has worked on for as long as the setting
    `autoArchive.days` says are archived; missing: what we noted about sessions that are nowhere any more, and were
    first seen to be so 30 days ago, is forgotten; trash: what has lain there for its time goes for good; staging: what
    killed processes left under temporary names is removed."""
    apply: bool = False
    """Do it. Otherwise it is only said what would be done, and nothing at all is written."""


@attrs.frozen(kw_only=True)
class CleanupItem:
    """One thing that a task concerns."""

    session_id: str | None = None
    """The session's id; of one in the trash, the id it had."""
    title: str | None = None
    """Its title; of a missing session what our notes call it, if they do."""
    trash_id: str | None = None
    """Its id in the trash."""
    path: str
    """The absolute path of the file or folder it is about; of a session that is gone, where it was."""
    at: int | None = None
    """Since when it has not been worked on, has been missing or in the trash, in milliseconds since 1970 UTC."""
    due_at: int | None = None
    """When it may be dealt with, in milliseconds since 1970 UTC; absent: now."""


@attrs.frozen(kw_only=True)
class CleanupTask:
    """What one task came to."""

    task: Task
    """The task."""
    total: int
    """How many things it concerns, those whose time is yet to come among them."""
    due: int
    """How many of them may be dealt with now."""
    done: int
    """How many were; 0 without `apply`."""
    items: list[CleanupItem]
    """What it concerns, at most 100 of it, what is due first: as it was before it was dealt with."""
    problems: list[Problem]
    """What could not be looked at or dealt with, at most 20: a session that somebody works on, a full disk."""


@attrs.frozen(kw_only=True)
class CleanupSessionsResult:
    """What all tasks came to."""

    applied: bool
    """Whether anything was done, and not only said."""
    tasks: list[CleanupTask]
    """One for each that was asked for, in that order."""


@operation("sessions/cleanup")
async def cleanup_sessions(services: Services, params: CleanupSessionsParams) -> CleanupSessionsResult:
    """Clean up: archive what is old, forget what is lost, empty the trash, remove what was left behind.

    Sessions that are pinned, exempt or in use are never archived. A session counts as missing only once it was seen at
    a place which is empty now, while its home can be read without a problem and has other sessions.
    Errors: noSpace, unwritable, timedOut, notSupported.
    """
    if not params.tasks:
        raise InvalidParams([("/tasks", "must name at least one task")])
    keeper = Housekeeper(services.session_changes, services.changes)
    chores: dict[Task, Chore[Any]] = {task: _chore(task, services) for task in params.tasks}
    # All is looked at before anything is changed: the first change removes what killed processes left.
    looks: dict[Task, Found] = {task: await keeper.look(chore) for task, chore in chores.items()}
    tasks = [
        await _carry_out(services, keeper, task, chores[task], found, apply=params.apply)
        for task, found in looks.items()
    ]
    return CleanupSessionsResult(applied=params.apply, tasks=tasks)


def _chore(task: Task, services: Services) -> Chore[Any]:
    now = time.time_ns() // 1_000_000
    match task:
        case "autoArchive":
            return Aging(services.settings.auto_archive_days, now)
        case "missing":
            return Forgetting(now)
        case "trash":
            return Emptying(services.settings.trash_days, now)
        case "staging":
            return Sweeping()


async def _carry_out(
    services: Services, keeper: Housekeeper, task: Task, chore: Chore[Any], found: Found, *, apply: bool
) -> CleanupTask:
    items = [await _item(services, task, finding) for finding in found.findings[:MOST_ITEMS]]
    done, problems = 0, [*found.problems]
    if apply:
        if isinstance(chore, Forgetting):
            await services.session_changes.keep_house(chore.observe)
        dealt = await keeper.deal(chore, found.findings, "cleanup")
        done, problems = dealt.count, [*problems, *dealt.problems]
    return CleanupTask(
        task=task,
        total=len(found.findings),
        due=sum(finding.due_at is None for finding in found.findings),
        done=done,
        items=items,
        problems=problems[:MOST_PROBLEMS],
    )


async def _item(services: Services, task: Task, finding: Finding) -> CleanupItem:
    title = finding.title
    if task == "autoArchive":
        title = await services.session_changes.look_around(lambda tools, flag: title_of(tools, finding.key, flag))
    return CleanupItem(
        session_id=finding.session_id,
        title=title,
        trash_id=finding.key if task == "trash" else None,
        path=finding.path,
        at=finding.at,
        due_at=finding.due_at,
    )
