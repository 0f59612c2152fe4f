"""Leases between our processes, the locks of agents, and who holds a file."""

import fcntl
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from forkpoint.agents.writing import Append, Plan
from forkpoint.model.failures import SessionBusy
from forkpoint.stores.changing.agent_locks import LockForm, agent_lock
from forkpoint.stores.changing.locks import Leases
from forkpoint.stores.changing.places import WritableHome
from forkpoint.stores.changing.processes import ProcessMark, is_running, mark_of, open_by, this_process
from forkpoint.stores.workers import CancelFlag, Cancelled
from tests.stores.changing.setting import Setting

HOLDING = """
import fcntl, os, sys
file = open(sys.argv[1], "a+")
fcntl.flock(file, fcntl.LOCK_EX)
print(os.getpid(), flush=True)
sys.stdin.read()
"""
NEVER_A_PID = 2**22 + 1
"""One more than Linux gives."""


@contextmanager
def another_process(path: Path) -> Iterator[int]:
    """Have another process hold a file open and locked; gives its id."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDING, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        yield int(process.stdout.readline())
        process.communicate()


def flag() -> CancelFlag:
    return CancelFlag()


# --- leases -------------------------------------------------------------------------------------------------------


def test_a_session_that_is_held_is_busy_and_says_by_whom(tmp_path: Path) -> None:
    leases = Leases(str(tmp_path / "locks"))
    with leases.sessions(["pi:a"], flag()):
        with pytest.raises(SessionBusy) as busy, leases.sessions(["pi:a"], flag(), patience=0.01):
            pass
        assert busy.value.holder == f"process {os.getpid()}"
        assert busy.value.what == "pi:a"
        with leases.sessions(["pi:b", "kimi:c"], flag()), leases.single("file", "pi:a", flag()):
            pass
    with leases.sessions(["pi:a"], flag(), patience=0):
        pass


def test_a_lease_is_waited_for_and_the_wait_can_be_cancelled(tmp_path: Path) -> None:
    leases = Leases(str(tmp_path / "locks"))
    cancelled, got = flag(), threading.Event()
    cancelled.set()

    def wait() -> None:
        with leases.sessions(["a"], flag(), patience=60):
            got.set()

    thread = threading.Thread(target=wait)
    with leases.sessions(["a"], flag()):
        with pytest.raises(Cancelled), leases.sessions(["a"], cancelled):
            pass
        thread.start()
        assert not got.is_set()
    thread.join()
    assert got.is_set()


def test_a_dead_process_holds_nothing(tmp_path: Path) -> None:
    leases = Leases(str(tmp_path / "locks"))
    with leases.sessions(["a"], flag()):
        pass
    (file,) = (tmp_path / "locks").iterdir()
    with another_process(file) as pid:
        with pytest.raises(SessionBusy), leases.sessions(["a"], flag(), patience=0):
            pass
        os.kill(pid, 9)
        with leases.sessions(["a"], flag(), patience=60):
            pass


def test_two_who_want_the_same_sessions_never_wait_for_each_other(tmp_path: Path) -> None:
    leases = Leases(str(tmp_path / "locks"))
    ids = [f"pi:{number}" for number in range(8)]

    def hold(order: list[str]) -> None:
        for _ in range(50):
            with leases.sessions(order, flag(), patience=60):
                pass

    threads = [threading.Thread(target=hold, args=(order,)) for order in (ids, ids[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


# --- agents' own --------------------------------------------------------------------------------------------------


@pytest.fixture
def setting(tmp_path: Path) -> Setting:
    made = Setting.of(tmp_path)
    made.write("log.jsonl", b"{}\n")
    return made


@contextmanager
def locked(setting: Setting, form: LockForm, patience: float = 0) -> Iterator[None]:
    with ExitStack() as stack:
        home = stack.enter_context(WritableHome(str(setting.home)))
        stack.enter_context(agent_lock(home.place(setting.file("log.jsonl")), form, flag(), patience=patience))
        yield


@pytest.mark.parametrize("form", ["flock", "flockIfThere"])
def test_a_transcript_that_pi_has_locked_is_busy(setting: Setting, form: LockForm) -> None:
    lock = Path(setting.file("log.jsonl.lock"))
    with another_process(lock), pytest.raises(SessionBusy), locked(setting, form):
        pass
    with locked(setting, form), open(lock) as file, pytest.raises(BlockingIOError):
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    assert lock.exists()


def test_a_lock_file_is_made_only_where_it_is_asked_for(setting: Setting) -> None:
    with locked(setting, "flockIfThere"):
        pass
    assert os.listdir(setting.home) == ["log.jsonl"]
    with locked(setting, "flock"):
        pass
    assert sorted(os.listdir(setting.home)) == ["log.jsonl", "log.jsonl.lock"]


def test_an_owner_file_says_who_and_goes(setting: Setting) -> None:
    lock = Path(setting.file("log.jsonl.lock"))
    with locked(setting, "ownerFile"):
        owner = json.loads(lock.read_text())
        assert owner["pid"] == os.getpid()
        assert owner["starttime"] == int(this_process().started)
        assert datetime.now(UTC) - datetime.fromisoformat(owner["createdAt"]) < timedelta(minutes=5)
        with pytest.raises(SessionBusy) as busy, locked(setting, "ownerFile"):
            pass
        assert busy.value.holder == f"process {os.getpid()}"
        assert lock.exists()
    assert not lock.exists()


def owner(**other: object) -> str:
    return json.dumps({"pid": os.getpid(), "createdAt": datetime.now(UTC).isoformat(), **other})


@pytest.mark.parametrize(
    "stale",
    [
        owner(pid=NEVER_A_PID),
        owner(pid=0),
        owner(pid="7"),
        owner(starttime=1),
        owner(createdAt="yesterday"),
        owner(createdAt=None),
        owner(createdAt=(datetime.now(UTC) - timedelta(minutes=31)).isoformat()),
    ],
    ids=("nobody", "nothing", "text", "later", "yesterday", "timeless", "old"),
)
def test_a_stale_owner_file_is_taken_over(setting: Setting, stale: str) -> None:
    setting.write("log.jsonl.lock", stale.encode())
    with locked(setting, "ownerFile"):
        assert json.loads(setting.files()["log.jsonl.lock"])["pid"] == os.getpid()


@pytest.mark.parametrize("content", [b"", b"[", b"[1]", b"{}"])
def test_an_unfinished_owner_file_has_five_seconds(setting: Setting, content: bytes) -> None:
    setting.write("log.jsonl.lock", content)
    with pytest.raises(SessionBusy), locked(setting, "ownerFile"):
        pass
    os.utime(setting.file("log.jsonl.lock"), (0, 0))
    with locked(setting, "ownerFile"):
        pass


def test_a_live_owner_keeps_an_appender_out(setting: Setting) -> None:
    was = setting.write("log.jsonl", b"{}\n")
    step = Append(path=setting.file("log.jsonl"), lines=b"x\n", was=was)
    plan = Plan(step=step, native_id="x", path=step.path, lock="flock")
    with another_process(Path(setting.file("log.jsonl.lock"))), pytest.raises(SessionBusy):
        setting.runner.run(plan, home=str(setting.home), flag=flag(), patience=0)
    assert setting.files()["log.jsonl"] == b"{}\n"
    setting.runner.run(plan, home=str(setting.home), flag=flag())
    assert setting.files()["log.jsonl"] == b"{}\nx\n"


# --- processes ----------------------------------------------------------------------------------------------------


def test_a_process_is_told_from_a_later_one_with_its_id() -> None:
    mark = this_process()
    assert is_running(mark)
    assert not is_running(ProcessMark(mark.pid, "1"))
    assert not is_running(ProcessMark(NEVER_A_PID, ""))
    assert is_running(mark_of(1))


def test_who_has_a_file_open(tmp_path: Path) -> None:
    file = tmp_path / "log"
    with another_process(file) as pid:
        assert open_by(str(file)) == [pid]
    assert open_by(str(file)) == []
    assert open_by(str(tmp_path / "none")) is None
