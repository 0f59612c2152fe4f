"""Any frame: one reply for an id, no more than one for anything else, and never an exception."""

import asyncio
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from forkpoint.lsp.incoming import Nothing, Notification, Refusal, Request, Response, read_body
from forkpoint.lsp.lost_id import find_id
from tests.lsp.talk import Talk

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
methods = st.sampled_from(
    [
        "odd/echo",
        "odd/typed",
        "odd/fail",
        "odd/bug",
        "workspace/executeCommand",
        "initialize",
        "textDocument/hover",
        "workspace/didChangeConfiguration",
        "workspace/didChangeWorkspaceFolders",
        "window/workDoneProgress/cancel",
        "$/setTrace",
        "$/cancelRequest",
        "$/other",
        "",
    ]
)
messages = st.fixed_dictionaries(
    {},
    optional={
        "jsonrpc": st.just("2.0") | values,
        "id": st.integers() | st.text(max_size=5) | values,
        "method": methods | values,
        "params": st.dictionaries(st.sampled_from(["value", "command", "arguments", "settings", "event"]), values)
        | values,
        "result": values,
        "error": values,
    },
)


@settings(max_examples=400)
@given(st.binary(max_size=60) | messages.map(lambda message: json.dumps(message).encode()))
def test_any_body_is_one_of_five_things(body: bytes) -> None:
    assert isinstance(read_body(body), Request | Notification | Response | Refusal | Nothing)


def test_any_message_is_answered_at_most_once_and_exactly_once_with_an_id() -> None:
    with asyncio.Runner() as runner:
        talk = runner.run(begun())

        @settings(max_examples=400)
        @given(messages)
        def check(message: dict[str, Any]) -> None:
            runner.run(sent_and_answered(talk, message))

        check()
        runner.run(talk.conversation.close())


async def begun() -> Talk:
    talk = Talk()
    await talk.start()
    return talk


async def sent_and_answered(talk: Talk, message: dict[str, Any]) -> None:
    talk.messages.clear()
    talk.send(message)
    await talk.settle()
    settled = talk.messages[-1]["id"]
    replies = [reply for reply in talk.messages if "method" not in reply and reply["id"] != settled]
    wants_one = "id" in message and ("method" in message or not ("result" in message or "error" in message))
    assert len(replies) == (1 if wants_one else 0), replies
    if replies and isinstance(message["id"], str | int) and not isinstance(message["id"], bool):
        assert replies[0]["id"] == message["id"]


@given(
    st.integers() | st.text(max_size=10),
    st.dictionaries(st.text(max_size=5).filter(lambda name: name != "id"), values, max_size=3),
    st.booleans(),
    st.booleans(),
    st.data(),
)
def test_the_id_of_a_body_that_was_cut_off_is_the_right_one_or_none(
    id: Any, others: dict[str, Any], first: bool, ascii_only: bool, data: st.DataObject
) -> None:
    message = {"id": id, **others} if first else {**others, "id": id}
    body = json.dumps(message, ensure_ascii=ascii_only).encode(errors="surrogatepass")
    cut = data.draw(st.integers(0, len(body)))
    assert find_id(body[:cut]) in (None, id)
    assert find_id(body) == id


@given(st.binary(max_size=200))
def test_an_id_is_looked_for_in_any_bytes(body: bytes) -> None:
    assert find_id(body) is None or isinstance(find_id(body), str | int)
