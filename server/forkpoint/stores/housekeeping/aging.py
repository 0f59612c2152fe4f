"""Archiving sessions that nobody has worked on for long.

The rules are those of Kimi's own web interface, for the sessions of every agent: so many whole days without work, and
not taken out of the archive by a person. Source: kimi-cli 1.49 `web/api/sessions.py`, `run_auto_archive`. Beyond them,
a pinned session stays, and one that somebody works on.
"""

import os
from collections.abc import Sequence

from forkpoint.agents.adapter import Arrangement
from forkpoint.model.failures import Discontinued, Failure, SessionBusy, SessionNotFound
from forkpoint.model.notes import Notes
from forkpoint.model.problem import Problem
from forkpoint.model.source import CONTEXT, SHOWN
from forkpoint.stores.disk import problem_of, stamp_of
from forkpoint.stores.housekeeping.chores import DAY_MS, Chore, Finding
from forkpoint.stores.lock_signs import holder_of
from forkpoint.stores.session_changes.edits import apply_changes
from forkpoint.stores.session_changes.subjects import opened_subject
from forkpoint.stores.session_changes.tools import ChangeTools
from forkpoint.stores.session_rows import editable_of
from forkpoint.stores.session_walk import Located
from forkpoint.stores.workers import CancelFlag


class Aging(Chore[Located]):
    """Archives what has not been worked on for `days` days at `now`, milliseconds since 1970 UTC; 0 days: nothing."""

    tells = True

    def __init__(self, days: int, now: int) -> None:
        self._days = days
        self._now = now

    def candidates(self, tools: ChangeTools, flag: CancelFlag) -> Sequence[Located]:
        """Give the sessions that are old enough, the oldest first."""
        if self._days == 0:
            return []
        walk = tools.store.finder.walk(flag)
        old = [
            located
            for session_id, located in walk.sessions.items()
            if self._is_old(located) and _may_go(walk.own.of(session_id))
        ]
        return sorted(old, key=lambda located: located.candidate.updated_at)

    def examine(self, tools: ChangeTools, candidate: Located, flag: CancelFlag) -> Finding | Problem | None:
        """Leave out what is archived or exempt in its agent's own files, has no place for it there, or is in use."""
        try:
            arrangement = tools.store.rows.arrange(candidate, flag)
        except Discontinued:
            return None
        except Failure as failure:
            return problem_of(candidate.candidate.path, failure)
        if not _may_be_archived(candidate, arrangement) or _is_in_use(tools, candidate, arrangement):
            return None
        return Finding(
            key=candidate.session_id,
            path=candidate.candidate.path,
            session_id=candidate.session_id,
            at=candidate.candidate.updated_at,
        )

    def deal(self, tools: ChangeTools, finding: Finding, flag: CancelFlag) -> bool:
        """Archive one, as it is now. Raises SessionBusy, Unreadable, and what an update raises."""
        with tools.leases.sessions([finding.key], flag, patience=0):
            try:
                located, _ = tools.store.finder.locate(finding.key, flag)
            except SessionNotFound:
                return False
            with opened_subject(tools.store, located, flag) as subject:
                arrangement = subject.arrangement
                if _is_in_use(tools, located, arrangement):
                    raise SessionBusy(what=finding.key, holder="unknown")
                notes = tools.state.notes.known(finding.key)
                allowed = _may_go(notes) and _may_be_archived(located, arrangement)
                if not allowed or not self._is_old(located) or _last_written(arrangement) > self._now:
                    return False
                apply_changes(tools, subject, {"archived": True}, flag)
        return True

    def _is_old(self, located: Located) -> bool:
        return self._now - located.candidate.updated_at >= self._days * DAY_MS


def _may_go(notes: Notes) -> bool:
    return not (notes.archived or notes.pinned or notes.auto_archive_exempt)


def _may_be_archived(located: Located, arrangement: Arrangement) -> bool:
    """Whether its own files leave it to us, and can say it where the agent's files of today can.

    Kimi archives no session of the old form, which has no folder.
    """
    writer = located.adapter.writer
    outdated = writer is not None and "archived" in writer.fields - editable_of(located, arrangement)
    return not (arrangement.archived or arrangement.auto_archive_exempt or outdated)


def _is_in_use(tools: ChangeTools, located: Located, arrangement: Arrangement) -> bool:
    growing = tools.activity.growing(arrangement) is not None
    return growing or holder_of(located.adapter.info.id, arrangement) is not None


def _last_written(arrangement: Arrangement) -> int:
    """When one of its transcripts was last written to, in milliseconds since 1970 UTC."""
    newest = 0
    for part in arrangement.parts:
        if part.role in (SHOWN, CONTEXT):
            try:
                newest = max(newest, stamp_of(os.stat(part.source.path)).mtime_ms)
            except OSError:
                continue  # what is gone was not written to
    return newest


def title_of(tools: ChangeTools, session_id: str, flag: CancelFlag) -> str | None:
    """Give the title of a session that a look has found; None when it is gone since."""
    try:
        located, walk = tools.store.finder.locate(session_id, flag)
    except SessionNotFound:
        return None
    return tools.store.rows.row(located, walk, flag).title
