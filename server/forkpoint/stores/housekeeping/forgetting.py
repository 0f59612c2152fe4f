"""Forgetting what was noted about sessions that are nowhere any more.

Nothing is forgotten on a guess. A session must have been seen at a place; that place must be empty while the home it
lay in can be read without a problem and has other sessions, and no folder on the way to it is empty, as that of a disk
which is not there; no trash may have it; and all that must still be so thirty
days after it was first seen to be. One whose place was never seen is not judged at all.
"""

import os
from collections.abc import Mapping, Sequence

import attrs

from forkpoint.stores.housekeeping.chores import DAY_MS, Chore, Finding
from forkpoint.stores.session_changes import trash_room
from forkpoint.stores.session_changes.tools import ChangeTools
from forkpoint.stores.session_walk import Walk
from forkpoint.stores.state.values import storable
from forkpoint.stores.state.whereabouts import Known, Place
from forkpoint.stores.workers import CancelFlag

KEPT_DAYS = 30
"""How long the notes of a session are kept after it was first seen to be nowhere."""

Missing = tuple[str, Place, str | None]
"""A session's id, its place, and what its notes call it."""


class Forgetting(Chore[Missing]):
    """Removes our notes of what is nowhere any more at `now`, milliseconds since 1970 UTC."""

    tells = False

    def __init__(self, now: int) -> None:
        self._now = now

    def observe(self, tools: ChangeTools, flag: CancelFlag) -> None:
        """Write down where the sessions are that something is noted about, and which of them are missing.

        What is not written down is not due yet. Raises a Failure.
        """
        known = tools.state.whereabouts.known()
        if known.noted or known.places:
            look = _Look(tools, self._now, flag)
            tools.state.whereabouts.keep(look.judged)

    def candidates(self, tools: ChangeTools, flag: CancelFlag) -> Sequence[Missing]:
        """Give what is missing, the longest missing first."""
        known = tools.state.whereabouts.known()
        if not known.noted:
            return []
        judged = _Look(tools, self._now, flag).judged(known)
        missing = [
            (session_id, place, known.noted[session_id])
            for session_id, place in judged.items()
            if place.missing_since is not None
        ]
        return sorted(missing, key=lambda each: (each[1].missing_since, each[0]))

    def examine(self, tools: ChangeTools, candidate: Missing, flag: CancelFlag) -> Finding:
        """Say since when it is missing, and when it is forgotten."""
        session_id, place, name = candidate
        since = place.missing_since or self._now
        due_at = since + KEPT_DAYS * DAY_MS
        return Finding(
            key=session_id,
            path=place.path,
            session_id=session_id,
            title=name,
            at=since,
            due_at=due_at if due_at > self._now else None,
        )

    def deal(self, tools: ChangeTools, finding: Finding, flag: CancelFlag) -> bool:
        """Forget one, if it is as missing as before. Raises SessionBusy, and what refuses a write."""
        with tools.leases.sessions([finding.key], flag, patience=0):
            known = tools.state.whereabouts.known()
            place = _Look(tools, self._now, flag).judged(known).get(finding.key)
            if place is None or place.missing_since != finding.at or place != known.places.get(finding.key):
                return False
            return tools.state.whereabouts.forget(finding.key, place)


class _Look:
    """One look at where all sessions are."""

    def __init__(self, tools: ChangeTools, now: int, flag: CancelFlag) -> None:
        walk = tools.store.finder.walk(flag)
        self._now = now
        self._there = {
            storable(session_id): Place(home=located.home.path, path=located.candidate.path)
            for session_id, located in walk.sessions.items()
        }
        self._readable = _readable_homes(walk)
        self._trashed = {storable(each.manifest.label.session_id) for each in trash_room.listed(tools)}
        self._trashed |= {storable(item.session_id) for item in tools.state.trash.items()}

    def judged(self, known: Known) -> Mapping[str, Place]:
        """Give the place of every session that something is noted about and that was ever seen."""
        places: dict[str, Place] = {}
        for session_id in known.noted:
            place = self._there.get(session_id) or self._not_found(session_id, known.places.get(session_id))
            if place is not None:
                places[session_id] = place
        return places

    def _not_found(self, session_id: str, place: Place | None) -> Place | None:
        if place is None or place.home not in self._readable or session_id in self._trashed:
            return place
        # It is there, and cannot be read as a session just now; or a disk that it was on may not be there.
        if os.path.lexists(place.path) or _may_be_on_another_disk(place):
            return attrs.evolve(place, missing_since=None)
        return place if place.missing_since is not None else attrs.evolve(place, missing_since=self._now)


def _may_be_on_another_disk(place: Place) -> bool:
    """Whether a folder on the way to a place is empty, as one that a disk is mounted on, or a link to nothing."""
    above = os.path.dirname(place.path)
    while _is_within(above, place.home) and above != place.home:
        if os.path.islink(above) and not os.path.exists(above):
            return True
        try:
            return not os.listdir(above)
        except (FileNotFoundError, NotADirectoryError):
            above = os.path.dirname(above)
        except OSError:
            return True
    return False


def _readable_homes(walk: Walk) -> set[str]:
    """Give the homes that were read without a problem; one without sessions may be a disk that is not there."""
    homes = {located.home.path for located in walk.sessions.values()}
    troubled = {problem.path for problem in walk.problems}
    return {home for home in homes if not any(_is_within(path, home) for path in troubled)}


def _is_within(path: str, home: str) -> bool:
    return path == home or path.startswith(home + os.sep)
