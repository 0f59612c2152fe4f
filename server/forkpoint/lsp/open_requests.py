"""The requests that wait for their reply: each gets one, and can be cancelled until then."""

import asyncio
import time
from collections.abc import Iterator
from typing import Any

import attrs

from forkpoint.lsp.errors import ErrorReply, cancelled, mistake
from forkpoint.lsp.incoming import RequestId
from forkpoint.lsp.json_values import is_id
from forkpoint.lsp.log import logger
from forkpoint.lsp.outgoing import Outgoing


@attrs.define(eq=False)
class OpenRequest:
    """One request in flight."""

    id: RequestId
    method: str
    size: int
    """The size of its body, in bytes."""
    answered_before: bool = False
    """Whether the reply went out already, so that this one is dropped."""
    task: "asyncio.Task[Any] | None" = None
    """The work, where it is ours to cancel."""
    work_token: RequestId | None = None
    """The token under which the client may cancel it from a progress display."""
    began: float = attrs.field(factory=time.perf_counter)


class OpenRequests:
    """All requests in flight."""

    def __init__(self, outgoing: Outgoing) -> None:
        self._outgoing = outgoing
        self._open: dict[RequestId, OpenRequest] = {}

    def __iter__(self) -> Iterator[OpenRequest]:
        return iter(tuple(self._open.values()))

    def get(self, id: Any) -> OpenRequest | None:
        """Give the request of this id, None when there is none in flight."""
        return self._open.get(id) if is_id(id) else None

    def by_work_token(self, token: Any) -> OpenRequest | None:
        """Give the request that this progress token was sent with."""
        return next((request for request in self if request.work_token == token), None)

    def begin(self, request: OpenRequest) -> None:
        """Take a request in; its id must not be in flight."""
        self._open[request.id] = request

    def succeed(self, request: OpenRequest, result: Any) -> None:
        """Reply with a result, unless it was replied to before."""
        if self._close(request):
            try:
                self._log(request, "ok", self._outgoing.result(request.id, result))
            except (TypeError, ValueError, OverflowError, RecursionError) as error:
                self._fail(request, mistake(error))

    def fail(self, request: OpenRequest, error: ErrorReply) -> None:
        """Reply with an error, unless it was replied to before."""
        if self._close(request):
            self._fail(request, error)

    async def cancel_all(self, patience: float, *, but: str = "") -> None:
        """Cancel what is in flight, except a request of the method `but`, and wait for it.

        What takes longer than `patience` seconds to end is answered for.
        """
        doomed = [request for request in self if request.method != but]
        tasks = [request.task for request in doomed if request.task is not None]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=patience)
        for request in doomed:
            self.fail(request, cancelled())

    def _close(self, request: OpenRequest) -> bool:
        if self._open.get(request.id) is not request:
            return False
        del self._open[request.id]
        return not request.answered_before

    def _fail(self, request: OpenRequest, error: ErrorReply) -> None:
        self._log(request, str(error["code"]), self._outgoing.error(request.id, error))

    @staticmethod
    def _log(request: OpenRequest, outcome: str, size: int) -> None:
        took = (time.perf_counter() - request.began) * 1000
        sizes = f"{request.size} bytes in, {size} out"
        logger.info("%.80s id %.40s: %s, %.1f ms, %s", request.method, request.id, outcome, took, sizes)
