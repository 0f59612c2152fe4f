"""One run of a program that is stopped with all its children when it takes too long, says too much or is not wanted."""

import os
import selectors
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress

import anyio
import anyio.to_thread
import attrs

from forkpoint.model.failures import NotSupported, TimedOut, TooLarge
from forkpoint.stores.workers import CancelFlag

PROGRAMS_AT_ONCE = 8
"""Programs of one runner that may run side by side; the others wait, and delay no other work."""
COMPLAINT_LIMIT = 4096
"""How much of what a program says on stderr is kept, in bytes."""
CHUNK = 256 * 1024
"""Bytes taken at once; more than a pipe holds."""
LOOK_EVERY_S = 0.05
"""How often a run looks whether anyone still waits for it, in seconds."""


@attrs.frozen
class Finished:
    """How a program ended."""

    code: int
    """The exit code; negative for the signal that ended it."""
    output: bytes
    complaint: str
    """The first line of stderr, without a final full stop or newline."""


def find_git() -> str | None:
    """Give the absolute path of the `git` program; folders that PATH names relative to the current one do not count."""
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
        path = os.path.join(folder, "git")
        if os.path.isabs(folder) and os.path.isfile(path) and os.access(path, os.X_OK):
            return path
    return None


class GitRunner:
    """Runs one program, named by its absolute path, in worker threads of its own."""

    def __init__(self, program: str) -> None:
        self.program = program
        self._lane = anyio.CapacityLimiter(PROGRAMS_AT_ONCE)

    async def run(
        self,
        arguments: Sequence[bytes],
        environment: Mapping[bytes, bytes],
        *,
        timeout_ms: int,
        limit: int,
        what: str,
    ) -> Finished:
        """Run the program to its end, in a process group of its own, with nothing to read.

        `limit` is the most it may print, in bytes; `what` names the run in a failure. Raises TimedOut and TooLarge;
        then, and when the waiting task is cancelled, the whole group is killed.
        """
        flag = CancelFlag()

        def work() -> Finished:
            return _run([os.fsencode(self.program), *arguments], environment, timeout_ms, limit, what, flag)

        try:
            return await anyio.to_thread.run_sync(work, abandon_on_cancel=True, limiter=self._lane)
        finally:
            flag.set()


def _run(
    command: Sequence[bytes],
    environment: Mapping[bytes, bytes],
    timeout_ms: int,
    limit: int,
    what: str,
    flag: CancelFlag,
) -> Finished:
    deadline = time.monotonic() + timeout_ms / 1000
    flag.check()
    with _start(command, environment) as child:
        try:
            output, complaint = _collect(child, deadline, limit, what, flag)
            _wait(child, deadline, flag)
        except TimeoutError:
            raise TimedOut(what=what, after_ms=timeout_ms) from None
        finally:
            _kill_group(child)
    return Finished(child.returncode, output, _first_line(complaint))


def _start(command: Sequence[bytes], environment: Mapping[bytes, bytes]) -> "subprocess.Popen[bytes]":
    try:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
            cwd=os.sep,
            bufsize=0,
            start_new_session=True,
        )
    except OSError as problem:
        reason = f"{os.fsdecode(command[0])} does not start: {problem.strerror}"
        raise NotSupported(capability="git", reason=reason) from problem


def _collect(
    child: "subprocess.Popen[bytes]", deadline: float, limit: int, what: str, flag: CancelFlag
) -> tuple[bytes, bytes]:
    """Read both pipes to their ends, which come when the program and all that hold its pipes have ended."""
    assert child.stdout is not None and child.stderr is not None
    output, complaint = bytearray(), bytearray()
    with selectors.DefaultSelector() as pipes:
        pipes.register(child.stdout, selectors.EVENT_READ, output)
        pipes.register(child.stderr, selectors.EVENT_READ, complaint)
        while pipes.get_map():
            flag.check()
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            for key, _ in pipes.select(min(left, LOOK_EVERY_S)):
                chunk = os.read(key.fd, CHUNK)
                if not chunk:
                    pipes.unregister(key.fileobj)
                elif key.data is output:
                    output += chunk
                elif len(complaint) < COMPLAINT_LIMIT:
                    complaint += chunk[: COMPLAINT_LIMIT - len(complaint)]
            if len(output) > limit:
                raise TooLarge(what=what, size=len(output), limit=limit)
    return bytes(output), bytes(complaint)


def _wait(child: "subprocess.Popen[bytes]", deadline: float, flag: CancelFlag) -> None:
    """Wait for the end of a program that has closed its pipes: for git a matter of microseconds."""
    pause = 0.00005
    while child.poll() is None:
        flag.check()
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(pause)
        pause = min(pause * 2, LOOK_EVERY_S)


def _kill_group(child: "subprocess.Popen[bytes]") -> None:
    """End a program that still runs, with its children; the number of one that was waited for may be another's."""
    if child.returncode is None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)


def _first_line(complaint: bytes) -> str:
    lines = complaint.decode(errors="replace").strip().splitlines()
    return lines[0].rstrip(".") if lines else ""
