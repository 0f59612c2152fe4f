"""The numbered stream of changed sessions, our own writes and other programs' alike; no disk, no clock, no thread."""

from collections import OrderedDict
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from typing import Literal

import attrs

KEPT = 10_000
"""How many changed sessions are remembered; whoever is further behind hears that everything may have changed."""
TURNS = 16
"""How much of a session's coming and going is remembered; let go of in pairs, so that it is there or gone as before."""
GAP = 0.2
"""The least seconds between two notices; the first of a burst goes at once."""

AnnouncedKind = Literal["created", "changed", "deleted", "restored"]
ChangeKind = Literal["created", "changed", "deleted", "restored", "everything"]

OwnSink = Callable[[Sequence[str], AnnouncedKind, str], None]


@attrs.frozen(kw_only=True)
class SessionChange:
    """What happened to one session, or to all of them."""

    session_id: str | None = None
    """The session; absent with `everything`."""
    kind: ChangeKind
    """created, changed, deleted or restored; everything: what was listed before may be wrong, so list again."""
    reason: str
    """What made it: the verb of our own operation, or `disk` for other programs; `quiet` when nobody has written to it
    for a while, so that its status may be another; with `everything` also `behind`.
    """


@attrs.frozen
class _Kept:
    """What is remembered of one session."""

    number: int
    change: SessionChange
    """The newest change, and its number."""
    appearance: SessionChange | None
    """What the session last came into being with; None when it was there all the time."""
    turns: tuple[int, ...]
    """The numbers of the changes that it came into being or went with, in order; it is there now unless `gone`."""
    gone: bool

    def was_there(self, position: int) -> bool:
        """Whether it was there at a position."""
        turned = sum(number > position for number in self.turns)
        return turned % 2 == (1 if self.gone else 0)

    def since(self, position: int) -> SessionChange:
        """Tell what happened after a position to whoever knows the session as it was there."""
        if self.gone or self.change.kind == "deleted" or self.appearance is None:
            return self.change
        if self.was_there(position):
            return attrs.evolve(self.change, kind="changed")
        return self.appearance if self.change.kind == "changed" else self.change


class ChangeStream:
    """Changes in order, merged by session; every one gets the next number. Used on the event loop alone."""

    def __init__(self, epoch: str) -> None:
        """`epoch` tells this stream from every other, so that a position of another one is recognised."""
        self._epoch = epoch
        self._number = 0
        self._forgotten = 0
        """The number of the newest change that is not remembered any more."""
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._listeners: list[Callable[[], None]] = []
        self.own_works = 0
        """How many changes of our own are under way; read by the watching thread."""
        self.own_sink: OwnSink | None = None
        """Takes our own changes while somebody watches the disk, which sees them too: it adds them, each once."""

    @property
    def revision(self) -> str:
        """The position after the newest change; opaque to clients."""
        return f"{self._epoch}.{self._number}"

    def announce(self, session_ids: Sequence[str], kind: AnnouncedKind, reason: str) -> None:
        """Tell of a change of our own, after its commit."""
        if self.own_sink is not None:
            self.own_sink(session_ids, kind, reason)
        else:
            self.add([SessionChange(session_id=session_id, kind=kind, reason=reason) for session_id in session_ids])

    @contextmanager
    def own_work(self) -> Generator[None]:
        """Around a change of our own and its `announce`: what the disk shows meanwhile is told after it, once."""
        self.own_works += 1
        try:
            yield
        finally:
            self.own_works -= 1

    def add(self, changes: Sequence[SessionChange]) -> None:
        """Number changes, and wake those who listen."""
        for change in changes:
            self._number += 1
            if change.session_id is None:
                self._kept.clear()
                self._forgotten = self._number
            else:
                self._keep(change.session_id, change)
        while len(self._kept) > KEPT:
            _, oldest = self._kept.popitem(last=False)
            self._forgotten = oldest.number
        if changes:
            for listener in list(self._listeners):
                listener()

    def _keep(self, session_id: str, change: SessionChange) -> None:
        known = self._kept.pop(session_id, None)
        came, went = change.kind in ("created", "restored"), change.kind == "deleted"
        appearance, turns, gone = (None, (), came) if known is None else (known.appearance, known.turns, known.gone)
        if came or went:
            if gone != went:
                turns = (*turns, self._number)
                turns = turns[2:] if len(turns) > TURNS else turns
            gone = went
        self._kept[session_id] = _Kept(self._number, change, change if came else appearance, turns, gone)

    def since(self, revision: str) -> list[SessionChange]:
        """Give what came after a position, one change per session, oldest first.

        A session that came into being since then is told as such whatever happened to it afterwards, unless it is
        gone again; one that went and came again has changed. A position that is too old, or of another stream, gives
        `everything`.
        """
        position = self._position(revision)
        if position is None or position < self._forgotten:
            return [SessionChange(kind="everything", reason="behind")]
        found: list[SessionChange] = []
        for kept in reversed(self._kept.values()):
            if kept.number <= position:
                break
            found.append(kept.since(position))
        return found[::-1]

    def _position(self, revision: str) -> int | None:
        epoch, _, number = revision.rpartition(".")
        if epoch != self._epoch or not number.isascii() or not number.isdigit() or len(number) > 18:
            return None
        return int(number) if int(number) <= self._number else None

    def listen(self, listener: Callable[[], None]) -> None:
        """Call a function after each addition; it must not wait."""
        self._listeners.append(listener)

    def leave(self, listener: Callable[[], None]) -> None:
        """Call it no more."""
        if listener in self._listeners:
            self._listeners.remove(listener)


class Pace:
    """When the next notice may go: the first of a burst at once, later ones with a gap between them."""

    def __init__(self, gap: float = GAP) -> None:
        """`gap` is in seconds, as all times here; the clock is the caller's."""
        self._gap = gap
        self._next = float("-inf")

    def wait(self, now: float) -> float:
        """Give how long to wait from now on; 0 to go at once."""
        return max(0.0, self._next - now)

    def went(self, now: float) -> None:
        """Take note that a notice went."""
        self._next = now + self._gap
