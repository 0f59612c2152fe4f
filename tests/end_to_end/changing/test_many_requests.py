"""A server that lives long does not grow."""

from pathlib import Path

import pytest

from tests.end_to_end.changing.many_requests import busy_server

WARM_UP, REQUESTS = 400, 1600
MOST_GROWTH_KB = 3072
"""What memory may grow between the two looks, in KiB: less than 2 KiB a request, where a kept reply would be more."""


@pytest.mark.timeout(240)
async def test_memory_descriptors_and_threads_stay_as_they_are(tmp_path: Path) -> None:
    async with busy_server(tmp_path) as server:
        await server.ask(WARM_UP)
        before = server.held
        await server.ask(REQUESTS)
        after = server.held
    assert after.descriptors <= before.descriptors, (before, after)
    assert after.threads <= before.threads + 2, (before, after)
    assert after.rss_kb - before.rss_kb < MOST_GROWTH_KB, (before, after)
