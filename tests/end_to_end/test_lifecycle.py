"""The life of the real process: how it starts, how it stays responsive, and every way it ends."""

import asyncio
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.server_process import PATIENCE, ServerProcess, frame, server_environment

ODD = "tests.lsp.odd_server"
INITIALIZE = b'{"jsonrpc":"2.0","id":"first","method":"initialize","params":{"processId":null,"capabilities":{}}}'


@pytest.fixture(params=[False, True], ids=["msgspec", "json"])
def odd(request: pytest.FixtureRequest, tmp_path: Path) -> ServerProcess:
    """The server with the odd catalogue, not started yet, with either codec."""
    return ServerProcess(tmp_path, module=ODD, plain_json=request.param)


@pytest.fixture
def real(tmp_path: Path) -> ServerProcess:
    """The server as it is, not started yet."""
    return ServerProcess(tmp_path)


# --- the beginning ---------------------------------------------------------------------------------------------------


async def test_everything_in_one_write_is_answered(real: ServerProcess) -> None:
    async with real:
        rest = [
            b'{"jsonrpc":"2.0","method":"initialized","params":{}}',
            b'{"jsonrpc":"2.0","id":2,"method":"agents/list"}',
            b'{"jsonrpc":"2.0","id":3,"method":"no/such"}',
        ]
        await real.send_bytes(b"".join(map(frame, [INITIALIZE, *rest])))
        await real.until(lambda: len(real.replies) == 3)
        assert "capabilities" in real.replies_to("first")[0]["result"]
        assert "agents" in real.replies_to(2)[0]["result"]
        assert real.replies_to(3)[0]["error"]["code"] == -32601
        assert await real.shutdown() == 0
        assert real.stray == b""


async def test_the_header_of_the_first_frame_may_be_spelled_in_any_way(real: ServerProcess) -> None:
    async with real:
        header = b"noise\r\nX-Other: 1\ncontent-type: application/json\nCONTENT-LENGTH :\t %d \n\n" % len(INITIALIZE)
        for byte in header[:20]:
            await real.send_bytes(bytes([byte]))
        await real.send_bytes(header[20:] + INITIALIZE)
        await real.until(lambda: real.replies_to("first"))
        assert await real.shutdown() == 0


@pytest.mark.parametrize(
    ("body", "id", "code"),
    [
        (b'{"jsonrpc":"2.0","id":1,"method":"agents/list"}', 1, -32002),
        (b'{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":5}}', 1, -32602),
        (b'{"jsonrpc":"2.0","id":1,"method":"initialize"}', 1, -32602),
        (b'{"jsonrpc":"2.0","id":1,"method":"initialize","params":{', 1, -32700),
        (b"[" * 100_000, None, -32700),
        (b"[]", None, -32600),
    ],
    ids=lambda value: str(value)[:60],
)
async def test_a_first_frame_that_is_no_good_initialize_is_handled_like_any_other(
    real: ServerProcess, body: bytes, id: Any, code: int
) -> None:
    async with real:
        await real.send_body(body)
        (reply,) = await real.until(lambda: real.replies)
        assert (reply["id"], reply["error"]["code"]) == (id, code)
        await real.initialize()
        assert "agents" in await real.request("agents/list")
        assert await real.shutdown() == 0


async def test_the_early_answer_and_the_later_server_agree(real: ServerProcess) -> None:
    folder = real.home / "work dir"
    async with real:
        await real.initialize([folder], initializationOptions={"guard": "nonsense"})
        assert await real.request("workDirs/startup", {}) == {"folder": str(folder)}
        await real.until(lambda: real.notified("window/logMessage"))
        assert "`guard`" in real.notified("window/logMessage")[0]["message"]
        assert len(real.replies_to(1)) == 1
        assert await real.shutdown() == 0


async def test_a_folder_that_is_gone_is_no_reason_to_fail(tmp_path: Path) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    async with ServerProcess(tmp_path, cwd=folder) as server:
        await server.initialize()
        folder.rmdir()
        assert await server.request("workDirs/startup", {}) == {"folder": str(tmp_path)}
        assert await server.shutdown() == 0


async def test_a_flag_that_some_clients_add_is_taken(tmp_path: Path) -> None:
    async with ServerProcess(tmp_path, args=["--stdio"]) as server:
        await server.initialize()
        assert await server.shutdown() == 0


def test_on_a_terminal_it_says_how_it_is_meant_to_be_started(tmp_path: Path) -> None:
    terminal, other = pty.openpty()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "forkpoint"],
            stdin=other,
            capture_output=True,
            timeout=PATIENCE,
            env=server_environment(tmp_path),
            check=False,
        )
    finally:
        os.close(terminal)
        os.close(other)
    assert done.returncode == 2
    assert done.stdout == b""
    assert b"an editor starts it" in done.stderr


# --- while it serves -------------------------------------------------------------------------------------------------


async def test_twelve_slow_requests_never_delay_a_small_one(odd: ServerProcess) -> None:
    async with odd:
        await odd.initialize()
        slow = [await odd.begin(method, {"ms": 600_000}) for method in ("odd/block", "odd/sleep") for _ in range(12)]
        for number in range(50):
            assert await odd.request("odd/echo", {"value": number}) == {"value": number}
        assert not any(pending.answered for pending in slow)
        for pending in slow:
            await odd.notify("$/cancelRequest", {"id": pending.id})
        for pending in slow:
            assert (await pending.reply())["error"]["code"] == -32800
        assert await odd.shutdown() == 0


async def test_a_large_request_comes_back_whole(odd: ServerProcess) -> None:
    async with odd:
        await odd.initialize()
        value = {"text": "ü" * 1_000_000, "nested": [{"jsonrpc": "2.0", "id": 1}] * 1000}
        assert (await odd.request("odd/echo", {"value": value}))["value"] == value
        assert await odd.shutdown() == 0


async def test_stray_output_never_reaches_the_frames(odd: ServerProcess) -> None:
    async with odd:
        await odd.initialize()
        await odd.request("odd/print", {})
        assert await odd.shutdown() == 0
        assert odd.stray == b""
        assert b"stray text" in odd.stderr
        assert b"stray bytes" in odd.stderr


async def test_garbage_between_frames_costs_only_itself(odd: ServerProcess) -> None:
    async with odd:
        await odd.initialize()
        await odd.send_bytes(b"\r\n\r\nwhat is this\nContent-Length: none\r\n\r\n{}\x00\xff")
        assert await odd.request("odd/echo", {"value": 1}) == {"value": 1}
        await odd.send_bytes(b'Content-Length: 10\r\n\r\n{"jsonrpc":"2.0","id":77,"method":"odd/echo"}')
        assert await odd.request("odd/echo", {"value": 2}) == {"value": 2}
        assert await odd.shutdown() == 0


async def test_nothing_of_a_normal_session_is_logged(odd: ServerProcess) -> None:
    async with odd:
        await odd.initialize()
        await odd.request("odd/echo", {"value": "hunter2"})
        await odd.reply_to({"jsonrpc": "2.0", "id": "x", "method": "odd/echo", "params": {"hunter2": 1}})
        assert await odd.shutdown() == 0
        assert odd.stderr == b""


async def test_the_log_has_method_id_time_and_bytes(tmp_path: Path) -> None:
    async with ServerProcess(tmp_path, module=ODD, env={"FORKPOINT_LOG": "debug"}) as server:
        await server.initialize()
        await server.request("odd/echo", {"value": "hunter2"})
        assert await server.shutdown() == 0
        assert b"odd/echo id 2: ok" in server.stderr
        assert b"hunter2" not in server.stderr


# --- the end ---------------------------------------------------------------------------------------------------------


async def test_shutdown_then_exit_is_a_good_end(odd: ServerProcess) -> None:
    async with odd:
        await odd.initialize()
        slow = [await odd.begin(method, {"ms": 600_000}) for method in ("odd/sleep", "odd/block")]
        assert await odd.shutdown() == 0
        assert [(await pending.reply())["error"]["code"] for pending in slow] == [-32800, -32800]


async def test_exit_without_shutdown_is_a_bad_end(real: ServerProcess) -> None:
    async with real:
        await real.initialize()
        await real.notify("exit")
        assert await real.exit_code() == 1


async def test_exit_as_the_first_message_ends_it(real: ServerProcess) -> None:
    async with real:
        await real.notify("exit")
        assert await real.exit_code() == 1


@pytest.mark.parametrize("before", [b"", b"Content-Le", frame(INITIALIZE)[:-5], frame(INITIALIZE)], ids=len)
async def test_it_ends_when_its_input_is_closed(real: ServerProcess, before: bytes) -> None:
    async with real:
        await real.send_bytes(before)
        real.close_stdin()
        assert await real.exit_code() == 0
        assert real.stderr == b""


async def test_closed_input_stops_running_work_too(odd: ServerProcess) -> None:
    async with odd:
        await odd.initialize()
        slow = [await odd.begin(method, {"ms": 600_000}) for method in ("odd/block", "odd/sleep", "odd/block")]
        await odd.request("odd/echo", {})
        odd.close_stdin()
        assert await odd.exit_code() == 0
        assert [(await pending.reply())["error"]["code"] for pending in slow] == [-32800] * 3


async def test_work_that_ignores_its_cancel_does_not_keep_it_alive(odd: ServerProcess) -> None:
    async with odd:
        await odd.initialize()
        pending = await odd.begin("odd/stubborn", {"ms": 600_000})
        await odd.request("odd/echo", {})
        assert await odd.shutdown() == 0
        assert (await pending.reply())["error"]["code"] == -32800


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda number: number.name)
@pytest.mark.parametrize("moment", ["loading", "serving", "working"])
async def test_a_signal_ends_it_cleanly(odd: ServerProcess, number: signal.Signals, moment: str) -> None:
    async with odd:
        await odd.initialize()
        if moment != "loading":
            await odd.request("odd/echo", {})
        if moment == "working":
            for _ in range(3):
                await odd.begin("odd/block", {"ms": 600_000})
            await odd.request("odd/echo", {})
        odd.signal(number)
        assert await odd.exit_code() == 0
        assert odd.stderr == b""


async def test_a_signal_right_after_the_early_answer_ends_it_cleanly(real: ServerProcess) -> None:
    async with real:
        await real.initialize()
        real.signal(signal.SIGTERM)
        assert await real.exit_code() == 0
        assert real.stderr == b""


async def test_it_ends_with_the_process_that_started_the_session(real: ServerProcess) -> None:
    parent = await asyncio.create_subprocess_exec("sleep", "600")
    try:
        async with real:
            await real.initialize(processId=parent.pid)
            assert "agents" in await real.request("agents/list")
            assert real.process.returncode is None
            parent.kill()
            await parent.wait()
            assert await real.exit_code() == 0
    finally:
        if parent.returncode is None:
            parent.kill()
            await parent.wait()


async def test_a_parent_that_cannot_be_seen_is_not_waited_for(real: ServerProcess) -> None:
    """A client in a container names a process of its own namespace."""
    gone = await asyncio.create_subprocess_exec("true")
    await gone.wait()
    async with real:
        await real.initialize(processId=gone.pid)
        assert "agents" in await real.request("agents/list")
        assert await real.shutdown() == 0


# --- clients that do not take what they are given --------------------------------------------------------------------


def start_odd(home: Path) -> "subprocess.Popen[bytes]":
    """Start the odd server, initialized, with its output in our hands; unbuffered."""
    process = subprocess.Popen(
        [sys.executable, "-m", ODD],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,
        env=server_environment(home),
        cwd=home,
    )
    assert process.stdin is not None
    process.stdin.write(frame(INITIALIZE))
    assert process.stdout is not None
    assert b"capabilities" in process.stdout.read(65536)
    return process


def ask_for_much(process: "subprocess.Popen[bytes]", size: int, times: int = 1) -> None:
    assert process.stdin is not None
    for number in range(times):
        body = b'{"jsonrpc":"2.0","id":%d,"method":"odd/page","params":{"size":%d}}' % (number, size)
        process.stdin.write(frame(body))


def test_a_client_that_does_not_read_never_blocks_the_loop(tmp_path: Path) -> None:
    with start_odd(tmp_path) as process:
        ask_for_much(process, 5_000_000, times=5)
        process.send_signal(signal.SIGTERM)  # handled on the loop, so it must be free
        assert process.wait(PATIENCE) == 0


def test_a_client_that_reads_late_gets_everything(tmp_path: Path) -> None:
    """More than 64 MiB of replies wait, so that reading pauses, and goes on."""
    with start_odd(tmp_path) as process:
        ask_for_much(process, 10_000_000, times=12)
        assert process.stdout is not None
        received = b""
        for _ in range(12):
            header = b""
            while not header.endswith(b"\r\n\r\n"):
                header += process.stdout.read(1)
            left = int(header.split(b":")[1])
            assert left > 10_000_000
            while left:
                received = process.stdout.read(min(left, 1 << 20))
                left -= len(received)
            assert received.endswith(b"}}")
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(PATIENCE) == 0


@pytest.mark.parametrize("size", [10, 5_000_000])
def test_a_client_that_closes_our_output_ends_us_quietly(tmp_path: Path, size: int) -> None:
    with start_odd(tmp_path) as process:
        assert process.stdout is not None
        process.stdout.close()
        ask_for_much(process, size)
        assert process.wait(PATIENCE) == 0
        assert process.stderr is not None
        assert process.stderr.read() == b""
