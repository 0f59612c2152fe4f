"""The thread that watches the homes of all agents and our own notes, as long as somebody wants to know."""

import threading
import time
from collections.abc import Callable, Sequence

import attrs

from forkpoint.model.settings import WatchMode
from forkpoint.stores.state.own_state import OwnState
from forkpoint.stores.watching.changes import GAP, AnnouncedKind, ChangeStream, Pace, SessionChange
from forkpoint.stores.watching.git_folders import GitFolders
from forkpoint.stores.watching.looks import database_stamps
from forkpoint.stores.watching.quiet import Quieting
from forkpoint.stores.watching.roots import WatchedRoots
from forkpoint.stores.watching.sightings import CannotWatch, Sighting, Wake
from forkpoint.stores.watching.surroundings import Base, Surroundings
from forkpoint.stores.watching.tracker import Tracker
from forkpoint.stores.workers import CancelFlag, Cancelled

TICK = 0.25
"""Seconds between two looks at our own notes; below, at the roots and at the repositories."""
ROOTS_EVERY = 0.5
GIT_EVERY = 2.0
PATIENCE_WITH_OURSELVES = 2.0
"""How long changes of our own, one after the other, may keep what the disk shows from being told, in seconds."""
STEP = 0.05
"""How long one wait may last, in seconds: nothing wakes the library up without making it forget what it has seen."""
BURST = 100
"""More paths than this in one sighting are a burst: the library may lose what comes while it hands over what it has.

When a burst is over, all sessions are looked at once more.
"""
BURST_OVER = 1.0
"""Seconds without such a sighting after which it is over."""
NEWEST = 50
"""How many sessions polling looks at most often."""
PATIENCE_AT_STOP = 2.0


@attrs.frozen
class News:
    """What the thread has found."""

    changes: Sequence[SessionChange] = ()
    folders: Sequence[str] = ()
    """The folders whose repositories changed."""
    ready: bool = False
    """Said once: from now on nothing is missed, and what came before is told."""
    ended: bool = False
    """Said last: nobody watches any more."""


class WatchThread:
    """Runs from `start` to `stop`. What it finds goes to `report`, which is called in this thread."""

    def __init__(
        self,
        store: Surroundings,
        state: OwnState,
        stream: ChangeStream,
        git: GitFolders,
        mode: Callable[[], WatchMode],
        report: Callable[[News], None],
        base: Base | None,
    ) -> None:
        self._store = store
        self._state = state
        self._stream = stream
        self._git = git
        self._report = report
        self._watches_since = float("inf")
        self._seen_elsewhere: list[Base] = []
        self._flag = CancelFlag()
        self._tracker = Tracker(store, state, self._flag, base)
        self._quieting = Quieting()
        self._wake = Wake()
        self._lock = threading.Lock()
        self._own: list[SessionChange] = []
        self._last_own: list[SessionChange] = []
        """What was announced at the end, too late for the tracker."""
        self._pending: set[str] = set()
        self._burst: tuple[float, float] | None = None
        """When the burst began that is not over yet, and when it will be, in seconds since 1970 UTC."""
        self._pace = Pace(GAP)
        self._roots = WatchedRoots(store, mode, lambda: self._tracker.roster.newest(NEWEST))
        self._own_work_since = float("inf")
        self._state_marks = database_stamps(state.database.path)
        self._next_tick = self._next_roots = self._next_git = 0.0
        self._thread = threading.Thread(target=self._run, name="session watch", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self, *, at_once: bool) -> Base | None:
        """End, and wait for the end for a moment; give what to go on from later.

        None when it had to leave off in the midst of something, as it always has to with `at_once`.
        """
        looked_until = time.time()
        if at_once:
            self._flag.set()
        self._wake.stop()
        self._thread.join(PATIENCE_AT_STOP)
        left_off = self._thread.is_alive() or self._flag.is_set
        self._flag.set()
        if left_off and self._tracker.has_begun:
            return None
        base = self._tracker.base(looked_until)
        last = {each.session_id or "": each.kind != "deleted" for each in self._last_own if each.kind != "changed"}
        return None if base is None else attrs.evolve(base, own={**base.own, **last})

    @property
    def way(self) -> str:
        """How it watches: off, notices or polling; for tests and diagnosis."""
        return self._roots.way

    @property
    def has_told(self) -> bool:
        """Whether it told of anything, so that somebody may rely on it."""
        return self._tracker.has_begun

    def take_own(self, session_ids: Sequence[str], kind: AnnouncedKind, reason: str) -> None:
        """Take a change of our own; it is reported with what else happens, in order."""
        with self._lock:
            self._own += [SessionChange(session_id=each, kind=kind, reason=reason) for each in session_ids]
        self._wake.set()

    def take_walk(self, base: Base) -> None:
        """Take what a client may see: should it be older than our watching, what came after it is told too."""
        if base.began <= self._watches_since and threading.current_thread() is not self._thread:
            with self._lock:
                self._seen_elsewhere.append(base)

    # --- the thread -------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            self._roots.open()
            changes = self._tracker.begin()
            self._watches_since = time.time()  # a list made before this may show less than we began with
            self._tell(changes)
            self._quieting.found(self._tracker.roster.sessions, time.time_ns() // 1_000_000, time.monotonic())
            self._report(News(ready=True))
            while not self._wake.stopped:
                self._turn()
        except Cancelled:
            pass
        finally:
            self._roots.close()
            self._last_own = self._take_own()
            self._tell(self._last_own)
            self._report(News(ended=True))

    def _turn(self) -> None:
        """Wait for something, and tell what it was."""
        now = time.monotonic()
        gap = self._pace.wait(now) if self._pending else 0.0
        self._see(min(gap or STEP, STEP) if self._roots.eyes else TICK)
        self._let_own_work_end()
        changes = self._tracker.own(own) if (own := self._take_own()) else []
        for base in self._take_walks():
            changes += self._tracker.compared_with(base)
        now = time.monotonic()
        if self._pending and (self._tracker.awaits() or not self._pace.wait(now)):
            self._pace.went(now)
            seen, self._pending = self._pending, set()
            changes += self._tracker.look(seen)
        if now >= self._next_tick:
            self._next_tick = now + TICK
            changes += self._tick()
        if self._tracker.wants_walk():
            changes += self._tracker.walk()
        if self._burst is not None and time.time() >= self._burst[1]:
            since, self._burst = self._burst[0], None
            changes += [*self._tracker.walk(), *self._tracker.touched_since(since)]
        self._tell(changes)

    def _see(self, seconds: float) -> None:
        """Gather the paths of what changed, waiting for at most so long."""
        if not self._roots.eyes:
            self._wake.wait(seconds)
        for eyes in list(self._roots.eyes):
            try:
                sighting = eyes.wait(seconds, self._wake)
            except CannotWatch:
                self._tell(self._opened_anew(without_notices=True))
                return
            self._take(sighting)

    def _take(self, sighting: Sighting) -> None:
        if sighting.everything:
            self._pending.clear()
            self._tracker.want_walk()
        else:
            self._pending |= sighting.paths
        if sighting.everything or len(sighting.paths) > BURST:
            now = time.time()
            self._burst = (self._burst[0] if self._burst else now - BURST_OVER, now + BURST_OVER)

    def _let_own_work_end(self) -> None:
        if not self._stream.own_works:
            self._own_work_since = float("inf")
        while self._pending and self._stream.own_works and not self._wake.stopped:
            now = time.monotonic()
            self._own_work_since = min(self._own_work_since, now)
            if now >= self._own_work_since + PATIENCE_WITH_OURSELVES:
                return
            time.sleep(0.002)

    def _tick(self) -> list[SessionChange]:
        """Look at what no notice tells of: our own notes, the roots, the repositories."""
        changes: list[SessionChange] = []
        marks = database_stamps(self._state.database.path)
        if marks != self._state_marks:
            found = self._tracker.read_notes()
            # What we are just writing ourselves is told as ours, once its announcement is here.
            if not self._stream.own_works and not self._own:
                self._state_marks = marks
                changes += self._tracker.noted(found=found)
        now = time.monotonic()
        changes += self._quieting.fallen(now)
        if now >= self._next_roots:
            self._next_roots = now + ROOTS_EVERY
            if self._roots.are_others():
                changes += self._opened_anew()
        if now >= self._next_git:
            self._next_git = now + GIT_EVERY
            self._report_folders(self._git.look())
        return changes

    def _take_walks(self) -> list[Base]:
        with self._lock:
            walks, self._seen_elsewhere = self._seen_elsewhere, []
        return walks

    def _take_own(self) -> list[SessionChange]:
        with self._lock:
            self._wake.clear()
            own, self._own = self._own, []
        return own

    def _tell(self, changes: Sequence[SessionChange]) -> None:
        if not changes:
            return
        self._quieting.heard(changes, time.monotonic())
        located = (self._tracker.roster.sessions.get(change.session_id or "") for change in changes)
        folders = {found.work_dir for found in located if found is not None}
        shown = [folder for folder in folders if folder is not None and self._git.is_shown(folder)]
        self._report(News(changes, shown))

    def _report_folders(self, folders: Sequence[str]) -> None:
        if folders:
            self._report(News((), folders))

    def _opened_anew(self, *, without_notices: bool = False) -> list[SessionChange]:
        """Watch anew, and tell what happened while nobody watched."""
        missed_since = self._roots.open(without_notices=without_notices)
        return [*self._tracker.walk(), *self._tracker.touched_since(missed_since)]
