"""Progress and portions of results, to the clients that asked for them."""

from typing import Any

import pytest

from tests.lsp.talk import Talk


def progress(talk: Talk, token: Any) -> list[Any]:
    return [params["value"] for params in talk.notifications("$/progress") if params["token"] == token]


@pytest.mark.parametrize("token", ["t", 5, 0, ""], ids=repr)
async def test_long_work_is_begun_reported_and_ended(talk: Talk, token: Any) -> None:
    reply = await talk.call("odd/work", {"ms": 120, "steps": 5, "workDoneToken": token})
    kinds = [value["kind"] for value in progress(talk, token)]
    assert kinds[0] == "begin"
    assert kinds[-1] == "end"
    assert set(kinds[1:-1]) == {"report"}
    begin = progress(talk, token)[0]
    assert begin["title"] == "Report Progress"
    assert 0 <= begin["percentage"] <= 100
    assert talk.messages[-1] is reply


async def test_a_command_can_carry_the_token_too(talk: Talk) -> None:
    params = {"command": "forkpoint.server.odd.work", "arguments": [{"ms": 400}], "workDoneToken": "t"}
    await talk.call("workspace/executeCommand", params)
    assert [value["kind"] for value in progress(talk, "t")] == ["begin", "end"]


@pytest.mark.parametrize(
    "params", [{"ms": 10, "steps": 3, "workDoneToken": "t"}, {"ms": 400}], ids=["short", "no token"]
)
async def test_short_work_and_work_without_a_token_stay_quiet(talk: Talk, params: Any) -> None:
    await talk.call("odd/work", params)
    assert talk.notifications("$/progress") == []


async def test_work_is_cancelled_by_its_token(talk: Talk) -> None:
    id = talk.begin("odd/sleep", {"ms": 60_000, "workDoneToken": "t"})
    await talk.until(lambda: progress(talk, "t"))
    talk.notify("window/workDoneProgress/cancel", {"token": "t"})
    assert (await talk.reply(id))["error"]["code"] == -32800
    assert [value["kind"] for value in progress(talk, "t")] == ["begin", "end"]


@pytest.mark.parametrize("token", [None, [], {"a": 1}, True, 1.5], ids=repr)
async def test_what_is_no_token_counts_as_none(talk: Talk, token: Any) -> None:
    params = {"steps": 2, "partialResultToken": token, "workDoneToken": token}
    assert len((await talk.call("odd/stream", params))["result"]["entries"]) == 4
    assert talk.notifications("$/progress") == []


async def test_portions_go_out_under_the_token(talk: Talk) -> None:
    reply = await talk.call("odd/stream", {"steps": 3, "size": 2, "partialResultToken": "p"})
    assert reply["result"] == {"entries": []}
    assert progress(talk, "p") == [{"entries": [{"value": step}, "xx"]} for step in range(3)]


async def test_a_client_that_asks_for_nothing_gets_one_reply(talk: Talk) -> None:
    reply = await talk.call("history/replay", {"steps": 2, "size": 1})
    assert reply["result"]["entries"] == [{"value": 0}, "x", {"value": 1}, "x"]
    assert talk.notifications("history/chunk") == []


async def test_chunks_go_to_a_client_that_named_them_and_sent_no_token(quiet_talk: Talk) -> None:
    talk = quiet_talk
    await talk.start(capabilities={"experimental": {"forkpoint": {"notifications": ["history/chunk"]}}})
    id = talk.begin("history/replay", {"steps": 2, "size": 1})
    assert (await talk.reply(id))["result"] == {"entries": []}
    assert talk.notifications("history/chunk") == [
        {"requestId": id, "entries": [{"value": 0}, "x"]},
        {"requestId": id, "entries": [{"value": 1}, "x"]},
    ]
    await talk.call("history/replay", {"steps": 1, "partialResultToken": "p"})
    assert len(talk.notifications("history/chunk")) == 2
    assert len(progress(talk, "p")) == 1
    assert len((await talk.call("odd/stream", {"steps": 1}))["result"]["entries"]) == 2


async def test_portions_wait_for_a_client_that_is_behind(talk: Talk) -> None:
    talk.fill()
    id = talk.begin("odd/stream", {"steps": 3, "partialResultToken": "p"})
    await talk.settle()
    assert progress(talk, "p") == []
    assert talk.replies(id) == []
    talk.take_all()
    await talk.reply(id)
    assert len(progress(talk, "p")) == 3
