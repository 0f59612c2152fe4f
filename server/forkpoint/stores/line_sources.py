"""Lines of a part, whatever it is kept in: scanned in one pass forwards, read one by one, or backwards from the end.

Never mapped into memory: another process that shortens a mapped file would end this one.
"""

import os
from collections.abc import Callable, Iterator
from typing import Protocol

from forkpoint.model.failures import Unreadable
from forkpoint.model.source import FileSource, Part, QuerySource, Stamp
from forkpoint.stores.database import Database
from forkpoint.stores.disk import HomeFolder, stamp_of
from forkpoint.stores.workers import CancelFlag

CHUNK = 1 << 20
"""Bytes read at once (1 MiB)."""
MAX_LINE = 100 << 20
"""The longest line that is read, in bytes (100 MiB); a longer one is skipped and named."""
TAIL_CHUNK = 64 << 10
"""The first piece read from the end of a file, in bytes (64 KiB); it doubles."""

READ_AHEAD = 256 << 10
"""How much is read at once when lines are wanted one after the other, in bytes (256 KiB)."""

TakeLine = Callable[[bytes | bytearray, int, int, int, bool], None]
"""Called with a buffer, the start and end of a line in it, its offset in the source, and whether it was ended."""
ReadLine = Callable[[int, int], bytes]
"""Gives the bytes of a line by its offset and length."""


class LineSource(Protocol):
    """An open source of lines. Offsets are bytes of a file, or keys of rows."""

    stamp: Stamp

    def scan(self, start: int, end: int | None, take: TakeLine, flag: CancelFlag) -> list[int]:
        """Hand over every line of a half-open range; give the offsets of lines that were too long."""
        ...

    def read(self, offset: int, length: int) -> bytes:
        """Give the bytes of one line."""
        ...

    def in_order(self) -> ReadLine:
        """Give a way to read lines that is quick when they are asked for one after the other."""
        ...

    def backwards(self, start: int, end: int | None) -> Iterator[tuple[int, bytes, bool]]:
        """Give offset, bytes and whether it was ended, of lines from the last to the first."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...


def open_source(home: HomeFolder, part: Part) -> LineSource:
    """Open the source of a part. Raises FileNotFound, PathRefused, Unreadable."""
    if isinstance(part.source, FileSource):
        return FileLines(home.open(part.source.path), part.source.path)
    return QueryLines(home, part.source)


class FileLines:
    """A file of lines that end in a line feed; nothing else separates lines."""

    def __init__(self, descriptor: int, path: str) -> None:
        self._descriptor = descriptor
        self._path = path
        self.stamp = stamp_of(os.fstat(descriptor))

    def close(self) -> None:
        os.close(self._descriptor)

    def read(self, offset: int, length: int) -> bytes:
        try:
            return os.pread(self._descriptor, length, offset)
        except OSError as problem:
            raise Unreadable(path=self._path, reason=problem.strerror or str(problem)) from problem

    def in_order(self) -> ReadLine:
        held, begin, stop = b"", 0, 0

        def read(offset: int, length: int) -> bytes:
            nonlocal held, begin, stop
            if offset < begin or offset + length > stop:
                held, begin = self.read(offset, max(length, READ_AHEAD)), offset
                stop = begin + len(held)
            return held[offset - begin : offset - begin + length]

        return read

    def scan(self, start: int, end: int | None, take: TakeLine, flag: CancelFlag) -> list[int]:
        stop = self.stamp.size if end is None else min(end, self.stamp.size)
        buffer = bytearray(CHUNK)
        base, held, too_long = start, 0, list[int]()
        skipping = False
        while base + held < stop:
            flag.check()
            if held == len(buffer):
                if held >= MAX_LINE:
                    skipping, base, held = True, base + held, 0
                    too_long.append(base - len(buffer))
                buffer = self._grown(buffer, held)
            got = self._fill(buffer, held, base, stop)
            if got == 0:
                break
            filled = held + got
            used = 0
            if skipping:
                used = buffer.find(b"\n", 0, filled) + 1
                if used == 0:
                    base, held = base + filled, 0
                    continue
                skipping = False
            used = _hand_over(buffer, used, held, filled, base, take)
            held = filled - used
            if used and held:
                buffer[:held] = buffer[used:filled]
            base += used
        if held and not skipping:
            take(buffer, 0, held, base, False)
        return too_long

    def _grown(self, buffer: bytearray, held: int) -> bytearray:
        larger = bytearray(min(MAX_LINE, 2 * len(buffer)) if held else CHUNK)
        larger[:held] = buffer[:held]
        return larger

    def _fill(self, buffer: bytearray, held: int, base: int, stop: int) -> int:
        room = min(len(buffer) - held, stop - base - held)
        try:
            return os.preadv(self._descriptor, [memoryview(buffer)[held : held + room]], base + held)
        except OSError as problem:
            raise Unreadable(path=self._path, reason=problem.strerror or str(problem)) from problem

    def backwards(self, start: int, end: int | None) -> Iterator[tuple[int, bytes, bool]]:
        stop = self.stamp.size if end is None else min(end, self.stamp.size)
        top, held, size = stop, b"", TAIL_CHUNK
        ended = False
        while top > start:
            step = min(size, top - start)
            top -= step
            held = self.read(top, step) + held
            size = min(2 * size, CHUNK)
            cut = len(held)
            while (feed := held.rfind(b"\n", 0, cut)) >= 0:
                if feed + 1 < cut or ended:
                    yield top + feed + 1, held[feed + 1 : cut], ended
                cut, ended = feed, True
            held = held[:cut]
        if held or ended:
            yield start, held, ended


def _hand_over(buffer: bytearray, used: int, held: int, filled: int, base: int, take: TakeLine) -> int:
    find = buffer.find
    feed = find(b"\n", max(used, held), filled)
    while feed >= 0:
        take(buffer, used, feed, base + used, True)
        used = feed + 1
        feed = find(b"\n", used, filled)
    return used


class QueryLines:
    """The rows of a query as lines, their keys as offsets."""

    def __init__(self, home: HomeFolder, source: QuerySource) -> None:
        descriptor = home.open(source.path)
        try:
            self.stamp = stamp_of(os.fstat(descriptor))
        finally:
            os.close(descriptor)
        self._source = source
        self._database = Database(source.path)

    def close(self) -> None:
        self._database.close()

    def scan(self, start: int, end: int | None, take: TakeLine, flag: CancelFlag) -> list[int]:
        for key, body in self._database.rows(self._source, start, end):
            flag.check()
            take(body, 0, len(body), key, True)
        return []

    def read(self, offset: int, length: int) -> bytes:
        return next((body for _, body in self._database.rows(self._source, offset, offset + 1)), b"")

    def in_order(self) -> ReadLine:
        return self.read

    def backwards(self, start: int, end: int | None) -> Iterator[tuple[int, bytes, bool]]:
        for key, body in reversed(list(self._database.rows(self._source, start, end))):
            yield key, body, True
