"""pygls' protocol, kept to LSP's own messages and made to answer through our book of open requests."""

import asyncio
import contextvars
from collections.abc import Generator, Mapping, Sequence
from concurrent.futures import Future
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from cattrs import Converter
from cattrs.errors import BaseValidationError
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.protocol import LanguageServerProtocol, lsp_method

from forkpoint.lsp import errors
from forkpoint.lsp.incoming import ABSENT, Problems, Response
from forkpoint.lsp.log import logger
from forkpoint.lsp.open_requests import OpenRequest, OpenRequests
from forkpoint.lsp.outgoing import Outgoing
from forkpoint.lsp.wire_input import problems_of

if TYPE_CHECKING:
    from pygls.lsp.server import LanguageServer

NOT_BY_PYGLS = (
    types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS,
    types.TEXT_DOCUMENT_DID_OPEN,
    types.TEXT_DOCUMENT_DID_CHANGE,
    types.TEXT_DOCUMENT_DID_CLOSE,
    types.NOTEBOOK_DOCUMENT_DID_OPEN,
    types.NOTEBOOK_DOCUMENT_DID_CHANGE,
    types.NOTEBOOK_DOCUMENT_DID_CLOSE,
)
"""What pygls would follow folders and keep texts of documents for; the folders are ours, and texts nobody needs."""

_METHODS: Mapping[str, tuple[Any, Any, Any, Any]] = cast("Any", types.METHOD_TO_TYPES)
"""For each method of LSP the types of its request, its response (None for a notification), its params and options."""


class LspProtocol(LanguageServerProtocol):
    """Dispatch and types are pygls'; frames, replies and errors are ours."""

    def __init__(self, server: "LanguageServer", converter: Converter) -> None:
        super().__init__(server, converter)
        self._builtin: dict[str, Any] = cast("Any", self.fm).builtin_features
        self._features: dict[str, Any] = cast("Any", self.fm).features
        for method in NOT_BY_PYGLS:
            del self._builtin[method]
        self.experimental: dict[str, Any] = {}
        """What the answer to `initialize` says under `capabilities.experimental`."""
        self.started = False
        """Whether an `initialize` succeeded."""

    def connect(self, outgoing: Outgoing, requests: OpenRequests) -> None:
        """Send everything through these from now on."""
        self._outgoing = outgoing
        self._requests = requests

    def offer_commands(self, commands: Sequence[str]) -> None:
        """Let `initialize` name these commands; they are run before pygls hears of them."""
        cast("Any", self.fm).commands.update(dict.fromkeys(commands))

    # --- in -----------------------------------------------------------------------------------------------------

    def handles(self, method: str, *, request: bool) -> bool:
        """Tell whether a message of LSP has somebody to handle it."""
        if method not in self._builtin and method not in self._features:
            return False
        return (_METHODS[method][1] is not None) == request

    def answer(self, request: OpenRequest, params: Any) -> None:
        """Answer a request of LSP."""
        value, problems = self._structure(request.method, params)
        if problems:
            self._requests.fail(request, errors.invalid_params(problems))
        else:
            self._run(request.id, request.method, value, partial(self._finished, request))

    def take(self, method: str, params: Any) -> None:
        """Take a notification of LSP."""
        value, problems = self._structure(method, params)
        if problems:
            logger.warning("%s is ignored: %s %s", method, *problems[0])
        else:
            self._run(f"notification {method}", method, value, self._noted)

    def take_response(self, response: Response) -> None:
        """Take the client's answer to a request that pygls sent."""
        if not isinstance(response.id, str) or response.id not in self._request_futures:
            logger.warning("an answer to a request that nobody sent")
            return
        kind = self._result_types.pop(response.id, None)
        if response.error is not None:
            problem = types.ResponseError(code=0, message="the client refused")
            self._handle_response(response.id, None, problem)
            return
        message = {"jsonrpc": "2.0", "id": response.id, "result": response.result}
        value, problems = self._try_structure(message, kind) if kind is not None else (None, [])
        if problems:
            self._handle_response(response.id, None, types.ResponseError(code=0, message="the answer has a wrong form"))
        else:
            self._handle_response(response.id, response.result if value is None else value.result)

    def cancel(self, request: OpenRequest) -> None:
        """Cancel a request that a handler of pygls is at."""
        self._handle_cancel_notification(request.id)

    def initialize_result(self, params: dict[str, Any]) -> dict[str, Any]:
        """Give the plain result of `initialize` for params that fit, as its builder makes it."""
        results: list[Any] = []
        handler = self._get_handler(types.INITIALIZE)
        value = self._converter.structure(params, types.InitializeParams)
        self._execute_handler("", handler, callback=lambda future: results.append(future.result()), args=(value,))
        return self._converter.unstructure(results[0])

    def _structure(self, method: str, params: Any) -> tuple[Any, Problems]:
        kind = _METHODS[method][2]
        if kind is None:
            return None, []
        return self._try_structure({} if params is ABSENT else params, kind)

    def _try_structure(self, value: Any, kind: Any) -> tuple[Any, Problems]:
        try:
            return self._converter.structure(value, kind), []
        except BaseValidationError as error:
            return None, problems_of(error)
        except (TypeError, ValueError, KeyError, AttributeError):  # lsprotocol's own hooks check nothing
            return None, [("", "has the wrong form")]

    def _run(self, id: Any, method: str, params: Any, callback: Any) -> None:
        def start() -> None:
            self._ctx_msg_id.set(id)
            self._execute_handler(id, self._get_handler(method), callback=callback, args=(params,))

        contextvars.copy_context().run(start)

    # --- out ----------------------------------------------------------------------------------------------------

    @lsp_method(types.INITIALIZE)
    def lsp_initialize(self, params: types.InitializeParams) -> Generator[Any, Any, types.InitializeResult]:
        """Add our own abilities to what pygls' builder answers."""
        result = yield from super().lsp_initialize(params)
        result.capabilities.experimental = self.experimental
        self.started = True
        return result

    def _finished(self, request: OpenRequest, future: "Future[Any] | asyncio.Future[Any]") -> None:
        self._request_futures.pop(request.id, None)
        if future.cancelled():
            self._requests.fail(request, errors.cancelled())
        elif (error := future.exception()) is None:
            self._requests.succeed(request, self._converter.unstructure(future.result()))
        elif isinstance(error, JsonRpcException):
            self._requests.fail(request, errors.error_reply(error.code, "refused", error.message))
        else:
            self._requests.fail(request, errors.reply_for(error))

    def _noted(self, future: "Future[Any] | asyncio.Future[Any]") -> None:
        if not future.cancelled() and (error := future.exception()) is not None:
            errors.mistake(error)

    def _send_data(self, data: Any) -> None:
        """Send what pygls made: its own notifications and requests."""
        self._outgoing.message(self._converter.unstructure(data))
