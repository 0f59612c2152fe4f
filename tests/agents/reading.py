"""A session read by an adapter alone, over a real folder: a second opinion beside the stores.

It reads whole files, keeps nothing, and folds every block with a fold of its own.
"""

import os
import stat
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import attrs

from forkpoint.agents.adapter import (
    MAX_ROUNDS,
    Adapter,
    Arrangement,
    Ask,
    Candidate,
    DirEntry,
    Discovery,
    Disk,
    Home,
    Line,
    Peek,
    Place,
    Reader,
    Summary,
)
from forkpoint.model.entry import Entry
from forkpoint.model.entry_tree import path_to
from forkpoint.model.problem import Problem
from forkpoint.model.source import SHOWN, FileSource, Part, QuerySource, Stamp

T = TypeVar("T")

Stored = tuple[Place, Line, bytes]
"""A stored line, where it lies and what it is."""


class FolderDisk(Disk):
    """What an adapter asked to see of a real folder."""

    def __init__(self, home: Path) -> None:
        self._home = str(home)
        self._rounds = 0
        self._folders: dict[str, list[DirEntry]] = {}
        self._stamps: dict[str, Stamp] = {}
        self._texts: dict[str, bytes] = {}
        self._peeked: dict[str, Any] = {}
        self._problems: list[Problem] = []

    @property
    def rounds(self) -> int:
        return self._rounds

    def folder(self, path: str) -> Sequence[DirEntry] | None:
        return self._folders.get(path)

    def stamp(self, path: str) -> Stamp | None:
        return self._stamps.get(path)

    def text(self, path: str) -> bytes | None:
        return self._texts.get(path)

    def peeked(self, path: str) -> Any:
        return self._peeked.get(path)

    def rows(self, query: QuerySource) -> Sequence[tuple[int, bytes]] | None:
        return None

    def problems(self) -> Sequence[Problem]:
        return self._problems

    def fetch(self, ask: Ask) -> None:
        """Read what was asked for."""
        assert not ask.queries
        self._rounds += 1
        for path in filter(os.path.isdir, ask.folders):
            names = sorted(os.listdir(path))
            self._folders[path] = [DirEntry(name, self._kind(os.path.join(path, name))) for name in names]
        for path in ask.stamps:
            self._look(path)
        for folder, relative in ask.inner:
            path = os.path.join(folder, relative)
            if os.path.realpath(path) == os.path.join(os.path.realpath(folder), relative):
                self._look(path)
        for path in ask.texts:
            if self._look(path):
                self._texts[path] = Path(path).read_bytes()
        for peek in ask.peeks:
            if self._look(peek.path):
                self._peeked[peek.path] = self._peek(peek, Path(peek.path).read_bytes())

    def _peek(self, peek: Peek, data: bytes) -> Any:
        answer: Any = peek
        while isinstance(answer, Peek):
            tail = data[max(0, len(data) - answer.tail) :]
            answer = answer.read(data[: answer.head], tail, self._stamps[peek.path])
        return answer

    def _inside(self, path: str) -> bool:
        return os.path.realpath(path).startswith(self._home + os.sep)

    def _kind(self, path: str) -> Any:
        if not self._inside(path):
            return "other"
        return "folder" if os.path.isdir(path) else "file" if os.path.isfile(path) else "other"

    def _look(self, path: str) -> bool:
        """Note the stamp of a regular file; anything else that is there is a problem."""
        if not os.path.lexists(path):
            return False
        if not self._inside(path):
            self._problems.append(Problem(kind="linkLeavesStore", reason="", path=path))
            return False
        found = os.stat(path)
        if not stat.S_ISREG(found.st_mode):
            self._problems.append(Problem(kind="notRegular", reason="", path=path))
            return False
        self._stamps[path] = Stamp(found.st_size, found.st_mtime_ns, found.st_ino, found.st_dev)
        return True


def _answer(question: Callable[[Disk], Ask | T], disk: FolderDisk) -> T:
    for _ in range(MAX_ROUNDS + 1):
        answer = question(disk)
        if not isinstance(answer, Ask):
            return answer
        disk.fetch(answer)
    raise AssertionError(f"the adapter asked more than {MAX_ROUNDS} times")


def discovered(adapter: Adapter, home: Path, known_folders: Sequence[str] = ()) -> Discovery:
    """Find the sessions of a home."""
    root, disk = home.resolve(), FolderDisk(home.resolve())
    discovery = _answer(lambda seen: adapter.discover(Home(path=str(root)), seen, known_folders), disk)
    return attrs.evolve(discovery, problems=[*disk.problems(), *discovery.problems])


def arranged(adapter: Adapter, home: Path, candidate: Candidate) -> Arrangement:
    """Lay out one session."""
    disk = FolderDisk(home.resolve())
    arrangement = _answer(lambda seen: adapter.arrange(candidate, seen), disk)
    return attrs.evolve(arrangement, problems=[*disk.problems(), *arrangement.problems])


@attrs.frozen(kw_only=True)
class SessionReading:
    """All there is to one session."""

    candidate: Candidate
    arrangement: Arrangement
    lines: list[Stored]
    """The lines on the current path."""
    entries: list[Entry]
    turns: list[tuple[str, int | None]]
    """Text and time of each turn."""
    summary: Summary
    problems: list[Problem]
    """Those of the layout and those of the lines."""


def read_all(adapter: Adapter, home: Path, known_folders: Sequence[str] = ()) -> dict[str, SessionReading]:
    """Read every session of a home, by native id."""
    found = discovered(adapter, home, known_folders).candidates
    return {candidate.native_id: read_session(adapter, home, candidate) for candidate in found}


def read_session(adapter: Adapter, home: Path, candidate: Candidate) -> SessionReading:
    """Read one session whole."""
    arrangement = arranged(adapter, home, candidate)
    reader, digest = adapter.reader(arrangement), adapter.reader(arrangement).digest()
    stored: list[Stored] = []
    problems = list(arrangement.problems)
    for part in arrangement.parts:
        if part.role == SHOWN:
            stored += scanned(reader, part, problems)
    for _, line, raw in stored:
        digest.feed(line, raw, 0, len(raw))
    path = _path(reader, [line for _, line, _ in stored])
    lines = [stored[ordinal] for ordinal in path]
    return SessionReading(
        candidate=candidate,
        arrangement=arrangement,
        lines=lines,
        entries=[entry for block in blocks_of(lines) for entry in folded(reader, block)],
        turns=[reader.turn_text(line, raw) for _, line, raw in lines if line.turn],
        summary=digest.summary(path),
        problems=problems,
    )


def scanned(reader: Reader, part: Part, problems: list[Problem], *, thorough: bool = True) -> list[Stored]:
    """Class every line of a part."""
    assert isinstance(part.source, FileSource)
    data = Path(part.source.path).read_bytes()[part.start : part.end]
    found: list[Stored] = []
    offset = part.start
    for number, raw in enumerate(data.removesuffix(b"\n").split(b"\n") if data else (), 1):
        line = reader.classify(part, raw, 0, len(raw), thorough=thorough)
        found.append((Place(part.name, offset, part.source.path, number), line, raw))
        if line.problem is not None:
            problem = Problem(kind=line.problem, reason=line.reason, path=part.source.path, line=number)
            problems.append(attrs.evolve(problem, byte_offset=offset))
        offset += len(raw) + 1
    return found


def _path(reader: Reader, lines: Sequence[Line]) -> list[int]:
    nodes = [ordinal for ordinal, line in enumerate(lines) if line.node]
    if reader.shape == "linear" or not nodes or reader.leaf == "":
        return nodes if reader.shape == "linear" else []
    by_id = {line.id: ordinal for ordinal, line in enumerate(lines) if line.node and line.id is not None}
    return path_to(by_id.get(reader.leaf or "", nodes[-1]), [line.parent for line in lines], by_id)


def blocks_of(lines: Sequence[Stored]) -> list[list[Stored]]:
    """Cut lines into blocks that fold alone."""
    blocks: list[list[Stored]] = []
    for item in lines:
        if item[1].starts or not blocks:
            blocks.append([])
        blocks[-1].append(item)
    return blocks


def folded(reader: Reader, lines: Sequence[Stored], *, save_after: int | None = None) -> list[Entry]:
    """Fold lines with one fold, or with a second one that goes on from what the first saved."""
    entries: dict[str, Entry] = {}
    fold = reader.fold()
    for number, (place, line, raw) in enumerate(lines):
        if number == save_after:
            fold = reader.fold(fold.save())
        for change in fold.feed(place, line, raw):
            _apply(entries, change.action, change.entry)
    for change in fold.finish():
        _apply(entries, change.action, change.entry)
    return list(entries.values())


def _apply(entries: dict[str, Entry], action: str, entry: Entry) -> None:
    assert (entry.entry_id in entries) == (action != "add"), f"{action} of {entry.entry_id}"
    if action == "hide":
        del entries[entry.entry_id]
    else:
        entries[entry.entry_id] = entry
