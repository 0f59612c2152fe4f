"""Sessions changed by whole operations, beside the same bytes written plainly and synced in a worker, in turn."""

import asyncio
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import anyio.to_thread

from forkpoint.model.session import SessionRow
from forkpoint.model.settings import Settings
from forkpoint.operations.assembly import Assembly
from forkpoint.operations.create import CreateSessionParams, create_session
from forkpoint.operations.fork import ForkSessionParams, PlanForkParams, fork_session, plan_fork
from forkpoint.operations.services import Services, SilentCall
from forkpoint.operations.sessions import ListSessionsParams, list_sessions
from forkpoint.operations.trash import DeleteSessionParams, RestoreSessionParams, delete_session, restore_session
from forkpoint.operations.update import UpdateSessionParams, update_session
from forkpoint.stores.changing.durable import sync_folder
from tests.benchmarks import long_lines
from tests.benchmarks.changes import copy_plainly, replace_plainly
from tests.benchmarks.large_stores import big_kimi_session, big_pi_session
from tests.benchmarks.raw_server import raw_server
from tests.benchmarks.responsiveness import while_running
from tests.benchmarks.table import Row
from tests.generators import kimi_store, pi_store

SESSIONS = 1000
SMALL_RUNS, FORKS = 151, 9
SMALL = b"{" + b" " * 2000 + b"}"
SMALL_FLOOR = "one small write + fsync + rename"
COPY_FLOOR = "plain buffered copy + fsync"

Work = Callable[[int], Awaitable[object]]


def measure() -> list[Row]:
    """Measure small changes among 1,000 sessions of each agent, and forks of 100 MB and of 20 MB."""
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        rows += asyncio.run(_small_changes(Path(folder)))
    for name, source in (("pi", big_pi_session()), ("Kimi", big_kimi_session())):
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder) / "home"
            shutil.copytree(source, home)
            rows += asyncio.run(_forks(home, name, "100 MB", ("<= 1.3 x", "none")))
            rows += _beside_others(home, name)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        long_lines.build(home, 20)
        rows += asyncio.run(_forks(home, "pi", "20 MB", ("<= 25 ms", "none")))
    return rows


def _services(home: Path) -> Services:
    """Give the services over a home, as a process has them that has just begun."""
    settings = Settings(homes={"kimi": (f"{home}/.kimi",), "pi": (f"{home}/.pi/agent",)})
    return Assembly(lambda: settings, list, "/", str(home / "state")).services(SilentCall())


# --- small changes -------------------------------------------------------------------------------------------------


async def _small_changes(home: Path) -> list[Row]:
    kimi_store.build(home, sessions=SESSIONS)
    pi_store.build(home, sessions=SESSIONS, entries=20)
    (home / "work").mkdir(exist_ok=True)
    services = _services(home)
    kimi, pi = [await _listed(services, agent) for agent in ("kimi", "pi")]
    plain = str(home / "plain.json")

    async def rename(rows: Sequence[SessionRow], number: int) -> None:
        params = UpdateSessionParams(session_id=rows[number].session_id, title=f"Number {number}")
        await update_session.run(services, params)

    async def pin(number: int) -> None:
        await update_session.run(services, UpdateSessionParams(session_id=pi[number].session_id, pinned=True))

    async def create(number: int) -> None:
        await create_session.run(services, CreateSessionParams(work_dir=str(home / "work"), title=f"Number {number}"))

    async def delete_and_restore(number: int) -> None:
        params = DeleteSessionParams(session_id=pi[-number].session_id, stop=True)
        trash_id = (await delete_session.run(services, params)).trash_id
        assert trash_id is not None
        await restore_session.run(services, RestoreSessionParams(trash_id=trash_id))

    async def sync_too(_: int) -> None:
        await anyio.to_thread.run_sync(_replace_durably, plain)

    works: list[tuple[str, Work, str]] = [
        ("the floor with its folder synced, as a change has to", sync_too, "none"),
        ("sessions/update: a title of Kimi", lambda number: rename(kimi, number), "<= 2 x"),
        ("sessions/update: a title of pi", lambda number: rename(pi, number), "<= 2 x"),
        ("sessions/update: a pin in our notes", pin, "<= 2 x"),
        ("sessions/create, beside 1,000 others", create, "none"),
        ("sessions/delete and sessions/restore", delete_and_restore, "none"),
    ]
    found: list[Row] = []
    for figure, work, goal in works:
        ours, floor = await _in_turn(work, lambda: replace_plainly(plain, SMALL), SMALL_RUNS)
        found.append(Row(figure, ours, SMALL_FLOOR, floor, goal))
    return found


def _replace_durably(path: str) -> None:
    replace_plainly(path, SMALL)
    sync_folder(os.path.dirname(path))


async def _listed(services: Services, agent: str) -> list[SessionRow]:
    """Give sessions that can be changed, the longest ago first."""
    result = await list_sessions.run(services, ListSessionsParams(agents=[agent], limit=500))
    return [row for row in reversed(result.items) if row.work_dir is not None and not row.problems]


# --- forks ---------------------------------------------------------------------------------------------------------


def _transcripts(home: Path) -> list[str]:
    return [str(path) for path in home.rglob("*.jsonl") if path.stat().st_size > 1_000_000]


async def _forks(home: Path, name: str, size: str, goals: tuple[str, str]) -> list[Row]:
    transcripts = _transcripts(home)
    copies = [f"{home}/copy-{number}" for number in range(len(transcripts))]

    def copy() -> None:
        for transcript, target in zip(transcripts, copies, strict=True):
            copy_plainly(transcript, target)

    def clean(row: SessionRow) -> None:
        for path in (*copies, row.path):
            shutil.rmtree(path) if os.path.isdir(path) else os.unlink(path)

    times: dict[bool, list[float]] = {True: [], False: []}
    floors: list[float] = []
    for _ in range(FORKS):
        for indexed in (True, False):
            services = _services(home)
            (row,) = (await list_sessions.run(services, ListSessionsParams())).items
            # The first change of a process also opens our notes, and looks for what others left half done.
            await update_session.run(services, UpdateSessionParams(session_id=row.session_id, pinned=True))
            if indexed:
                await plan_fork.run(services, PlanForkParams(session_id=row.session_id))
            begun = time.perf_counter()
            made = await fork_session.run(services, ForkSessionParams(session_id=row.session_id))
            times[indexed].append((time.perf_counter() - begun) * 1000)
            floors.append(await anyio.to_thread.run_sync(_timed, copy))
            clean(made.session)
            services.state.database.close()
    floor = statistics.median(floors)
    whose = f"sessions/fork: {size} of {name}" + (f" in {len(transcripts)} files" if len(transcripts) > 1 else "")
    return [
        Row(f"{whose}, indexed when the place was picked", statistics.median(times[True]), COPY_FLOOR, floor, goals[0]),
        Row(f"{whose}, never read before", statistics.median(times[False]), COPY_FLOOR, floor, goals[1]),
    ]


def _beside_others(home: Path, name: str) -> list[Row]:
    """What other requests and the memory have of forks that follow each other."""
    with raw_server(home) as server:
        session_id = server.request("sessions/list", {"limit": 1})["items"][0]["sessionId"]
        server.request("sessions/forkPlan", {"sessionId": session_id})
        before = server.peak_memory()
        server.request("sessions/fork", {"sessionId": session_id})
        growth = server.peak_memory() - before
    params = {"sessionId": session_id}
    return [while_running(f"forking 100 MB of {name}, memory +{growth:.0f} MB", home, "sessions/fork", params)]


# --- timing --------------------------------------------------------------------------------------------------------


async def _in_turn(ours: Work, floor: Callable[[], object], rounds: int) -> tuple[float, float]:
    """Give the medians of both in milliseconds; the floor is run in a worker too."""
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds):
        begun = time.perf_counter()
        await ours(number)
        times[0].append((time.perf_counter() - begun) * 1000)
        begun = time.perf_counter()
        await anyio.to_thread.run_sync(floor)
        times[1].append((time.perf_counter() - begun) * 1000)
    return statistics.median(times[0]), statistics.median(times[1])


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000
