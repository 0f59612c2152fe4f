"""JSON-RPC with a child process over its standard input and output, in the framing of LSP."""

import asyncio
import contextlib
import inspect
import itertools
import json
import os
import signal
import sys
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Self, TypedDict, Unpack

from forkpoint_client.errors import ConnectionLost, ForkpointError

METHOD_NOT_FOUND = -32601
INTERNAL_ERROR = -32603
KILL = getattr(signal, "SIGKILL", signal.SIGTERM)
GRACE = 1.0
"""How long the end of a server is waited for when it takes no more input, in seconds."""
STREAM_BUFFER = 1 << 20
"""How many bytes of a frame are buffered before the pipe has to wait, in bytes (1 MiB)."""
STDERR_LINES = 50
"""How many of the last lines of standard error an error message can show."""

NotificationHandler = Callable[[Any], Awaitable[None] | None]
RequestHandler = Callable[[Any], Any]


class CallOptions(TypedDict, total=False):
    """What a call can ask for beside its params."""

    on_partial: Callable[[Any], object]
    """Takes each portion of the result as it comes; the result itself then has empty lists."""
    on_progress: Callable[[Any], object]
    """Takes each report of work-done progress (its `kind` is begin, report or end)."""


class Connection:
    """One child process and the calls under way with it; made by `open`."""

    def __init__(self, process: asyncio.subprocess.Process, on_stderr: Callable[[str], object]) -> None:
        assert process.stdin and process.stdout and process.stderr
        self._process = process
        self._to_server = process.stdin
        self._from_server = process.stdout
        self._on_stderr = on_stderr
        self._ids = itertools.count(1)
        self._pending: dict[int, asyncio.Future[Any]] = {}
        self._tokens: dict[str, tuple[int, Callable[[Any], object]]] = {}
        self._notified: dict[str, list[NotificationHandler]] = {}
        self._asked: dict[str, RequestHandler] = {}
        self._incoming: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._said: deque[str] = deque(maxlen=STDERR_LINES)
        self._lost: str | None = None
        """Why there is no connection any more."""
        self._stderr = asyncio.create_task(self._read_stderr(process.stderr))
        self._reader = asyncio.create_task(self._read())
        self._tasks = [self._stderr, self._reader, asyncio.create_task(self._dispatch())]

    @classmethod
    async def open(
        cls,
        command: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        cwd: str | None = None,
        on_stderr: Callable[[str], object] | None = None,
    ) -> Self:
        """Start the process. `on_stderr` takes each line it writes there; without it they go to our own stderr."""
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=env,
            cwd=cwd,
            limit=STREAM_BUFFER,
        )
        return cls(process, on_stderr or _to_own_stderr)

    @property
    def pid(self) -> int:
        """The process id of the server."""
        return self._process.pid

    # --- calling ---

    async def request(self, method: str, params: Any, **options: Unpack[CallOptions]) -> Any:
        """Call a method and wait for its result.

        When the waiting task is cancelled the server is told so. Errors: ForkpointError, ConnectionLost.
        """
        if self._lost is not None:
            raise ConnectionLost(self._lost)
        number = next(self._ids)
        tokens = self._take_tokens(number, options)
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._pending[number] = future
        try:
            await self._send({"id": number, "method": method, "params": {**params, **tokens} if tokens else params})
            return await future
        except asyncio.CancelledError:
            if number in self._pending and self._lost is None:
                self._write({"method": "$/cancelRequest", "params": {"id": number}})
            raise
        finally:
            self._pending.pop(number, None)
            for token in tokens.values():
                self._tokens.pop(token, None)

    async def notify(self, method: str, params: Any) -> None:
        """Send a notification. Errors: ConnectionLost."""
        if self._lost is not None:
            raise ConnectionLost(self._lost)
        await self._send({"method": method, "params": params})

    def on_notification(self, method: str, handler: NotificationHandler) -> None:
        """Call `handler` with the params of each such notification, in the order they come."""
        self._notified.setdefault(method, []).append(handler)

    def notifications(self, method: str) -> "asyncio.Queue[Any]":
        """Give a queue that receives the params of each such notification from now on."""
        queue: asyncio.Queue[Any] = asyncio.Queue()
        self.on_notification(method, queue.put_nowait)
        return queue

    def on_request(self, method: str, handler: RequestHandler) -> None:
        """Answer such requests of the server with what `handler` gives for their params."""
        self._asked[method] = handler

    def _take_tokens(self, number: int, options: CallOptions) -> dict[str, str]:
        tokens: dict[str, str] = {}
        for name, member in (("on_partial", "partialResultToken"), ("on_progress", "workDoneToken")):
            handler = options.get(name)
            if handler is not None:
                tokens[member] = f"{member}-{number}"
                self._tokens[tokens[member]] = (number, handler)
        return tokens

    # --- ending ---

    async def close(self, patience: float = 5.0) -> int:
        """Close the server's input, wait for its end, and stop it after `patience` seconds; gives its exit code."""
        self._to_server.close()
        for number in (None, signal.SIGTERM, KILL):
            if number is not None:
                self._signal(number)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._process.wait(), patience)
                break
        self._lose("it was closed")
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        return await self._process.wait()

    async def kill(self) -> None:
        """Stop the server at once."""
        self._signal(KILL)
        await self.close()

    def _signal(self, number: signal.Signals) -> None:
        # Not `Process.kill`, which reaps a child that has just ended by itself: its exit code would be lost.
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._process.pid, number)

    def _lose(self, reason: str) -> None:
        if self._lost is None:
            said = "".join(f"\n  {line}" for line in self._said)
            self._lost = f"The server is gone: {reason}.{said}"
        for future in self._pending.values():
            if not future.done():
                future.set_exception(ConnectionLost(self._lost))
        self._pending.clear()

    # --- frames ---

    def _write(self, message: dict[str, Any]) -> None:
        # Escapes, because a lone surrogate has no UTF-8.
        data = json.dumps({"jsonrpc": "2.0", **message}, ensure_ascii=True, separators=(",", ":")).encode()
        self._to_server.write(b"Content-Length: %d\r\n\r\n%b" % (len(data), data))

    async def _send(self, message: dict[str, Any]) -> None:
        self._write(message)
        try:
            await self._to_server.drain()
        except ConnectionError:
            # What the reader learns says more: it is about to see the end of the output, and then of the process.
            await asyncio.wait([self._reader], timeout=GRACE)
            raise ConnectionLost(self._lost or "The server closed its input.") from None

    async def _read(self) -> None:
        try:
            while (message := await self._frame()) is not None:
                self._take(message)
        except (OSError, ValueError, asyncio.IncompleteReadError) as problem:
            self._lose(f"its output is not readable ({problem})")
        else:
            code = await self._process.wait()
            # What it said last tells why; a process of its own that still has the pipe must not hold this up.
            await asyncio.wait([self._stderr], timeout=GRACE)
            self._lose(f"it ended with exit code {code}")

    async def _frame(self) -> dict[str, Any] | None:
        length: int | None = None
        while (line := await self._from_server.readline()).strip():
            name, _, value = line.partition(b":")
            if name.strip().lower() == b"content-length":
                length = int(value)
        if not line:
            return None
        if length is None:
            raise ValueError("a frame without Content-Length")
        return json.loads(await self._from_server.readexactly(length))

    def _take(self, message: dict[str, Any]) -> None:
        if "method" not in message:
            self._settle(message)
        elif message["method"] == "$/progress":
            self._portion(message.get("params") or {})
        else:
            self._incoming.put_nowait(message)

    def _portion(self, params: dict[str, Any]) -> None:
        number, handler = self._tokens.get(str(params.get("token")), (0, None))
        if handler is None:
            return
        try:
            handler(params.get("value"))
        except Exception as problem:
            # The caller's own handler failed: so does the call, and not the reading of other frames.
            future = self._pending.pop(number, None)
            if future is not None and not future.done():
                future.set_exception(problem)
                self._write({"method": "$/cancelRequest", "params": {"id": number}})

    def _settle(self, message: dict[str, Any]) -> None:
        number = message.get("id")
        future = self._pending.pop(number, None) if isinstance(number, int) else None
        if future is None or future.done():
            return
        error = message.get("error")
        if error is None:
            future.set_result(message.get("result"))
        else:
            future.set_exception(ForkpointError(error["code"], error["message"], error.get("data")))

    async def _dispatch(self) -> None:
        # Handlers run beside the reader, so that one may wait for a call of its own.
        while True:
            message = await self._incoming.get()
            if "id" in message:
                with contextlib.suppress(ConnectionLost):
                    await self._answer(message["id"], message["method"], message.get("params"))
                continue
            for handler in self._notified.get(message["method"], ()):
                try:
                    await _outcome(handler, message.get("params"))
                except Exception as problem:
                    self._report(message["method"], problem)

    async def _answer(self, number: Any, method: str, params: Any) -> None:
        handler = self._asked.get(method)
        if handler is None:
            error = {"code": METHOD_NOT_FOUND, "message": f"This client does not know {method}."}
            await self._send({"id": number, "error": error})
            return
        try:
            answer = {"result": await _outcome(handler, params)}
        except Exception as problem:
            self._report(method, problem)
            answer = {"error": {"code": INTERNAL_ERROR, "message": f"The client's handler of {method} failed."}}
        await self._send({"id": number, **answer})

    @staticmethod
    def _report(method: str, problem: Exception) -> None:
        context = {"message": f"A handler of {method} failed.", "exception": problem}
        asyncio.get_running_loop().call_exception_handler(context)

    async def _read_stderr(self, stream: asyncio.StreamReader) -> None:
        while data := await stream.readline():
            line = data.decode(errors="replace").rstrip()
            self._said.append(line)
            self._on_stderr(line)


async def _outcome(handler: Callable[[Any], Any], params: Any) -> Any:
    outcome = handler(params)
    return await outcome if inspect.isawaitable(outcome) else outcome


def _to_own_stderr(line: str) -> None:
    sys.stderr.write(line + "\n")
