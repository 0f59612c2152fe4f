"""Sessions that were written to and have fallen quiet: they count as worked on no more, which nothing else tells."""

from collections.abc import Mapping, Sequence

from forkpoint.stores.session_changes.activity import GROWING_MS
from forkpoint.stores.session_walk import Located
from forkpoint.stores.watching.awaited import DISK
from forkpoint.stores.watching.changes import SessionChange

QUIET_AFTER = GROWING_MS / 1000 + 0.5
"""Seconds after the last change from which on a session's status says so."""


class Quieting:
    """Remembers when each session changed last. The clock is the caller's, in seconds."""

    def __init__(self) -> None:
        self._last: dict[str, float] = {}

    def heard(self, changes: Sequence[SessionChange], now: float) -> None:
        """Take what happened: a session that another program writes to will fall quiet, one that is gone will not."""
        for change in changes:
            if change.session_id is not None and (change.reason == DISK or change.kind == "deleted"):
                self._last.pop(change.session_id, None)
                if change.kind != "deleted":
                    self._last[change.session_id] = now

    def found(self, sessions: Mapping[str, Located], now_ms: int, now: float) -> None:
        """Take the sessions there are when the watch begins; some were written to a moment ago."""
        for session_id, located in sessions.items():
            if located.candidate.updated_at + GROWING_MS > now_ms:
                self._last[session_id] = now

    def fallen(self, now: float) -> list[SessionChange]:
        """Give the sessions that have fallen quiet since the last call."""
        due: list[str] = []
        for session_id, last in self._last.items():  # in the order of their times
            if last + QUIET_AFTER > now:
                break
            due.append(session_id)
        for session_id in due:
            del self._last[session_id]
        return [SessionChange(session_id=session_id, kind="changed", reason="quiet") for session_id in due]
