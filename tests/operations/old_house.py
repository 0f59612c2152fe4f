"""A machine with sessions of two agents that nobody has worked on for long, for tests of housekeeping."""

import asyncio
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs

from forkpoint.model.settings import Settings
from forkpoint.operations.assembly import Assembly
from forkpoint.operations.cleanup import CleanupSessionsParams, CleanupTask, Task, cleanup_sessions
from forkpoint.operations.services import Services, SilentCall
from forkpoint.operations.sessions import ListSessionsParams, list_sessions
from forkpoint.operations.update import UpdateSessionParams, update_session
from forkpoint.stores.state.own_state import OwnState
from tests.agents.pi_files import assistant, header, user, write
from tests.end_to_end.server_process import PATIENCE
from tests.stores.small_kimi import SmallKimi

DAY = 86_400
LONG_AGO = 1_767_607_201.0
"""When the sessions of pi were last worked on, in seconds since 1970 UTC."""


@attrs.define
class OldHouse:
    """The homes under one folder, and our own state."""

    home: Path
    kimi: SmallKimi
    settings: Settings
    _states: list[OwnState] = attrs.field(factory=list[OwnState], init=False)

    @classmethod
    def of(cls, home: Path) -> "OldHouse":
        """Make homes without sessions."""
        homes = {"kimi": (f"{home}/.kimi",), "pi": (f"{home}/.pi",)}
        return cls(home, SmallKimi(home), Settings(homes=homes))

    def add_kimi(self, name: str, days: float, **members: Any) -> Path:
        """Make a session of Kimi that was worked on so many days ago; give its folder."""
        at = time.time() - days * DAY
        folder = self.kimi.add(name, "/w", at=at, **members)
        os.utime(folder / "wire.jsonl", (at, at))
        return folder

    def add_pi(self, name: str, text: str = "hello") -> Path:
        """Make a session of pi that was worked on long ago; give its file."""
        path = self.home / ".pi" / "--w--" / f"2026-01-05T10-00-00-000Z_{name}.jsonl"
        write(path, header(id=name, cwd="/w"), user("u1", None, text), assistant("x1", "u1", "yes"))
        os.utime(path, (LONG_AGO, LONG_AGO))
        return path

    def set(self, **settings: Any) -> None:
        """Change settings."""
        self.settings = attrs.evolve(self.settings, **settings)

    def assembly(self) -> Assembly:
        """Give the stores of another process."""
        return Assembly(lambda: self.settings, list, "/started/here")

    def services(self) -> Services:
        """Give the services of another process."""
        services = self.assembly().services(SilentCall())
        self._states.append(services.state)
        return services

    def rest(self) -> None:
        """Let all these processes close our database."""
        for state in self._states:
            state.database.close()


async def clean_up(services: Services, task: Task, *, apply: bool = False) -> CleanupTask:
    """Do one task."""
    result = await cleanup_sessions.run(services, CleanupSessionsParams(tasks=[task], apply=apply))
    assert result.applied is apply
    (done,) = result.tasks
    assert done.task == task
    return done


async def until(condition: Callable[[], object]) -> None:
    """Wait until a condition holds, asked again every 10 ms."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "this did not come"
        await asyncio.sleep(0.01)


async def archived(services: Services) -> set[str]:
    """Give the ids of the archived sessions."""
    listed = await list_sessions.run(services, ListSessionsParams(archived=True, limit=500))
    return {row.session_id for row in listed.items}


async def update(services: Services, session_id: str, **fields: Any) -> None:
    """Change fields of a session."""
    await update_session.run(services, UpdateSessionParams(session_id=session_id, **fields))
