"""Frames in, exactly one reply out for each that has an id.

pygls alone does not keep that promise: it structures every nested object, loses requests whose params do not fit, and
answers nothing after `shutdown`. So only the outermost object is looked at here, our own methods never touch pygls,
and what pygls answers goes through the same book of open requests.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any, Literal

from forkpoint.lsp import errors
from forkpoint.lsp.capability_table import TABLE
from forkpoint.lsp.client_profile import ClientProfile, read_profile
from forkpoint.lsp.frames import MAX_BODY, Frame, Oversized
from forkpoint.lsp.incoming import (
    ABSENT,
    INVALID_REQUEST,
    Incoming,
    Nothing,
    Notification,
    Refusal,
    Request,
    Response,
    read_body,
    too_long,
)
from forkpoint.lsp.initialize_params import fit
from forkpoint.lsp.json_values import is_array, is_object
from forkpoint.lsp.log import logger
from forkpoint.lsp.lsp_protocol import LspProtocol
from forkpoint.lsp.open_requests import OpenRequest, OpenRequests
from forkpoint.lsp.operation_calls import OperationCalls
from forkpoint.lsp.outgoing import Outgoing
from forkpoint.lsp.progress import CHUNK_NOTIFICATION, CHUNKED_METHOD, RequestCall, token
from forkpoint.lsp.wire_converter import WireConverter
from forkpoint.operations.catalogue import Listing

Phase = Literal["waiting", "serving", "closing"]
"""Before `initialize`, between it and `shutdown`, and after."""

PATIENCE_AT_END = 3.0
"""Seconds that cancelled work gets to end in."""

COMMAND = "workspace/executeCommand"
FOLDERS = ("workspaceFolders", "rootUri", "rootPath")
"""What pygls need not know of `initialize`; it takes any text in there for a good URI."""


class Envelope:
    """One conversation with one client."""

    def __init__(
        self,
        *,
        protocol: LspProtocol,
        calls: OperationCalls,
        outgoing: Outgoing,
        requests: OpenRequests,
        wire: WireConverter,
        room: Callable[[], Awaitable[None]],
        on_client: Callable[[ClientProfile], None],
        on_exit: Callable[[int], None],
    ) -> None:
        self._protocol = protocol
        self._calls = calls
        self._outgoing = outgoing
        self._requests = requests
        self._wire = wire
        self._room = room
        self._on_client = on_client
        self._on_exit = on_exit
        self._phase: Phase = "waiting"
        self._named: frozenset[str] = frozenset()

    # --- frames -------------------------------------------------------------------------------------------------

    def receive(self, frames: Sequence[Frame], *, answered_before: bool = False) -> None:
        """Take frames; `answered_before` says that the first one has its reply already."""
        for frame in frames:
            try:
                self._take(frame, answered_before)
            except Exception as error:  # whatever a frame sets off, the next one must still be read
                errors.mistake(error)
            answered_before = False

    def _take(self, frame: Frame, answered_before: bool) -> None:
        if isinstance(frame, Oversized):
            message: Incoming = too_long(frame.length, MAX_BODY, frame.head)
        else:
            message = read_body(frame)
        match message:
            case Request():
                size = 0 if isinstance(frame, Oversized) else len(frame)
                self._request(message, OpenRequest(message.id, message.method, size, answered_before))
            case Notification():
                self._notification(message)
            case Response():
                if not self._outgoing.answered(message):
                    self._protocol.take_response(message)
            case Refusal():
                self._refuse(message)
            case Nothing():
                logger.warning("ignored: %s", message.reason)

    def _refuse(self, refusal: Refusal) -> None:
        logger.warning("refused a frame: %s %s", refusal.kind, refusal.problems[0][1])
        error = errors.error_reply(refusal.code, refusal.kind, refusal.sentence, refusal.problems)
        self._outgoing.error(refusal.id, error)

    # --- requests -----------------------------------------------------------------------------------------------

    def _request(self, message: Request, request: OpenRequest) -> None:
        refusal = self._refusal(message)
        if refusal is not None:
            self._refuse(refusal)
            return
        self._requests.begin(request)
        try:
            self._answer(message, request)
        except Exception as error:  # the promise of one reply holds for mistakes of ours too
            self._requests.fail(request, errors.mistake(error))

    def _refusal(self, message: Request) -> Refusal | None:
        if self._requests.get(message.id) is not None:
            reason = "belongs to a request that is still open"
            return Refusal(message.id, INVALID_REQUEST, "invalidRequest", f"The id {reason}.", [("/id", reason)])
        starting = message.method == "initialize"
        if self._phase == "waiting" and not starting:
            reason = "must wait until initialize is answered"
            return Refusal(message.id, errors.NOT_INITIALIZED, "notInitialized", f"Requests {reason}.", [("", reason)])
        if self._phase == "closing" or (self._phase == "serving" and starting):
            reason = "came after shutdown" if self._phase == "closing" else "came a second time"
            return Refusal(message.id, INVALID_REQUEST, "invalidRequest", f"The request {reason}.", [("", reason)])
        return None

    def _answer(self, message: Request, request: OpenRequest) -> None:
        listing = self._calls.by_method(message.method)
        if listing is not None:
            self._operation(request, listing, message.params)
        elif message.method == COMMAND:
            self._command(request, message.params)
        elif message.method == "initialize":
            self._initialize(request, message.params)
        elif self._protocol.handles(message.method, request=True):
            if message.method == "shutdown":
                self._phase = "closing"
            self._protocol.answer(request, message.params)
        else:
            self._requests.fail(request, errors.method_not_found(message.method))

    def _initialize(self, request: OpenRequest, params: Any) -> None:
        fitted, problems, left_out = fit(params, TABLE.shapes)
        if problems:
            self._requests.fail(request, errors.invalid_params(problems))
            return
        for path in left_out:
            logger.warning("initialize: %s is not known and left out", path)
        self._protocol.answer(request, {name: value for name, value in fitted.items() if name not in FOLDERS})
        if self._protocol.started:
            self._phase = "serving"
            profile = read_profile(fitted)
            self._named = profile.notifications
            self._on_client(profile)

    def _command(self, request: OpenRequest, params: Any) -> None:
        """Run an operation by its command: one argument, the same params; none, or null, means `{}`."""
        if not is_object(params):
            self._requests.fail(request, errors.invalid_params([("", "must be an object")]))
            return
        listing = self._calls.by_command(params.get("command"))
        arguments: Any = params.get("arguments")
        if arguments is None:
            arguments = []
        if listing is None:
            self._requests.fail(request, errors.invalid_params([("/command", "is not a command of this server")]))
        elif not is_array(arguments) or len(arguments) > 1:
            self._requests.fail(request, errors.invalid_params([("/arguments", "must be a list of one object")]))
        else:
            request.method = listing.command
            work_token = token(params, "workDoneToken")
            self._operation(request, listing, arguments[0] if arguments else None, "/arguments/0", work_token)

    def _operation(
        self, request: OpenRequest, listing: Listing, params: Any, prefix: str = "", work_token: Any = None
    ) -> None:
        params = {} if params is None or params is ABSENT else params
        request.work_token = token(params, "workDoneToken") if work_token is None else work_token
        call = RequestCall(
            request.id,
            listing.title,
            partial_token=token(params, "partialResultToken"),
            work_token=request.work_token,
            chunks=listing.method == CHUNKED_METHOD and CHUNK_NOTIFICATION in self._named,
            notify=self._outgoing.notify,
            room=self._room,
            wire=self._wire,
        )
        request.task = asyncio.get_running_loop().create_task(self._calls.run(listing, params, call))
        # Replying in a callback covers a task that was cancelled before its first step, too.
        request.task.add_done_callback(partial(self._operation_done, request, call, prefix))

    def _operation_done(self, request: OpenRequest, call: RequestCall, prefix: str, task: "asyncio.Task[Any]") -> None:
        call.end()
        if task.cancelled():
            self._requests.fail(request, errors.cancelled())
        elif (error := task.exception()) is not None:
            self._requests.fail(request, errors.reply_for(error, prefix))
        else:
            self._requests.succeed(request, task.result())

    # --- notifications ------------------------------------------------------------------------------------------

    def _notification(self, message: Notification) -> None:
        method, params = message.method, message.params
        if method == "exit":
            self._on_exit(0 if self._phase == "closing" else 1)
        elif self._phase != "serving":
            logger.info("%.80s is ignored: the server is %s", method, self._phase)
        elif method == "$/cancelRequest":
            self._cancel(self._requests.get(params.get("id")) if is_object(params) else None)
        elif method == "window/workDoneProgress/cancel":
            self._cancel(self._requests.by_work_token(params.get("token")) if is_object(params) else None)
        elif self._protocol.handles(method, request=False):
            self._protocol.take(method, params)
        else:
            logger.info("%.80s is ignored: nobody handles it", method)

    def _cancel(self, request: OpenRequest | None) -> None:
        if request is None:
            return  # answered already, as a cancel may always cross its reply
        if request.task is not None:
            request.task.cancel()
        else:
            self._protocol.cancel(request)

    # --- the end ------------------------------------------------------------------------------------------------

    async def close(self) -> None:
        """Cancel what is in flight, wait for it, and answer for what does not end."""
        self._phase = "closing"
        await self._requests.cancel_all(PATIENCE_AT_END)
