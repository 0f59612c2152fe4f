"""Lets another program change something at every step of a change of ours, and looks at what came of both.

A `Meeting` says what our change is, what the other program does and how the outcome is judged.
`run_meetings("tests.stores.session_changes.meetings:RENAME_PI_GROWN", tmp_path)` has it happen before the first call
with which our change touches the disk, before the second, and so on until after its end, each time in a fresh world.
"""

import importlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import attrs

from forkpoint.model.failures import Failure
from forkpoint.stores.workers import CancelFlag
from tests.stores.changing.traced import answer_of, traced
from tests.stores.session_changes.small_world import SmallWorld

DONE = "done"
FOREIGN = b"said by another program"
"""What the other program writes, in every file that it writes to."""
OURS_ALONE = frozenset({"pwrite64", "fdatasync", "ftruncate"})
"""Calls that only our own database makes; what another program does in between it might as well do after them."""


@attrs.frozen(kw_only=True)
class Meeting:
    """One change and one other program; each function but `meanwhile` runs in a process of its own."""

    act: Callable[[SmallWorld, CancelFlag], object]
    meanwhile: Callable[[SmallWorld], bool]
    """What the other program does; tells whether it found anything to work on."""
    judge: Callable[[SmallWorld, str], object]
    """Raises AssertionError unless our change is whole or not there at all; told `done`, or the kind of its failure."""
    prepare: Callable[[SmallWorld], object] = lambda _: None


@attrs.frozen
class Met:
    """What came of one meeting."""

    call: str
    """The call of ours before which the other program was at work; `end` when it was after all of them."""
    answer: str


def run_meetings(meeting: str, folder: Path) -> list[Met]:
    """Let both meet at every point. Raises AssertionError with what the judging function said."""
    command = [sys.executable, "-m", "tests.stores.session_changes.interleavings", meeting, str(folder)]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, stdin=subprocess.DEVNULL)
    assert done.returncode == 0, done.stderr
    met = [Met(**json.loads(line)) for line in done.stdout.splitlines()]
    assert met[-1] == Met("end", DONE), met
    return met


def main(arguments: Sequence[str]) -> int:
    """Let one pair meet and write a line per point; it has one thread, so that it may fork."""
    module, _, name = arguments[0].partition(":")
    meeting: Meeting = getattr(importlib.import_module(module), name)
    point = 0
    while True:
        point += 1
        folder = Path(tempfile.mkdtemp(prefix=f"{point}-", dir=arguments[1]))
        answer_of(lambda f=folder: _prepare(meeting, f))
        call, answer, spoke = _meet(meeting, folder, point)
        if answer_of(lambda f=folder, a=answer, s=spoke: _judge(meeting, f, a, s)) is None:
            sys.stderr.write(f"met before call {point}: {call}, answered {answer}\n")
            return 1
        sys.stdout.write(json.dumps({"call": call, "answer": answer}) + "\n")
        shutil.rmtree(folder)
        if call == "end":
            return 0


def _meet(meeting: Meeting, folder: Path, point: int) -> tuple[str, str, bool]:
    """Give the call before which they met, what ours answered, and whether the other program did anything."""
    met: list[tuple[str, bool]] = []
    passed = 0

    def at(_: int, call: str) -> bool:
        nonlocal passed
        passed += call not in OURS_ALONE
        if passed == point and not met:
            met.append((call, meeting.meanwhile(SmallWorld(folder))))
        return False

    answer = traced(lambda: _answer(meeting, folder), (folder,), at)
    assert answer is not None
    call, spoke = met[0] if met else ("end", meeting.meanwhile(SmallWorld(folder)))
    return call, answer, spoke


def _prepare(meeting: Meeting, folder: Path) -> None:
    world = SmallWorld.made(folder)
    world.start()
    meeting.prepare(world)
    world.state.database.close()


def _answer(meeting: Meeting, folder: Path) -> str:
    world = SmallWorld(folder)
    world.start()
    try:
        meeting.act(world, CancelFlag())
    except Failure as failure:
        return failure.kind
    return DONE


def _judge(meeting: Meeting, folder: Path, answer: str, spoke: bool) -> str:
    world = SmallWorld(folder)
    world.start()
    homes = [folder / ".pi", folder / ".kimi", folder / "state" / "trash"]
    counts = [path.read_bytes().count(FOREIGN) for home in homes for path in home.rglob("*") if path.is_file()]
    assert max(counts) == (1 if spoke else 0), "what the other program wrote is lost, or there twice"
    meeting.judge(world, answer)
    world.require_tidy()
    assert all(row.problems == [] for row in world.rows().values())
    return "judged"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
