"""What runs below a process, by asking `ps`; nothing else on the machine is looked at."""

import contextlib
import os
import re
import signal
import subprocess
import time
from collections.abc import Sequence

import attrs

SIDECAR = re.compile(r"python\S* \S*/dist/server/start\.py")
"""The command of a Forkpoint server that the extension has started."""


@attrs.frozen
class Process:
    """One line of `ps`."""

    pid: int
    parent: int
    command: str
    """Its program and arguments, joined with blanks."""


def processes_below(pid: int) -> list[Process]:
    """Give the children of a process, theirs, and so on; empty when it is gone."""
    children: dict[int, list[Process]] = {}
    for process in _all_processes():
        children.setdefault(process.parent, []).append(process)
    found: list[Process] = []
    left = [pid]
    while left:
        below = children.get(left.pop(), [])
        found += below
        left += [process.pid for process in below]
    return found


def sidecars_below(pid: int) -> list[Process]:
    """Give the Forkpoint servers that run below a process, the oldest first."""
    servers = [process for process in processes_below(pid) if SIDECAR.search(process.command)]
    return sorted(servers, key=lambda process: process.pid)


def resident_megabytes(pid: int) -> float:
    """Give the memory that a process has resident now."""
    said = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], check=True, capture_output=True)
    return int(said.stdout) / 1024


def kill_group(process: "subprocess.Popen[bytes]", patience: float = 10.0) -> None:
    """Kill a process that leads a group, and all that runs below it, and wait until they are gone."""
    below = [child.pid for child in processes_below(process.pid)]
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for pid in below:
        # Terminals lead groups of their own.
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + patience
    while _running(below) and time.monotonic() < deadline:
        time.sleep(0.02)


def _all_processes() -> list[Process]:
    listed = subprocess.run(
        ["ps", "-A", "-ww", "-o", "pid=,ppid=,args="], check=True, capture_output=True, stdin=subprocess.DEVNULL
    )
    found: list[Process] = []
    for line in listed.stdout.decode(errors="replace").splitlines():
        pid, parent, *command = line.split(None, 2)
        found.append(Process(int(pid), int(parent), "".join(command)))
    return found


def _running(pids: Sequence[int]) -> bool:
    """Tell whether any of these runs; one that ended and that nobody has asked about yet does not."""
    listed = subprocess.run(["ps", "-o", "stat=", "-p", ",".join(map(str, pids))], capture_output=True)
    return any(not state.startswith(b"Z") for state in listed.stdout.split()) if pids else False
