"""A real pi over a home of its own, and Forkpoint's operations on the same home."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs

from forkpoint.model.entry import Entry
from forkpoint.model.session import SessionRow
from forkpoint.operations.create import CreateSessionParams, create_session
from forkpoint.operations.fork import ForkPoint, ForkSessionParams, ForkSessionResult, fork_session
from forkpoint.operations.history import ReadHistoryParams, read_history
from forkpoint.operations.sessions import ListSessionsParams, list_sessions
from forkpoint.operations.update import UpdateSessionParams, update_session
from tests.agents.real_tools import Program
from tests.end_to_end.server_process import server_environment
from tests.operations.calls import services_over

Answer = dict[str, Any]

OLD, NEW = "0.73.1", "0.87.1"
SCRIPT = Path(__file__).with_name("real_pi.mjs")


@attrs.frozen
class Pi:
    """One version of pi, with sessions under a home of its own."""

    node: Path
    package: Path
    code: Program
    home: Path
    work_dir: Path

    @classmethod
    def over(cls, node: Path, package: Path, code: Program, home: Path) -> "Pi":
        """Make a home that pi has no session in."""
        pi = cls(node, package, code, home, home / "my project")
        pi.work_dir.mkdir()
        pi.agent.mkdir(parents=True)
        return pi

    @property
    def agent(self) -> Path:
        """Its folder."""
        return self.home / ".pi" / "agent"

    def environment(self) -> dict[str, str]:
        """Give the environment it is started in."""
        return {**server_environment(self.home), "PI_CODING_AGENT_DIR": str(self.agent)}

    def ask(self, *requests: Answer) -> list[Any]:
        """Have its code answer requests."""
        return self.code.ask(self.environment(), requests)

    def open(self, path: Path) -> Answer:
        """What it shows of a session."""
        return self.ask({"do": "open", "path": str(path)})[0]


class Ours:
    """The operations on the sessions of a home, as a process that has just been started carries them out."""

    def __init__(self, home: Path) -> None:
        self._services = services_over(home)

    async def create(self, work_dir: Path, **wanted: Any) -> SessionRow:
        """Create a session."""
        params = CreateSessionParams(work_dir=str(work_dir), **wanted)
        return (await create_session.run(self._services, params)).session

    async def update(self, session_id: str, **changes: Any) -> SessionRow:
        """Change a session."""
        params = UpdateSessionParams(session_id=session_id, **changes)
        return (await update_session.run(self._services, params)).session

    async def fork(self, session_id: str, at: Mapping[str, Any] | None = None, **wanted: Any) -> ForkSessionResult:
        """Fork a session."""
        params = ForkSessionParams(session_id=session_id, at=ForkPoint(**at) if at else None, **wanted)
        return await fork_session.run(self._services, params)

    async def row_of(self, path: Path) -> SessionRow:
        """Give the row of the session in a file."""
        rows = (await list_sessions.run(self._services, ListSessionsParams(archived="all", fresh=True))).items
        return next(row for row in rows if row.path == str(path))

    async def entries(self, session_id: str) -> list[Entry]:
        """Give the entries of the current path, the oldest first."""
        params = ReadHistoryParams(session_id=session_id, order="oldest", limit=500)
        return (await read_history.run(self._services, params)).entries
