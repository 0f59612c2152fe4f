"""Changes of ours, and other programs that work on the same files."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from forkpoint.agents.writing import Cut
from forkpoint.stores.session_changes import edits, forks, new_sessions, trash_room
from forkpoint.stores.session_changes.new_sessions import Wish
from forkpoint.stores.workers import CancelFlag
from tests.agents.pi_files import line, user
from tests.stores.session_changes.interleavings import DONE, FOREIGN, Meeting
from tests.stores.session_changes.small_world import KIMI, PI, SmallWorld

Act = Callable[[SmallWorld, CancelFlag], object]
Write = Callable[[Path, bytes], object]
Meanwhile = Callable[[SmallWorld], bool]
Judge = Callable[[SmallWorld, str], None]
MOVED_ON = "sessionChangedOnDisk"


# --- what other programs do ---------------------------------------------------------------------------------------


def rewrite(path: Path, content: bytes) -> None:
    """Give a file new contents, as pi does with a file of an older version."""
    with open(path, "r+b", buffering=0) as file:
        file.truncate()
        file.write(content)


def replace(path: Path, content: bytes) -> None:
    """Put another file under a name, as Kimi and pi_agent_rust do."""
    beside = path.with_name(path.name + ".foreign")
    beside.write_bytes(content)
    os.replace(beside, path)


def add(path: Path, content: bytes) -> None:
    """Add the end of new contents to a file, as agents do with transcripts."""
    with open(path, "ab", buffering=0) as file:
        file.write(content[path.stat().st_size :])


def _pi_goes_on(write: Write) -> Meanwhile:
    def meanwhile(world: SmallWorld) -> bool:
        found = [*(world.folder / ".pi").rglob("*_a1b2.jsonl")]
        for path in found:
            write(path, path.read_bytes() + line(user("u3", "x2", FOREIGN.decode())))
        return bool(found)

    return meanwhile


def _kimi_goes_on(name: str, write: Write) -> Meanwhile:
    """Kimi writes to its log or to its context."""
    part = {"type": "text", "text": FOREIGN.decode()}
    record = {"timestamp": 1_700_000_005, "message": {"type": "ContentPart", "payload": part}}
    said: Any = record if name == "wire.jsonl" else {"role": "assistant", "content": FOREIGN.decode()}

    def meanwhile(world: SmallWorld) -> bool:
        found = [*(world.folder / ".kimi").glob(f"sessions/*/one/{name}")]
        for path in found:
            write(path, path.read_bytes() + json.dumps(said).encode() + b"\n")
        return bool(found)

    return meanwhile


def _kimi_switches(write: Write) -> Meanwhile:
    """Kimi sets a member of its own in state.json."""

    def meanwhile(world: SmallWorld) -> bool:
        found = [*(world.folder / ".kimi").glob("sessions/*/one/state.json")]
        for path in found:
            write(path, json.dumps({**json.loads(path.read_bytes()), "note": FOREIGN.decode()}).encode())
        return bool(found)

    return meanwhile


def _kimi_starts(write: Write) -> Meanwhile:
    """Kimi is started in another folder."""

    def meanwhile(world: SmallWorld) -> bool:
        path = world.folder / ".kimi" / "kimi.json"
        index = json.loads(path.read_bytes())
        entry = {"path": FOREIGN.decode(), "kaos": "local", "last_session_id": None}
        write(path, json.dumps({"work_dirs": [*index["work_dirs"], entry]}).encode())
        return True

    return meanwhile


def _somebody_takes_the_place(world: SmallWorld) -> bool:
    (group,) = (world.folder / ".kimi" / "sessions").iterdir()
    if (group / "one").exists():
        return False
    (group / "one").mkdir()
    (group / "one" / "foreign.txt").write_bytes(FOREIGN)
    return True


# --- our changes, and what must be true afterwards ----------------------------------------------------------------


def _rename(session_id: str) -> Act:
    return lambda world, flag: edits.edit(world.tools, session_id, {"title": "Named", "label": "mine"}, None, flag)


def _renamed(session_id: str) -> Judge:
    def judge(world: SmallWorld, answer: str) -> None:
        assert answer in (DONE, MOVED_ON)
        row = world.rows()[session_id]
        named = answer == DONE
        assert (row.title == "Named", row.label == "mine") == (named, named), (answer, row)

    return judge


def _create(world: SmallWorld, flag: CancelFlag) -> None:
    kimi = next(each for each in world.store.adapters if each.info.id == "kimi")
    new_sessions.create(world.tools, Wish(adapter=kimi, work_dir=str(world.folder), title="New"), flag)


def _fork(session_id: str) -> Act:
    return lambda world, flag: forks.fork(world.tools, session_id, Cut(turn=1), None, flag)


def _appeared(turns: int, work_dir: Callable[[SmallWorld], str] = lambda _: "/w") -> Judge:
    def judge(world: SmallWorld, answer: str) -> None:
        assert answer in (DONE, MOVED_ON)
        new = [row for name, row in world.rows().items() if name not in (KIMI, PI)]
        assert [row.turn_count for row in new] == ([turns] if answer == DONE else []), answer
        assert all(row.agent == "pi" or work_dir(world) in world.kimi_index() for row in new)

    return judge


def _delete(session_id: str) -> Act:
    return lambda world, flag: trash_room.delete(
        world.tools, session_id, permanently=False, force=True, kept_days=30, flag=flag
    )


def _deleted(session_id: str) -> Judge:
    def judge(world: SmallWorld, answer: str) -> None:
        assert answer in (DONE, MOVED_ON)
        trashed = trash_room.listed(world.tools)
        assert (session_id in world.rows(), len(trashed)) == ((False, 1) if answer == DONE else (True, 0)), answer
        for each in trashed:
            trash_room.restore(world.tools, each.manifest.label.trash_id, CancelFlag())
        assert session_id in world.rows()

    return judge


def _bring_back(world: SmallWorld, flag: CancelFlag) -> None:
    (trashed,) = trash_room.listed(world.tools)
    trash_room.restore(world.tools, trashed.manifest.label.trash_id, flag)


def _back(world: SmallWorld, answer: str) -> None:
    """It is back, or whole in the trash."""
    assert answer in (DONE, "nameTaken")
    if answer != DONE:
        (other,) = (world.folder / ".kimi").glob("sessions/*/one/foreign.txt")
        other.unlink()
        other.parent.rmdir()
        _bring_back(world, CancelFlag())
    assert world.rows()[KIMI].turn_count == 3


def _sent_away(world: SmallWorld) -> None:
    _delete(KIMI)(world, CancelFlag())


RENAME_PI_GROWN = Meeting(act=_rename(PI), meanwhile=_pi_goes_on(add), judge=_renamed(PI))
RENAME_PI_REPLACED = Meeting(act=_rename(PI), meanwhile=_pi_goes_on(replace), judge=_renamed(PI))
RENAME_PI_REWRITTEN = Meeting(act=_rename(PI), meanwhile=_pi_goes_on(rewrite), judge=_renamed(PI))
RENAME_KIMI_REPLACED = Meeting(act=_rename(KIMI), meanwhile=_kimi_switches(replace), judge=_renamed(KIMI))
RENAME_KIMI_REWRITTEN = Meeting(act=_rename(KIMI), meanwhile=_kimi_switches(rewrite), judge=_renamed(KIMI))
CREATE_INDEX_REPLACED = Meeting(
    act=_create, meanwhile=_kimi_starts(replace), judge=_appeared(0, lambda world: str(world.folder))
)
CREATE_INDEX_REWRITTEN = Meeting(
    act=_create, meanwhile=_kimi_starts(rewrite), judge=_appeared(0, lambda world: str(world.folder))
)
FORK_PI_GROWN = Meeting(act=_fork(PI), meanwhile=_pi_goes_on(add), judge=_appeared(2))
FORK_PI_REPLACED = Meeting(act=_fork(PI), meanwhile=_pi_goes_on(replace), judge=_appeared(2))
FORK_KIMI_LOG_GROWN = Meeting(act=_fork(KIMI), meanwhile=_kimi_goes_on("wire.jsonl", add), judge=_appeared(2))
FORK_KIMI_CONTEXT_GROWN = Meeting(act=_fork(KIMI), meanwhile=_kimi_goes_on("context.jsonl", add), judge=_appeared(2))
DELETE_PI_GROWN = Meeting(act=_delete(PI), meanwhile=_pi_goes_on(add), judge=_deleted(PI))
DELETE_PI_REPLACED = Meeting(act=_delete(PI), meanwhile=_pi_goes_on(replace), judge=_deleted(PI))
DELETE_KIMI_GROWN = Meeting(act=_delete(KIMI), meanwhile=_kimi_goes_on("context.jsonl", add), judge=_deleted(KIMI))
DELETE_KIMI_INDEX = Meeting(act=_delete(KIMI), meanwhile=_kimi_starts(replace), judge=_deleted(KIMI))
RESTORE_KIMI_TAKEN = Meeting(act=_bring_back, meanwhile=_somebody_takes_the_place, judge=_back, prepare=_sent_away)
