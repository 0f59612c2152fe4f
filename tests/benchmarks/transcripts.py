"""A transcript of 100 MB of each agent: its last page, all its turns, and all of it."""

import json
import os
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs

from tests.benchmarks.large_stores import (
    big_kimi_session,
    big_kimi_session_of_short_turns,
    big_pi_session,
    big_pi_session_of_short_lines,
)
from tests.benchmarks.raw_server import raw_server
from tests.benchmarks.responsiveness import while_running
from tests.benchmarks.table import Row

RUNS = 5
KIMI_GOAL = "<= 2 x (half the speed of the floor), memory flat"
TAIL = 1 << 16


@attrs.frozen
class Case:
    """One large transcript."""

    name: str
    home: Path
    replay_goal: str
    include: tuple[str, ...] = ()
    """What a replay adds to each entry."""

    @property
    def file(self) -> Path:
        """The largest file of the home: the transcript."""
        files = [*self.home.glob(".pi/**/*.jsonl"), *self.home.glob(".kimi/**/wire.jsonl")]
        return max(files, key=lambda path: path.stat().st_size)


@attrs.define
class Times:
    """What the runs of one case took, in milliseconds, and how the server's memory grew, in megabytes."""

    pages: list[float] = attrs.Factory(list[float])
    turns: list[float] = attrs.Factory(list[float])
    replays: list[float] = attrs.Factory(list[float])
    growth: float = 0


def measure() -> list[Row]:
    """Measure pi with lines as long work leaves them, and with the shortest there are; and Kimi."""
    cases = (
        Case("pi", big_pi_session(), ">= 100 MB/s, memory flat", ("raw",)),
        Case("pi in short lines", big_pi_session_of_short_lines(), "none"),
        Case("Kimi", big_kimi_session(), KIMI_GOAL),
        Case("Kimi in 400 turns", big_kimi_session_of_short_turns(), KIMI_GOAL),
    )
    return [row for case in cases for row in _rows(case)]


def _rows(case: Case) -> list[Row]:
    megabytes = case.file.stat().st_size / 1e6
    about = {"sessionId": _session_id(case.home)}
    replay_params = {**about, "partialResultToken": "all", "include": list(case.include)}
    times = Times()
    for _ in range(RUNS):
        _run(case.home, about, replay_params, times)
    replay = statistics.median(times.replays)
    codec = statistics.median(_codec(case.file) for _ in range(3))
    turns_goal = "<= 120 ms" if case.replay_goal != "none" else "none"
    stored = " with its stored lines" if case.include else ""
    return [
        Row(
            figure=f"last page of {megabytes:.0f} MB of {case.name}",
            value=statistics.median(times.pages),
            floor="read of its last 64 KB",
            floor_value=statistics.median(_tail(case.file) for _ in range(RUNS)),
            goal="<= 10 ms",
        ),
        Row(
            figure=f"all turns of {megabytes:.0f} MB of {case.name}",
            value=statistics.median(times.turns),
            floor="count of its lines in 1 MiB pieces",
            floor_value=statistics.median(_lines(case.file) for _ in range(RUNS)),
            goal=turns_goal,
        ),
        Row(
            figure=f"replay of {case.name}{stored}, {_speed(megabytes, replay)}, memory +{times.growth:.0f} MB",
            value=replay,
            floor=f"decode and encode of the same lines, {_speed(megabytes, codec)}",
            floor_value=codec,
            goal=case.replay_goal,
        ),
        while_running(f"replaying {case.name}", case.home, "history/replay", replay_params),
        while_running(f"listing the turns of {case.name}", case.home, "history/turns", about),
    ]


def _run(home: Path, about: dict[str, Any], replay_params: dict[str, Any], times: Times) -> None:
    """Ask a new server for a page, the turns and everything, in this order."""
    with raw_server(home) as server:
        server.request("sessions/list", {"limit": 1})
        before = server.peak_memory()
        times.pages.append(server.timed("history/read", {**about, "limit": 50}))
        times.turns.append(server.timed("history/turns", {**about, "limit": 5000}))
        times.replays.append(server.timed("history/replay", replay_params))
        times.growth = max(times.growth, server.peak_memory() - before)


def _session_id(home: Path) -> str:
    with raw_server(home) as server:
        return server.request("sessions/list", {"limit": 1, "archived": "all"})["items"][0]["sessionId"]


def _tail(file: Path) -> float:
    begun = time.perf_counter()
    descriptor = os.open(file, os.O_RDONLY)
    try:
        os.pread(descriptor, TAIL, os.fstat(descriptor).st_size - TAIL)
    finally:
        os.close(descriptor)
    return (time.perf_counter() - begun) * 1000


def _lines(file: Path) -> float:
    begun = time.perf_counter()
    count = sum(chunk.count(b"\n") for chunk in _chunks(file))
    assert count
    return (time.perf_counter() - begun) * 1000


def _chunks(file: Path) -> Iterator[bytearray]:
    buffer = bytearray(1 << 20)
    with file.open("rb", buffering=0) as source:
        while size := source.readinto(buffer):
            yield buffer if size == len(buffer) else buffer[:size]


def _codec(file: Path) -> float:
    """Decode and encode every line with the codec the server uses."""
    try:
        from msgspec.json import decode, encode
    except ImportError:
        decode, encode = json.loads, _encode
    begun = time.perf_counter()
    with file.open("rb") as source:
        for line in source:
            encode(decode(line))
    return (time.perf_counter() - begun) * 1000


def _encode(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _speed(megabytes: float, milliseconds: float) -> str:
    return f"{megabytes / milliseconds * 1000:.0f} MB/s"
