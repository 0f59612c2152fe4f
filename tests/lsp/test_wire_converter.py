"""Our own types on the wire, both ways."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forkpoint.lsp.wire_converter import WireConverter
from forkpoint.model.entry import Block, Entry
from forkpoint.operations.catalogue import OPERATIONS
from tests.lsp.odd_operations import ODD_CATALOGUE

wire = WireConverter()


@attrs.frozen(kw_only=True)
class ByTurn:
    turn: int


@attrs.frozen(kw_only=True)
class ByEntry:
    entry_id: str
    position: Literal["before", "after"]


@attrs.frozen(kw_only=True)
class Everything:
    text: str = ""
    whole: int = 0
    ratio: float = 0.0
    flag: bool = False
    maybe: str | None = None
    needed_or_null: int | None = attrs.field(default=attrs.Factory(lambda: 5))
    choice: Literal["a", 1, True] = "a"
    flag_or_all: bool | Literal["all"] = False
    names: list[str] = attrs.Factory(list[str])
    many: Sequence[int] = ()
    fixed: tuple[str, ...] = ()
    chosen: frozenset[str] = frozenset()
    by_name: Mapping[str, tuple[int, ...]] = attrs.Factory(dict[str, tuple[int, ...]])
    anything: Any = None
    place: ByTurn | ByEntry | None = None
    places: list[ByTurn | ByEntry] | None = None
    class_: str | None = None


ACCEPTED: list[tuple[dict[str, Any], str, Any]] = [
    ({}, "text", ""),
    ({"text": "\ud800"}, "text", "\ud800"),
    ({"whole": 2**70}, "whole", 2**70),
    ({"ratio": 1}, "ratio", 1.0),
    ({"ratio": 1.5}, "ratio", 1.5),
    ({"maybe": None}, "maybe", None),
    ({"text": None, "names": None, "flag": None}, "names", []),
    ({"neededOrNull": None}, "needed_or_null", None),
    ({}, "needed_or_null", 5),
    ({"choice": 1}, "choice", 1),
    ({"choice": True}, "choice", True),
    ({"flagOrAll": "all"}, "flag_or_all", "all"),
    ({"flagOrAll": True}, "flag_or_all", True),
    ({"many": [1, 2]}, "many", [1, 2]),
    ({"fixed": ["a"]}, "fixed", ("a",)),
    ({"chosen": ["b", "a", "b"]}, "chosen", frozenset({"a", "b"})),
    ({"byName": {"pi": [1], "": []}}, "by_name", {"pi": (1,), "": ()}),
    ({"anything": {"jsonrpc": [None]}}, "anything", {"jsonrpc": [None]}),
    ({"place": {"turn": 3}}, "place", ByTurn(turn=3)),
    ({"place": {"entryId": "e", "position": "after"}}, "place", ByEntry(entry_id="e", position="after")),
    ({"places": [{"turn": 1}]}, "places", [ByTurn(turn=1)]),
    ({"class": "c"}, "class_", "c"),
]


@pytest.mark.parametrize(("params", "field", "value"), ACCEPTED, ids=str)
def test_what_is_right_is_taken(params: Any, field: str, value: Any) -> None:
    taken, problems = wire.structure(params, Everything)
    assert problems == []
    assert getattr(taken, field) == value
    assert type(getattr(taken, field)) is type(value)


REFUSED: list[tuple[Any, dict[str, str]]] = [
    (None, {"": "must be an object"}),
    ([], {"": "must be an object"}),
    ({"text": 5}, {"/text": "must be a string"}),
    ({"text": ["a"]}, {"/text": "must be a string"}),
    ({"whole": True}, {"/whole": "must be a whole number"}),
    ({"whole": 1.0}, {"/whole": "must be a whole number"}),
    ({"whole": "1"}, {"/whole": "must be a whole number"}),
    ({"ratio": True}, {"/ratio": "must be a number"}),
    ({"ratio": "1"}, {"/ratio": "must be a number"}),
    ({"flag": 1}, {"/flag": "must be true or false"}),
    ({"flag": "false"}, {"/flag": "must be true or false"}),
    ({"maybe": 5}, {"/maybe": "must be a string"}),
    ({"choice": "b"}, {"/choice": 'must be "a" or 1 or true'}),
    ({"choice": 1.0}, {"/choice": 'must be "a" or 1 or true'}),
    ({"choice": ["a"]}, {"/choice": 'must be "a" or 1 or true'}),
    ({"flagOrAll": "none"}, {"/flagOrAll": 'must be true or false or "all"'}),
    ({"flagOrAll": 1}, {"/flagOrAll": 'must be true or false or "all"'}),
    ({"names": "abc"}, {"/names": "must be a list"}),
    ({"names": {"0": "a"}}, {"/names": "must be a list"}),
    ({"names": ["a", 1, None]}, {"/names/1": "must be a string", "/names/2": "must be a string"}),
    ({"chosen": [["a"]]}, {"/chosen/0": "must be a string"}),
    ({"byName": []}, {"/byName": "must be an object"}),
    ({"byName": {"a/b": ["x"]}}, {"/byName/a~1b/0": "must be a whole number"}),
    ({"place": 5}, {"/place": "must be an object"}),
    ({"place": {}}, {"/place/turn": "is missing"}),
    ({"place": {"turn": "x"}}, {"/place/turn": "must be a whole number"}),
    ({"place": {"entryId": "e", "position": "at"}}, {"/place/position": 'must be "before" or "after"'}),
    ({"places": [{"turn": 1}, {"turn": 1, "x": 2}]}, {"/places/1/x": "is not known"}),
    ({"class_": "c"}, {"/class_": "is not known"}),
    ({"flag_or_all": True}, {"/flag_or_all": "is not known"}),
    ({"a": None, "b~/": 1}, {"/a": "is not known", "/b~0~1": "is not known"}),
]


@pytest.mark.parametrize(("params", "problems"), REFUSED, ids=str)
def test_what_is_wrong_is_named_by_its_path(params: Any, problems: dict[str, str]) -> None:
    assert wire.structure(params, Everything) == (None, list(problems.items()))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)
known_names = st.sampled_from(["text", "names", "byName", "place", "places", "choice", "anything", "class", "turn"])


@given(st.dictionaries(known_names, json_values, max_size=4))
def test_any_params_are_taken_or_told_what_is_wrong(params: dict[str, Any]) -> None:
    taken, problems = wire.structure(params, Everything)
    assert (taken is None) == bool(problems)
    assert all(path == "" or path.startswith("/") for path, _ in problems)
    if taken is not None:
        given_members = {name: value for name, value in params.items() if value is not None}
        plain = json.loads(json.dumps(wire.unstructure(taken)))
        assert {name: plain[name] for name in given_members} == given_members


def test_results_leave_out_what_is_absent_and_keep_what_is_false() -> None:
    assert wire.unstructure(Everything(needed_or_null=None, class_="c", chosen=frozenset({"b", "a"}))) == {
        "text": "",
        "whole": 0,
        "ratio": 0.0,
        "flag": False,
        "neededOrNull": None,
        "choice": "a",
        "flagOrAll": False,
        "names": [],
        "many": (),
        "fixed": (),
        "chosen": ["a", "b"],
        "byName": {},
        "class": "c",
    }


def test_results_reach_into_everything_that_is_ours() -> None:
    value = Everything(place=ByTurn(turn=1), places=[ByEntry(entry_id="e", position="before"), ByTurn(turn=2)])
    plain = wire.unstructure(value)
    assert plain["place"] == {"turn": 1}
    assert plain["places"] == [{"entryId": "e", "position": "before"}, {"turn": 2}]


def test_a_class_that_holds_itself_comes_out() -> None:
    inner = Entry(entry_id="i", kind="user", agent_kind="m", content=[Block(type="text", text="t")])
    outer = Entry(entry_id="o", kind="toolCall", agent_kind="m", content=[Block(type="toolCall", nested=[inner])])
    assert WireConverter().unstructure(outer)["content"] == [
        {
            "type": "toolCall",
            "nested": [{"entryId": "i", "kind": "user", "agentKind": "m", "content": [{"type": "text", "text": "t"}]}],
        }
    ]


def test_plain_values_are_passed_through_and_not_looked_into() -> None:
    large: list[Any] = [{"a": object()}]
    assert wire.unstructure(Block(type="raw", raw=large))["raw"] is large


@pytest.mark.parametrize(
    ("portion", "plain"),
    [
        ({"items": [ByTurn(turn=1), {"turn": 2}], "more": 1}, {"items": [{"turn": 1}, {"turn": 2}], "more": 1}),
        ([ByTurn(turn=1), "x"], [{"turn": 1}, "x"]),
        (ByTurn(turn=1), {"turn": 1}),
        ("x", "x"),
    ],
    ids=str,
)
def test_portions_may_mix_our_values_with_plain_ones(portion: Any, plain: Any) -> None:
    assert wire.unstructure_portion(portion) == plain


@pytest.mark.parametrize("listing", [*OPERATIONS, *ODD_CATALOGUE], ids=lambda listing: listing.method)
def test_every_operations_types_have_a_place_on_the_wire(listing: Any) -> None:
    operation = listing.load()
    params, problems = wire.structure({}, operation.params)
    assert (params is None) == bool(problems)
    assert all(reason == "is missing" for _, reason in problems)
