"""Every operation is a command, too: one argument, the same params."""

from typing import Any

import pytest

from forkpoint.operations.catalogue import FILTERS, NOTIFICATIONS, OPERATIONS, PROTOCOL_VERSION
from tests.lsp.odd_operations import ODD_CATALOGUE
from tests.lsp.talk import ABSENT, Talk

ECHO = "forkpoint.server.odd.echo"


GOOD: list[tuple[Any, Any]] = [
    (ABSENT, None),
    (None, None),
    ([], None),
    ([None], None),
    ([{}], None),
    ([{"value": {"jsonrpc": "2.0", "class": 1}}], {"jsonrpc": "2.0", "class": 1}),
]

BAD: list[tuple[Any, Any]] = [
    (ABSENT, ""),
    (None, ""),
    ([], ""),
    ({}, "/command"),
    ({"command": "no.such"}, "/command"),
    ({"command": ["x"]}, "/command"),
    ({"command": "odd/echo"}, "/command"),
    ({"command": ECHO, "arguments": {}}, "/arguments"),
    ({"command": ECHO, "arguments": "x"}, "/arguments"),
    ({"command": ECHO, "arguments": [{}, {}]}, "/arguments"),
    ({"command": ECHO, "arguments": [5]}, "/arguments/0"),
    ({"command": ECHO, "arguments": [[]]}, "/arguments/0"),
    ({"command": ECHO, "arguments": [{"other": 1}]}, "/arguments/0/other"),
    ({"command": "forkpoint.server.odd.refuse"}, "/arguments/0/value"),
]


async def test_initialize_names_methods_and_commands(quiet_talk: Talk) -> None:
    capabilities = (await quiet_talk.start())["result"]["capabilities"]
    assert capabilities["executeCommandProvider"]["commands"] == [
        "forkpoint.server." + listing.method.replace("/", ".") for listing in ODD_CATALOGUE
    ]
    assert capabilities["experimental"] == {
        "forkpoint": {
            "protocolVersion": PROTOCOL_VERSION,
            "methods": [listing.method for listing in ODD_CATALOGUE],
            "notifications": [notice.method for notice in NOTIFICATIONS],
            "filters": list(FILTERS),
        }
    }


@pytest.mark.parametrize("listing", OPERATIONS, ids=lambda listing: listing.method)
def test_every_listed_operation_exists_under_its_method(listing: Any) -> None:
    assert listing.load().method == listing.method


@pytest.mark.parametrize(("arguments", "value"), GOOD, ids=repr)
async def test_a_command_takes_the_params_as_its_argument(talk: Talk, arguments: Any, value: Any) -> None:
    params = {"command": ECHO} if arguments is ABSENT else {"command": ECHO, "arguments": arguments}
    reply = await talk.call("workspace/executeCommand", params)
    assert reply["result"] == ({} if value is None else {"value": value})


@pytest.mark.parametrize(("params", "path"), BAD, ids=str)
async def test_a_bad_command_is_refused_with_its_path(talk: Talk, params: Any, path: str) -> None:
    reply = await talk.call("workspace/executeCommand", params)
    assert reply["error"]["code"] == -32602
    assert reply["error"]["data"]["problems"][0]["path"] == path


async def test_a_command_fails_like_its_request(talk: Talk) -> None:
    by_command = await talk.call(
        "workspace/executeCommand", {"command": "forkpoint.server.odd.fail", "arguments": [{"value": "x"}]}
    )
    assert by_command["error"] == (await talk.call("odd/fail", {"value": "x"}))["error"]
