"""The real server as a child process, spoken to in raw frames.

Everything is asyncio. Used as a context manager it starts the process, and kills it at the end whatever happened:

    async with ServerProcess(tmp_path) as server:
        await server.initialize([folder])
        rows = await server.request("sessions/list", {})
        await server.until(lambda: server.notified("sessions/changed"))
        assert await server.shutdown() == 0
"""

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self, cast

ROOT = Path(__file__).resolve().parents[2]
WITHOUT_MSGSPEC = Path(__file__).parent / "without_msgspec"
PATIENCE = 45.0
"""Seconds any single wait may last; a busy machine needs some, a hanging server must still fail the test."""


class _LeftOut:
    def __repr__(self) -> str:
        return "left out"


LEFT_OUT: Any = _LeftOut()
"""Stands for `params` that are not in the frame at all."""


class ReplyError(Exception):
    """An error reply: `code`, `message` and `data` as they came."""

    def __init__(self, error: Mapping[str, Any]) -> None:
        super().__init__(f"{error.get('code')}: {error.get('message')} {error.get('data')}")
        self.code: int = error["code"]
        self.message: str = error["message"]
        self.data: Any = error.get("data")

    @property
    def kind(self) -> str | None:
        """The contract's `data.kind`, None where there is none."""
        data = cast("dict[str, Any] | None", self.data)
        return data["kind"] if data else None


class ServerProcess:
    """`python -m forkpoint` (or another module) with HOME and every state folder under `home`.

    `replies` holds every reply in order, `notifications` every notification, `requests` what the server asked
    of us (answered by `answers[method](params)`, null for methods without one). `stray` is what came on stdout
    outside of frames: always empty for a healthy server.
    """

    def __init__(
        self,
        home: Path,
        *,
        module: str = "forkpoint",
        args: Sequence[str] = (),
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        plain_json: bool = False,
        python_args: Sequence[str] = (),
    ) -> None:
        self.home = home
        self.command = [sys.executable, *python_args, "-m", module, *args]
        self.env = server_environment(home, plain_json=plain_json) | dict(env or {})
        self.cwd = cwd or home
        self.replies: list[dict[str, Any]] = []
        self.notifications: list[dict[str, Any]] = []
        self.requests: list[dict[str, Any]] = []
        self.answers: dict[str, Callable[[Any], Any]] = {}
        self.stray = b""
        self.stderr = b""
        self._waiting: dict[str | int, asyncio.Future[dict[str, Any]]] = {}
        self._last_id = 0
        self._news = asyncio.Condition()
        self._tasks: list[asyncio.Task[None]] = []
        self._process: asyncio.subprocess.Process | None = None

    # --- life ---------------------------------------------------------------------------------------------------

    async def __aenter__(self) -> Self:
        self.home.mkdir(parents=True, exist_ok=True)
        self._process = await asyncio.create_subprocess_exec(
            *self.command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=self.env,
            cwd=self.cwd,
        )
        self._tasks = [asyncio.create_task(self._read_frames()), asyncio.create_task(self._read_stderr())]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self.process.kill()
        await self.process.wait()
        stdin = self._stdin
        stdin.close()
        with contextlib.suppress(ConnectionError, TimeoutError):
            await asyncio.wait_for(stdin.wait_closed(), 5)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if error is not None and self.stderr:
            error.add_note(f"stderr of the server:\n{self.stderr.decode(errors='replace')[-4000:]}")

    @property
    def process(self) -> asyncio.subprocess.Process:
        """The child; an error before the context is entered."""
        assert self._process is not None, "enter the context first"
        return self._process

    @property
    def pid(self) -> int:
        """The child's process id."""
        return self.process.pid

    @property
    def _stdin(self) -> asyncio.StreamWriter:
        assert self.process.stdin is not None
        return self.process.stdin

    async def initialize(self, folders: Sequence[Path | str] = (), **more: Any) -> dict[str, Any]:
        """Send `initialize` with these workspace folders, then `initialized`; give the result of the first.

        `more` are further params, such as `initializationOptions`, or replace the ones set here.
        """
        params: dict[str, Any] = {
            "processId": os.getpid(),
            "rootUri": None,
            "capabilities": {},
            "workspaceFolders": [{"uri": Path(folder).as_uri(), "name": Path(folder).name} for folder in folders],
        }
        result = await self.request("initialize", params | more)
        await self.notify("initialized", {})
        return result

    async def shutdown(self) -> int:
        """Send `shutdown` and `exit`; give the exit code."""
        await self.request("shutdown", LEFT_OUT)
        await self.notify("exit", LEFT_OUT)
        return await self.exit_code()

    async def exit_code(self, patience: float = PATIENCE) -> int:
        """Wait for the process to end; give its exit code."""
        code = await asyncio.wait_for(self.process.wait(), patience)
        await asyncio.wait_for(asyncio.gather(*self._tasks), patience)
        return code

    def close_stdin(self) -> None:
        """Close the client's side of stdin."""
        self._stdin.close()

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the child."""
        self.process.send_signal(number)

    # --- frames out ---------------------------------------------------------------------------------------------

    async def send_bytes(self, raw: bytes) -> None:
        """Write bytes as they are."""
        self._stdin.write(raw)
        await self._stdin.drain()

    async def send_body(self, body: bytes) -> None:
        """Write one frame around a body."""
        await self.send_bytes(frame(body))

    async def send(self, message: Any) -> None:
        """Write one message as a frame."""
        await self.send_body(json.dumps(message).encode())

    async def notify(self, method: str, params: Any = LEFT_OUT) -> None:
        """Send a notification."""
        await self.send(_message(method, params))

    def next_id(self) -> int:
        """Give an id that was not used before."""
        self._last_id += 1
        return self._last_id

    async def begin(self, method: str, params: Any = LEFT_OUT, *, id: str | int | None = None) -> "Pending":
        """Send a request and do not wait for its reply."""
        id = self.next_id() if id is None else id
        pending = self._expect(id)
        await self.send({"id": id} | _message(method, params))
        return pending

    async def request(self, method: str, params: Any = LEFT_OUT, *, patience: float = PATIENCE) -> Any:
        """Send a request and give its result; raises `ReplyError`."""
        return await (await self.begin(method, params)).result(patience)

    async def reply_to(self, message: Mapping[str, Any], *, patience: float = PATIENCE) -> dict[str, Any]:
        """Send a message with an id, however odd the rest of it, and give the whole reply."""
        return await self.reply_to_body(json.dumps(message).encode(), message["id"], patience=patience)

    async def reply_to_body(self, body: bytes, id: str | int, *, patience: float = PATIENCE) -> dict[str, Any]:
        """Send a body as it is and give the whole reply to the id in it."""
        pending = self._expect(id)
        await self.send_body(body)
        return await pending.reply(patience)

    def _expect(self, id: str | int) -> "Pending":
        future: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._waiting[id] = future
        return Pending(id, future)

    # --- frames in ----------------------------------------------------------------------------------------------

    def notified(self, method: str) -> list[Any]:
        """Give the params of every notification of this method so far."""
        return [message.get("params") for message in self.notifications if message["method"] == method]

    def replies_to(self, id: Any) -> list[dict[str, Any]]:
        """Give every reply with this id so far."""
        return [reply for reply in self.replies if reply.get("id") == id]

    async def until(self, condition: Callable[[], Any], *, patience: float = PATIENCE) -> Any:
        """Wait until the condition gives something true, asking again after every frame; give what it gave."""
        async with asyncio.timeout(patience), self._news:
            while not (found := condition()):
                await self._news.wait()
            return found

    async def _read_frames(self) -> None:
        assert self.process.stdout is not None
        try:
            while (message := await self._read_frame(self.process.stdout)) is not None:
                await self._take(message)
        finally:
            for future in self._waiting.values():
                if not future.done():
                    future.set_exception(ConnectionError("the server closed its output before it replied"))
                    future.exception()

    async def _read_frame(self, stream: asyncio.StreamReader) -> dict[str, Any] | None:
        length: int | None = None
        while True:
            line = await stream.readline()
            if not line:
                return None
            name, colon, value = line.partition(b":")
            if line == b"\r\n" and length is not None:
                return json.loads(await stream.readexactly(length))
            if name.lower() == b"content-length":
                length = int(value)
            elif not colon or not name.lower().startswith(b"content-"):
                self.stray += line

    async def _take(self, message: dict[str, Any]) -> None:
        if "method" not in message:
            self.replies.append(message)
            future = self._waiting.pop(message.get("id", ""), None)
            if future is not None and not future.done():
                future.set_result(message)
        elif "id" in message:
            self.requests.append(message)
            answer = self.answers.get(message["method"])
            result = answer(message.get("params")) if answer else None
            await self.send({"jsonrpc": "2.0", "id": message["id"], "result": result})
        else:
            self.notifications.append(message)
        async with self._news:
            self._news.notify_all()

    async def _read_stderr(self) -> None:
        assert self.process.stderr is not None
        while chunk := await self.process.stderr.read(65536):
            self.stderr += chunk
            async with self._news:
                self._news.notify_all()


class Pending:
    """A request that was sent."""

    def __init__(self, id: str | int, future: asyncio.Future[dict[str, Any]]) -> None:
        self.id = id
        self._future = future

    @property
    def answered(self) -> bool:
        """Whether the reply has come."""
        return self._future.done()

    async def reply(self, patience: float = PATIENCE) -> dict[str, Any]:
        """Wait for the whole reply."""
        return await asyncio.wait_for(asyncio.shield(self._future), patience)

    async def result(self, patience: float = PATIENCE) -> Any:
        """Wait for the result; raises `ReplyError`."""
        reply = await self.reply(patience)
        if "error" in reply:
            raise ReplyError(reply["error"])
        return reply["result"]


def frame(body: bytes) -> bytes:
    """Put a body into a frame."""
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


def server_environment(home: Path, *, plain_json: bool = False) -> dict[str, str]:
    """Give an environment in which every home and state folder lies under `home`, and nothing else is inherited.

    Sessions of tests are old; no server keeps house by itself while one runs.
    """
    paths = [str(WITHOUT_MSGSPEC)] if plain_json else []
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "LANG": "C.UTF-8",
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_DATA_HOME": str(home / ".local/share"),
        "XDG_STATE_HOME": str(home / ".local/state"),
        "XDG_CACHE_HOME": str(home / ".cache"),
        "FORKPOINT_STATE_DIR": str(home / ".forkpoint-state"),
        "FORKPOINT_CACHE_DIR": str(home / ".forkpoint-cache"),
        "FORKPOINT_TIDY_AFTER": "86400",
        "PYTHONPATH": os.pathsep.join([*paths, str(ROOT)]),
    }


def _message(method: str, params: Any) -> dict[str, Any]:
    message: dict[str, Any] = {"jsonrpc": "2.0", "method": method}
    if params is not LEFT_OUT:
        message["params"] = params
    return message
