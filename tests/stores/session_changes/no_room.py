"""Changes on a disk that is full, or may not be written to: what they answer, and what is left of both worlds.

`python -m tests.stores.session_changes.no_room WAY CASE FOLDER` tries a case of `cases.py` or `more_cases.py`, and
writes a line per try. The ways `disk...` and `readOnly...` mount what they need in a namespace of their own, so that
the command has to be run by `unshare -rm`; the way `limit` limits the size of files, which needs no right at all.
"""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import attrs

from forkpoint.model.failures import Failure
from tests.stores.changing.faults import FaultCase, World
from tests.stores.changing.traced import answer_of
from tests.stores.session_changes import cases, more_cases

PAGE = 4096
MOST_PAGES, STRIDE = 100, 6
DONE = "done"
SIZE = 8 << 20


class Tried(NamedTuple):
    """What came of one try."""

    room: int
    """Pages that were free, or that a file may have."""
    answer: str
    """`done`, or the kind of the failure."""
    judgement: str


@attrs.frozen
class Way:
    """A way of leaving no room. `squeeze` leaves so many pages of it while its block lasts."""

    squeeze: Callable[[Path, int], "Squeezed"]
    small: Sequence[str] = ()
    """The folders of the world that get a small file system, "" for all of it."""
    refusal: str = "noSpace"


Squeezed = Iterator[None]


@contextmanager
def _filled(folder: Path, room: int) -> Squeezed:
    """Fill the file system of a folder until so many pages are left."""
    filler = folder / "filler"
    with open(filler, "wb", buffering=0) as file:
        free = os.statvfs(folder)
        os.posix_fallocate(file.fileno(), 0, max(1, free.f_bavail * free.f_frsize - room * PAGE))
    yield
    filler.unlink()


@contextmanager
def _limited(_: Path, room: int) -> Squeezed:
    """Let no file of this process become larger than so many pages; a larger one is refused and not killed."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room * PAGE, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@contextmanager
def _read_only(folder: Path, _: int) -> Squeezed:
    _mount("-o", "remount,ro,bind", str(folder))
    yield
    _mount("-o", "remount,rw,bind", str(folder))


WAYS = {
    "disk": Way(_filled, small=[""]),
    "diskOfAgents": Way(_filled, small=[".kimi", ".pi"]),
    "diskOfState": Way(_filled, small=["state"]),
    "limit": Way(_limited),
    "readOnly": Way(_read_only, small=[""], refusal="unwritable"),
    "readOnlyAgents": Way(_read_only, small=[".kimi", ".pi"], refusal="unwritable"),
    "readOnlyState": Way(_read_only, small=["state"], refusal="unwritable"),
}


def can_mount() -> bool:
    """Whether this machine lets a process have mounts of its own."""
    command = ["unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    try:
        return subprocess.run(command, capture_output=True).returncode == 0
    except FileNotFoundError:
        return False


def tries(way: str, case: str, folder: Path) -> list[Tried]:
    """Try a case with ever more room, until it is done, and then with a little less.

    A disk that is only read is tried once.
    """
    command = [sys.executable, "-m", __name__, way, case, str(folder)]
    if WAYS[way].small:
        command = ["unshare", "-rm", *command]
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert done.returncode == 0, f"{done.stdout[-2000:]}\n{done.stderr[-6000:]}"
    return [Tried(*json.loads(line)) for line in done.stdout.splitlines()]


# --- in the namespace -----------------------------------------------------------------------------------------------


def main(way: str, case: str, folder: str) -> int:
    """Try, and hold that the old world is whole whenever the answer is not that it is done."""
    chosen, tried = WAYS[way], (vars(cases) | vars(more_cases))[case]
    rooms = [0] if chosen.refusal != "noSpace" else [*range(0, MOST_PAGES, STRIDE)]
    for room in rooms:
        one = _tell(_try(chosen, tried, Path(folder), room), chosen)
        if one.answer == DONE:
            # What needs room after the change is made is refused when there is hardly any less than enough.
            for less in range(room - 1, max(room - STRIDE, 0), -1):
                _tell(_try(chosen, tried, Path(folder), less), chosen)
            return 0
    return 0 if len(rooms) == 1 else 1


def _tell(one: Tried, way: Way) -> Tried:
    sys.stdout.write(json.dumps(one) + "\n")
    sys.stdout.flush()
    assert (one.answer, one.judgement) in ((DONE, "new"), (way.refusal, "old")), one
    return one


def _try(way: Way, case: FaultCase, top: Path, room: int) -> Tried:
    folder = top / "w"
    folder.mkdir()
    for name in way.small:
        (folder / name).mkdir(exist_ok=True)
        _mount("-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder / name))
    world = World(folder, folder)
    answer_of(lambda: case.prepare(world))
    small = [folder / name for name in way.small] or [folder]
    answer = _squeezed(way, small, room, lambda: str(answer_of(lambda: _answer(case, world))))
    left = [str(path) for path in folder.rglob(".forkpoint-*")]
    assert left == [], (left, answer)
    answer_of(lambda: case.start(world))
    judgement = str(answer_of(lambda: case.judge(world)))
    for name in way.small:
        subprocess.run(["umount", str(folder / name)], check=True)
    shutil.rmtree(folder)
    return Tried(room, answer, judgement)


def _squeezed(way: Way, small: Sequence[Path], room: int, work: Callable[[], str]) -> str:
    if not small:
        return work()
    with way.squeeze(small[0], room):
        return _squeezed(way, small[1:], room, work)


def _answer(case: FaultCase, world: World) -> str:
    try:
        case.act(world)
    except Failure as failure:
        return failure.kind
    return DONE


def _mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
