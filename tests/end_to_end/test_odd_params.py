"""Whatever stands in a member of any operation's params, the answer is a result or an error with a kind of ours."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs

from forkpoint.model.naming import camel_case
from forkpoint.operations.catalogue import OPERATIONS
from tests.end_to_end.server_process import ReplyError, ServerProcess
from tests.samples_home import SampleHome, make_home

ODD_VALUES: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    2**70,
    1.5,
    1e400,
    "",
    " ",
    "\0",
    "\ud800",
    "/",
    "/\0",
    "/\ud800",
    "relative",
    "..",
    "a/../b",
    "x" * 5000,
    "/" + "x/" * 3000,
    "pi:",
    "kimi:../..",
    "main@0",
    "wire@-1",
    "wire@" + "f" * 40,
    "not base64 \N{SNOWMAN}",
    [],
    ["/\ud800"],
    [None],
    [[]],
    {},
    {"jsonrpc": "2.0", "class": {"type_name": 1}},
)


def _params(sample: SampleHome, method: str, fields: list[str]) -> Iterator[dict[str, Any]]:
    """Params that would do, with one member after the other made odd."""
    usual: dict[str, Any] = {}
    if "sessionId" in fields:
        # What changes one session has another than what reads: it may be gone afterwards.
        changes = method in ("sessions/update", "sessions/fork", "sessions/delete")
        usual["sessionId"] = sample.sessions["prices" if changes else "importer"]
    if "workDir" in fields:
        usual["workDir"] = str(sample.work_dir)
    if "path" in fields:
        usual["path"] = "src/importer.py"
    for name in fields:
        for value in ODD_VALUES:
            yield {**usual, name: value}
    yield {**usual, "nobodyKnowsThis": 1}


async def test_no_params_are_a_mistake_of_ours(tmp_path: Path) -> None:
    sample = make_home(tmp_path)
    answered = refused = 0
    async with ServerProcess(sample.home) as server:
        await server.initialize([sample.work_dir])
        for listing in OPERATIONS:
            fields = [camel_case(field.name) for field in attrs.fields(listing.load().params)]
            for params in _params(sample, listing.method, fields):
                try:
                    await server.request(listing.method, params)
                    answered += 1
                except ReplyError as error:
                    assert error.code != -32603, (listing.method, params, error)
                    assert error.kind, (listing.method, params)
                    if error.code == -32602:
                        assert error.data["problems"], (listing.method, params)
                    refused += 1
        assert await server.shutdown() == 0
        assert server.stray == b""
    assert answered > 50
    assert refused > 500
