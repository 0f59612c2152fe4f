"""A sample home and its services, for tests of calls that change sessions."""

import os
from pathlib import Path

import attrs

from forkpoint.model.session import SessionRow
from forkpoint.operations.services import Services
from forkpoint.operations.sessions import GetSessionParams, ListSessionsParams, get_session, list_sessions
from tests.operations.calls import services_over
from tests.samples_home import SampleHome, make_home
from tests.stores.changing.setting import files_in


@attrs.define
class Machine:
    """One machine with the sample sessions."""

    sample: SampleHome
    services: Services

    @classmethod
    def of(cls, folder: Path) -> "Machine":
        """Make the sample home under a folder."""
        sample = make_home(folder)
        return cls(sample, services_over(sample.home))

    def id_of(self, name: str) -> str:
        """Give a session's id by its short name."""
        return self.sample.sessions[name]

    def again(self) -> "Machine":
        """Give the same machine as another process sees it."""
        return Machine(self.sample, services_over(self.sample.home))

    def agents_files(self) -> dict[str, bytes]:
        """Give every file of the agents' homes."""
        return files_in(self.sample.home / ".kimi") | files_in(self.sample.home / ".pi")

    async def row(self, session_id: str) -> SessionRow:
        """Give a session as it is now."""
        return (await get_session.run(self.services, GetSessionParams(session_id=session_id))).session

    async def ids(self) -> set[str]:
        """Give the ids of all sessions."""
        result = await list_sessions.run(self.services, ListSessionsParams(archived="all", limit=500))
        return {row.session_id for row in result.items}

    def require_tidy(self) -> None:
        """No temporary name is left, in the homes or in our state, and none is noted."""
        left = [path for path in self.sample.home.rglob(".forkpoint-*") if path.name != ".forkpoint-state"]
        assert left == []
        assert self.services.state.staging.notes() == []


def grow(path: str, lines: bytes) -> None:
    """Add to a file, or begin one, as another program does."""
    with open(path, "ab") as file:
        file.write(lines)


def is_gone(path: str) -> bool:
    """Whether nothing has this name."""
    return not os.path.lexists(path)
