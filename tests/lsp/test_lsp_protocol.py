"""What pygls sends by itself, and the answers to it."""

import json
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from forkpoint.lsp.incoming import Response
from forkpoint.lsp.language_server import SidecarServer, build_server
from forkpoint.lsp.open_requests import OpenRequest, OpenRequests
from forkpoint.lsp.outgoing import Outgoing
from tests.lsp.odd_operations import ODD_CATALOGUE


class Wired:
    """A server of pygls that sends into a list."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.server: SidecarServer = build_server(ODD_CATALOGUE)
        outgoing = Outgoing(lambda body: self.sent.append(json.loads(body)))
        self.requests = OpenRequests(outgoing)
        self.server.lsp.connect(outgoing, self.requests)

    async def answer(self, method: str, params: Any = None) -> dict[str, Any]:
        """Let pygls answer a request; give the reply, which must have come at once."""
        request = OpenRequest("id", method, 0)
        self.requests.begin(request)
        self.server.lsp.answer(request, params)
        return self.sent[-1]


HOVER = {"textDocument": {"uri": "u"}, "position": {"line": 1, "character": 2}}
ASK = types.ConfigurationParams(items=[types.ConfigurationItem(section="forkpoint")])


async def test_a_notification_is_sent_as_one_frame() -> None:
    wired = Wired()
    wired.server.window_log_message(types.LogMessageParams(type=types.MessageType.Warning, message="\ud800"))
    assert wired.sent == [{"jsonrpc": "2.0", "method": "window/logMessage", "params": {"type": 2, "message": "\ud800"}}]


async def test_a_request_gets_its_answer() -> None:
    wired = Wired()
    future = wired.server.workspace_configuration(ASK)
    (asked,) = wired.sent
    assert (asked["method"], asked["params"]) == ("workspace/configuration", {"items": [{"section": "forkpoint"}]})
    wired.server.lsp.take_response(Response(asked["id"], [{"jsonrpc": "2.0", "class": 1}], None))
    assert list(future.result(0)) == [{"jsonrpc": "2.0", "class": 1}]


@pytest.mark.parametrize("response", [{"error": {"code": 1}}, {"error": "no"}, {"result": 5}], ids=str)
async def test_a_request_that_is_refused_or_answered_with_nonsense_fails(response: dict[str, Any]) -> None:
    wired = Wired()
    future = wired.server.window_show_message_request(
        types.ShowMessageRequestParams(type=types.MessageType.Info, message="?")
    )
    id = wired.sent[0]["id"]
    wired.server.lsp.take_response(Response(id, response.get("result"), response.get("error")))
    with pytest.raises(JsonRpcException):
        future.result(0)


async def test_an_answer_to_nothing_is_dropped() -> None:
    wired = Wired()
    ids: tuple[Any, ...] = ("x", 1, None, [1], {})
    for id in ids:
        wired.server.lsp.take_response(Response(id, 1, None))
    assert wired.sent == []


def nothing(*_: Any) -> None:
    """Handle whatever it is."""


async def test_the_mistake_of_a_handler_is_ours_and_not_shown(caplog: pytest.LogCaptureFixture) -> None:
    wired = Wired()

    def wrong(*_: Any) -> None:
        raise RuntimeError("hunter2")

    wired.server.feature(types.TEXT_DOCUMENT_HOVER)(wrong)
    reply = await wired.answer(
        types.TEXT_DOCUMENT_HOVER, {"textDocument": {"uri": "u"}, "position": {"line": 1, "character": 2}}
    )
    assert reply["error"]["code"] == -32603
    assert "hunter2" not in json.dumps(wired.sent)
    wired.server.feature(types.INITIALIZED)(wrong)
    wired.server.lsp.take("initialized", {})
    assert len(wired.sent) == 1
    assert caplog.text.count("mistake") == 2


async def test_an_error_that_pygls_raises_keeps_its_code() -> None:
    wired = Wired()

    def refuse(*_: Any) -> None:
        raise JsonRpcException("not now", code=-32803)

    wired.server.feature(types.TEXT_DOCUMENT_HOVER)(refuse)
    reply = await wired.answer(
        types.TEXT_DOCUMENT_HOVER, {"textDocument": {"uri": "u"}, "position": {"line": 1, "character": 2}}
    )
    assert reply["error"] == {"code": -32803, "message": "not now", "data": {"kind": "refused"}}


@pytest.mark.parametrize(
    ("params", "path"),
    [
        ({}, "/textDocument"),
        ({"textDocument": {"uri": "u"}, "position": {"line": "x", "character": 1}}, "/position/line"),
        ({"textDocument": 5, "position": {"line": 1, "character": 1}}, "/textDocument/uri"),
        ([], "/textDocument"),
        (None, ""),
        (5, ""),
    ],
    ids=str,
)
async def test_bad_params_of_lsps_own_requests_have_a_path_too(params: Any, path: str) -> None:
    wired = Wired()
    wired.server.feature(types.TEXT_DOCUMENT_HOVER)(nothing)
    reply = await wired.answer(types.TEXT_DOCUMENT_HOVER, params)
    assert reply["error"]["code"] == -32602
    assert path in [problem["path"] for problem in reply["error"]["data"]["problems"]]


async def test_a_result_of_pygls_types_is_made_plain() -> None:
    wired = Wired()

    def hover(*_: Any) -> types.Hover:
        return types.Hover(contents=types.MarkupContent(kind=types.MarkupKind.PlainText, value="text"))

    wired.server.feature(types.TEXT_DOCUMENT_HOVER)(hover)
    reply = await wired.answer(
        types.TEXT_DOCUMENT_HOVER, {"textDocument": {"uri": "u"}, "position": {"line": 1, "character": 2}}
    )
    assert reply["result"] == {"contents": {"kind": "plaintext", "value": "text"}}
