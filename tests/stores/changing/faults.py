"""Kills a change at every system call with which it touches the disk, and looks at what is left each time.

A `FaultCase` says how the old world is made, what the change is, what the next start does and how a world is judged.
`run_faults("tests.stores.changing.cases:APPEND", tmp_path)` kills the change before its first such call, before its
second, and so on until it runs to its end, each time in a fresh world, and gives what the judgements were.

The n-th call never happens, since SIGKILL comes first; `traced.py` has how that is done.
"""

import importlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import zip_longest
from pathlib import Path
from typing import Literal

import attrs

from tests.stores.changing.traced import answer_of, traced

OTHER_DEVICE = "/dev/shm"
SHARES = 2
"""How many processes share the points of a case: each waits for the disk most of its time."""
Judgement = Literal["old", "new"]


@attrs.frozen
class World:
    """The folders of one run."""

    path: Path
    """Empty when the world is made."""
    elsewhere: Path
    """On another device, empty too."""


@attrs.frozen(kw_only=True)
class FaultCase:
    """One change, for every moment it may be killed at; each function runs in a process of its own."""

    prepare: Callable[[World], None]
    """Makes the old world."""
    act: Callable[[World], object]
    """The change, which has to succeed when nobody kills it."""
    start: Callable[[World], object]
    """What the next start does before anything else."""
    judge: Callable[[World], Judgement]
    """Says which world it is by now; raises AssertionError when it is neither, or anything is left over."""


@attrs.frozen
class Fault:
    """What came of one kill."""

    call: str
    """The call that never happened; `end` when the change ran to its end."""
    judgement: Judgement


def run_faults(case: str, folder: Path) -> list[Fault]:
    """Kill a case, given as `module:NAME`, at every point; check that old worlds come first and then new ones.

    Raises AssertionError with what the judging function said.
    """
    with ThreadPoolExecutor(SHARES) as pool:
        shares = list(pool.map(lambda share: _share(case, folder, share), range(SHARES)))
    kills = [fault for turn in zip_longest(*(share[:-1] for share in shares)) for fault in turn if fault is not None]
    faults = [*kills, shares[0][-1]]
    judgements = [fault.judgement for fault in faults]
    assert judgements == sorted(judgements, key=("old", "new").index), faults
    assert judgements[0] == "old", faults
    assert all(share[-1] == Fault("end", "new") for share in shares), shares
    return faults


def _share(case: str, folder: Path, share: int) -> list[Fault]:
    """Kill at every point of one share, in a process of its own; the last one is always the end."""
    command = [sys.executable, "-m", "tests.stores.changing.faults", case, str(folder), str(share)]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, stdin=subprocess.DEVNULL)
    assert done.returncode == 0, done.stderr
    return [Fault(**json.loads(line)) for line in done.stdout.splitlines()]


# --- the process that forks one change after the other -----------------------------------------------------------


def main(arguments: Sequence[str]) -> int:
    """Run one share of a case and write a line per fault; it has one thread, so that it may fork."""
    module, _, name = arguments[0].partition(":")
    case: FaultCase = getattr(importlib.import_module(module), name)
    point = int(arguments[2]) + 1 - SHARES
    while True:
        point += SHARES
        elsewhere = Path(tempfile.mkdtemp(prefix="forkpoint-faults-", dir=OTHER_DEVICE))
        world = World(Path(tempfile.mkdtemp(prefix=f"{point}-", dir=arguments[1])), elsewhere)
        try:
            answer_of(lambda w=world: case.prepare(w))
            call = _killed(lambda w=world: case.act(w), point, world)
            judgement = answer_of(lambda w=world: (case.start(w), case.judge(w))[1])
            if judgement is None:
                sys.stderr.write(f"killed before call {point}: {call}\n")
                return 1
        finally:
            shutil.rmtree(elsewhere)
        sys.stdout.write(json.dumps({"call": call or "end", "judgement": judgement}) + "\n")
        shutil.rmtree(world.path)
        if call is None:
            return 0


def _killed(work: Callable[[], object], point: int, world: World) -> str | None:
    """Run something and kill it before its `point`-th call; gives the call, None when it ended before."""
    killed: list[str] = []

    def at(number: int, call: str) -> bool:
        if number == point:
            killed.append(call)
        return number == point

    traced(work, (world.path, world.elsewhere), at)
    return killed[0] if killed else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
