"""What a running operation tells its client: portions of the result, and how far it is."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from forkpoint.lsp.incoming import RequestId
from forkpoint.lsp.json_values import is_id, member_at
from forkpoint.lsp.wire_converter import WireConverter

PROGRESS_AFTER = 0.3
"""Seconds of work before progress is shown: what is quicker would only flicker."""
REPORT_EVERY = 0.1
"""The least seconds between two reports."""

CHUNK_NOTIFICATION = "history/chunk"
CHUNKED_METHOD = "history/replay"
"""The one method whose portions may also go out as notifications."""

Notify = Callable[[str, Any], None]


class RequestCall:
    """The call of one request; an implementation of `forkpoint.operations.services.Call`."""

    def __init__(
        self,
        id: RequestId,
        title: str,
        *,
        partial_token: RequestId | None,
        work_token: RequestId | None,
        chunks: bool,
        notify: Notify,
        room: Callable[[], Awaitable[None]],
        wire: WireConverter,
    ) -> None:
        self._id = id
        self._title = title
        self._partial_token = partial_token
        self._chunks = chunks
        self._notify = notify
        self._room = room
        self._wire = wire
        self._report = WorkReport(work_token, title, notify) if work_token is not None else None

    @property
    def streams(self) -> bool:
        """Whether the client takes partial results, by token or by notification."""
        return self._partial_token is not None or self._chunks

    async def partial(self, value: Any) -> None:
        """Send one portion of the result; waits while the client is behind."""
        if not self.streams:
            return
        await self._room()
        plain = self._wire.unstructure_portion(value)
        if self._partial_token is not None:
            self._notify("$/progress", {"token": self._partial_token, "value": plain})
        else:
            self._notify(CHUNK_NOTIFICATION, {"requestId": self._id, **plain})

    async def progress(self, message: str, done: int | None = None, total: int | None = None) -> None:
        """Tell how far the work is; sent only when the client asked and the work has lasted 300 ms."""
        if self._report is not None:
            self._report.tell(message, done, total)

    def end(self) -> None:
        """Close the report, before the reply goes out."""
        if self._report is not None:
            self._report.end()


class WorkReport:
    """Work-done progress under the client's token: begun once the work has lasted, ended whatever happens."""

    def __init__(self, token: RequestId, title: str, notify: Notify) -> None:
        self._token = token
        self._title = title
        self._notify = notify
        self._loop = asyncio.get_running_loop()
        self._latest: dict[str, Any] = {}
        self._begun = False
        self._next = 0.0
        """The loop's time from which the next report may go out."""
        self._timer = self._loop.call_later(PROGRESS_AFTER, self._begin)

    def tell(self, message: str, done: int | None, total: int | None) -> None:
        """Take the newest state of the work."""
        self._latest = {"message": message if done is None else f"{message}: {done}"}
        if done is not None and total:
            self._latest["percentage"] = min(100, done * 100 // total)
        if self._begun and self._loop.time() >= self._next:
            self._send("report", self._latest)

    def end(self) -> None:
        """End the report, if it was begun."""
        self._timer.cancel()
        if self._begun:
            self._send("end", {})

    def _begin(self) -> None:
        self._begun = True
        self._send("begin", {"title": self._title, "cancellable": True, **self._latest})

    def _send(self, kind: str, members: dict[str, Any]) -> None:
        self._next = self._loop.time() + REPORT_EVERY
        self._notify("$/progress", {"token": self._token, "value": {"kind": kind, **members}})


def token(params: Any, name: str) -> RequestId | None:
    """Give a progress token out of params; None when there is none, or nothing that may be one."""
    value = member_at(params, name)
    return value if is_id(value) else None
