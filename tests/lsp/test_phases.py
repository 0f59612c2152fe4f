"""What is answered when: before `initialize`, while serving, after `shutdown`."""

import asyncio
from typing import Any

import pytest

from tests.lsp.talk import ABSENT, Talk


@pytest.mark.parametrize("method", ["odd/echo", "shutdown", "workspace/executeCommand", "no/such"])
async def test_requests_before_initialize_are_told_to_wait(quiet_talk: Talk, method: str) -> None:
    reply = await quiet_talk.call(method, {})
    assert reply["error"]["code"] == -32002
    assert reply["error"]["data"]["kind"] == "notInitialized"
    assert "result" in await quiet_talk.start()


async def test_notifications_before_initialize_are_dropped(quiet_talk: Talk) -> None:
    quiet_talk.notify("initialized", {})
    quiet_talk.notify("workspace/didChangeConfiguration", {"settings": {"forkpoint": {"readOnly": True}}})
    await quiet_talk.start()
    reply = await quiet_talk.call("odd/state", {})
    assert reply["result"]["value"]["readOnly"] is False


async def test_a_second_initialize_is_refused(talk: Talk) -> None:
    reply = await talk.call("initialize", {"capabilities": {}})
    assert reply["error"]["code"] == -32600
    assert "result" in await talk.call("odd/echo", {})


@pytest.mark.parametrize(
    ("params", "path"),
    [
        (ABSENT, ""),
        (None, ""),
        ([], "/capabilities"),
        ("text", ""),
        ({}, "/capabilities"),
        ({"capabilities": None}, "/capabilities"),
        ({"capabilities": [5]}, "/capabilities"),
        ({"capabilities": {}, "processId": "5"}, "/processId"),
        ({"capabilities": {}, "processId": True}, "/processId"),
        ({"capabilities": {}, "rootUri": 5}, "/rootUri"),
        ({"capabilities": {}, "workspaceFolders": {}}, "/workspaceFolders"),
        ({"capabilities": {}, "workspaceFolders": [{"uri": "file:///", "name": "a"}, 5]}, "/workspaceFolders/1"),
        ({"capabilities": {}, "workspaceFolders": [{"name": "a"}]}, "/workspaceFolders/0/uri"),
        ({"capabilities": {}, "clientInfo": {"version": "1"}}, "/clientInfo/name"),
    ],
    ids=str,
)
async def test_bad_params_of_initialize_are_refused_and_it_can_come_again(
    quiet_talk: Talk, params: Any, path: str
) -> None:
    reply = await quiet_talk.call("initialize", params)
    assert reply["error"]["code"] == -32602
    assert [problem["path"] for problem in reply["error"]["data"]["problems"]] == [path]
    assert (await quiet_talk.call("odd/echo", {}))["error"]["code"] == -32002
    assert "result" in await quiet_talk.start()
    assert "result" in await quiet_talk.call("odd/echo", {})


@pytest.mark.parametrize(
    "capabilities",
    [
        {"textDocument": 5},
        {"textDocument": {"completion": {"completionItemKind": {"valueSet": [1, 2, 9999, "x"]}}}},
        {"workspace": {"symbol": {"symbolKind": {"valueSet": [1, 99]}}, "configuration": "yes"}},
        {"general": {"positionEncodings": ["utf-9", 5, "utf-8"]}, "window": []},
        {"general": {"regularExpressions": {"version": "1"}}},
        {"textDocument": {"semanticTokens": {"requests": {}, "tokenTypes": 5}}},
        {"experimental": 5},
        [],
        {"future": {"thing": True}},
    ],
    ids=str,
)
async def test_what_we_do_not_know_of_a_clients_abilities_is_left_out(quiet_talk: Talk, capabilities: Any) -> None:
    reply = await quiet_talk.start(capabilities=capabilities, trace="compact")
    encoding = "utf-8" if "positionEncodings" in str(capabilities) else "utf-16"
    assert reply["result"]["capabilities"]["positionEncoding"] == encoding


# --- cancelling ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["odd/sleep", "odd/block"])
async def test_a_request_is_cancelled_at_once(talk: Talk, method: str) -> None:
    id = talk.begin(method, {"ms": 60_000})
    await talk.settle()
    talk.notify("$/cancelRequest", {"id": id})
    reply = await talk.reply(id)
    assert reply["error"]["code"] == -32800
    assert reply["error"]["data"]["kind"] == "cancelled"


async def test_a_cancel_in_the_same_breath_is_answered_too(talk: Talk) -> None:
    id = talk.begin("odd/sleep", {"ms": 60_000})
    talk.notify("$/cancelRequest", {"id": id})
    assert (await talk.reply(id))["error"]["code"] == -32800


async def test_a_command_is_cancelled_like_a_request(talk: Talk) -> None:
    id = talk.begin(
        "workspace/executeCommand", {"command": "forkpoint.server.odd.block", "arguments": [{"ms": 60_000}]}
    )
    await talk.settle()
    talk.notify("$/cancelRequest", {"id": id})
    assert (await talk.reply(id))["error"]["code"] == -32800


@pytest.mark.parametrize("id", ["none", 4711, None, [1], {"id": 1}, True, 1.5], ids=repr)
async def test_a_cancel_for_nothing_changes_nothing(talk: Talk, id: Any) -> None:
    talk.notify("$/cancelRequest", {"id": id})
    assert "result" in await talk.call("odd/echo", {})


async def test_a_cancel_after_the_reply_adds_none(talk: Talk) -> None:
    id = talk.begin("odd/echo", {})
    await talk.reply(id)
    talk.notify("$/cancelRequest", {"id": id})
    await talk.settle()
    assert len(talk.replies(id)) == 1


# --- shutting down ---------------------------------------------------------------------------------------------------


async def test_shutdown_answers_what_is_in_flight_first(talk: Talk) -> None:
    ids = [talk.begin(method, {"ms": 60_000}) for method in ("odd/sleep", "odd/block", "odd/sleep")]
    stubborn = talk.begin("odd/stubborn", {"ms": 50})
    await talk.settle()
    end = talk.begin("shutdown")
    late = talk.begin("odd/echo", {})
    await talk.reply(end)
    assert [talk.replies(id)[0]["error"]["code"] for id in [*ids, stubborn]] == [-32800] * 4
    assert talk.replies(late)[0]["error"]["code"] == -32600
    assert talk.messages[-1] == {"jsonrpc": "2.0", "id": end, "result": None}


@pytest.mark.parametrize("params", [ABSENT, None, {}, [], {"extra": 1}], ids=repr)
async def test_shutdown_takes_any_params(talk: Talk, params: Any) -> None:
    assert (await talk.call("shutdown", params))["result"] is None


@pytest.mark.parametrize("method", ["odd/echo", "shutdown", "initialize", "no/such"])
async def test_requests_after_shutdown_are_refused(talk: Talk, method: str) -> None:
    await talk.call("shutdown")
    reply = await talk.call(method, {})
    assert reply["error"]["code"] == -32600
    assert reply["error"]["data"]["kind"] == "invalidRequest"


async def test_exit_is_good_only_after_shutdown(talk: Talk) -> None:
    talk.notify("exit")
    await talk.call("shutdown")
    talk.notify("exit")
    assert talk.exit_codes == [1, 0]


async def test_closing_answers_whatever_is_open(talk: Talk) -> None:
    ids = [talk.begin("odd/sleep", {"ms": 60_000}) for _ in range(5)]
    await talk.settle()
    async with asyncio.timeout(30):
        await talk.conversation.close()
    assert [talk.replies(id)[0]["error"]["code"] for id in ids] == [-32800] * 5
