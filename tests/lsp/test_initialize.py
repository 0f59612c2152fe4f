"""The early answer to `initialize` is the answer of pygls' own builder."""

import copy
import json
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import pytest_lsp
from hypothesis import given, settings
from hypothesis import strategies as st
from lsprotocol import types
from pygls.protocol import default_converter

from forkpoint.generate.capability_table import render
from forkpoint.lsp import capability_table
from forkpoint.lsp.capability_probe import answer
from forkpoint.lsp.capability_table import TABLE
from forkpoint.lsp.early_reply import early_reply
from forkpoint.lsp.initialize_params import fit
from forkpoint.lsp.json_values import is_array, is_object
from forkpoint.operations.catalogue import OPERATIONS
from tests.lsp.talk import Talk

RECORDED = sorted((Path(pytest_lsp.__file__).parent / "clients").glob("*.json"))
ODD_VALUES: list[Any] = [None, True, False, 0, -1, 2**40, 1.5, "", "text", [], [5], ["utf-8"], {}, {"a": 1}]


def recorded(path: Path) -> dict[str, Any]:
    """Give the params of `initialize` that a recorded client sends."""
    capabilities = json.loads(path.read_bytes())
    return {
        "processId": 1,
        "clientInfo": {"name": path.stem, "version": "1"},
        "rootUri": "file:///work",
        "rootPath": "/work",
        "capabilities": capabilities.get("capabilities", capabilities),
        "workspaceFolders": [{"uri": "file:///work", "name": "work"}],
        "initializationOptions": {"readOnly": True},
        "trace": "off",
        "workDoneToken": "1",
    }


def message(params: Any, **more: Any) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params} | more


def spots(value: Any) -> Iterator[tuple[Any, ...]]:
    """Give the steps to every value inside a value."""
    members: Iterable[tuple[Any, Any]] = ()
    if is_object(value):
        members = value.items()
    elif is_array(value):
        members = enumerate(value)
    for step, member in members:
        yield (step,)
        yield from ((step, *steps) for steps in spots(member))


def replaced(value: Any, steps: tuple[Any, ...], other: Any) -> Any:
    """Give a copy with one value exchanged."""
    changed = copy.deepcopy(value)
    holder = changed
    for step in steps[:-1]:
        holder = holder[step]
    holder[steps[-1]] = other
    return changed


def test_there_are_recorded_clients_of_three_editors() -> None:
    assert {path.stem.split("_")[0] for path in RECORDED} == {"visual", "neovim", "emacs"}


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
def test_recorded_clients_get_the_answer_of_pygls_early(path: Path) -> None:
    params = recorded(path)
    reply = early_reply(message(params, id="first"), TABLE)
    fitted, _, left_out = fit(params, TABLE.shapes)
    assert reply == {"jsonrpc": "2.0", "id": "first", "result": answer(fitted, OPERATIONS)}
    # Neovim 0.9 puts an object into a list there.
    assert left_out == (["/capabilities/textDocument/callHierarchy"] if "v0.9" in path.stem else [])


@pytest.mark.parametrize(
    "encodings", [[], ["utf-8"], ["utf-16"], ["utf-32", "utf-8"], ["utf-7", "utf-8"], ["utf-7"], None], ids=str
)
def test_the_clients_first_encoding_that_we_take_is_chosen(encodings: Any) -> None:
    params = {"capabilities": {"general": {"positionEncodings": encodings}}}
    reply = early_reply(message(params), TABLE)
    assert reply is not None
    assert reply["result"] == answer(params, OPERATIONS)


@cache
def converter() -> Any:
    return default_converter()


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_odd_params_are_answered_early_as_pygls_answers_them_or_not_at_all(data: st.DataObject) -> None:
    params = recorded(data.draw(st.sampled_from(RECORDED)))
    for _ in range(data.draw(st.integers(1, 3))):
        steps = data.draw(st.sampled_from(list(spots(params))))
        params = replaced(params, steps, data.draw(st.sampled_from(ODD_VALUES)))
    reply = early_reply(message(params), TABLE)
    fitted, problems, _ = fit(params, TABLE.shapes)
    if problems:
        assert reply is None
        return
    converter().structure(fitted, types.InitializeParams)
    assert reply is not None
    assert reply["result"] == answer(fitted, OPERATIONS)


@pytest.mark.parametrize(
    "first",
    [
        None,
        [],
        5,
        "initialize",
        message({}),
        message({"capabilities": {}}, jsonrpc="1.0"),
        message({"capabilities": {}}, id=True),
        message({"capabilities": {}}, id=1.0),
        message({"capabilities": {}}, id=None),
        message({"capabilities": {}}, id=[1]),
        message({"capabilities": {}}, method="initialized"),
        message([]),
        message(None),
        {"jsonrpc": "2.0", "method": "initialize", "params": {"capabilities": {}}},
    ],
    ids=str,
)
def test_what_is_not_certain_waits(first: Any) -> None:
    assert early_reply(first, TABLE) is None


async def test_the_slow_way_answers_the_same(codec: str) -> None:
    talk = Talk(OPERATIONS)
    params = recorded(RECORDED[-1])
    reply = await talk.call("initialize", params)
    assert reply["result"] == answer(params, OPERATIONS)
    await talk.conversation.close()


def test_the_table_is_fresh() -> None:
    """`python3 dev.py generate` writes it anew."""
    assert Path(capability_table.__file__).read_bytes() == render()
