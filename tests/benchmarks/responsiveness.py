"""How long a small request takes while a large one runs, beside the same request when nothing runs."""

import time
from pathlib import Path
from typing import Any

from tests.benchmarks.raw_server import RawServer, raw_server
from tests.benchmarks.table import Row

SMALL = "workDirs/startup"
SECONDS = 2.0


def while_running(what: str, home: Path, method: str, params: Any, *, at_once: int = 1) -> Row:
    """Measure the 99th percentile of a small request while `method` is asked again and again, `at_once` in flight."""
    with raw_server(home) as server:
        idle = _p99(_delays(server, method, params, at_once=0))
        busy = _p99(_delays(server, method, params, at_once=at_once))
    return Row(
        figure=f"p99 of a small request while {what}",
        value=busy,
        floor="p99 when idle",
        floor_value=idle,
        goal="<= idle + 50 ms",
    )


def _delays(server: RawServer, method: str, params: Any, *, at_once: int) -> list[float]:
    """Send small requests one after the other, with large ones always in flight; give their times in milliseconds."""
    delays: list[float] = []
    until = time.perf_counter() + SECONDS
    large = {server.begin(method, params) for _ in range(at_once)}
    while time.perf_counter() < until:
        begun = time.perf_counter()
        small = server.begin(SMALL, {})
        while (answered := server.next_reply()) != small:
            if answered in large:
                large.remove(answered)
                large.add(server.begin(method, params))
        delays.append((time.perf_counter() - begun) * 1000)
    return delays


def _p99(delays: list[float]) -> float:
    return sorted(delays)[int(len(delays) * 0.99)]
