"""What one client is told while it looks on; lives on the event loop, and keeps the watching thread only as needed."""

import asyncio
import contextlib
import secrets
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol

import attrs

from forkpoint.model.failures import Failure
from forkpoint.model.settings import WatchMode
from forkpoint.stores.session_store import SessionStore
from forkpoint.stores.session_walk import Walk
from forkpoint.stores.state.own_state import OwnState
from forkpoint.stores.watching.changes import AnnouncedKind, ChangeStream, Pace, SessionChange
from forkpoint.stores.watching.git_folders import GitFolders
from forkpoint.stores.watching.live_tail import LiveTail, Tail
from forkpoint.stores.watching.notices import (
    GIT_CHANGED,
    SESSION_MESSAGE,
    SESSIONS_CHANGED,
    GitChanged,
    SessionMessage,
    SessionsChanged,
)
from forkpoint.stores.watching.paced_task import PacedTask
from forkpoint.stores.watching.surroundings import Base
from forkpoint.stores.watching.watch_thread import News, WatchThread
from forkpoint.stores.workers import Workers

MOST_TOLD = 1000
"""More changed sessions than this are told as one `everything`: the client lists anew in any case."""
RECOVERY = 5.0
"""Seconds until the disk is watched again after the thread has ended by a mistake."""
GIT_GAP = 1.0
"""The least seconds between two notices of changed repositories: each costs the client a run of git."""


class Client(Protocol):
    """Where notices go."""

    async def room(self) -> None:
        """Wait while the client is behind; what is told it after that is made after that."""
        ...

    def send(self, method: str, value: Any) -> None:
        """Send a notification."""
        ...


class LiveFeed:
    """The subscriptions of one client."""

    def __init__(
        self, sessions: SessionStore, workers: Workers, state: OwnState, mode: Callable[[], WatchMode]
    ) -> None:
        self._sessions = sessions
        self._workers = workers
        self._state = state
        self._mode = mode
        self.stream = ChangeStream(secrets.token_hex(4))
        self._client: Client | None = None
        self._closing = False
        self._named: frozenset[str] = frozenset()
        self._position: str | None = None
        """Up to where the client has been told of changed sessions; None when it does not want to hear of them."""
        self._heard = self.stream.revision
        self._tails: dict[str, _Following] = {}
        self._git = GitFolders()
        self._git_changed: set[str] = set()
        self._thread: WatchThread | None = None
        self._resting: asyncio.Task[None] | None = None
        """Under way while a thread ends: the next one begins with what that one knew."""
        self._base: Base | None = None
        self._own: dict[str, bool] = {}
        """Which sessions came or went by our own doing while no thread ran, and whether each is there."""
        self.stream.own_sink = self._take_own
        self._tell_changes = PacedTask(self._send_changes, Pace())
        self._tell_git = PacedTask(self._send_git, Pace(GIT_GAP))
        self.stream.listen(self._on_changes)
        sessions.finder.on_walk = self._on_walk

    # --- who wants to hear what -------------------------------------------------------------------------------------

    def greet(self, client: Client, named: frozenset[str]) -> None:
        """Take a client and the notifications that it named when it began; it gets those without asking again."""
        self._client = client
        self._named = named
        if SESSIONS_CHANGED in named:
            self._position = self.stream.revision
        self._watch_as_needed()

    def subscribe(self, revision: str | None) -> str:
        """Tell of changed sessions from a position on, or from now; give the position that it is now."""
        self._position = revision or self._position or self.stream.revision
        self._watch_as_needed()
        if self.stream.since(self._position):
            self._tell_changes.want()
        return self.stream.revision

    async def unsubscribe(self) -> bool:
        """Tell no more of changed sessions, named or not; give whether anything was told before."""
        told, self._position = self._position is not None, None
        self._named -= {SESSIONS_CHANGED, GIT_CHANGED}
        await self._rest_as_possible()
        return told

    async def follow(self, session_id: str, after: str | None) -> tuple[Tail, str | None]:
        """Tell of entries of a session from now on; give those that came after `after`, and the newest entry's id.

        While there is `more` to give, nothing is told yet. Raises SessionNotFound, EntryNotFound, Discontinued.
        """
        following = _Following(LiveTail(session_id, after), PacedTask(lambda: self._send_tail(session_id), Pace()))
        before = self._tails.pop(session_id, None)
        if before is not None:
            before.task.stop()
        self._tails[session_id] = following
        self._watch_as_needed()
        try:
            async with following.lock:
                found = await self._sessions.with_history(session_id, following.tail.read)
        except BaseException:
            await self._drop(session_id, following)
            raise
        if found.more:
            await self._drop(session_id, following)
        return found, following.tail.last

    async def _drop(self, session_id: str, following: "_Following") -> None:
        """Tell no more of what was begun in vain, unless another subscription has taken its place."""
        if self._tails.get(session_id) is following:
            await self.unfollow(session_id)

    async def unfollow(self, session_id: str) -> bool:
        """Tell no more of a session's entries; give whether they were told before."""
        following = self._tails.pop(session_id, None)
        if following is not None:
            following.task.stop()
        await self._rest_as_possible()
        return following is not None

    def show(self, folders: Iterable[str | None]) -> None:
        """Take the folders of the sessions that the client shows: their repositories are watched."""
        self._git.show(folder for folder in folders if folder is not None)

    async def close(self) -> None:
        """Stop everything; no thread and no task is left."""
        self._closing = True
        self._client, self._position, self._named = None, None, frozenset()
        for following in self._tails.values():
            following.task.stop()
        self._tails.clear()
        self._tell_changes.stop()
        self._tell_git.stop()
        await self._rest_as_possible()

    # --- the thread -------------------------------------------------------------------------------------------------

    @property
    def way(self) -> str:
        """How the disk is watched now: off, notices or polling."""
        return "off" if self._thread is None else self._thread.way

    @property
    def _is_wanted(self) -> bool:
        return self._is_told_of_git or bool(self._tails)

    @property
    def _is_told_of_git(self) -> bool:
        return self._position is not None or GIT_CHANGED in self._named

    def _watch_as_needed(self) -> None:
        if not self._is_wanted or self._thread is not None or self._resting is not None:
            return
        loop = asyncio.get_running_loop()

        def report(news: News) -> None:
            with contextlib.suppress(RuntimeError):  # the loop is closed: nobody wants to know
                loop.call_soon_threadsafe(self._take, thread, news)

        base = None if self._base is None else attrs.evolve(self._base, own={**self._base.own, **self._own})
        self._base, self._own = None, {}
        finder = self._sessions.finder
        self._thread = thread = WatchThread(finder, self._state, self.stream, self._git, self._mode, report, base)
        self.stream.own_sink = thread.take_own
        thread.start()

    async def _rest_as_possible(self) -> None:
        """End the thread when nobody needs it, and remember what it knew."""
        if self._thread is not None and not self._is_wanted and self._resting is None:
            self._resting = asyncio.create_task(self._rest(self._thread))
        if self._resting is not None:
            await asyncio.shield(self._resting)  # ended whole, also for a request that is cancelled

    async def _rest(self, thread: WatchThread) -> None:
        self._thread, self.stream.own_sink = None, self._take_own
        at_once = self._closing
        base = await self._workers.quick(lambda _: thread.stop(at_once=at_once))
        self._resting = None
        self._base = base
        if base is None and thread.has_told and not at_once:
            self._lose_track()
        self._watch_as_needed()

    def _lose_track(self) -> None:
        """Let clients list anew: nobody knows what they were not told of."""
        self._base = None
        self.stream.add([SessionChange(kind="everything", reason="behind")])

    def _take_own(self, session_ids: Sequence[str], kind: AnnouncedKind, reason: str) -> None:
        """Tell of our own changes while no thread runs, and remember it for the next one."""
        self.stream.add([SessionChange(session_id=each, kind=kind, reason=reason) for each in session_ids])
        if kind != "changed":
            self._own |= dict.fromkeys(session_ids, kind != "deleted")

    def _on_walk(self, walk: Walk, began: float) -> None:
        """Keep the first walk that a client may see while nobody watches; called in a worker."""
        newest = max((notes.revision for notes in walk.own.notes.values()), default=0)
        base = Base(walk.sessions, began, newest)
        if self._thread is None and self._base is None:
            self._base = base
        thread = self._thread  # one that began meanwhile has not taken it along
        if thread is not None:
            thread.take_walk(base)

    def _take(self, thread: WatchThread, news: News) -> None:
        if news.changes:
            self.stream.add(news.changes)
        if news.ended and self._thread is thread:  # by a mistake of ours, which is in the log
            self._thread, self.stream.own_sink = None, self._take_own
            self._lose_track()
            asyncio.get_running_loop().call_later(RECOVERY, self._watch_as_needed)
        if news.folders and self._is_told_of_git:
            self._git_changed.update(news.folders)
            self._tell_git.want()
        if news.ready:
            for following in self._tails.values():
                following.task.want()

    # --- telling ----------------------------------------------------------------------------------------------------

    def _on_changes(self) -> None:
        changes = self.stream.since(self._heard)
        self._heard = self.stream.revision
        if self._position is not None:
            self._tell_changes.want()
        for change in changes if self._tails else ():
            for session_id in [change.session_id] if change.session_id else [*self._tails]:
                if session_id in self._tails:
                    self._tails[session_id].task.want()

    async def _send_changes(self) -> None:
        if self._client is not None:
            await self._client.room()
        if self._position is None or self._client is None:
            return
        changes, revision = self.stream.since(self._position), self.stream.revision
        if len(changes) > MOST_TOLD:
            changes = [SessionChange(kind="everything", reason="many")]
        self._position = revision
        if changes:
            self._client.send(SESSIONS_CHANGED, SessionsChanged(revision=revision, changes=changes))

    async def _send_git(self) -> None:
        if self._client is not None:
            await self._client.room()
        folders, self._git_changed = sorted(self._git_changed), set()
        for folder in folders:
            if self._client is not None and self._is_told_of_git:
                self._client.send(GIT_CHANGED, GitChanged(folder=folder))

    async def _send_tail(self, session_id: str) -> None:
        following, client = self._tails.get(session_id), self._client
        if following is None or client is None:
            return
        async with following.lock:
            more = True
            while more and self._tails.get(session_id) is following:
                await client.room()
                try:
                    found = await self._sessions.with_history(session_id, following.tail.read)
                except Failure:  # gone, or not readable now: the next change tries again
                    return
                more = found.more
                if found and self._tails.get(session_id) is following:
                    client.send(SESSION_MESSAGE, message_of(found, following.tail))


class _Following:
    """One session whose entries are told."""

    def __init__(self, tail: LiveTail, task: PacedTask) -> None:
        self.tail = tail
        self.task = task
        self.lock = asyncio.Lock()
        """Held while the tail reads: the next reading goes on where it stopped."""


def message_of(found: Tail, tail: LiveTail) -> SessionMessage:
    """Give what a tail found as a notice."""
    return SessionMessage(
        session_id=tail.session_id,
        entries=[*found.entries],
        updated=[*found.updated],
        reset=True if found.reset else None,
        last_entry_id=tail.last,
    )
