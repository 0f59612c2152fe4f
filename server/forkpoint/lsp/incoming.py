"""What a body says: a request, a notification, a response, or something to be refused; pure.

Only the outermost object is looked at. What lies in `params` is nobody's business here, even when it looks like a
message itself: transcripts are full of messages.
"""

from typing import Any

import attrs

from forkpoint.lsp.json_values import is_id, is_object
from forkpoint.lsp.lost_id import find_id
from forkpoint.parsing.json_lines import decode

PARSE_ERROR = -32700
INVALID_REQUEST = -32600

RequestId = str | int

Problems = list[tuple[str, str]]
"""Faults, each as the JSON pointer to it and what must be so."""


class _Absent:
    """Stands for params that are not in the message."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Any = _Absent()


@attrs.frozen
class Request:
    """Wants exactly one reply."""

    id: RequestId
    method: str
    params: Any


@attrs.frozen
class Notification:
    """Wants none."""

    method: str
    params: Any


@attrs.frozen
class Response:
    """Answers one of our own requests."""

    id: Any
    result: Any
    error: Any


@attrs.frozen
class Refusal:
    """A frame that gets an error reply for its form alone."""

    id: Any
    """The id as it can be given back; None when there is none, or none that a reply may carry."""
    code: int
    kind: str
    sentence: str
    problems: Problems


@attrs.frozen
class Nothing:
    """A frame that wants no reply and says nothing we could act on."""

    reason: str


Incoming = Request | Notification | Response | Refusal | Nothing


def read_body(body: bytes | bytearray) -> Incoming:
    """Read one body."""
    message, fault = decode(body)
    if fault is not None:
        return Refusal(find_id(body), PARSE_ERROR, "parseError", f"The message is {fault}.", [("", fault)])
    return read_message(message)


def read_message(message: Any) -> Incoming:
    """Read one decoded body."""
    if not is_object(message):
        what = "is a batch; send each message alone" if isinstance(message, list) else "must be an object"
        return _invalid(None, [("", what)])
    if "method" not in message and ("result" in message or "error" in message):
        return Response(message.get("id"), message.get("result"), message.get("error"))
    problems = _faults(message)
    if "id" not in message:
        if problems:
            return Nothing(f"a notification whose {problems[0][0]} {problems[0][1]}")
        return Notification(message["method"], message.get("params", ABSENT))
    if problems:
        return _invalid(_returnable(message["id"]), problems)
    return Request(message["id"], message["method"], message.get("params", ABSENT))


def too_long(length: int, limit: int, head: bytes) -> Refusal:
    """Refuse a body that was skipped; `head` are its first bytes."""
    reason = f"has {length} bytes; the limit is {limit}"
    return Refusal(find_id(head), INVALID_REQUEST, "invalidRequest", f"The message {reason}.", [("", reason)])


def _faults(members: dict[str, Any]) -> Problems:
    problems: Problems = []
    if members.get("jsonrpc") != "2.0":
        problems.append(("/jsonrpc", 'must be "2.0"'))
    if not isinstance(members.get("method"), str):
        problems.append(("/method", "must be a string"))
    if "id" in members and not is_id(members["id"]):
        problems.append(("/id", "must be a string or a whole number"))
    return problems


def _returnable(id: Any) -> Any:
    """Give an id that a reply can carry: a fraction still tells the sender which request was meant."""
    return id if is_id(id) or isinstance(id, float) else None


def _invalid(id: Any, problems: Problems) -> Refusal:
    path, reason = problems[0]
    return Refusal(id, INVALID_REQUEST, "invalidRequest", f"The message{path and ' at ' + path} {reason}.", problems)
