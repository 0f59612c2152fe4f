"""A change of another program announced, beside what watchfiles alone takes, and what watching costs at rest."""

import json
import os
import statistics
import time
from pathlib import Path
from threading import Event

from watchfiles import watch

from tests.benchmarks.large_stores import PI, kept
from tests.benchmarks.pipe_client import PipeClient, pipe_client
from tests.benchmarks.table import Row
from tests.end_to_end.server_process import frame
from tests.generators import pi_store

RUNS = 60
REST = 5.0
"""Seconds that the server is left alone to see what it costs."""
APART = 0.31
"""Seconds between two changes: each is the first of its burst."""
NAMED = {"experimental": {"forkpoint": {"notifications": ["sessions/changed"]}}}


def measure() -> list[Row]:
    """Measure appends to a session of a home with 1,000 of them."""
    home = kept("pi-watched", lambda home: pi_store.build(home, sessions=1000, entries=20), *PI)
    path = max((home / ".pi/agent/sessions").rglob("*.jsonl"), key=lambda found: found.stat().st_mtime)
    before = path.read_bytes()
    times = os.stat(path)
    try:
        alone = _alone(home, path)
        ours, idle = _announced(home, path)
    finally:
        path.write_bytes(before)
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    ours.sort()
    return [
        Row(
            figure=f"a foreign append announced, p90 {ours[len(ours) * 9 // 10]:.0f} ms",
            value=statistics.median(ours),
            floor="watchfiles alone, step 10",
            floor_value=statistics.median(alone),
            goal="<= 100 ms",
        ),
        Row(
            figure="processor time while nothing changes, 1,000 sessions watched",
            value=idle,
            floor="watchfiles alone at rest",
            floor_value=_idle_alone(home),
            goal="<= 10 ms per second",
            unit="ms/s",
        ),
    ]


def _announced(home: Path, path: Path) -> tuple[list[float], float]:
    with pipe_client(home, "forkpoint") as pipe:
        params = {"processId": None, "rootUri": None, "capabilities": NAMED}
        pipe.write(_request(1, "initialize", params))
        _until(pipe, b'"id":1')
        pipe.write(frame(b'{"jsonrpc":"2.0","method":"initialized","params":{}}'))
        pipe.write(_request(2, "sessions/list", {"limit": 1}))
        _until(pipe, b'"id":2')
        _append(path)
        _until(pipe, b"sessions/changed")
        time.sleep(1)
        begun = _processor_time(pipe.pid)
        time.sleep(REST)
        idle = (_processor_time(pipe.pid) - begun) / REST * 1000
        found: list[float] = []
        for _ in range(RUNS):
            time.sleep(APART)
            started = time.perf_counter()
            _append(path)
            _until(pipe, b"sessions/changed")
            found.append((time.perf_counter() - started) * 1000)
        return found, idle


def _alone(home: Path, path: Path) -> list[float]:
    found: list[float] = []
    stop = Event()
    seen = watch(home / ".pi/agent", step=10, debounce=100, watch_filter=None, stop_event=stop, yield_on_timeout=True)
    next(seen)
    for _ in range(RUNS):
        time.sleep(APART)
        started = time.perf_counter()
        _append(path)
        while not next(seen):
            pass
        found.append((time.perf_counter() - started) * 1000)
    stop.set()
    seen.close()
    return found


def _idle_alone(home: Path) -> float:
    seen = watch(home / ".pi/agent", step=10, debounce=100, watch_filter=None, rust_timeout=250, yield_on_timeout=True)
    next(seen)
    begun, started = time.process_time(), time.monotonic()
    while time.monotonic() < started + REST:
        next(seen)
    took = (time.process_time() - begun) / REST * 1000
    seen.close()
    return took


def _append(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b'{"type":"custom","id":"zz","parentId":null,"timestamp":"2026-01-05T10:00:01.000Z","data":{}}\n')


def _request(number: int, method: str, params: object) -> bytes:
    return frame(json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params}).encode())


def _until(pipe: PipeClient, mark: bytes) -> None:
    while mark not in bytes(pipe.read_frame()[:200]):
        pass


def _processor_time(process: int) -> float:
    """The seconds of processor time that a process has used (Linux)."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
