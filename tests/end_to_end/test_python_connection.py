"""The Python client's connection, with children that behave as no good server would."""

import asyncio
import sys
import textwrap
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from forkpoint_client import Connection, ConnectionLost, ForkpointError

PATIENCE = 45.0
SERVER = """
    import json, os, sys

    def receive():
        length = 0
        while (line := sys.stdin.buffer.readline()).strip():
            length = int(line.split(b":")[1])
        return json.loads(sys.stdin.buffer.read(length)) if line else sys.exit(0)

    def send(**message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        sys.stdout.buffer.write(b"Content-Length: %d\\r\\n\\r\\n" % len(body) + body)
        sys.stdout.buffer.flush()
"""


@asynccontextmanager
async def child(behaviour: str, said: Callable[[str], object] = str) -> AsyncGenerator[Connection]:
    """A connection to a child process with `receive` and `send` at hand; `said` takes its lines on stderr."""
    program = textwrap.dedent(SERVER) + textwrap.dedent(behaviour)
    connection = await Connection.open([sys.executable, "-c", program], on_stderr=said)
    try:
        yield connection
    finally:
        await connection.kill()


async def test_replies_find_their_calls_in_any_order() -> None:
    async with child(
        """
        first, second = receive(), receive()
        send(id=second["id"], result=second["params"])
        send(id=first["id"], result=first["params"])
        receive()
        """
    ) as connection:
        calls = [connection.request("echo", {"n": number}) for number in range(2)]
        assert await asyncio.wait_for(asyncio.gather(*calls), PATIENCE) == [{"n": 0}, {"n": 1}]


async def test_an_error_reply_is_raised_with_its_kind_and_data() -> None:
    async with child(
        """
        data = {"kind": "sessionNotFound", "sessionId": "pi:x"}
        send(id=receive()["id"], error={"code": 4040, "message": "There is no session.", "data": data})
        receive()
        """
    ) as connection:
        with pytest.raises(ForkpointError) as raised:
            await asyncio.wait_for(connection.request("sessions/get", {}), PATIENCE)
    assert (raised.value.code, raised.value.kind) == (4040, "sessionNotFound")
    assert raised.value.data["sessionId"] == "pi:x"
    assert "no session" in str(raised.value)


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        ("receive(); sys.stderr.write('out of paper\\n'); sys.exit(7)", "exit code 7.\n  out of paper"),
        ("receive(); sys.stdout.write('a stray line\\n\\n'); sys.stdout.flush(); receive()", "not readable"),
        ("receive(); sys.stdout.write('Content-Length: 9\\n\\n{}'); sys.exit(0)", "not readable"),
        ("receive(); sys.stdout.write('Content-Length: 2\\n\\n{]'); sys.stdout.flush(); receive()", "not readable"),
    ],
)
async def test_a_child_that_fails_ends_every_call(behaviour: str, reason: str) -> None:
    async with child(behaviour) as connection:
        calls = [asyncio.create_task(connection.request("echo", {})) for _ in range(3)]
        outcomes = await asyncio.wait_for(asyncio.gather(*calls, return_exceptions=True), PATIENCE)
        assert all(isinstance(outcome, ConnectionLost) for outcome in outcomes)
        assert reason in str(outcomes[0])
        with pytest.raises(ConnectionLost):
            await connection.request("echo", {})


async def test_what_a_child_said_is_handed_on_and_in_the_error() -> None:
    said: asyncio.Queue[str] = asyncio.Queue()
    behaviour = "receive(); sys.stderr.write('out of paper\\n'); sys.stderr.flush(); receive()"
    async with child(behaviour, said.put_nowait) as connection:
        pending = asyncio.create_task(connection.request("echo", {}))
        assert await asyncio.wait_for(said.get(), PATIENCE) == "out of paper"
        await connection.kill()
        with pytest.raises(ConnectionLost, match="out of paper"):
            await pending


async def test_a_cancelled_call_tells_the_server() -> None:
    async with child(
        """
        asked = receive()
        send(method="seen", params=asked["id"])
        told = receive()
        send(method="seen", params=told)
        send(id=asked["id"], error={"code": -32800, "message": "cancelled"})
        send(id=receive()["id"], result="still here")
        receive()
        """
    ) as connection:
        seen = connection.notifications("seen")
        call = asyncio.create_task(connection.request("slow", {}))
        number = await asyncio.wait_for(seen.get(), PATIENCE)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        told = await asyncio.wait_for(seen.get(), PATIENCE)
        assert (told["method"], told["params"]) == ("$/cancelRequest", {"id": number})
        assert await asyncio.wait_for(connection.request("next", {}), PATIENCE) == "still here"


async def test_portions_and_progress_come_before_the_result() -> None:
    async with child(
        """
        asked = receive()
        for value in ([1], [2, 3]):
            send(method="$/progress", params={"token": asked["params"]["partialResultToken"], "value": value})
        send(method="$/progress", params={"token": asked["params"]["workDoneToken"], "value": {"kind": "end"}})
        send(method="$/progress", params={"token": "another", "value": [9]})
        send(id=asked["id"], result=asked["params"]["own"])
        receive()
        """
    ) as connection:
        heard: list[Any] = []
        call = connection.request("list", {"own": 5}, on_partial=heard.append, on_progress=heard.append)
        assert await asyncio.wait_for(call, PATIENCE) == 5
        assert heard == [[1], [2, 3], {"kind": "end"}]


async def test_a_portion_handler_that_fails_fails_its_call_alone() -> None:
    async with child(
        """
        asked = receive()
        send(method="$/progress", params={"token": asked["params"]["partialResultToken"], "value": []})
        assert receive()["method"] == "$/cancelRequest"
        send(id=receive()["id"], result="fine")
        receive()
        """
    ) as connection:

        def fail(portion: Any) -> None:
            raise LookupError("no room")

        with pytest.raises(LookupError, match="no room"):
            await asyncio.wait_for(connection.request("list", {}, on_partial=fail), PATIENCE)
        assert await asyncio.wait_for(connection.request("next", {}), PATIENCE) == "fine"


async def test_notifications_keep_their_order_and_may_call_back() -> None:
    async with child(
        """
        receive()
        for number in range(3):
            send(method="changed", params=number)
        while True:
            send(id=(asked := receive())["id"], result=asked["params"] * 2)
        """
    ) as connection:
        doubled: asyncio.Queue[int] = asyncio.Queue()

        async def double(number: int) -> None:
            doubled.put_nowait(await connection.request("double", number))

        connection.on_notification("changed", double)
        await connection.notify("begin", {})
        async with asyncio.timeout(PATIENCE):
            assert [await doubled.get() for _ in range(3)] == [0, 2, 4]


async def test_the_server_asks_and_is_answered() -> None:
    async with child(
        """
        receive()
        send(id="a", method="known", params=4)
        send(id="b", method="unknown", params=None)
        send(id="c", method="failing", params=None)
        answers = [receive() for _ in range(3)]
        send(method="answers", params=[[a["id"], a.get("result"), a.get("error", {}).get("code")] for a in answers])
        receive()
        """
    ) as connection:

        async def known(params: Any) -> int:
            return params + 1

        def failing(params: Any) -> None:
            raise LookupError("no such thing")

        reported: list[Any] = []
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: reported.append(context["exception"]))
        answers = connection.notifications("answers")
        connection.on_request("known", known)
        connection.on_request("failing", failing)
        await connection.notify("begin", {})
        heard = await asyncio.wait_for(answers.get(), PATIENCE)
        assert heard == [["a", 5, None], ["b", None, -32601], ["c", None, -32603]]
        assert [str(problem) for problem in reported] == ["no such thing"]


async def test_closing_ends_a_child_that_ignores_it() -> None:
    behaviour = """
        import signal, time
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        send(method="ready", params=None)
        while True:
            time.sleep(60)
        """
    async with child(behaviour) as connection:
        await asyncio.wait_for(connection.notifications("ready").get(), PATIENCE)
        assert await asyncio.wait_for(connection.close(patience=0.2), PATIENCE) == -9


async def test_text_without_utf_8_survives_the_way_out() -> None:
    async with child("while True: send(id=(asked := receive())['id'], result=asked['params'])") as connection:
        text = "lone \ud800, 日本語, \u2028"
        assert await asyncio.wait_for(connection.request("echo", {"text": text}), PATIENCE) == {"text": text}


async def test_a_frame_larger_than_any_buffer_arrives() -> None:
    async with child("send(id=receive()['id'], result='x' * 5_000_000); receive()") as connection:
        assert len(await asyncio.wait_for(connection.request("large", {}), PATIENCE)) == 5_000_000
