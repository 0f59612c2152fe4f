"""Turns what was seen on disk into what happened to which session. All of it waits on the disk; one thread uses it."""

import os
import time
from collections.abc import Iterable, Mapping, Sequence

from forkpoint.agents.adapter import Adapter, Candidate, Home
from forkpoint.model.source import Stamp
from forkpoint.stores.session_walk import Located, Walk, printable
from forkpoint.stores.state.own_state import OwnState
from forkpoint.stores.watching.awaited import DISK, Awaited
from forkpoint.stores.watching.changes import AnnouncedKind, SessionChange
from forkpoint.stores.watching.focus import Found, is_at_or_below, sessions_at
from forkpoint.stores.watching.looks import database_stamps, look_at
from forkpoint.stores.watching.roster import Roster
from forkpoint.stores.watching.surroundings import (
    MOST_UNKNOWN,
    Base,
    NewNotes,
    Surroundings,
    changed_at,
    is_same,
    portions,
    without_log_suffix,
)
from forkpoint.stores.workers import CancelFlag

CLOCK_MARGIN = 2.0
"""Seconds by which a file system's times may be coarser than the clock."""
WALK_PAUSE = 1.0
"""The least seconds between two walks over everything; ten times what the last one took, if that is more."""
KEPT_GONE = 10_000
KEPT_IRRELEVANT = 10_000


class Tracker:
    """Knows which sessions there are, and how the files of those that were told of looked then."""

    def __init__(self, store: Surroundings, state: OwnState, flag: CancelFlag, base: Base | None) -> None:
        self._store = store
        self._state = state
        self._flag = flag
        self._base = base
        self.roster = Roster({} if base is None else base.sessions)
        self._homes: list[tuple[Adapter, Home]] = []
        self._folders: Sequence[str] = ()
        self._relocations: Mapping[str, str] = {}
        self._looks: dict[str, int] = {}
        self._irrelevant: set[str] = set()
        self._indexes: dict[str, tuple[Stamp | None, Stamp | None]] = {}
        self._gone_told: set[str] = set()
        self._notes = 0
        self._awaited = Awaited()
        self._begun = False
        self._walk_wanted = True
        self._next_walk = float("-inf")

    # --- walks ----------------------------------------------------------------------------------------------------

    def want_walk(self) -> None:
        """Ask for a walk over everything, as soon as it is time for one."""
        self._walk_wanted = True

    def wants_walk(self) -> bool:
        """Whether something changed that only a walk over everything explains, and it is time for one."""
        return (self._walk_wanted or self._awaited.is_overdue) and time.monotonic() >= self._next_walk

    def awaits(self) -> bool:
        """Whether sessions were announced that the disk has not shown yet."""
        return bool(self._awaited)

    def base(self, looked_until: float) -> Base | None:
        """What to go on from when nobody watches any more; the time is in seconds since 1970 UTC."""
        return self._base if not self._begun else Base(self.roster.sessions, looked_until, self._notes)

    @property
    def has_begun(self) -> bool:
        """Whether it has told what there is."""
        return self._begun

    def begin(self) -> list[SessionChange]:
        """Walk for the first time, and tell what happened since what clients have seen."""
        self._notes = self._state.notes.changed_since(0)[1] if self._base is None else self._base.notes
        self.roster = Roster(self._walked().sessions)
        changes = [] if self._base is None else [*self.compared_with(self._base), *self.noted()]
        self._base, self._begun = None, True
        return changes

    def compared_with(self, base: Base) -> list[SessionChange]:
        """Tell what differs from what clients have seen, as far as it was not told already."""
        changes = self.touched_since(base.began)
        told = {change.session_id for change in changes}
        there = base.there()
        new = self.roster.sessions.keys() - there
        for session_id, located in self.roster.sessions.items():
            known = base.sessions.get(session_id)
            if session_id in told or session_id in self._looks:
                continue
            if session_id in new or (known is not None and not is_same(known, located)):
                changes.append(_change(session_id, "changed"))
        changes = [_change(each.session_id or "", "created") if each.session_id in new else each for each in changes]
        gone = there - self.roster.sessions.keys() - self._gone_told
        return [*changes, *(_change(session_id, "deleted") for session_id in gone)]

    def touched_since(self, began: float) -> list[SessionChange]:
        """Tell of sessions whose files changed since a time (seconds since 1970 UTC) without anybody being told."""
        changes: list[SessionChange] = []
        for session_id, located in self.roster.sessions.items():
            self._flag.check()
            if changed_at(located.candidate.path) >= began - CLOCK_MARGIN:
                before = self._looks.get(session_id)
                look = self._note_look(located)
                if before is None or before != look:
                    changes.append(_change(session_id, "changed"))
        return changes

    def walk(self) -> list[SessionChange]:
        """Walk over everything, and tell what differs."""
        before = self.roster
        self.roster = Roster(self._walked().sessions)
        changes: list[SessionChange] = []
        for session_id, located in self.roster.sessions.items():
            known = before.sessions.get(session_id)
            if known is None:
                self._note_look(located)
                changes.append(self._awaited.came(session_id))
            elif not is_same(known, located):
                self._note_look(located)
                changes.append(_change(session_id, "changed"))
        for session_id in before.sessions.keys() - self.roster.sessions.keys():
            changes.append(_change(session_id, "deleted"))
            self._forget(session_id)
        for announced in self._awaited.give_up():
            changes += [announced, _change(announced.session_id or "", "deleted")]
            self._forget(announced.session_id or "")
        return [*changes, *self.noted()]

    def _walked(self) -> Walk:
        begun = time.monotonic()
        self._walk_wanted = False
        self._irrelevant.clear()
        self._indexes = {path: database_stamps(path) for path in self._indexes}
        self._homes = self._store.homes()
        self._folders = self._store.spelled_folders()
        walk = self._store.walk(self._flag)
        self._relocations = walk.own.relocations
        took = time.monotonic() - begun
        self._next_walk = begun + took + max(WALK_PAUSE, 10 * took)
        return walk

    # --- what was seen --------------------------------------------------------------------------------------------

    def look(self, paths: Iterable[str]) -> list[SessionChange]:
        """Tell what happened at these paths."""
        changes: list[SessionChange] = []
        seen = [without_log_suffix(path) for path in paths]
        for adapter, home in self._homes:
            mine = [path for path in seen if is_at_or_below(path, home.path)]
            if mine:
                changes += self._look_in(adapter, home, mine)
        return changes

    def _look_in(self, adapter: Adapter, home: Home, paths: Sequence[str]) -> list[SessionChange]:
        held: set[str] = set()
        unknown: set[str] = set()
        for path in paths:
            holder = self.roster.holder(path, home.path)
            if holder is not None:
                held.add(holder)
            elif path not in self._irrelevant:
                unknown.add(path)
        if len(unknown) > MOST_UNKNOWN:
            self._walk_wanted = True
            unknown.clear()
        changes = self._look_at_some(adapter, home, unknown, {*self.roster.below(unknown)}) if unknown else []
        for some in portions(sorted(held)):
            ids = {session_id for path in some for session_id in self.roster.at(path)}
            changes += self._look_at_some(adapter, home, some, ids)
        return changes

    def _look_at_some(self, adapter: Adapter, home: Home, focus: set[str], known: set[str]) -> list[SessionChange]:
        """Tell what happened at a few paths, where these sessions were known."""
        found = sessions_at(adapter, home, [*focus], self._folders, self._flag)
        self._note_indexes(found, focus)
        changes: list[SessionChange] = []
        present: set[str] = set()
        for candidate in found.candidates:
            located = self._named(adapter, home, candidate)
            if located is None:
                self._walk_wanted = True
                present |= self.roster.at(candidate.path)
                continue
            for former in self.roster.at(candidate.path) - {located.session_id}:
                changes += self._gone(former)
            present.add(located.session_id)
            changes += self._compared(located, direct=candidate.path in focus)
        changes += [change for session_id in known - present for change in self._gone(session_id)]
        self._note_irrelevant(found, focus)
        return changes

    def _named(self, adapter: Adapter, home: Home, candidate: Candidate) -> Located | None:
        """Give a found session with its id; None when only a walk over all can name it."""
        here = self.roster.at(candidate.path)
        if len(here) > 1:
            return None
        session_id = next(iter(here), None)
        # A file may get its id after it was seen: while it is empty it has that of its name.
        if session_id is None or self.roster.sessions[session_id].candidate.native_id != candidate.native_id:
            session_id = f"{adapter.info.id}:{printable(candidate.native_id)}"
            known = self.roster.sessions.get(session_id)
            if self.roster.has_doubles(session_id) or (known is not None and os.path.lexists(known.candidate.path)):
                return None
        located = Located(session_id=session_id, adapter=adapter, home=home, candidate=candidate)
        return located.following(self._relocations)

    def _compared(self, located: Located, *, direct: bool) -> list[SessionChange]:
        session_id = located.session_id
        known = self.roster.sessions.get(session_id)
        before = self._looks.get(session_id)
        look = self._note_look(located)
        self.roster.put(session_id, located)
        if known is None:
            return [self._awaited.came(session_id)]
        if is_same(known, located) and (before == look if before is not None else not direct):
            return []
        return [_change(session_id, "changed")]

    def _note_look(self, located: Located) -> int | None:
        """Remember how a session's files look now: what is told of it next is at least as new."""
        look = look_at(located.candidate.path)
        if look is None:
            self._looks.pop(located.session_id, None)
            return None
        self._looks[located.session_id] = look.digest
        return look.digest

    def _gone(self, session_id: str) -> list[SessionChange]:
        if self.roster.has_doubles(session_id):
            self._walk_wanted = True  # another source may have the id now
            return []
        self.roster.remove(session_id)
        self._forget(session_id)
        return [_change(session_id, "deleted")]

    def _forget(self, session_id: str) -> None:
        """Take note that a session was told to be gone."""
        self._looks.pop(session_id, None)
        if len(self._gone_told) >= KEPT_GONE:
            self._gone_told.clear()
        self._gone_told.add(session_id)

    def _note_indexes(self, found: Found, focus: set[str]) -> None:
        """Want a walk when an index file or a database that tells of several sessions is not as it was."""
        for path in found.consulted:
            stamps = database_stamps(path)
            if path not in self._indexes or path in focus:
                if self._indexes.get(path, stamps) != stamps or (path in focus and path not in self._indexes):
                    self._walk_wanted = True
                self._indexes[path] = stamps

    def _note_irrelevant(self, found: Found, focus: set[str]) -> None:
        if len(self._irrelevant) > KEPT_IRRELEVANT:
            self._irrelevant.clear()
        for path in focus - found.asked:
            if not self.roster.at(path) and os.path.isfile(path):
                self._irrelevant.add(path)

    # --- our own state ----------------------------------------------------------------------------------------------

    def own(self, changes: Sequence[SessionChange]) -> list[SessionChange]:
        """Take changes of our own, and give those that were not told yet: what the disk shows of them is known now."""
        told: list[SessionChange] = []
        ids: set[str] = set()
        for change in changes:
            session_id = change.session_id or ""
            ids.add(session_id)
            located = self.roster.sessions.get(session_id)
            if change.kind == "deleted":
                if located is not None:
                    self.roster.remove(session_id)
                    self._forget(session_id)
                    told.append(change)
            elif located is not None:
                before = self._looks.get(session_id)
                look = self._note_look(located)
                if change.kind == "changed" or before is None or before != look:
                    told.append(change)  # else the disk showed first that it came
            else:
                self._awaited.add(change)
        return [*told, *self.noted(ids)]

    def read_notes(self) -> NewNotes:
        """Read whose notes changed since they were last told of."""
        return self._state.notes.changed_since(self._notes)

    def noted(self, own: Iterable[str] = (), found: NewNotes | None = None) -> list[SessionChange]:
        """Tell whose notes another window changed, or whose folder it moved; `own` are those we changed ourselves."""
        ids, self._notes = self.read_notes() if found is None else found
        changes: list[SessionChange] = []
        ours = {*own}
        for session_id in dict.fromkeys([*ids, *self._relocated()]):
            if session_id in ours:
                continue
            if session_id in self.roster.sessions:
                changes.append(_change(session_id, "changed"))
            elif session_id not in self._gone_told:
                self._awaited.add(_change(session_id, "changed"))
        return changes

    def _relocated(self) -> list[str]:
        """Let sessions follow folders that were moved since; give those that are shown in another one now."""
        relocations = self._state.relocations.all()
        if relocations == self._relocations:
            return []
        self._relocations = relocations
        follows = [(each, each.following(relocations)) for each in self.roster.sessions.values()]
        moved = [after for before, after in follows if before is not after]
        for located in moved:
            self.roster.put(located.session_id, located)
        return [located.session_id for located in moved]


def _change(session_id: str, kind: AnnouncedKind) -> SessionChange:
    return SessionChange(session_id=session_id, kind=kind, reason=DISK)
