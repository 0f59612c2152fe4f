"""Work in threads: what becomes of it when nobody waits any more."""

import asyncio
import threading

import pytest

from forkpoint.stores.workers import CancelFlag, Cancelled, Workers


async def test_a_change_that_is_cancelled_in_time_stops_and_is_waited_for() -> None:
    began, ended = threading.Event(), threading.Event()

    def work(flag: CancelFlag) -> None:
        began.set()
        try:
            while True:
                flag.check()
        finally:
            ended.set()

    task = asyncio.create_task(Workers().change(work))
    await asyncio.to_thread(began.wait)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended.is_set()
    assert task.cancelled()


async def test_a_change_that_is_cancelled_too_late_gives_its_result() -> None:
    began, may_end = threading.Event(), threading.Event()

    def work(flag: CancelFlag) -> str:
        began.set()
        may_end.wait()
        with pytest.raises(Cancelled):
            flag.check()  # it was told, and is past the point where it stops
        return "done"

    task = asyncio.create_task(Workers().change(work))
    await asyncio.to_thread(began.wait)
    for _ in range(3):
        task.cancel()
        await asyncio.sleep(0)
    assert not task.done()
    may_end.set()
    assert await task == "done"
    assert task.cancelling() == 0


async def test_what_a_change_raises_is_raised() -> None:
    def work(flag: CancelFlag) -> None:
        raise LookupError("no")

    with pytest.raises(LookupError, match="no"):
        await Workers().change(work)
