"""Changes of session files carried out plainly, and the lines of a file as a fork asks for them."""

import os
import shutil
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from forkpoint.agents.adapter import MAX_ROUNDS, Adapter, Ask, Disk, Home, Line
from forkpoint.agents.formats.pi_v3.session_files import MAIN
from forkpoint.agents.pi import ADAPTER
from forkpoint.agents.writing import (
    Append,
    Content,
    Copied,
    Creation,
    Cut,
    ForkPlan,
    Lines,
    NewFile,
    Occasion,
    Plan,
    Retire,
    Subject,
    Writer,
)
from forkpoint.model.entry_tree import path_to
from forkpoint.model.source import FileSource, Part, Stamp
from tests.agents.reading import FolderDisk, arranged, discovered, scanned

T = TypeVar("T")

NOW = 1_767_607_230_123
"""2026-01-05 10:00:30.123 UTC."""
OCCASION = Occasion(now=NOW, new_id="3f2b8c1d-9a4e-4c57-8b60-d2e1f3a4b5c6")
WORK_DIR = "/srv/app"
PROJECT = "--srv-app--"


class FileLines(Lines):
    """The lines of one file, read whole."""

    def __init__(self, adapter: Adapter, home: Path, path: Path) -> None:
        candidate = next(found for found in discovered(adapter, home).candidates if found.path == str(path))
        self.reader = adapter.reader(arranged(adapter, home, candidate))
        part = Part(MAIN, FileSource(str(path)), "shown")
        self._stored = scanned(self.reader, part, [])
        self._by_id = {line.id: number for number, (_, line, _) in enumerate(self._stored) if line.node and line.id}
        self.stamp = stamp(path)

    def __len__(self) -> int:
        return len(self._stored)

    def line(self, number: int) -> Line:
        return self._stored[number][1]

    def span(self, number: int) -> tuple[int, int]:
        place, _, raw = self._stored[number]
        return place.offset, place.offset + len(raw) + 1

    def read(self, number: int) -> bytes:
        return self._stored[number][2]

    def of_kinds(self, kinds: Collection[str], start: int = 0, end: int | None = None) -> Sequence[int]:
        return [start + at for at, (_, line, _) in enumerate(self._stored[start:end]) if line.kind in kinds]

    def path(self) -> Sequence[int]:
        return self._path

    @cached_property
    def _path(self) -> Sequence[int]:
        nodes = [number for number, (_, line, _) in enumerate(self._stored) if line.node]
        named = self.reader.leaf
        if named == "" or not nodes:
            return []
        leaf = self._by_id.get(named or "", nodes[-1])
        return path_to(leaf, [line.parent for _, line, _ in self._stored], self._by_id)

    def find(self, entry_id: str) -> int | None:
        return self._by_id.get(entry_id)

    @property
    def ids(self) -> frozenset[str]:
        """The ids of all entries."""
        return frozenset(filter(None, self._by_id))


def stamp(path: Path) -> Stamp:
    """Give the stamp of a file."""
    found = path.stat()
    return Stamp(found.st_size, found.st_mtime_ns, found.st_ino, found.st_dev)


def answer(question: Callable[[Disk], Ask | T], home: Path) -> T:
    """Let a writer ask until it answers."""
    disk = FolderDisk(home)
    for _ in range(MAX_ROUNDS + 1):
        found = question(disk)
        if not isinstance(found, Ask):
            return found
        disk.fetch(found)
    raise AssertionError(f"the writer asked more than {MAX_ROUNDS} times")


class Changes:
    """Changes sessions of one home."""

    def __init__(self, home: Path, adapter: Adapter = ADAPTER, kind: Home | None = None) -> None:
        self.folder = home.resolve()
        self.adapter = adapter
        self.home = kind or Home(path=str(self.folder))
        assert adapter.writer is not None
        self.writer: Writer = adapter.writer

    def subject(self, path: Path) -> tuple[Subject, FileLines]:
        """Give a session as the store knows it."""
        lines = FileLines(self.adapter, self.folder, path)
        candidate = next(found for found in discovered(self.adapter, self.folder).candidates if found.path == str(path))
        leaf = lines.line(lines.path()[-1]).id if lines.path() else None
        arrangement = arranged(self.adapter, self.folder, candidate)
        subject = Subject(
            session_id=f"pi:{candidate.native_id}",
            home=self.home,
            candidate=candidate,
            arrangement=arrangement,
            leaf=leaf,
            taken_ids=lines.ids,
        )
        return subject, lines

    def create(self, occasion: Occasion = OCCASION, *, work_dir: str = WORK_DIR, **wanted: Any) -> Path:
        """Create a session and give its file."""
        creation = Creation(work_dir=work_dir, **wanted)
        plan = answer(lambda disk: self.writer.create(self.home, creation, occasion, disk), self.folder)
        return carry_out(plan)

    def plan_update(self, path: Path, changes: Mapping[Any, Any], occasion: Occasion = OCCASION) -> Plan | None:
        """Plan a change of fields."""
        subject, _ = self.subject(path)
        return answer(lambda disk: self.writer.update(subject, changes, occasion, disk), self.folder)

    def update(self, path: Path, occasion: Occasion = OCCASION, **changes: Any) -> bytes:
        """Change fields and give what was appended."""
        plan = self.plan_update(path, changes, occasion)
        if plan is None:
            return b""
        carry_out(plan)
        assert isinstance(plan.step, Append)
        return plan.step.lines

    def plan_fork(self, path: Path, cut: Cut, occasion: Occasion = OCCASION, **wanted: Any) -> ForkPlan:
        """Plan a fork."""
        subject, lines = self.subject(path)
        creation = Creation(**{"work_dir": subject.candidate.work_dir or WORK_DIR, **wanted})
        given = {MAIN: lines}
        return answer(lambda disk: self.writer.fork(subject, cut, creation, occasion, given, disk), self.folder)

    def fork(self, path: Path, cut: Cut | None = None, occasion: Occasion = OCCASION, **wanted: Any) -> Path:
        """Fork a session and give the new file."""
        return carry_out(self.plan_fork(path, cut or Cut(), occasion, **wanted).plan)

    def plan_removal(self, path: Path) -> Plan:
        """Plan to take a session away."""
        subject, _ = self.subject(path)
        return answer(lambda disk: self.writer.delete(subject, disk), self.folder)


def carry_out(plan: Plan) -> Path:
    """Do what a plan says, without any of the care that the store takes; gives the session's file."""
    assert not plan.before and not plan.after
    step = plan.step
    if isinstance(step, NewFile):
        os.makedirs(os.path.dirname(step.path), exist_ok=True)
        with open(step.path, "xb") as file:
            file.write(content_of(step.content))
    elif isinstance(step, Append):
        assert stamp(Path(step.path)) == step.was
        with open(step.path, "r+b") as file:
            torn = file.read()[-1:] not in (b"\n", b"")
            file.write((b"\n" if torn else b"") + step.lines)
    else:
        assert isinstance(step, Retire)
        for path in step.paths:
            shutil.rmtree(path) if os.path.isdir(path) else os.remove(path)
    return Path(plan.path)


def content_of(content: Content) -> bytes:
    """Give the bytes that a content stands for."""
    return b"".join(piece if isinstance(piece, bytes) else _range(piece) for piece in content)


def _range(piece: Copied) -> bytes:
    with open(piece.path, "rb") as file:
        file.seek(piece.start)
        data = file.read(piece.end - piece.start)
    assert len(data) == piece.end - piece.start > 0
    return data
