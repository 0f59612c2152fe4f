"""Emptying the trash of what has lain there for its time."""

from collections.abc import Sequence

from forkpoint.model.failures import TrashNotFound
from forkpoint.stores.housekeeping.chores import Chore, Finding
from forkpoint.stores.session_changes import trash_room
from forkpoint.stores.session_changes.tools import ChangeTools
from forkpoint.stores.session_changes.trash_room import Trashed
from forkpoint.stores.workers import CancelFlag


class Emptying(Chore[Trashed]):
    """Lets go for good what was deleted `days` days before `now`, milliseconds since 1970 UTC, or earlier."""

    tells = False

    def __init__(self, days: int, now: int) -> None:
        self._days = days
        self._now = now

    def candidates(self, tools: ChangeTools, flag: CancelFlag) -> Sequence[Trashed]:
        """Give what has expired, the oldest first."""
        return trash_room.expired(tools, self._days, self._now)

    def examine(self, tools: ChangeTools, candidate: Trashed, flag: CancelFlag) -> Finding:
        """Name it."""
        label = candidate.manifest.label
        return Finding(
            key=label.trash_id,
            path=candidate.manifest.items[0].path,
            session_id=label.session_id,
            title=label.title,
            at=label.retired_at,
        )

    def deal(self, tools: ChangeTools, finding: Finding, flag: CancelFlag) -> bool:
        """Remove one for good. Raises SessionBusy, Unwritable."""
        try:
            return trash_room.let_go(tools, finding.key, self._days, flag)
        except TrashNotFound:
            return False
