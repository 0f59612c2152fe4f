"""50,000 requests to one server, reads and changes mixed: what it holds at the end, beside what it held once warm.

Each round makes a session, so that what is remembered of sessions grows to its bounds: 4,096 readings among them.
"""

import asyncio
import tempfile
from pathlib import Path

from tests.benchmarks.table import Row
from tests.end_to_end.changing.many_requests import Held, busy_server

WARM_UP, REQUESTS = 2_000, 50_000


def measure() -> list[Row]:
    """Give memory, descriptors and threads after all of them."""
    with tempfile.TemporaryDirectory() as folder:
        before, after = asyncio.run(_held(Path(folder)))
    when, floor = f"after {REQUESTS:,} requests", f"after {WARM_UP:,}"
    return [
        Row(f"memory of the server {when}", after.rss_kb / 1024, floor, before.rss_kb / 1024, "<= 1.2 x", "MB"),
        Row(f"open descriptors {when}", after.descriptors, floor, before.descriptors, "the same", ""),
        Row(f"threads {when}", after.threads, floor, before.threads, "the same", ""),
    ]


async def _held(folder: Path) -> tuple[Held, Held]:
    async with busy_server(folder) as server:
        await server.ask(WARM_UP)
        before = server.held
        await server.ask(REQUESTS)
        return before, server.held
