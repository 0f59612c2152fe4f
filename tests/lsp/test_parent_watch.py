"""The end of the process that a session belongs to."""

import asyncio
import os

import pytest

from forkpoint.lsp import parent_watch
from forkpoint.lsp.parent_watch import ParentWatch


def no_pidfd(process_id: int) -> int:
    raise OSError(38, "Function not implemented")


@pytest.mark.parametrize("way", ["pidfd", "polling", "old Python"])
async def test_the_end_is_noticed_once(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parent_watch, "POLL_EVERY", 0.01)
    if way == "polling":
        monkeypatch.setattr(os, "pidfd_open", no_pidfd)
    elif way == "old Python":
        monkeypatch.delattr(os, "pidfd_open", raising=False)
    process = await asyncio.create_subprocess_exec("sleep", "600")
    gone = asyncio.Event()
    calls: list[bool] = []

    def notice() -> None:
        calls.append(True)
        gone.set()

    watch = ParentWatch(process.pid, notice)
    watch.start()
    assert calls == []
    process.kill()
    await process.wait()
    await asyncio.wait_for(gone.wait(), 10)
    watch.stop()
    assert calls == [True]


@pytest.mark.parametrize("pidfd", [True, False])
async def test_a_stopped_watch_is_silent(pidfd: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parent_watch, "POLL_EVERY", 0.01)
    if not pidfd:
        monkeypatch.setattr(os, "pidfd_open", no_pidfd)
    process = await asyncio.create_subprocess_exec("sleep", "600")
    calls: list[bool] = []
    stopped = ParentWatch(process.pid, lambda: calls.append(True))
    stopped.start()
    stopped.stop()
    noticed = asyncio.Event()
    other = ParentWatch(process.pid, noticed.set)
    other.start()
    process.kill()
    await process.wait()
    await asyncio.wait_for(noticed.wait(), 10)
    assert calls == []


async def test_a_process_of_another_user_counts_as_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[int] = []
    looked_often = asyncio.Event()

    def not_ours(process_id: int, signal: int) -> None:
        looks.append(process_id)
        if len(looks) == 5:
            looked_often.set()
        raise PermissionError

    monkeypatch.setattr(parent_watch, "POLL_EVERY", 0.001)
    monkeypatch.setattr(os, "pidfd_open", no_pidfd)
    monkeypatch.setattr(os, "kill", not_ours)
    calls: list[bool] = []
    watch = ParentWatch(1, lambda: calls.append(True))
    watch.start()
    await asyncio.wait_for(looked_often.wait(), 10)
    watch.stop()
    assert calls == []
