"""What every kind of housekeeping has in common."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

import attrs

from forkpoint.model.problem import Problem
from forkpoint.stores.session_changes.tools import ChangeTools
from forkpoint.stores.workers import CancelFlag

T = TypeVar("T")

DAY_MS = 86_400_000


@attrs.frozen(kw_only=True)
class Finding:
    """One thing that a chore has to deal with."""

    key: str
    """What the chore knows it by: the id of a session, an id in the trash, or a temporary name."""
    path: str
    """The file or folder it is about, absolute."""
    session_id: str | None = None
    title: str | None = None
    """The session's title; None where finding it out means reading the session."""
    at: int | None = None
    """Since when it has been as it is: not worked on, missing, or in the trash. Milliseconds since 1970 UTC."""
    due_at: int | None = None
    """When it may be dealt with, if that is yet to come. Milliseconds since 1970 UTC."""


class Chore(Protocol[T]):
    """One kind of housekeeping; every method waits on the disk."""

    tells: bool
    """Whether what it deals with are sessions that lists show, so that it is announced."""

    def candidates(self, tools: ChangeTools, flag: CancelFlag) -> Sequence[T]:
        """Give what is worth a closer look; writes nothing."""
        ...

    def examine(self, tools: ChangeTools, candidate: T, flag: CancelFlag) -> Finding | Problem | None:
        """Look at one more closely; None when it is no matter for this chore. Writes nothing."""
        ...

    def deal(self, tools: ChangeTools, finding: Finding, flag: CancelFlag) -> bool:
        """Deal with one, as one change; False when it needs that no more. Raises a Failure."""
        ...
