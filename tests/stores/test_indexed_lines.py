"""Lines as a fork asks for them, over indexes that grow meanwhile."""

from pathlib import Path

import pytest

from forkpoint.stores.session_changes.subjects import opened_subject
from forkpoint.stores.session_store import SessionStore
from forkpoint.stores.session_walk import Located
from forkpoint.stores.workers import CancelFlag
from tests.agents.pi_files import assistant, header, line, user, write
from tests.stores.session_changes.small_world import KIMI, SmallWorld

FLAG = CancelFlag()


def _located(store: SessionStore, session_id: str) -> Located:
    return store.finder.locate(session_id, FLAG)[0]


def _pi(folder: Path, *, torn: bytes = b"") -> tuple[SmallWorld, Path, bytes]:
    path = folder / ".pi" / "--w--" / "s.jsonl"
    rows = [header(id="s", cwd="/w"), user("u1", None, "a"), assistant("x1", "u1", "b"), user("u2", "x1", "c")]
    write(path, *rows, assistant("x3", "x1", "d"))
    with path.open("ab") as file:
        file.write(torn)
    return SmallWorld(folder), path, path.read_bytes()


def test_lines_are_those_of_the_file(tmp_path: Path) -> None:
    world, path, stored = _pi(tmp_path)
    with opened_subject(world.store, _located(world.store, "pi:s"), FLAG) as subject:
        lines = subject.lines["main"]
        assert [lines.read(number) for number in range(len(lines))] == stored.splitlines()
        assert b"".join(stored[slice(*lines.span(number))] for number in range(len(lines))) == stored
        assert lines.stamp.size == path.stat().st_size
        assert lines.path() == [1, 2, 4]
        assert [lines.find(name) for name in ("u2", "x3", "nobody")] == [3, 4, None]
        assert lines.of_kinds(("session",)) == [0]
        kinds = [lines.line(number).kind for number in range(len(lines))]
        for start in range(len(lines) + 1):
            for end in (None, *range(len(lines) + 2)):
                wanted = [number for number, kind in enumerate(kinds) if kind == kinds[1] and start <= number]
                assert lines.of_kinds({kinds[1]}, start, end) == [
                    number for number in wanted if end is None or number < end
                ]
        with pytest.raises(IndexError):
            lines.line(len(lines))
        about = subject.with_leaf()
        assert (about.leaf, set(about.taken_ids)) == ("x3", {"u1", "x1", "u2", "x3"})


def test_a_torn_last_line_ends_where_the_file_does(tmp_path: Path) -> None:
    world, _, stored = _pi(tmp_path, torn=b'{"type":"mess')
    with opened_subject(world.store, _located(world.store, "pi:s"), FLAG) as subject:
        lines = subject.lines["main"]
        assert lines.span(5) == (len(stored) - 13, len(stored))
        assert lines.read(5) == b'{"type":"mess'


def test_what_the_file_gains_meanwhile_is_no_line_of_it(tmp_path: Path) -> None:
    world, path, _ = _pi(tmp_path)
    located = _located(world.store, "pi:s")
    with opened_subject(world.store, located, FLAG) as subject:
        first = subject.lines["main"]
        with path.open("ab") as file:
            file.write(line(user("u9", "x3", "late")))
        with opened_subject(world.store, located, FLAG) as later:
            assert len(later.lines["main"]) == len(first) + 1
        assert (len(first), first.path(), first.find("u9")) == (5, [1, 2, 4], None)
        assert first.of_kinds((first.line(1).kind,), 3) == [3]


def test_a_context_is_scanned_when_it_is_asked_for(tmp_path: Path) -> None:
    world = SmallWorld.made(tmp_path)
    located = _located(world.store, KIMI)
    folder = Path(located.candidate.path)
    with opened_subject(world.store, located, FLAG) as subject:
        assert set(subject.lines) == {"wire", "context"}
        assert "nobody" not in subject.lines
        context = subject.lines["context"]
        assert [context.line(number).kind for number in range(len(context))] == ["user", "assistant"] * 3
        assert subject.plain().leaf is None
    (folder / "context.jsonl").unlink()
    (folder / "context.jsonl").symlink_to("/etc/passwd")
    with opened_subject(world.store, located, FLAG) as subject:
        assert set(subject.lines) == {"wire"}
