"""What pygls answers to `initialize`, asked of pygls itself, as the table that the early reply is made from."""

import enum
import typing
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import attrs
from lsprotocol import types

from forkpoint.lsp.early_reply import CapabilityTable
from forkpoint.lsp.initialize_params import ROOT
from forkpoint.lsp.json_values import is_object
from forkpoint.lsp.language_server import SidecarServer, build_server
from forkpoint.lsp.outgoing import encode_message
from forkpoint.model.naming import camel_case
from forkpoint.operations.catalogue import Listing
from forkpoint.parsing.json_lines import decode

if TYPE_CHECKING:
    from forkpoint.lsp.early_reply import Switch
    from forkpoint.lsp.initialize_params import Shape, Shapes

_PLAIN: dict[Any, str] = {str: "string", int: "integer", bool: "boolean"}


def probe(catalogue: Sequence[Listing]) -> CapabilityTable:
    """Ask pygls, with one capability of the client at a time."""
    plain = answer({"capabilities": {}}, catalogue)
    switches: list[Switch] = []
    for path, value, capabilities in _variants(types.ClientCapabilities):
        patch = _difference(plain, answer({"capabilities": capabilities}, catalogue))
        above = [known for other, _, known in switches if other != path and other == path[: len(other)]]
        if patch and patch not in above:
            switches.append((path, value, patch))
    return CapabilityTable(result=plain, encodings=_encodings(catalogue), switches=switches, shapes=_shapes())


def answer(params: dict[str, Any], catalogue: Sequence[Listing]) -> dict[str, Any]:
    """Give the result of `initialize` as pygls' own builder makes it for our server."""
    value, _ = decode(encode_message(_server(tuple(catalogue)).lsp.initialize_result(params)))
    return value


@cache
def _server(catalogue: tuple[Listing, ...]) -> SidecarServer:
    return build_server(catalogue)


def _encodings(catalogue: Sequence[Listing]) -> list[str]:
    """Give the position encodings pygls takes; another than asked for means that it does not take that one."""
    asked = [kind.value for kind in types.PositionEncodingKind]
    answers = {kind: answer({"capabilities": {"general": {"positionEncodings": [kind]}}}, catalogue) for kind in asked}
    return [kind for kind in asked if answers[kind]["capabilities"]["positionEncoding"] == kind]


def _variants(kind: Any) -> Iterator[tuple[tuple[str, ...], bool | None, dict[str, Any]]]:
    """Give values of a structure that name one member more than they must.

    Each comes with the path to that member, and whether it is true or false, or an object (None).
    """
    least = _least(kind)
    for field in attrs.fields(kind):
        name, inner = camel_case(field.name), _without_none(field.type)
        if inner is bool:
            yield (name,), True, {**least, name: True}
            yield (name,), False, {**least, name: False}
        elif attrs.has(inner):
            yield (name,), None, {**least, name: _least(inner)}
            for path, value, members in _variants(inner):
                yield (name, *path), value, {**least, name: members}


def _least(kind: Any) -> dict[str, Any]:
    """Give the smallest value of a structure."""
    needed = [field for field in attrs.fields(kind) if field.default is attrs.NOTHING]
    return {camel_case(field.name): _least_of(field.type) for field in needed}


def _least_of(hint: Any) -> Any:
    if attrs.has(hint):
        return _least(hint)
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return next(iter(hint)).value
    plain: dict[Any, Any] = {str: "", int: 0, bool: False}
    return plain.get(hint, [])


def _difference(plain: Any, other: Any) -> dict[str, Any]:
    """Give what has to be laid over `plain` to get `other`; None stands for a member that goes."""
    patch: dict[str, Any] = {name: None for name in plain if name not in other}
    for name, value in other.items():
        before = plain.get(name)
        if value != before:
            patch[name] = _difference(before, value) if is_object(before) and is_object(value) else value
    return patch


def _shapes() -> "Shapes":
    """Give the shapes of all structures that the params of `initialize` can hold."""
    shapes: Shapes = {}
    waiting: list[Any] = [types.InitializeParams]
    while waiting:
        kind = waiting.pop()
        if kind.__name__ in shapes:
            continue
        members: dict[str, Shape] = {}
        for field in attrs.fields(kind):
            optional = "" if field.default is attrs.NOTHING else "?"
            members[camel_case(field.name) + optional] = _shape(_without_none(field.type), waiting)
        shapes[kind.__name__] = members
    assert ROOT[1:] in shapes
    return dict(sorted(shapes.items()))


def _shape(hint: Any, waiting: list[Any]) -> "Shape":
    if hint is Any:
        return "any"
    if hint in _PLAIN:
        return _PLAIN[hint]
    if attrs.has(hint):
        waiting.append(hint)
        return f"@{hint.__name__}"
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return ("enum", *(member.value for member in hint))
    parts = [part for part in typing.get_args(hint) if part is not type(None)]
    if typing.get_origin(hint) is typing.Union:
        if Any in parts:
            return "any"
        open_to = [part for part in parts if part in _PLAIN]
        enums = [part for part in parts if isinstance(part, type) and issubclass(part, enum.Enum)]
        if enums and open_to:  # an enumeration that takes other values too
            return _PLAIN[open_to[0]]
        return ("one of", *(_shape(part, waiting) for part in parts))
    return ("list", _shape(parts[0], waiting))


def _without_none(hint: Any) -> Any:
    parts = [part for part in typing.get_args(hint) if part is not type(None)]
    return parts[0] if typing.get_origin(hint) is typing.Union and len(parts) == 1 else hint
