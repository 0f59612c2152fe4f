"""Housekeeping by itself: when a round is made, by whom, and when it is not."""

import time
from collections.abc import Callable
from pathlib import Path

import attrs
import pytest

from forkpoint.model.settings import Settings
from forkpoint.operations.services import Services
from forkpoint.stores.housekeeping.rounds import RoundPace, Rounds, pace_of
from tests.operations.old_house import OldHouse, archived, until, update
from tests.stores.session_homes import snapshot
from tests.stores.state.states import finished, started

AT_ONCE = RoundPace(quiet=0, between_looks=0.01, between_steps=0)
ONCE = attrs.evolve(AT_ONCE, between_looks=86_400)


@pytest.fixture
def house(home: Path) -> OldHouse:
    return OldHouse.of(home)


def rounds_of(services: Services, settings: Callable[[], Settings], pace: RoundPace = AT_ONCE) -> Rounds:
    return Rounds(services.session_changes, services.changes, settings, pace)


class Asked:
    """The settings of a house, counted each time they are asked for."""

    def __init__(self, house: OldHouse) -> None:
        self.house = house
        self.times = 0

    def __call__(self) -> Settings:
        self.times += 1
        return self.house.settings


async def test_a_round_archives_what_is_old_and_tells_of_it_and_is_made_once(house: OldHouse) -> None:
    house.add_kimi("old", 50)
    house.add_kimi("young", 1)
    house.add_pi("a")
    services = house.services()
    before = services.changes.revision
    asked = Asked(house)
    rounds = rounds_of(services, asked)
    rounds.start()
    rounds.start()
    await until(lambda: services.state.rounds.last() is not None)
    assert await archived(services) == {"kimi:old", "pi:a"}
    assert {(change.session_id, change.reason) for change in services.changes.since(before)} == {
        ("kimi:old", "autoArchive"),
        ("pi:a", "autoArchive"),
    }
    house.add_pi("b")
    seen = asked.times
    await until(lambda: asked.times > seen + 2)
    assert await archived(services) == {"kimi:old", "pi:a"}
    services.state.rounds.record(int(time.time() * 1000) - 5 * 3_600_000)
    await until(lambda: (services.state.rounds.last() or 0) > time.time() * 1000 - 3_600_000)
    assert await archived(services) == {"kimi:old", "pi:a", "pi:b"}
    await rounds.close()


@pytest.mark.parametrize("refused", [{"read_only": True}, {"trusted": False}, {"scopes": frozenset({"read", "admin"})}])
async def test_nothing_is_written_where_nothing_may_be(house: OldHouse, refused: dict[str, object]) -> None:
    path = house.add_pi("a")
    await update(house.services(), "pi:a", group="g")
    finished(started("leaver", house.services().state.folder, str(path.parent / ".forkpoint-left")))
    house.rest()
    before = snapshot(house.home)
    house.set(**refused)
    asked = Asked(house)
    services = house.services()
    rounds = rounds_of(services, asked)
    rounds.start()
    await until(lambda: asked.times > 3)
    assert snapshot(house.home) == before
    house.settings = attrs.evolve(house.settings, read_only=False, trusted=True, scopes=Settings().scopes)
    await until(lambda: services.state.rounds.last() is not None)
    assert await archived(services) == {"pi:a"}
    assert services.state.staging.notes() == []
    await rounds.close()


async def test_a_machine_without_old_sessions_stays_without_files(house: OldHouse) -> None:
    house.add_kimi("young", 1)
    before = snapshot(house.home)
    asked = Asked(house)
    rounds = rounds_of(house.services(), asked)
    rounds.start()
    await until(lambda: asked.times > 5)
    await rounds.close()
    assert snapshot(house.home) == before


async def test_a_round_that_is_cut_short_ends_at_once_and_is_made_again(house: OldHouse) -> None:
    for number in range(6):
        house.add_pi(str(number))
    services = house.services()
    slow = rounds_of(services, lambda: house.settings, attrs.evolve(ONCE, between_steps=0.05))
    before = services.changes.revision
    slow.start()
    await until(lambda: services.changes.since(before))
    await slow.close()
    done = len(services.changes.since(before))
    assert 0 < done < 6
    assert len(await archived(services)) == done
    assert services.state.rounds.last() is None
    rounds = rounds_of(house.services(), lambda: house.settings, ONCE)
    rounds.start()
    await until(lambda: services.state.rounds.last() is not None)
    await rounds.close()
    assert len(await archived(services)) == 6


async def test_what_may_no_longer_be_written_is_not(house: OldHouse) -> None:
    for number in range(6):
        house.add_pi(str(number))
    services = house.services()
    asked = Asked(house)
    before = services.changes.revision
    rounds = rounds_of(services, asked, attrs.evolve(AT_ONCE, between_steps=0.02))
    rounds.start()
    await until(lambda: services.changes.since(before))
    house.set(read_only=True)
    seen = asked.times
    await until(lambda: asked.times > seen + 3)
    assert 0 < len(await archived(services)) < 6
    await rounds.close()


@pytest.mark.parametrize("days", [0, 10_000])
async def test_a_round_does_not_go_on_by_settings_of_before(house: OldHouse, days: int) -> None:
    for number in range(6):
        house.add_pi(str(number))
    services = house.services()
    before = services.changes.revision
    rounds = rounds_of(services, lambda: house.settings, attrs.evolve(AT_ONCE, between_steps=0.05))
    rounds.start()
    await until(lambda: services.changes.since(before))
    house.set(auto_archive_days=days)
    await until(lambda: services.state.rounds.last() is not None)
    await rounds.close()
    assert 0 < len(await archived(services)) < 6


async def test_processes_share_one_round(house: OldHouse) -> None:
    for number in range(8):
        house.add_pi(str(number))
    several = [house.services() for _ in range(3)]
    before = [services.changes.revision for services in several]
    every = [rounds_of(services, lambda: house.settings) for services in several]
    for rounds in every:
        rounds.start()
    await until(lambda: several[0].state.rounds.last() is not None)
    for rounds in every:
        await rounds.close()
    told = [services.changes.since(revision) for services, revision in zip(several, before, strict=True)]
    assert sorted(change.session_id or "" for changes in told for change in changes) == [f"pi:{n}" for n in range(8)]
    assert sum(bool(changes) for changes in told) == 1


def test_the_pace_is_the_usual_one_unless_the_environment_says_another() -> None:
    for text in ("", "soon", "-1", "nan", "inf"):
        assert pace_of({"FORKPOINT_TIDY_AFTER": text}) == RoundPace()
    assert pace_of({}) == RoundPace()
    assert pace_of({"FORKPOINT_TIDY_AFTER": "0.5"}).quiet == 0.5
