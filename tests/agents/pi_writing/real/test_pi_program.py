"""The program `pi` itself resumes what the operations make, by `--session` and `--continue`, and works on in it."""

import asyncio
import json
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from forkpoint.model.session import SessionRow
from tests.agents.pi_writing.real.model_server import ANSWER, Model, model_server
from tests.agents.pi_writing.real.pi import Ours, Pi
from tests.end_to_end.server_process import PATIENCE


class Rpc:
    """A running `pi --mode rpc`: a line a message."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def ask(self, kind: str, **more: Any) -> dict[str, Any]:
        """Send a command and give the data of its answer."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"type": kind, **more}).encode() + b"\n")
        answer = await self.until("response", command=kind)
        assert answer["success"], answer
        return answer.get("data") or {}

    async def until(self, kind: str, **more: str) -> dict[str, Any]:
        """Wait for a message of a type."""
        assert self._process.stdout is not None
        async with asyncio.timeout(PATIENCE):
            while line := await self._process.stdout.readline():
                message: dict[str, Any] = json.loads(line)
                if {"type": kind, **more}.items() <= message.items():
                    return message
        raise AssertionError(f"pi ended before it said {kind}")


@asynccontextmanager
async def running(pi: Pi, *flags: str) -> AsyncGenerator[Rpc]:
    """Start the program in the work dir."""
    program = json.loads((pi.package / "package.json").read_text())["bin"]["pi"]
    process = await asyncio.create_subprocess_exec(
        pi.node,
        pi.package / program,
        *("--mode", "rpc", "--no-extensions", "--offline", *flags),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env={**pi.environment(), "PI_SKIP_VERSION_CHECK": "1"},
        cwd=pi.work_dir,
        limit=2**24,
    )
    try:
        yield Rpc(process)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        async with asyncio.timeout(PATIENCE):
            await process.wait()


async def work_on(pi: Pi, row: SessionRow, model: Model, *flags: str) -> Sequence[Mapping[str, Any]]:
    """Have pi open a session and take a further turn; gives the messages that it opened with."""
    model.asked.clear()
    async with running(pi, *flags) as rpc:
        state = await rpc.ask("get_state")
        assert (state["sessionFile"], state["sessionId"], state.get("sessionName")) == (
            row.path,
            row.native_id,
            row.title,
        )
        messages = (await rpc.ask("get_messages"))["messages"]
        await rpc.ask("prompt", message="one more")
        await rpc.until("agent_end")
    (asked,) = model.asked
    assert [text_of(message) for message in asked["messages"] if message["role"] == "user"][-1] == "one more"
    return messages


def text_of(message: Mapping[str, Any]) -> str:
    content: Any = message["content"]
    return content if isinstance(content, str) else "".join(part.get("text", "") for part in content)


@pytest.mark.parametrize("agent", ["pi", "forkpoint"])
async def test_pi_resumes_a_fork_and_works_on(pi: Pi, agent: str) -> None:
    ours = Ours(pi.home)
    with model_server() as model:
        model.make_default(pi.agent)
        new = await ours.create(pi.work_dir, agent=agent, title="Plan the week", model="loopback/m")
        folder = ("--session-dir", str(Path(new.path).parent)) if agent == "forkpoint" else ()
        assert await work_on(pi, new, model, *folder, "--continue") == []
        made = await Ours(pi.home).fork(new.session_id, {"turn": 0}, title="Another way")
        messages = await work_on(pi, made.session, model, *folder, "--session", made.session.path)
    told = [(message["role"], text_of(message)) for message in messages if message["role"] != "system"]
    assert told == [("user", "one more"), ("assistant", ANSWER)]
    for row, turns in ((new, 1), (made.session, 2)):
        now = await Ours(pi.home).row_of(Path(row.path))
        assert (now.session_id, now.title, now.turn_count) == (row.session_id, row.title, turns)
        said = [entry for entry in await Ours(pi.home).entries(row.session_id) if entry.kind in ("user", "assistant")]
        assert [entry.content[-1].text for entry in said] == ["one more", ANSWER] * turns
