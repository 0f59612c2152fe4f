"""Errors as JSON-RPC carries them: a failure, bad params, a cancelled request, or a mistake of ours."""

import asyncio
import secrets
import traceback
from collections.abc import Mapping, Sequence
from typing import Any

import attrs

from forkpoint.lsp.log import logger
from forkpoint.model.failures import Failure
from forkpoint.model.naming import camel_case
from forkpoint.operations.registry import InvalidParams
from forkpoint.stores.workers import Cancelled

INVALID_PARAMS = -32602
METHOD_NOT_FOUND = -32601
INTERNAL_ERROR = -32603
NOT_INITIALIZED = -32002
CANCELLED = -32800

ErrorReply = dict[str, Any]
"""`code`, `message`, and `data` with at least `kind`."""


def error_reply(
    code: int, kind: str, sentence: str, problems: Sequence[tuple[str, str]] = (), **more: Any
) -> ErrorReply:
    """Make an error; `problems` are pairs of a JSON pointer and a reason."""
    data: dict[str, Any] = {"kind": kind, **more}
    if problems:
        data["problems"] = [{"path": path, "reason": reason} for path, reason in problems]
    return {"code": code, "message": sentence, "data": data}


def reply_for(error: BaseException, prefix: str = "") -> ErrorReply:
    """Give the reply for whatever ended a request.

    `prefix` is where the params lie that an `InvalidParams` is about. A mistake of ours is logged under an id that
    is also in the reply; its traceback stays here.
    """
    if isinstance(error, Failure):
        return error_reply(error.code, error.kind, error.sentence(), **_fields(error))
    if isinstance(error, InvalidParams):
        return invalid_params([(prefix + path, reason) for path, reason in error.problems])
    if isinstance(error, asyncio.CancelledError | Cancelled):
        return cancelled()
    return mistake(error)


def invalid_params(problems: Sequence[tuple[str, str]]) -> ErrorReply:
    """Refuse params, one problem per path."""
    path, reason = problems[0]
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    where = f"{path} " if path else ""
    return error_reply(INVALID_PARAMS, "invalidParams", f"Invalid params: {where}{reason}{more}.", problems)


def method_not_found(method: str) -> ErrorReply:
    """Refuse a method nobody knows."""
    return error_reply(METHOD_NOT_FOUND, "methodNotFound", f"There is no method {method[:200]!r}.")


def cancelled() -> ErrorReply:
    """Answer a request that was cancelled."""
    return error_reply(CANCELLED, "cancelled", "The request was cancelled.")


def mistake(error: BaseException) -> ErrorReply:
    """Answer a request that ran into a mistake of ours, and log it."""
    id = secrets.token_hex(4)
    logger.error("mistake %s\n%s", id, "".join(traceback.format_exception(error)))
    return error_reply(INTERNAL_ERROR, "internal", f"A mistake of the server; its log tells more under {id}.", id=id)


def _fields(failure: Failure) -> Mapping[str, Any]:
    fields: tuple[attrs.Attribute[Any], ...] = attrs.fields(type(failure)) if attrs.has(type(failure)) else ()
    values = {camel_case(field.name): getattr(failure, field.name) for field in fields}
    return {name: value for name, value in values.items() if value is not None}
