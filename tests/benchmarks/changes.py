"""Changes as they are carried out, beside the same bytes written plainly and synced, interleaved on one disk."""

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from forkpoint.agents.writing import Append, Copied, NewFile, Plan, Replace, Step
from forkpoint.model.source import Stamp
from forkpoint.stores.changing.locks import Leases
from forkpoint.stores.changing.runner import ChangeRunner
from forkpoint.stores.changing.trash import Trash
from forkpoint.stores.disk import stamp_of
from forkpoint.stores.state.own_state import OwnState
from forkpoint.stores.workers import CancelFlag
from tests.benchmarks.table import Row

BUFFER = 1 << 20
HEADER = b'{"type":"session","version":3}\n'
LINE = b'{"type":"message","text":"' + b"x" * 4000 + b'"}\n'
SMALL = b"{" + b" " * 2000 + b"}"
COPIES, SMALL_CHANGES = 11, 201


def measure() -> list[Row]:
    """Measure a new file with a long copied range, a replaced small file, and lines added to a long file."""
    with tempfile.TemporaryDirectory() as folder:
        bench = _Bench(Path(folder))
        try:
            return [
                bench.copy(100, "<= 1.3 x"),
                bench.copy(20, "<= 25 ms"),
                bench.replace(),
                bench.append(),
            ]
        finally:
            bench.close()


class _Bench:
    def __init__(self, folder: Path) -> None:
        self._home = folder / "home"
        self._home.mkdir()
        self._state = OwnState(str(folder / "state"))
        leases = Leases(str(folder / "state" / "locks"))
        trash = Trash(str(folder / "state" / "trash"), leases, self._state.staging)
        self._runner = ChangeRunner(self._state.staging, leases, trash)

    def close(self) -> None:
        self._state.database.close()

    def copy(self, megabytes: int, goal: str) -> Row:
        """A fork: a header and everything behind the old one."""
        source = self._path(f"{megabytes}.jsonl")
        _write_plainly(source, HEADER, LINE * (megabytes * 1_000_000 // len(LINE)))
        end = os.stat(source).st_size
        fork, copy = self._path("fork.jsonl"), self._path("copy.jsonl")
        step = NewFile(path=fork, content=[HEADER, Copied(source, len(HEADER), end, _stamp(source))])
        ours, floor = _interleaved(
            lambda: self._run(step), lambda: copy_plainly(source, copy), lambda: _remove(fork, copy), COPIES
        )
        return Row(f"new file with {megabytes} MB copied", ours, "plain buffered copy + fsync", floor, goal)

    def replace(self) -> Row:
        """A title: one small file."""
        index, plain = self._path("index.json"), self._path("plain.json")
        _write_plainly(index, SMALL)
        ours, floor = _interleaved(
            lambda: self._run(Replace(path=index, content=SMALL, was=_stamp(index))),
            lambda: replace_plainly(plain, SMALL),
            lambda: None,
            SMALL_CHANGES,
        )
        return Row("small file replaced", ours, "one small write + fsync + rename", floor, "<= 2 x")

    def append(self) -> Row:
        """An entry at the end of 100 MB."""
        log, plain = self._path("100.jsonl"), self._path("plain.jsonl")
        copy_plainly(log, plain)
        ours, floor = _interleaved(
            lambda: self._run(Append(path=log, lines=LINE, was=_stamp(log))),
            lambda: _append_plainly(plain, LINE),
            lambda: None,
            SMALL_CHANGES,
        )
        return Row("line added to 100 MB", ours, "write + fsync of the same bytes", floor, "<= 1.5 x")

    def _path(self, name: str) -> str:
        return str(self._home / name)

    def _run(self, step: Step) -> None:
        self._runner.run(Plan(step=step, native_id="", path=""), home=str(self._home), flag=CancelFlag())


def _interleaved(
    ours: Callable[[], None], floor: Callable[[], None], clean: Callable[[], None], rounds: int
) -> tuple[float, float]:
    """Give the medians of both in milliseconds; one round before them is not counted."""
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds + 1):
        for work, taken in zip((ours, floor), times, strict=True):
            begun = time.perf_counter()
            work()
            if number:
                taken.append((time.perf_counter() - begun) * 1000)
        clean()
    return statistics.median(times[0]), statistics.median(times[1])


def _stamp(path: str) -> Stamp:
    return stamp_of(os.stat(path))


def _remove(*paths: str) -> None:
    for path in paths:
        os.unlink(path)


def _write_plainly(path: str, *pieces: bytes) -> None:
    with open(path, "wb", buffering=0) as file:
        for piece in pieces:
            file.write(piece)
        os.fsync(file.fileno())


def copy_plainly(source: str, target: str) -> None:
    """Copy a file as one does who thinks of nothing, and sync it."""
    with open(source, "rb", buffering=0) as reading, open(target, "wb", buffering=0) as writing:
        while block := reading.read(BUFFER):
            writing.write(block)
        os.fsync(writing.fileno())


def replace_plainly(path: str, content: bytes) -> None:
    """Write a file, sync it and rename it over another."""
    _write_plainly(path + ".new", content)
    os.rename(path + ".new", path)


def _append_plainly(path: str, lines: bytes) -> None:
    with open(path, "ab", buffering=0) as file:
        file.write(lines)
        os.fsync(file.fileno())
