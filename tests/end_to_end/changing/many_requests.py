"""One server that is asked a great many things, reads and changes mixed, and what it holds of memory meanwhile."""

import contextlib
import itertools
import os
from collections.abc import AsyncGenerator, Iterator
from pathlib import Path
from typing import Any

import attrs

from tests.end_to_end.changing.shared_home import SharedHome
from tests.end_to_end.server_process import ServerProcess

AT_ONCE = 4
"""How many requests are under way at any time."""


@attrs.frozen
class Held:
    """What a process holds."""

    rss_kb: int
    """Memory that is resident and its own, in KiB."""
    descriptors: int
    threads: int

    @classmethod
    def of(cls, pid: int) -> "Held":
        """Look at a process (Linux)."""
        status = dict(
            line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines() if ":" in line
        )
        descriptors = len(os.listdir(f"/proc/{pid}/fd"))
        return cls(int(status["RssAnon"].split()[0]), descriptors, int(status["Threads"]))


@contextlib.asynccontextmanager
async def busy_server(folder: Path) -> AsyncGenerator["BusyServer"]:
    """Start a server on a small home."""
    home = SharedHome.made(folder)
    async with ServerProcess(home.home) as server:
        await server.initialize([home.work_dir], initializationOptions={"scopes": ["read", "write", "admin"]})
        busy = BusyServer(server, home)
        yield busy
        assert await server.shutdown() == 0


class BusyServer:
    """Asks one server in rounds; after a round the world is as it was before."""

    def __init__(self, server: ServerProcess, home: SharedHome) -> None:
        self._server = server
        self._home = home
        self._numbers = itertools.count()
        self.requests = 0

    @property
    def held(self) -> Held:
        """What the server holds now."""
        return Held.of(self._server.pid)

    async def ask(self, requests: int) -> None:
        """Go on for at least so many requests."""
        until = self.requests + requests
        while self.requests < until:
            await self._round(next(self._numbers))
            self._server.replies.clear()
            self._server.notifications.clear()

    async def _round(self, number: int) -> None:
        session_id = self._home.ids[number % len(self._home.ids)]
        made = await self._one("sessions/fork", sessionId=session_id, title=f"fork {number}")
        fork = made["session"]["sessionId"]
        await self._several(_reads(fork, str(self._home.work_dir)))
        await self._one("sessions/update", sessionId=fork, title=f"named {number}", label=f"label {number}")
        await self._several(_reads(session_id, str(self._home.work_dir)))
        gone = await self._one("sessions/delete", sessionId=fork)
        await self._one("sessions/restore", trashId=gone["trashId"])
        await self._one("sessions/delete", sessionId=fork, permanently=True)

    async def _one(self, method: str, **params: Any) -> Any:
        self.requests += 1
        return await self._server.request(method, params)

    async def _several(self, asked: Iterator[tuple[str, dict[str, Any]]]) -> None:
        while several := [*itertools.islice(asked, AT_ONCE)]:
            pending = [await self._server.begin(method, params) for method, params in several]
            for one in pending:
                await one.result()
            self.requests += len(several)


def _reads(session_id: str, folder: str) -> Iterator[tuple[str, dict[str, Any]]]:
    yield "sessions/list", {"folders": [folder]}
    yield "sessions/get", {"sessionId": session_id}
    yield "history/read", {"sessionId": session_id}
    yield "history/turns", {"sessionId": session_id}
    yield "sessions/list", {"text": "named", "archived": "all"}
    yield "files/list", {"sessionId": session_id}
    yield "workDirs/list", {}
    yield "sessions/generations", {"sessionId": session_id}
