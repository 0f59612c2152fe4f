"""Sessions that were named before the disk showed them: by our own announcement, or by another window's notes."""

import time

from forkpoint.stores.watching.changes import SessionChange

PATIENCE_WITH_DISK = 0.1
"""How long the disk gets to show a session before a walk looks for it, in seconds."""
DISK = "disk"
"""The reason of a change that another program made, another window among them."""


class Awaited:
    """What is told of a session once it is seen, so that it comes before anything else happens to it."""

    def __init__(self) -> None:
        self._changes: dict[str, SessionChange] = {}
        self._patient_until = 0.0

    def __bool__(self) -> bool:
        return bool(self._changes)

    @property
    def is_overdue(self) -> bool:
        """Whether a walk has to look for some of them."""
        return bool(self._changes) and time.monotonic() >= self._patient_until

    def add(self, change: SessionChange) -> None:
        """Await a session that was made, or that something was noted about."""
        session_id = change.session_id or ""
        known = self._changes.get(session_id)
        if known is None or known.kind == "changed":
            self._changes[session_id] = change
        self._patient_until = time.monotonic() + PATIENCE_WITH_DISK

    def came(self, session_id: str) -> SessionChange:
        """Tell of a session that was not there before, by our own announcement where there was one."""
        known = self._changes.pop(session_id, None)
        if known is not None and known.kind != "changed":
            return known
        return SessionChange(session_id=session_id, kind="created", reason=DISK)

    def give_up(self) -> list[SessionChange]:
        """Give the announcements of sessions that a walk did not find: they came, and are gone again."""
        changes = [change for change in self._changes.values() if change.kind != "changed"]
        self._changes.clear()
        return changes
