"""Whatever a frame holds, an id in it gets exactly one reply."""

import json
from typing import Any

import pytest

from forkpoint.lsp.frames import Oversized
from tests.lsp.odd_operations import deep_list
from tests.lsp.talk import Talk

MCP_MESSAGE = {"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": {"name": "x"}}
"""What transcripts of tool calls are full of."""


def request(id: Any, method: str = "odd/echo", **more: Any) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": id, "method": method, **more}


async def only_reply(talk: Talk, id: Any) -> dict[str, Any]:
    """Give the reply to an id, once everything sent before is worked off and it is the only one."""
    await talk.settle()
    (reply,) = talk.replies(id)
    return reply


def problems(reply: dict[str, Any]) -> dict[str, str]:
    return {problem["path"]: problem["reason"] for problem in reply["error"]["data"]["problems"]}


# --- what is lost or bent without our envelope ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        MCP_MESSAGE,
        [MCP_MESSAGE, {"jsonrpc": "2.0", "result": 1, "id": 1001}],
        {"jsonrpc": 5},
        {"class": 1, "my-key": 2, "type_name": "Evil", "_0": 3, "": 4, "__class__": 5, "self": 6},
        {"type_name": 5},
        {"params": {"jsonrpc": "2.0", "method": "exit"}},
        {"deep": deep_list(50)},
        "text with \u2028 and \U0001f600 and \x00",
        2**70,
        -0.5,
        "",
        [],
        False,
    ],
    ids=repr,
)
async def test_nested_values_come_through_untouched(talk: Talk, value: Any) -> None:
    reply = await talk.call("odd/echo", {"value": value})
    assert reply["result"] == {"value": value}


@pytest.mark.parametrize("params", [{}, {"params": None}, {"params": {}}], ids=["absent", "null", "empty"])
async def test_no_params_are_empty_params(talk: Talk, params: dict[str, Any]) -> None:
    talk.send(request("a", "odd/sleep", **params))
    assert (await only_reply(talk, "a"))["result"] == {"value": "slept"}


@pytest.mark.parametrize("params", [[], [1], "text", 5, True, 1.5], ids=repr)
async def test_params_that_are_no_object_are_refused(talk: Talk, params: Any) -> None:
    talk.send(request("a", params=params))
    reply = await only_reply(talk, "a")
    assert reply["error"]["code"] == -32602
    assert problems(reply) == {"": "must be an object"}


async def test_nothing_is_coerced_and_every_fault_has_its_path(talk: Talk) -> None:
    params = {
        "name": 5,
        "flag": "false",
        "count": True,
        "ratio": "1",
        "names": ["a", 2, None],
        "inner": {"value": 1, "other": 2},
        "inners": [{}, 5, {"a/b~c": 1}],
        "more": 1,
    }
    reply = await talk.call("odd/typed", params)
    assert reply["error"]["code"] == -32602
    assert reply["error"]["data"]["kind"] == "invalidParams"
    assert problems(reply) == {
        "/name": "must be a string",
        "/flag": "must be true or false",
        "/count": "must be a whole number",
        "/ratio": "must be a number",
        "/names/1": "must be a string",
        "/names/2": "must be a string",
        "/inner/other": "is not known",
        "/inners/1": "must be an object",
        "/inners/2/a~1b~0c": "is not known",
        "/more": "is not known",
    }


async def test_a_missing_member_is_named(talk: Talk) -> None:
    assert problems(await talk.call("odd/typed", {"inner": {}})) == {"/name": "is missing"}


async def test_null_is_absent_where_the_type_has_no_null(talk: Talk) -> None:
    reply = await talk.call("odd/typed", {"name": "n", "flag": None, "count": None, "names": None})
    assert reply["result"] == {"name": "n", "flag": False, "count": 1, "ratio": 1.0}


async def test_members_about_the_call_are_no_unknown_members(talk: Talk) -> None:
    reply = await talk.call(
        "odd/typed", {"name": "n", "workDoneToken": 1, "partialResultToken": "p", "_meta": {"a": 1}}
    )
    assert reply["result"]["name"] == "n"


async def test_params_that_make_no_sense_are_refused_the_same_way(talk: Talk) -> None:
    reply = await talk.call("odd/refuse", {"value": 1})
    assert reply["error"]["code"] == -32602
    assert problems(reply) == {"/value": "must make sense", "/value/deep": "must too"}


# --- the outermost object --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("message", "id", "path"),
    [
        ({"id": 1, "method": "odd/echo"}, 1, "/jsonrpc"),
        ({"jsonrpc": "1.0", "id": 1, "method": "odd/echo"}, 1, "/jsonrpc"),
        ({"jsonrpc": {"jsonrpc": "2.0"}, "id": 1, "method": "odd/echo"}, 1, "/jsonrpc"),
        ({"jsonrpc": "2.0", "id": 1}, 1, "/method"),
        ({"jsonrpc": "2.0", "id": 1, "method": 5}, 1, "/method"),
        ({"jsonrpc": "2.0", "id": "x", "method": ["odd/echo"]}, "x", "/method"),
        ({"jsonrpc": "2.0", "id": 1.5, "method": "odd/echo"}, 1.5, "/id"),
        ({"jsonrpc": "2.0", "id": None, "method": "odd/echo"}, None, "/id"),
        ({"jsonrpc": "2.0", "id": True, "method": "odd/echo"}, None, "/id"),
        ({"jsonrpc": "2.0", "id": [1], "method": "odd/echo"}, None, "/id"),
        ({"jsonrpc": "2.0", "id": {"id": 1}, "method": "odd/echo"}, None, "/id"),
        ([], None, ""),
        ([{"jsonrpc": "2.0", "id": 1, "method": "odd/echo"}] * 3, None, ""),
        ("text", None, ""),
        (5, None, ""),
        (None, None, ""),
        (False, None, ""),
    ],
    ids=str,
)
async def test_a_frame_of_the_wrong_form_gets_one_error(talk: Talk, message: Any, id: Any, path: str) -> None:
    talk.send(message)
    reply = await only_reply(talk, id)
    assert reply["error"]["code"] == -32600
    assert reply["error"]["data"]["kind"] == "invalidRequest"
    assert path in problems(reply)


@pytest.mark.parametrize("id", [0, -1, 2**53, 2**70, "", "1", "\u2028", "a" * 1000, "\ud800"], ids=ascii)
async def test_any_string_or_whole_number_is_an_id(talk: Talk, id: Any) -> None:
    talk.send(request(id, params={"value": 1}))
    assert (await only_reply(talk, id))["result"] == {"value": 1}


async def test_a_number_and_its_text_are_two_ids(talk: Talk) -> None:
    talk.send(request(1, params={"value": "number"}))
    talk.send(request("1", params={"value": "text"}))
    assert (await only_reply(talk, 1))["result"] == {"value": "number"}
    assert (await only_reply(talk, "1"))["result"] == {"value": "text"}


async def test_an_id_in_flight_cannot_be_used_again(talk: Talk) -> None:
    talk.send(request("twice", "odd/sleep", params={"ms": 50}))
    talk.send(request("twice", params={"value": 2}))
    await talk.until(lambda: len(talk.replies("twice")) == 2)
    refused, answered = talk.replies("twice")
    assert refused["error"]["code"] == -32600
    assert problems(refused).keys() == {"/id"}
    assert answered["result"] == {"value": "slept"}
    talk.send(request("twice", params={"value": 3}))
    await talk.settle()
    assert talk.replies("twice")[2]["result"] == {"value": 3}


@pytest.mark.parametrize(
    "method", ["no/such", "", "textDocument/hover", "exit", "initialized", "$/no", "odd/echo ", "class", "x" * 100_000]
)
async def test_an_unknown_method_is_refused(talk: Talk, method: str) -> None:
    reply = await talk.call(method, {})
    assert reply["error"]["code"] == -32601
    assert reply["error"]["data"]["kind"] == "methodNotFound"
    assert len(json.dumps(reply)) < 2000
    assert talk.exit_codes == []


@pytest.mark.parametrize(
    "message",
    [
        {"jsonrpc": "2.0", "method": "no/such"},
        {"jsonrpc": "2.0", "method": "odd/echo", "params": {}},
        {"jsonrpc": "2.0", "method": "shutdown"},
        {"jsonrpc": "2.0", "method": 5},
        {"jsonrpc": "2.0"},
        {"method": "exit"},
        {"jsonrpc": "2.0", "method": "$/setTrace"},
        {"jsonrpc": "2.0", "method": "$/setTrace", "params": {"value": 5}},
        {"jsonrpc": "2.0", "method": "$/cancelRequest"},
        {"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {"id": ["x"]}},
        {"jsonrpc": "2.0", "method": "window/workDoneProgress/cancel", "params": {"token": {}}},
        {"jsonrpc": "2.0", "method": "workspace/didChangeWorkspaceFolders", "params": {"event": 5}},
        {"jsonrpc": "2.0", "method": "workspace/didChangeWorkspaceFolders"},
        {"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {"textDocument": 5}},
        {"jsonrpc": "2.0", "id": 99, "result": None},
        {"jsonrpc": "2.0", "id": [99], "result": None},
        {"jsonrpc": "2.0", "id": None, "error": {"code": 1}},
        {"jsonrpc": "2.0", "id": "forkpoint-1", "result": 5},
    ],
    ids=str,
)
async def test_a_message_without_a_request_gets_no_reply(talk: Talk, message: Any) -> None:
    before = len(talk.messages)
    talk.send(message)
    assert len(await talk.settle()) == before + 1
    assert talk.exit_codes == []


# --- bytes that are no JSON ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "id"),
    [
        (b'{"jsonrpc":"2.0","id":5,"method":"odd/echo","params":{', 5),
        (b'{"jsonrpc":"2.0","id":"five","method":"odd/echo"', "five"),
        (b'{"jsonrpc":"2.0","method":"odd/echo","params":{"id":9},"id":6,', 6),
        (b'{"jsonrpc":"2.0","method":"odd/echo","params":{"value":nope},"id":7}', 7),
        (b'{"method":"odd/echo","params":[{"id":1},{"id":2}],"id" : 8 , "x":}', 8),
        (b'{"id":9,"method":"odd/echo","params":{"value":"\xff\xfe"},"jsonrpc":"2.0"}', 9),
        (b'{"id":10,"method":"odd/echo","params":{"value":"\xed\xa0"},"jsonrpc":"2.0"}', 10),
        (b'{"id":"\\u00e9\\"","method":}', 'é"'),
        (b'{"id":11} trailing', 11),
        (b'{"text":"\\"id\\":3","id":12,', 12),
        (b'{"id":"half', None),
        (b'{"id":1', None),
        (b"", None),
        (b"\x00", None),
        (b"{", None),
        (b"not json", None),
        (b'{"params":{"id":1},', None),
        (b'["id", 1', None),
        (b'"id":1', None),
        (b'{"id":{"id":1},', None),
        (b'{"id":tru', None),
        (b'\xff\xfe{\x00"\x00i\x00', None),
    ],
    ids=repr,
)
async def test_broken_json_is_answered_under_the_id_that_can_be_found(talk: Talk, body: bytes, id: Any) -> None:
    talk.body(body)
    reply = await only_reply(talk, id)
    assert reply["error"]["code"] == -32700
    assert reply["error"]["data"]["kind"] == "parseError"


@pytest.mark.parametrize("tail", [b',"id":5}', b',"method":"odd/echo","id": 5 }\n'], ids=repr)
async def test_too_deep_nesting_is_answered(talk: Talk, tail: bytes) -> None:
    deep = 200_000
    talk.body(b'{"jsonrpc":"2.0","params":' + b"[" * deep + b"]" * deep + tail)
    reply = await only_reply(talk, 5)
    assert reply["error"]["code"] == -32700


async def test_a_body_over_the_limit_is_answered(talk: Talk) -> None:
    frame = Oversized(10**12)
    frame.head = b'{"jsonrpc":"2.0","id":"big","method":"odd/echo","params":{"value":"aaaa'
    talk.body(frame)
    reply = await only_reply(talk, "big")
    assert reply["error"]["code"] == -32600


@pytest.mark.parametrize("value", ["\ud800", "a\udfff", "\udfff\ud800"], ids=ascii)
async def test_a_lone_surrogate_comes_back(talk: Talk, value: str) -> None:
    assert (await talk.call("odd/echo", {"value": value}))["result"] == {"value": value}
    reply = await talk.call("odd/fail", {"value": value})
    assert reply["error"]["data"]["path"] == value


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity", "1e999"])
async def test_a_number_that_is_none_comes_back_as_null(talk: Talk, text: str) -> None:
    talk.body(b'{"jsonrpc":"2.0","id":1,"method":"odd/echo","params":{"value":[%s,"NaN"]}}' % text.encode())
    assert (await only_reply(talk, 1))["result"] == {"value": [None, "NaN"]}


@pytest.mark.parametrize("value", ["deep", "object"])
async def test_a_result_that_cannot_be_encoded_is_a_mistake_of_ours(talk: Talk, value: str) -> None:
    reply = await talk.call("odd/unencodable", {"value": value})
    assert reply["error"]["code"] == -32603
    assert reply["error"]["data"]["kind"] == "internal"


# --- outcomes --------------------------------------------------------------------------------------------------------


async def test_a_failure_is_told_by_kind_and_fields(talk: Talk) -> None:
    reply = await talk.call("odd/fail", {"value": ".env"})
    assert reply["error"]["code"] == 4030
    assert reply["error"]["data"] == {"kind": "pathRefused", "path": ".env", "reason": "secretName"}


async def test_a_mistake_keeps_its_traceback_to_the_log(talk: Talk, caplog: pytest.LogCaptureFixture) -> None:
    reply = await talk.call("odd/bug", {})
    assert reply["error"]["code"] == -32603
    data = reply["error"]["data"]
    assert data.keys() == {"kind", "id"}
    assert "hunter2" not in json.dumps(reply)
    assert "Traceback" not in json.dumps(reply)
    assert f"mistake {data['id']}" in caplog.text
    assert "RuntimeError" in caplog.text


async def test_no_error_ever_pops_up(talk: Talk) -> None:
    await talk.call("odd/bug", {})
    await talk.call("no/such", {})
    talk.notify("$/setTrace", {"value": 5})
    talk.body(b"{broken")
    await talk.settle()
    assert talk.notifications("window/showMessage") == []


async def test_contents_stay_out_of_the_log(talk: Talk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", logger="forkpoint")
    await talk.call("odd/echo", {"value": "hunter2"})
    await talk.call("odd/typed", {"name": "hunter2", "flag": "hunter2"})
    await talk.call("odd/fail", {"value": "hunter2"})
    talk.notify("$/setTrace", {"value": "hunter2"})
    talk.body(b'{"id":1,"params":"hunter2')
    await talk.settle()
    assert "hunter2" not in caplog.text
    assert "odd/echo id" in caplog.text
