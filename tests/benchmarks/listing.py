"""sessions/list of large stores, with nothing cached, beside a plain walk over the same files."""

import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks.large_stores import many_kimi_sessions, many_pi_sessions
from tests.benchmarks.raw_server import raw_server
from tests.benchmarks.responsiveness import while_running
from tests.benchmarks.table import Row

RUNS = 5
PAGE = {"limit": 50}


def measure() -> list[Row]:
    """Measure both stores."""
    cases: list[tuple[str, Path, str, float]] = [
        ("10,000 Kimi", many_kimi_sessions(), ".kimi/sessions", 250),
        ("1,000 pi", many_pi_sessions(), ".pi/agent/sessions", 400),
    ]
    rows: list[Row] = []
    for name, home, store, goal in cases:
        floor = statistics.median(_timed(lambda place=home / store: _walk(place)) for _ in range(RUNS))
        measured = [_first_page(home) for _ in range(RUNS)]
        value = statistics.median(milliseconds for milliseconds, _ in measured)
        peak = max(memory for _, memory in measured)
        rows.append(
            Row(
                figure=f"first 50 of {name} sessions, peak memory {peak:.0f} MB",
                value=value,
                floor="walk and stat of every file",
                floor_value=floor,
                goal=f"<= {goal:g} ms, <= 120 MB",
            )
        )
        rows.append(while_running(f"listing {name} sessions", home, "sessions/list", PAGE))
    home = many_kimi_sessions()
    rows.append(while_running("12 lists of 10,000 sessions are made", home, "sessions/list", PAGE, at_once=12))
    return rows


def _first_page(home: Path) -> tuple[float, float]:
    with raw_server(home) as server:
        return server.timed("sessions/list", PAGE), server.peak_memory()


def _walk(folder: Path) -> int:
    count = 0
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                count += _walk(Path(entry.path))
            else:
                entry.stat(follow_symlinks=False)
                count += 1
    return count


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000
