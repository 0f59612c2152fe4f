"""A small home of Kimi CLI, asked for plans, and a plain way to carry them out."""

import os
import shutil
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any, TypeVar

import attrs

from forkpoint.agents.adapter import MAX_ROUNDS, Ask, Disk, Home, Line
from forkpoint.agents.kimi import ADAPTER
from forkpoint.agents.kimi.writing.writer import KimiWriter
from forkpoint.agents.writing import (
    Content,
    Copied,
    Creation,
    Cut,
    ForkPlan,
    NewFile,
    NewFolder,
    Occasion,
    Plan,
    Replace,
    Retire,
    Subject,
)
from forkpoint.model.source import CONTEXT, SHOWN, FileSource, Part, Stamp
from tests.agents.kimi_logs import WORK_DIR
from tests.agents.reading import FolderDisk, arranged, discovered

T = TypeVar("T")

NEW = "11111111-2222-4333-8444-555555555555"
NOW = 1_790_000_123_250
OCCASION = Occasion(now=NOW, new_id=NEW)
WRITER = KimiWriter()


class FileLines:
    """The lines of a part, read whole."""

    def __init__(self, part: Part, classify: Callable[..., Line]) -> None:
        assert isinstance(part.source, FileSource)
        self.part = part
        data = Path(part.source.path).read_bytes()
        found = os.stat(part.source.path)
        self.stamp = Stamp(found.st_size, found.st_mtime_ns, found.st_ino, found.st_dev)
        self._rows = data.splitlines(keepends=True) if b"\r" not in data else _split(data)
        self._starts = [0]
        for row in self._rows:
            self._starts.append(self._starts[-1] + len(row))
        self._lines = [classify(part, raw, 0, len(raw), thorough=False) for raw in map(_bare, self._rows)]
        self.reads = 0

    def __len__(self) -> int:
        return len(self._rows)

    def line(self, number: int) -> Line:
        return self._lines[number]

    def span(self, number: int) -> tuple[int, int]:
        return self._starts[number], self._starts[number + 1]

    def read(self, number: int) -> bytes:
        self.reads += 1
        return _bare(self._rows[number])

    def of_kinds(self, kinds: Collection[str], start: int = 0, end: int | None = None) -> list[int]:
        return [start + at for at, line in enumerate(self._lines[start:end]) if line.kind in kinds]

    def path(self) -> list[int]:
        return [number for number, line in enumerate(self._lines) if line.node]

    def find(self, entry_id: str) -> int | None:
        name, _, offset = entry_id.rpartition("@")
        starts = self._starts[:-1]
        return starts.index(int(offset, 16)) if name == self.part.name and int(offset, 16) in starts else None


def _split(data: bytes) -> list[bytes]:
    rows = data.split(b"\n")
    return [row + b"\n" for row in rows[:-1]] + ([rows[-1]] if rows[-1] else [])


def _bare(row: bytes) -> bytes:
    return row.removesuffix(b"\n")


def answered(question: Callable[[Disk], Ask | T], share: Path) -> T:
    """Let the writer ask in rounds until it answers."""
    disk = FolderDisk(share)
    for _ in range(MAX_ROUNDS + 1):
        answer = question(disk)
        if not isinstance(answer, Ask):
            return answer
        disk.fetch(answer)
    raise AssertionError("asked too often")


def home(share: Path) -> Home:
    """The home of a share folder."""
    return Home(path=str(share))


def subject(share: Path, name: str) -> Subject:
    """A session of a share folder, as it is now."""
    found = {each.native_id: each for each in discovered(ADAPTER, share, [WORK_DIR]).candidates}
    arrangement = arranged(ADAPTER, share, found[name])
    return Subject(session_id=f"kimi:{name}", home=home(share), candidate=found[name], arrangement=arrangement)


def lines_of(about: Subject) -> dict[str, FileLines]:
    """The lines of every shown part and every context."""
    reader = ADAPTER.reader(about.arrangement)
    parts = [part for part in about.arrangement.parts if part.role in (SHOWN, CONTEXT)]
    return {part.name: FileLines(part, reader.classify) for part in parts}


def created(share: Path, **wanted: Any) -> Plan:
    """Plan a new session."""
    wish = Creation(**{"work_dir": WORK_DIR, **wanted})
    return answered(lambda disk: WRITER.create(home(share), wish, OCCASION, disk), share)


def updated(share: Path, name: str, changes: Mapping[Any, Any]) -> Plan | None:
    """Plan a change of fields."""
    about = subject(share, name)
    return answered(lambda disk: WRITER.update(about, changes, OCCASION, disk), share)


def deleted(share: Path, name: str) -> Plan:
    """Plan a deletion."""
    about = subject(share, name)
    return answered(lambda disk: WRITER.delete(about, disk), share)


def forked(share: Path, name: str, cut: Cut, title: str | None = None) -> ForkPlan:
    """Plan a fork."""
    about = subject(share, name)
    lines, wish = lines_of(about), Creation(work_dir=WORK_DIR, title=title)
    return answered(lambda disk: WRITER.fork(about, cut, wish, OCCASION, lines, disk), share)


def carry_out(plan: Plan) -> None:
    """Do what a plan says, plainly."""
    for replace in plan.before:
        _replace(replace)
    match plan.step:
        case NewFolder(path=path, files=files):
            Path(path).mkdir(parents=True)
            for file in files:
                _new_file(Path(path) / file.path, file)
        case Replace():
            _replace(plan.step)
        case Retire(paths=paths):
            for path in map(Path, paths):
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        case _:
            raise AssertionError(plan.step)
    for replace in plan.after:
        _replace(replace)


def _replace(replace: Replace) -> None:
    path = Path(replace.path)
    assert path.exists() == (replace.was is not None)
    path.write_bytes(replace.content)


def _new_file(path: Path, file: NewFile) -> None:
    path.parent.mkdir(exist_ok=True)
    with path.open("xb") as out:
        out.write(bytes_of_content(file.content))
    path.chmod(file.mode)


def bytes_of_content(content: Content) -> bytes:
    """The bytes of a new file."""
    return b"".join(
        Path(piece.path).read_bytes()[piece.start : piece.end] if isinstance(piece, Copied) else piece
        for piece in content
    )


@attrs.frozen
class Made:
    """A fork carried out."""

    plan: ForkPlan
    wire: list[bytes]
    context: list[bytes]
    folder: Path


def make_fork(share: Path, name: str, cut: Cut, title: str | None = None) -> Made:
    """Fork and read what came of it."""
    plan = forked(share, name, cut, title)
    carry_out(plan.plan)
    folder = Path(plan.plan.path)
    wire = folder / "wire.jsonl"
    shown = wire.read_bytes().splitlines() if wire.exists() else []
    return Made(plan, shown, (folder / "context.jsonl").read_bytes().splitlines(), folder)
