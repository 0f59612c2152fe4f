"""From the start of the process to its first answers, against a stock pygls server, interleaved."""

import statistics
import tempfile
import time
from pathlib import Path

from tests.benchmarks.pipe_client import INITIALIZE, INITIALIZED, pipe_client
from tests.benchmarks.table import Row
from tests.benchmarks.trip_sizes import empty_request

ROUNDS = 11
OURS, STOCK = "forkpoint", "tests.benchmarks.stock_server"


def measure() -> list[Row]:
    """Measure the time to the answer to `initialize`, and to that of an empty request sent behind it."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        for module in (OURS, STOCK):
            _start(home, module)  # compiles what is not compiled yet
        runs = [{module: _start(home, module) for module in (OURS, STOCK)} for _ in range(ROUNDS)]
    (ours_first, stock_first), (ours_second, stock_second) = (
        [statistics.median(run[module][step] for run in runs) for module in (OURS, STOCK)] for step in (0, 1)
    )
    return [
        Row("start to initialize answered", ours_first, "stock pygls", stock_first, "<= 0.15 x"),
        Row("start to empty request answered", ours_second, "stock pygls", stock_second, "<= 1.0 x"),
    ]


def _start(home: Path, module: str) -> tuple[float, float]:
    """Start a server; give the milliseconds to the answer to `initialize` and to that of agents/list."""
    begun = time.perf_counter()
    with pipe_client(home, module) as server:
        server.trip(INITIALIZE)
        first = (time.perf_counter() - begun) * 1000
        server.write(INITIALIZED)
        server.trip(empty_request())
        return first, (time.perf_counter() - begun) * 1000
