"""Round trips over stdio against a stock pygls server, interleaved."""

import statistics
import tempfile
from pathlib import Path

from tests.benchmarks.pipe_client import PipeClient, pipe_client
from tests.benchmarks.table import Row
from tests.benchmarks.trip_sizes import echo_request, page_request

TRIPS = (
    ("round trip of 1 KB", echo_request(1024), 25, 20, "<= 0.4 x"),
    ("page of 100 KB out", page_request(), 15, 5, "<= 0.25 x"),
    ("5 MB in and out", echo_request(5 * 1024 * 1024), 5, 1, "<= 0.05 x"),
)
"""Each trip's name, its request, the rounds, the trips in a round, and the goal."""


def measure() -> list[Row]:
    """Measure every trip."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        with (
            pipe_client(home, "tests.benchmarks.trip_server") as ours,
            pipe_client(home, "tests.benchmarks.stock_server") as stock,
        ):
            ours.start()
            stock.start()
            return [_compare(ours, stock, *trip) for trip in TRIPS]


def _compare(
    ours: PipeClient, stock: PipeClient, figure: str, request: bytes, rounds: int, trips: int, goal: str
) -> Row:
    for server in (ours, stock):
        server.trip(request)
    times: dict[PipeClient, list[float]] = {ours: [], stock: []}
    for _ in range(rounds):
        for server, taken in times.items():
            taken += [server.trip(request) for _ in range(trips)]
    return Row(figure, statistics.median(times[ours]), "stock pygls", statistics.median(times[stock]), goal)
