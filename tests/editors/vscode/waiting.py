"""Waiting for what comes when it comes."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")

PATIENCE_MS = 45_000
"""Milliseconds that a single wait may last; a busy machine needs some, a hanging one must still fail the test."""


async def until(condition: Callable[[], Awaitable[T | None]], what: str) -> T:
    """Wait until a condition gives something true, and give that; asked again every 50 ms."""
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while not (found := await condition()):
        assert time.monotonic() < deadline, f"this did not come: {what}"
        await asyncio.sleep(0.05)
    return found
