"""Annotations as wire types, and wire types as Markdown, JSON Schema and Python."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import attrs
import pytest

from forkpoint.generate import wire_types
from forkpoint.model.naming import camel_case


@attrs.frozen
class Thing:
    """A structure."""


CASES: Sequence[tuple[Any, str, Any, str]] = [
    (str, "string", {"type": "string"}, "str"),
    (int, "integer", {"type": "integer"}, "int"),
    (float, "number", {"type": "number"}, "float"),
    (bool, "boolean", {"type": "boolean"}, "bool"),
    (Any, "any", {}, "Any"),
    (Thing, "[Thing](#thing)", {"$ref": "#/$defs/Thing"}, "Thing"),
    (list[str], "string[]", {"type": "array", "items": {"type": "string"}}, "list[str]"),
    (tuple[int, ...], "integer[]", {"type": "array", "items": {"type": "integer"}}, "list[int]"),
    (frozenset[str], "string[]", {"type": "array", "items": {"type": "string"}}, "list[str]"),
    (
        Mapping[str, tuple[str, ...]],
        "object of string[]",
        {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}},
        "dict[str, list[str]]",
    ),
    (Literal["a", "b"], '`"a"` or `"b"`', {"enum": ["a", "b"]}, 'Literal["a", "b"]'),
    (
        bool | Literal["all"],
        'boolean or `"all"`',
        {"anyOf": [{"type": "boolean"}, {"const": "all"}]},
        'bool | Literal["all"]',
    ),
    (
        Thing | None,
        "[Thing](#thing) or null",
        {"anyOf": [{"$ref": "#/$defs/Thing"}, {"type": "null"}]},
        "Thing | None",
    ),
    (
        list[str | int],
        "(string or integer)[]",
        {"type": "array", "items": {"anyOf": [{"type": "string"}, {"type": "integer"}]}},
        "list[str | int]",
    ),
]


@pytest.mark.parametrize(("hint", "markdown", "schema", "python"), CASES)
def test_a_type_in_every_language(hint: Any, markdown: str, schema: dict[str, Any], python: str) -> None:
    kind = wire_types.read(hint)
    assert wire_types.markdown(kind) == markdown
    assert wire_types.schema(kind) == schema
    assert wire_types.python(kind, given=False) == python


def test_params_take_any_sequence_and_mapping() -> None:
    assert wire_types.python(wire_types.read(dict[str, list[int]]), given=True) == "Mapping[str, Sequence[int]]"


def test_null_can_be_taken_away() -> None:
    assert wire_types.read(str | int | None).without_null() == wire_types.read(str | int)
    assert wire_types.read(str | None).without_null() == wire_types.read(str)
    assert wire_types.read(str).without_null() == wire_types.read(str)


@pytest.mark.parametrize("hint", [bytes, dict[int, str], object, Sequence])
def test_what_has_no_place_on_the_wire_is_refused(hint: Any) -> None:
    with pytest.raises(TypeError):
        wire_types.read(hint)


@pytest.mark.parametrize(
    ("name", "wire"),
    [
        ("title", "title"),
        ("native_id", "nativeId"),
        ("active_within_ms", "activeWithinMs"),
        ("class_", "class"),
        ("path_base64", "pathBase64"),
    ],
)
def test_wire_names(name: str, wire: str) -> None:
    assert camel_case(name) == wire
