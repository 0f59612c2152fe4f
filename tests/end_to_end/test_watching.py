"""What real servers tell of changes that they and other programs make."""

import asyncio
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.agents.pi_files import assistant, header, line, user, write
from tests.end_to_end.server_process import PATIENCE, ROOT, ServerProcess
from tests.stores.small_kimi import SmallKimi

JOINS = 12
NAMED = {"experimental": {"forkpoint": {"notifications": ["sessions/changed"]}}}


def pi_session(home: Path, name: str, work_dir: Path | None = None) -> Path:
    """Write a session of pi with one turn."""
    path = home / ".pi/agent/sessions/--srv-app--" / f"2026-01-05T10-00-00-000Z_{name}.jsonl"
    more = {} if work_dir is None else {"cwd": str(work_dir)}
    return write(path, header(id=name, **more), user("u1", None, "hello"), assistant("a1", "u1", "yes"))


def append(path: Path, *values: Any) -> None:
    """Append lines as an agent does."""
    with path.open("ab") as file:
        file.write(b"".join(map(line, values)))


def told(server: ServerProcess, since: int = 0) -> list[tuple[str | None, str, str]]:
    """Give what was told of sessions so far: id, kind and reason of each change."""
    return [
        (change.get("sessionId"), change["kind"], change["reason"])
        for notice in server.notified("sessions/changed")[since:]
        for change in notice["changes"]
    ]


async def heard(server: ServerProcess, session_id: str | None, kind: str) -> None:
    """Wait until a change was told."""
    await server.until(lambda: any(change[:2] == (session_id, kind) for change in told(server)))


async def listed(server: ServerProcess) -> Any:
    return await server.request("sessions/list", {})


async def test_what_another_program_does_is_told(home: Path) -> None:
    path = pi_session(home, "s1")
    async with ServerProcess(home) as server:
        await server.initialize(capabilities=NAMED)
        await listed(server)
        append(path, user("u2", "a1", "more"))
        await heard(server, "pi:s1", "changed")
        pi_session(home, "s2")
        await heard(server, "pi:s2", "created")
        kimi = SmallKimi(home).add("k1", "/srv/app", at=1_790_000_000)
        await heard(server, "kimi:k1", "created")  # its home came after the start
        shutil.rmtree(kimi)
        await heard(server, "kimi:k1", "deleted")
        path.unlink()
        await heard(server, "pi:s1", "deleted")
        assert {reason for _, _, reason in told(server)} == {"disk"}
        assert await server.shutdown() == 0
        assert server.stderr.count(b"mistake") == 0


async def test_a_session_that_fell_quiet_is_told(home: Path) -> None:
    path = pi_session(home, "s1")
    async with ServerProcess(home) as server:
        await server.initialize(capabilities=NAMED)
        await listed(server)
        append(path, user("u2", "a1", "more"))
        await heard(server, "pi:s1", "changed")
        assert (await server.request("sessions/get", {"sessionId": "pi:s1"}))["session"]["status"] == "running"
        await server.until(lambda: ("pi:s1", "changed", "quiet") in told(server))
        assert (await server.request("sessions/get", {"sessionId": "pi:s1"}))["session"]["status"] != "running"


async def test_nothing_is_lost_between_list_and_subscribe(home: Path) -> None:
    grown, gone, same = (pi_session(home, name) for name in ("grown", "gone", "same"))
    for path in (grown, gone, same):
        os.utime(path, (1_700_000_000, 1_700_000_000))
    async with ServerProcess(home) as server:
        await server.initialize()
        revision = (await listed(server))["revision"]
        append(grown, user("u2", "a1", "more"))
        gone.unlink()
        pi_session(home, "new")
        assert (await listed(server))["items"]  # a later list does not hide it from the first
        await server.request("sessions/subscribe", {"revision": revision})
        for session_id, kind in (("pi:grown", "changed"), ("pi:gone", "deleted"), ("pi:new", "created")):
            await heard(server, session_id, kind)
        append(same, user("u2", "a1", "more"))
        await heard(server, "pi:same", "changed")


async def test_what_happens_after_unsubscribing_is_told_to_the_next_subscription(home: Path) -> None:
    path = pi_session(home, "s1")
    async with ServerProcess(home) as server:
        await server.initialize(capabilities=NAMED)
        await listed(server)
        append(path, user("u2", "a1", "more"))
        await heard(server, "pi:s1", "changed")
        assert await server.request("sessions/unsubscribe", {}) == {"subscribed": False}
        revision = (await listed(server))["revision"]
        pi_session(home, "s2")
        await listed(server)
        assert ("pi:s2", "created", "disk") not in told(server)
        await server.request("sessions/subscribe", {"revision": revision})
        await heard(server, "pi:s2", "created")


async def test_a_position_of_another_server_tells_to_list_again(home: Path) -> None:
    async with ServerProcess(home) as server:
        await server.initialize()
        await server.request("sessions/subscribe", {"revision": "0badcafe.3"})
        await heard(server, None, "everything")


async def test_nobody_watches_when_nobody_asked(home: Path) -> None:
    pi_session(home, "s1")
    async with ServerProcess(home) as server:
        await server.initialize()
        await listed(server)
        assert not watches(server)
        await server.request("sessions/subscribe", {})
        await eventually(lambda: watches(server))
        await server.request("sessions/unsubscribe", {})
        assert not watches(server)


def watches(server: ServerProcess) -> bool:
    """Whether the server has asked the system for notices (Linux)."""
    descriptors = Path(f"/proc/{server.pid}/fd")
    return any(os.readlink(descriptor) == "anon_inode:inotify" for descriptor in descriptors.iterdir())


async def eventually(condition: Callable[[], object]) -> None:
    """Wait until something holds that no frame tells of."""
    deadline = asyncio.get_running_loop().time() + PATIENCE
    while not condition():
        assert asyncio.get_running_loop().time() < deadline
        await asyncio.sleep(0.01)


async def test_two_windows_see_each_others_changes_within_a_second(home: Path) -> None:
    pi_session(home, "s1")
    times: list[float] = []
    async with ServerProcess(home) as one, ServerProcess(home) as other:
        for server in (one, other):
            await server.initialize(capabilities=NAMED)
            await listed(server)
        await eventually(lambda: watches(one) and watches(other))
        loop = asyncio.get_running_loop()
        for number in range(5):
            begun = loop.time()
            await one.request("sessions/update", {"sessionId": "pi:s1", "pinned": number % 2 == 0})  # our notes alone
            await other.until(lambda wanted=number: count(other, "pi:s1") > wanted)
            made = await other.request("sessions/create", {"workDir": str(home), "title": f"number {number}"})
            await heard(one, made["session"]["sessionId"], "created")
            times.append(loop.time() - begun)
    assert min(times) < 1.0, times  # both ways together; the best of five, as the machine may be busy


def count(server: ServerProcess, session_id: str) -> int:
    """How often a session was told of."""
    return [change[0] for change in told(server)].count(session_id)


async def test_a_burst_stays_bounded_in_messages_and_memory(home: Path) -> None:
    work = home / ".pi/agent/sessions/--srv-app--"
    pi_session(home, "s1")
    async with ServerProcess(home) as server:
        await server.initialize(capabilities=NAMED)
        await listed(server)
        await eventually(lambda: watches(server))
        before = peak_memory(server)
        begun = asyncio.get_running_loop().time()
        await asyncio.to_thread(write_many, work, 10_000)
        write(work / "last.jsonl", header(id="last"), user("u1", None, "the last one of all"))
        await heard_last(server)
        took = asyncio.get_running_loop().time() - begun
        notices = server.notified("sessions/changed")
        assert len(notices) <= 2 + took / 0.2
        assert max(len(notice["changes"]) for notice in notices) <= 1000
        assert peak_memory(server) - before < 60


async def heard_last(server: ServerProcess) -> None:
    """Wait until a list made after a notice shows the session that was written last."""
    notices = 0

    async with asyncio.timeout(PATIENCE):
        while True:
            page = await server.request("sessions/list", {"limit": 1, "text": "the last one of all"})
            if page["items"]:
                return
            await server.until(lambda seen=notices: len(server.notified("sessions/changed")) > seen)
            notices = len(server.notified("sessions/changed"))


def write_many(folder: Path, count: int) -> None:
    for number in range(count):
        write(folder / f"2026-01-05T10-00-00-000Z_m{number}.jsonl", header(id=f"m{number}"), user("u1", None, "hello"))


def peak_memory(server: ServerProcess) -> float:
    """The most memory the server has had resident, in megabytes (Linux)."""
    return int(Path(f"/proc/{server.pid}/status").read_text().split("VmHWM:")[1].split()[0]) / 1024


async def test_a_replay_joins_the_live_tail_without_gap_or_double(home: Path) -> None:
    path = pi_session(home, "s1")
    enough = threading.Event()
    async with ServerProcess(home) as server:
        await server.initialize()
        writing = asyncio.create_task(asyncio.to_thread(append_until, path, enough))
        replay = await server.request("history/replay", {"sessionId": "pi:s1"})
        got = [entry["entryId"] for entry in replay["entries"]]
        subscribed = await server.request("messages/subscribe", {"sessionId": "pi:s1", "after": got[-1]})
        assert subscribed["subscribed"]
        got += [entry["entryId"] for entry in subscribed["entries"]]
        await server.until(lambda: len(server.notified("sessions/message")) >= 3)
        enough.set()
        count = await writing

        def live() -> list[str]:
            return [entry["entryId"] for notice in server.notified("sessions/message") for entry in notice["entries"]]

        await server.until(lambda: live()[-1:] == [f"e{count - 1}"])
        assert got + live() == ["u1", "a1", *(f"e{number}" for number in range(count))]
        assert not any(notice.get("reset") or notice["updated"] for notice in server.notified("sessions/message"))
        await server.request("messages/unsubscribe", {"sessionId": "pi:s1"})
        assert not watches(server)


async def test_who_has_no_entry_yet_joins_at_the_beginning(home: Path) -> None:
    path = write(home / ".pi/agent/sessions/--srv-app--/2026-01-05T10-00-00-000Z_s1.jsonl", header(id="s1"))
    async with ServerProcess(home) as server:
        await server.initialize()
        assert (await server.request("history/replay", {"sessionId": "pi:s1"}))["entries"] == []
        append(path, user("u1", None, "hello"))  # between the replay and the subscription
        subscribed = await server.request("messages/subscribe", {"sessionId": "pi:s1", "after": ""})
        assert (subscribed["subscribed"], subscribed["lastEntryId"]) == (True, "u1")
        assert [entry["entryId"] for entry in subscribed["entries"]] == ["u1"]
        append(path, assistant("a1", "u1", "yes"))
        [notice] = await server.until(lambda: server.notified("sessions/message"))
        assert [entry["entryId"] for entry in notice["entries"]] == ["a1"]


async def test_long_entries_come_in_portions(home: Path) -> None:
    path = pi_session(home, "s1")
    text, count = "x" * 300_000, 30
    for number in range(count):
        append(path, user(f"e{number}", f"e{number - 1}" if number else "a1", text))
    async with ServerProcess(home) as server:
        await server.initialize()
        got, sizes = ["u1", "a1"], list[int]()
        while True:
            params = {"sessionId": "pi:s1", "after": got[-1]}
            subscribed = await server.request("messages/subscribe", params)
            got += [entry["entryId"] for entry in subscribed["entries"]]
            sizes.append(len(subscribed["entries"]))
            if subscribed["subscribed"]:
                break
        assert got[2:] == [f"e{number}" for number in range(count)]
        assert max(sizes) < 6  # about 1 MiB each


async def test_many_joins_beside_a_busy_writer_leave_no_gap_and_no_double(home: Path) -> None:
    path = pi_session(home, "s1")
    program = APPENDER.format(path=str(path))
    async with ServerProcess(home) as server:
        await server.initialize()
        writer = await asyncio.create_subprocess_exec(sys.executable, "-c", program)
        try:
            for _ in range(JOINS):
                replay = await server.request("history/replay", {"sessionId": "pi:s1"})
                before = len(server.notified("sessions/message"))
                got = [entry["entryId"] for entry in replay["entries"]]
                joined = False
                while not joined:  # what does not fit into one answer is asked for again
                    params = {"sessionId": "pi:s1", "after": got[-1]}
                    subscribed = await server.request("messages/subscribe", params)
                    got += [entry["entryId"] for entry in subscribed["entries"]]
                    joined = subscribed["subscribed"]
                await server.until(lambda seen=before: len(server.notified("sessions/message")) > seen + 1)
                await server.request("messages/unsubscribe", {"sessionId": "pi:s1"})
                for notice in server.notified("sessions/message")[before:]:
                    assert not notice.get("reset")
                    got += [entry["entryId"] for entry in notice["entries"]]
                assert got == ["u1", "a1", *(f"e{number}" for number in range(len(got) - 2))]
        finally:
            writer.kill()
            await writer.wait()


APPENDER = """
import json, time
parent, number = "a1", 0
with open({path!r}, "ab", buffering=0) as file:
    while number < 30_000:
        said = {{"role": "user", "content": "more", "timestamp": 0}}
        entry = {{"type": "message", "id": f"e{{number}}", "parentId": parent, "message": said}}
        entry["timestamp"] = "2026-01-05T10:00:01.000Z"
        file.write(json.dumps(entry).encode() + b"\\n")
        parent, number = entry["id"], number + 1
        time.sleep(0.0005)
"""
"""A program that appends entries faster than any agent does, each in a write of its own."""


def append_until(path: Path, enough: threading.Event) -> int:
    """Append entries as a busy agent does; give how many."""
    parent, number = "a1", 0
    while not enough.wait(0.001):
        append(path, user(f"e{number}", parent, "more"))
        parent, number = f"e{number}", number + 1
    return number


async def test_a_call_that_gets_its_result_is_told_as_updated(home: Path) -> None:
    folder = SmallKimi(home).add("k1", "/srv/app", at=1_790_000_000)
    async with ServerProcess(home) as server:
        await server.initialize()
        replay = await server.request("history/replay", {"sessionId": "kimi:k1"})
        after = replay["entries"][-1]["entryId"]
        subscribed = await server.request("messages/subscribe", {"sessionId": "kimi:k1", "after": after})
        assert subscribed["entries"] == []
        call = {"type": "function", "id": "c1", "function": {"name": "Shell", "arguments": "{}"}}
        append_wire(folder, ("TurnBegin", {"user_input": "go"}), ("StepBegin", {"n": 1}), ("ToolCall", call))
        await server.until(lambda: "c1" in calls(server, "entries"))
        result = {"is_error": False, "output": "done", "message": "", "display": []}
        append_wire(folder, ("ToolResult", {"tool_call_id": "c1", "return_value": result}))
        await server.until(lambda: "c1" in calls(server, "updated"))
        sent = [entry["entryId"] for notice in server.notified("sessions/message") for entry in notice["entries"]]
        whole = (await server.request("history/replay", {"sessionId": "kimi:k1"}))["entries"]
        assert [entry["entryId"] for entry in replay["entries"]] + sent == [entry["entryId"] for entry in whole]


def calls(server: ServerProcess, member: str) -> list[str]:
    """The ids of the calls in a member of the notices so far."""
    notices = server.notified("sessions/message")
    return [
        block["callId"]
        for notice in notices
        for entry in notice[member]
        for block in entry["content"]
        if "callId" in block
    ]


def append_wire(folder: Path, *records: tuple[str, dict[str, Any]]) -> None:
    """Append records to Kimi's log."""
    lines = [{"timestamp": 1_790_000_100.0, "message": {"type": kind, "payload": body}} for kind, body in records]
    append(folder / "wire.jsonl", *lines)


async def test_another_branch_says_that_what_was_sent_counts_no_more(home: Path) -> None:
    path = pi_session(home, "s1")
    async with ServerProcess(home) as server:
        await server.initialize()
        await server.request("messages/subscribe", {"sessionId": "pi:s1"})
        append(path, user("u2", "u1", "another way"))
        [notice] = await server.until(lambda: server.notified("sessions/message"))
        assert (notice.get("reset"), notice["entries"], notice["lastEntryId"]) == (True, [], "u2")
        append(path, assistant("a2", "u2", "as you like"))
        await server.until(lambda: len(server.notified("sessions/message")) == 2)
        assert [entry["entryId"] for entry in server.notified("sessions/message")[1]["entries"]] == ["a2"]


async def test_a_folder_that_another_window_says_was_moved_is_told(home: Path) -> None:
    old, new = home / "old", home / "new"
    new.mkdir()
    pi_session(home, "s1", old)
    pi_session(home, "s2")
    async with ServerProcess(home) as one, ServerProcess(home) as other:
        for server in (one, other):
            await server.initialize(capabilities=NAMED)
            await listed(server)
        await eventually(lambda: watches(one) and watches(other))
        moved = await one.request("workDirs/relocate", {"from": str(old), "to": str(new)})
        await other.until(lambda: count(other, "pi:s1"))
        assert (await other.request("sessions/get", {"sessionId": "pi:s1"}))["session"]["workDir"] == str(new)
        told_before = count(other, "pi:s1")
        await one.request("workDirs/relocate", {"previous": moved["previous"]})
        await other.until(lambda: count(other, "pi:s1") > told_before)


async def test_git_changes_in_a_shown_folder_are_told(home: Path) -> None:
    work = home / "work"
    work.mkdir()
    git(work, "init", "--quiet")
    pi_session(home, "s1", work)
    async with ServerProcess(home) as server:
        await server.initialize()
        await listed(server)
        await server.request("sessions/subscribe", {})
        await eventually(lambda: watches(server))
        (work / "a.txt").write_text("a\n")

        def changed_and_told() -> bool:
            (work / f"{len(list(work.iterdir()))}.txt").write_text("b\n")
            git(work, "add", "--all")  # again and again: the first look may come after the first change
            return bool(server.notified("git/changed"))

        await eventually(changed_and_told)
        assert server.notified("git/changed")[0] == {"folder": str(work)}


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=folder, check=True, stdin=subprocess.DEVNULL)


async def test_what_we_do_ourselves_is_told_once(home: Path) -> None:
    async with ServerProcess(home) as server:
        await server.initialize(capabilities=NAMED)
        await listed(server)
        path = pi_session(home, "s1")
        await heard(server, "pi:s1", "created")
        made = await server.request("sessions/create", {"workDir": str(home), "title": "mine"})
        own = made["session"]["sessionId"]
        await heard(server, own, "created")
        await server.request("sessions/update", {"sessionId": "pi:s1", "title": "named"})
        await heard(server, "pi:s1", "changed")
        forked = (await server.request("sessions/fork", {"sessionId": "pi:s1"}))["session"]["sessionId"]
        await heard(server, forked, "created")
        await server.request("sessions/delete", {"sessionId": own})
        await heard(server, own, "deleted")
        for number in range(2):  # what the disk shows of all that is told before what came after it
            append(path, user(f"x{number}", "a1", "more"))
            await server.until(lambda wanted=number: told(server).count(("pi:s1", "changed", "disk")) > wanted)
        assert [change for change in told(server) if change != ("pi:s1", "changed", "disk")] == [
            ("pi:s1", "created", "disk"),
            (own, "created", "create"),
            ("pi:s1", "changed", "update"),
            (forked, "created", "fork"),
            (own, "deleted", "delete"),
        ]
        assert told(server).count(("pi:s1", "changed", "disk")) == 2


async def test_a_home_that_is_replaced_is_watched_again(home: Path) -> None:
    pi_session(home, "s1")
    async with ServerProcess(home) as server:
        await server.initialize(capabilities=NAMED)
        await listed(server)
        await eventually(lambda: watches(server))
        (home / ".pi").rename(home / ".pi-old")
        await heard(server, "pi:s1", "deleted")
        path = pi_session(home, "s2")
        await heard(server, "pi:s2", "created")
        append(path, user("u2", "a1", "more"))
        await heard(server, "pi:s2", "changed")


async def test_a_folder_that_is_moved_in_is_looked_into(home: Path) -> None:
    pi_session(home, "s1")
    outside = home / "outside"
    write(outside / "2026-01-05T10-00-00-000Z_far.jsonl", header(id="far"), user("u1", None, "hello"))
    async with ServerProcess(home) as server:
        await server.initialize(capabilities=NAMED)
        await listed(server)
        await eventually(lambda: watches(server))
        outside.rename(home / ".pi/agent/sessions/--far--")
        await heard(server, "pi:far", "created")


@pytest.mark.parametrize("why", ["asked", "missing"])
async def test_without_notices_changes_are_found_by_looking(home: Path, why: str) -> None:
    path = pi_session(home, "s1")
    stub = home / "stub"
    stub.mkdir()
    (stub / "watchfiles.py").write_text("raise ImportError('not installed')\n")
    env = {"PYTHONPATH": f"{stub}{os.pathsep}{ROOT}"} if why == "missing" else {}
    options = {"watch": "polling"} if why == "asked" else {}
    async with ServerProcess(home, env=env) as server:
        await server.initialize(capabilities=NAMED, initializationOptions=options)
        await listed(server)
        append(path, user("u2", "a1", "more"))
        await heard(server, "pi:s1", "changed")
        other = pi_session(home, "s2")
        await heard(server, "pi:s2", "created")
        other.unlink()
        await heard(server, "pi:s2", "deleted")
        assert not watches(server)
        assert await server.shutdown() == 0


async def test_a_server_that_is_told_not_to_watch_does_not(home: Path) -> None:
    path = pi_session(home, "s1")
    async with ServerProcess(home) as server:
        await server.initialize(capabilities=NAMED, initializationOptions={"watch": "off"})
        await listed(server)
        append(path, user("u2", "a1", "more"))
        await server.request("sessions/update", {"sessionId": "pi:s1", "pinned": True})
        await heard(server, "pi:s1", "changed")
        assert told(server) == [("pi:s1", "changed", "update")]
        assert not watches(server)
