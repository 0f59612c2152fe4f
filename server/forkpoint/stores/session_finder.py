"""Where sessions are: the homes of all agents, the last walk over them, and one session found by its id."""

import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence

import attrs

from forkpoint.agents.adapter import Adapter, Environment, Home
from forkpoint.model.failures import SessionNotFound
from forkpoint.model.settings import Settings
from forkpoint.stores.session_walk import Located, Walk, homes_of, places_of, session_id_of, walk_homes, with_session
from forkpoint.stores.state.own_state import OwnState
from forkpoint.stores.watching.focus import is_at_or_below, sessions_at
from forkpoint.stores.workers import CancelFlag

SEEN_FOLDERS = 4096
"""How many work dirs of sessions are remembered."""


class SessionFinder:
    """Finds sessions; every method but `known` waits on the disk and belongs into a worker."""

    def __init__(
        self,
        adapters: Sequence[Adapter],
        settings: Callable[[], Settings],
        known_folders: Callable[[], Sequence[str]],
        state: OwnState,
        variables: Mapping[str, str],
    ) -> None:
        self.adapters = adapters
        self._settings = settings
        self._known_folders = known_folders
        self._state = state
        self._environment = Environment(variables=variables, home_dir=os.path.expanduser("~"), state_dir=state.folder)
        self._walk: Walk | None = None
        self._adding = threading.Lock()
        self._seen_folders: dict[str, None] = {}
        self.on_walk: Callable[[Walk, float], None] | None = None
        """Hears of each walk, and when it began in seconds since 1970 UTC; called in the worker."""

    def homes(self) -> list[tuple[Adapter, Home]]:
        """Every agent's existing homes."""
        configured = self._settings().homes
        return [
            (adapter, home) for adapter in self.adapters for home in homes_of(adapter, configured, self._environment)
        ]

    def possible_homes(self, adapter: Adapter) -> list[Home]:
        """The homes of an agent, links resolved, whether or not they exist; those that exist first."""
        return places_of(adapter, self._settings().homes, self._environment)

    def is_ours_to_make(self, adapter: Adapter, home: Home) -> bool:
        """Whether a missing home may be made: it is part of our own state, or a person has named it."""
        return adapter.info.id in self._settings().homes or self.is_in_own_state(home)

    def is_in_own_state(self, home: Home) -> bool:
        """Whether a home is part of our own state."""
        return home.path.startswith(os.path.realpath(self._state.folder) + os.sep)

    def walk(self, flag: CancelFlag) -> Walk:
        """Walk over all homes now, and read our own notes beside."""
        began = time.time()
        own = self._state.own_notes()
        for folder in own.relocations:
            self.remember_folder(folder)
        walk = walk_homes(self.homes(), self.spelled_folders(), own, flag)
        walk.problems += self._state.problems()
        self._walk = walk
        for located in walk.sessions.values():
            if located.candidate.work_dir is not None and located.candidate.remote is None:
                self.remember_folder(located.candidate.work_dir)
        if self.on_walk is not None:
            self.on_walk(walk, began)
        return walk

    def spelled_folders(self) -> list[str]:
        """Folders that a key which cannot be reversed may stand for, in both spellings, and those seen before.

        An index that names them may lose one, as agents rewrite it without a lock.
        """
        given = self._known_folders()
        return list(dict.fromkeys([*given, *map(os.path.realpath, given), *list(self._seen_folders)]))

    def remember_folder(self, work_dir: str) -> None:
        """Know a work dir from now on, whatever becomes of the index that named it."""
        self._seen_folders[work_dir] = None
        if len(self._seen_folders) > SEEN_FOLDERS:
            self._seen_folders.pop(next(iter(self._seen_folders)), None)

    def known(self, session_id: str) -> tuple[Located, Walk] | None:
        """Give a session as the last walk found it, if it is still there."""
        walk = self._walk
        located = None if walk is None else walk.sessions.get(session_id)
        if walk is None or located is None or not os.path.lexists(located.candidate.path):
            return None
        return located, walk

    def locate(self, session_id: str, flag: CancelFlag, *, fresh: bool = False) -> tuple[Located, Walk]:
        """Find a session by its id; a new walk is made before it counts as missing, as agents move their files."""
        known = None if fresh else self.known(session_id)
        if known is not None:
            return known
        walk = self.walk(flag)
        located = walk.sessions.get(session_id)
        if located is None:
            raise SessionNotFound(session_id=session_id)
        return located, walk

    def find_at(self, path: str, flag: CancelFlag) -> tuple[Located, Walk] | None:
        """Find the session that has just appeared at a path, beside those of the last walk.

        Only its own place is looked at; a new walk is made where that alone cannot tell its id.
        """
        path = os.path.realpath(path)
        located = self._looked_up(path, flag)
        if located is not None:
            with self._adding:
                if self._walk is not None:
                    self._walk = with_session(self._walk, located, self._state.own_notes())
                    return located, self._walk
        walk = self.walk(flag)
        session_id = walk.by_path.get(path)
        return None if session_id is None else (walk.sessions[session_id], walk)

    def _looked_up(self, path: str, flag: CancelFlag) -> Located | None:
        """Give the session at a path, if its id is nobody else's by what the last walk knows."""
        walk = self._walk
        homes = [(adapter, home) for adapter, home in self.homes() if is_at_or_below(path, home.path)]
        if walk is None or len(homes) != 1:
            return None
        adapter, home = homes[0]
        found = [
            candidate
            for candidate in sessions_at(adapter, home, [path], self.spelled_folders(), flag).candidates
            if candidate.path == path
        ]
        if len(found) != 1:
            return None
        session_id = session_id_of(adapter, found[0].native_id)
        known = walk.sessions.get(session_id)
        if known is not None and known.candidate.path != path:
            return None
        located = Located(session_id=session_id, adapter=adapter, home=home, candidate=found[0])
        return located.following(walk.own.relocations)

    def with_notes(self, walk: Walk, session_id: str) -> Walk:
        """Give the same sessions with our notes about one of them as they are now."""
        return attrs.evolve(walk, own=self._state.own_notes_of(session_id, walk.own))
