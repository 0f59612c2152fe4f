"""What one client is told, with the real stores and the real thread, and a client that lives in the test."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from forkpoint.agents.discovery import adapters
from forkpoint.model.failures import EntryNotFound
from forkpoint.model.settings import Settings, WatchMode
from forkpoint.stores.session_store import SessionStore
from forkpoint.stores.state.own_state import OwnState
from forkpoint.stores.watching import live_feed, tracker
from forkpoint.stores.watching.live_feed import LiveFeed
from forkpoint.stores.workers import Workers
from tests.agents.pi_files import assistant, header, line, user, write
from tests.stores.small_kimi import SmallKimi

PATIENCE = 45.0


class House:
    """The feed of one client that takes everything, once there is room."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.mode: WatchMode = "on"
        self.ask_mode: Callable[[], WatchMode] = lambda: self.mode
        self.sent: list[tuple[str, Any]] = []
        self.has_room = asyncio.Event()
        self.has_room.set()
        self.waiting = 0
        settings = Settings(homes={"pi": (str(home / "pi"),), "kimi": (str(home / ".kimi"),)})
        workers, state = Workers(), OwnState(str(home / "state"))
        self.sessions = SessionStore(workers, adapters(), lambda: settings, lambda: (), state, {})
        self.feed = LiveFeed(self.sessions, workers, state, lambda: self.ask_mode())
        self.feed.greet(self, frozenset())
        self.session("s1")

    async def room(self) -> None:
        self.waiting += 1
        await self.has_room.wait()

    def send(self, method: str, value: Any) -> None:
        self.sent.append((method, value))

    def session(self, name: str) -> Path:
        path = self.home / "pi/sessions/--srv--" / f"2026-01-05T10-00-00-000Z_{name}.jsonl"
        return write(path, header(id=name), user("u1", None, "hello"), assistant("a1", "u1", "yes"))

    def told(self) -> list[tuple[str | None, str]]:
        """What was told of sessions: the id and the kind of each change."""
        changes = (change for method, value in self.sent if method == "sessions/changed" for change in value.changes)
        return [(change.session_id, change.kind) for change in changes]

    async def subscribe(self) -> str:
        """List, subscribe from there on, and see that the disk is watched; give the position."""
        revision = self.feed.stream.revision
        await self.sessions.walk()
        self.feed.subscribe(revision)
        path = self.session("watched")
        await until(lambda: any(session_id == "pi:watched" for session_id, _ in self.told()))
        path.unlink()
        await until(lambda: ("pi:watched", "deleted") in self.told())
        return self.feed.stream.revision


async def until(condition: Callable[[], object]) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.005)


@contextlib.asynccontextmanager
async def living(home: Path) -> AsyncIterator[House]:
    house = House(home)
    try:
        yield house
    finally:
        house.has_room.set()
        await house.feed.close()


async def test_who_asks_again_while_the_thread_ends_misses_nothing(tmp_path: Path) -> None:
    async with living(tmp_path) as house:
        position = await house.subscribe()
        ending = asyncio.create_task(house.feed.unsubscribe())
        await asyncio.sleep(0)  # the thread is asked to end
        house.session("s2")
        house.feed.subscribe(position)
        await ending
        await until(lambda: ("pi:s2", "created") in house.told())
        house.session("s3")
        await until(lambda: ("pi:s3", "created") in house.told())


async def test_after_a_mistake_the_client_lists_anew_and_the_disk_is_watched_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_feed, "RECOVERY", 0.01)
    monkeypatch.setattr("threading.excepthook", lambda _: None)

    def mistaken() -> WatchMode:
        house.ask_mode = lambda: house.mode
        raise RuntimeError("a mistake")

    async with living(tmp_path) as house:
        await house.subscribe()
        house.ask_mode = mistaken
        await until(lambda: (None, "everything") in house.told())
        await until(lambda: house.feed.way != "off")
        await house.subscribe()


async def test_a_subscription_that_fails_leaves_the_one_that_took_its_place(tmp_path: Path) -> None:
    async with living(tmp_path) as house:
        path = house.session("s2")
        results = await asyncio.gather(
            house.feed.follow("pi:s2", "nowhere"), house.feed.follow("pi:s2", "a1"), return_exceptions=True
        )
        assert isinstance(results[0], EntryNotFound)
        assert not isinstance(results[1], BaseException)
        with path.open("ab") as file:
            file.write(line(user("u2", "a1", "more")))
        await until(lambda: house.sent)
        assert [entry.entry_id for entry in house.sent[0][1].entries] == ["u2"]


async def test_nothing_is_told_after_the_end_of_a_subscription_to_a_client_that_was_behind(tmp_path: Path) -> None:
    async with living(tmp_path) as house:
        await house.subscribe()
        before = len(house.sent)
        house.has_room.clear()
        house.waiting = 0
        house.session("s2")
        await until(lambda: house.waiting)
        await house.feed.unsubscribe()
        house.has_room.set()
        house.feed.subscribe(None)
        house.session("s3")
        await until(lambda: ("pi:s3", "created") in house.told())
        assert ("pi:s2", "created") not in house.told()[before:]


async def test_a_client_that_was_behind_is_told_once_of_all_that_happened_meanwhile(tmp_path: Path) -> None:
    async with living(tmp_path) as house:
        await house.subscribe()
        before = len(house.sent)
        house.has_room.clear()
        for number in range(5):
            house.session(f"n{number}")
            expected = {f"pi:n{each}" for each in range(number + 1)}
            position = house.feed.stream.revision
            await until(lambda position=position: house.feed.stream.revision != position)
        house.has_room.set()
        await until(lambda: expected <= {session_id for session_id, _ in house.told()})
        assert len(house.sent) - before == 1


async def test_what_was_ours_while_nobody_watched_is_told_once(tmp_path: Path) -> None:
    async with living(tmp_path) as house:
        start = house.feed.stream.revision
        await house.sessions.walk()
        mine, gone = house.session("mine"), house.session("gone")
        house.feed.stream.announce(["pi:mine", "pi:gone"], "created", "create")
        position = house.feed.stream.revision
        gone.unlink()
        house.feed.subscribe(position)
        house.session("last")
        await until(lambda: {("pi:last", "created"), ("pi:gone", "deleted")} <= {*house.told()})
        assert ("pi:mine", "created") not in house.told()
        assert ("pi:mine", "created") in [(each.session_id, each.kind) for each in house.feed.stream.since(start)]
        mine.unlink()
        await until(lambda: ("pi:mine", "deleted") in house.told())


async def test_a_session_of_ours_that_is_gone_at_once_is_told_to_be_gone(tmp_path: Path) -> None:
    async with living(tmp_path) as house:
        await house.subscribe()
        house.feed.stream.announce(["pi:brief"], "created", "create")
        await until(lambda: ("pi:brief", "deleted") in house.told())
        house.session("brief")
        await until(lambda: ("pi:brief", "created") in house.told())


async def test_a_file_that_gets_its_id_after_it_was_seen_is_told_by_that_id(tmp_path: Path) -> None:
    async with living(tmp_path) as house:
        await house.subscribe()
        path = house.session("late")
        await until(lambda: ("pi:late", "created") in house.told())
        whole = path.read_bytes()
        named = path.with_name("2026-01-05T10-00-00-000Z_other.jsonl")
        named.touch()  # as a program does that opens a file before it writes
        await until(lambda: (f"pi:{named.stem}", "created") in house.told())
        named.write_bytes(whole.replace(b'"late"', b'"other"'))
        await until(lambda: ("pi:other", "created") in house.told())
        await until(lambda: (f"pi:{named.stem}", "deleted") in house.told())


async def test_what_we_change_before_the_disk_showed_it_came_first(tmp_path: Path) -> None:
    async with living(tmp_path) as house:
        house.mode = "off"  # nothing shows it but our own change
        revision = house.feed.stream.revision
        await house.sessions.walk()
        house.feed.subscribe(revision)
        house.feed.stream.announce(["pi:s1"], "changed", "update")
        await until(lambda: ("pi:s1", "changed") in house.told())
        house.session("s2")
        house.feed.stream.announce(["pi:s2"], "changed", "update")
        await until(lambda: any(session_id == "pi:s2" for session_id, _ in house.told()))
        assert [kind for session_id, kind in house.told() if session_id == "pi:s2"] == ["created"]


async def test_long_work_of_ours_holds_back_others_only_once(tmp_path: Path) -> None:
    times: list[float] = []
    async with living(tmp_path) as house:
        await house.subscribe()
        with house.feed.stream.own_work():
            for number in range(4):
                begun = time.monotonic()
                house.session(f"n{number}")
                await until(lambda number=number: (f"pi:n{number}", "created") in house.told())
                times.append(time.monotonic() - begun)
    assert min(times[1:]) < times[0] / 2, times


async def test_what_happened_while_watching_was_off_is_told_when_it_is_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tracker, "CLOCK_MARGIN", 0.1)
    folder = SmallKimi(tmp_path).add("k1", "/srv", at=1_790_000_000)
    async with living(tmp_path) as house:
        await house.subscribe()
        house.mode = "off"
        await until(lambda: house.feed.way == "off")
        before = len(house.told())
        (folder / "state.json").write_text('{"version": 1, "custom_title": "other"}')  # no list is ordered by it
        await asyncio.sleep(0.3)  # longer than what a coarse clock may hide
        house.mode = "polling"
        await until(lambda: ("kimi:k1", "changed") in house.told()[before:])
