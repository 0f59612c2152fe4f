"""Lines are found whole, forwards and backwards, whatever the sizes of the pieces they are read in."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forkpoint.stores import line_sources
from forkpoint.stores.line_sources import FileLines
from forkpoint.stores.workers import CancelFlag, Cancelled

FoundLine = tuple[int, bytes, bool]

contents = st.lists(st.sampled_from([b"\n", b"a", b"\r\n", b"\xe2\x80\xa8", b"bc" * 9, b"d" * 70]), max_size=40).map(
    b"".join
)


def _lines_of(data: bytes) -> list[FoundLine]:
    """The truth: split on line feeds and on nothing else."""
    found: list[FoundLine] = []
    offset = 0
    pieces = data.split(b"\n")
    for number, piece in enumerate(pieces):
        if number < len(pieces) - 1 or piece:
            found.append((offset, piece, number < len(pieces) - 1))
        offset += len(piece) + 1
    return found


def _opened(path: Path) -> FileLines:
    return FileLines(os.open(path, os.O_RDONLY), str(path))


def _scanned(lines: FileLines, start: int = 0, end: int | None = None) -> tuple[list[FoundLine], list[int]]:
    found: list[FoundLine] = []

    def take(buffer: bytes | bytearray, begin: int, stop: int, offset: int, ended: bool) -> None:
        found.append((offset, bytes(buffer[begin:stop]), ended))

    return found, lines.scan(start, end, take, CancelFlag())


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=contents, chunk=st.sampled_from([1, 7, 64]), tail=st.sampled_from([1, 5, 64]))
def test_both_directions_give_every_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: bytes, chunk: int, tail: int
) -> None:
    monkeypatch.setattr(line_sources, "CHUNK", chunk)
    monkeypatch.setattr(line_sources, "TAIL_CHUNK", tail)
    path = tmp_path / "lines"
    path.write_bytes(data)
    lines = _opened(path)
    assert _scanned(lines) == (_lines_of(data), [])
    assert list(lines.backwards(0, None)) == _lines_of(data)[::-1]
    lines.close()


def test_a_range_is_half_open(tmp_path: Path) -> None:
    path = tmp_path / "lines"
    path.write_bytes(b"one\ntwo\nthree\n")
    lines = _opened(path)
    assert _scanned(lines, 4, 8) == ([(4, b"two", True)], [])
    assert list(lines.backwards(4, 8)) == [(4, b"two", True)]
    lines.close()


def test_a_line_over_the_limit_is_skipped_and_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_sources, "CHUNK", 8)
    monkeypatch.setattr(line_sources, "MAX_LINE", 32)
    path = tmp_path / "lines"
    path.write_bytes(b"before\n" + b"x" * 100 + b"\nafter\n" + b"y" * 50)
    lines = _opened(path)
    found, too_long = _scanned(lines)
    assert [line for _, line, _ in found] == [b"before", b"after"]
    assert [offset for offset, _, _ in found] == [0, 108]
    assert too_long == [7, 114]
    lines.close()


def test_a_scan_stops_when_nobody_waits(tmp_path: Path) -> None:
    path = tmp_path / "lines"
    path.write_bytes(b"a\n")
    lines, flag = _opened(path), CancelFlag()
    flag.set()
    with pytest.raises(Cancelled):
        lines.scan(0, None, lambda *_: None, flag)
    lines.close()
