"""The types of the wire, read from annotations, and how Markdown, JSON Schema, Python and TypeScript write them."""

import json
import types
import typing
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import attrs

PLAIN: Mapping[Any, str] = {str: "string", int: "integer", float: "number", bool: "boolean", type(None): "null"}
LISTS = (list, tuple, frozenset, set, Sequence)
MAPS = (dict, Mapping)


@attrs.frozen
class WireType:
    """string, integer, number, boolean, null, any, literal, list, map, union, or the name of a structure."""

    kind: str
    parts: "tuple[WireType, ...]" = ()
    """The member types of a union, or the one item type of a list or a map (its keys are strings)."""
    value: str | int | bool | None = None
    """The value of a literal, or a structure's name."""

    @property
    def allows_null(self) -> bool:
        """Whether null is one of its values."""
        return self.kind == "null" or (self.kind == "union" and any(part.allows_null for part in self.parts))

    def without_null(self) -> "WireType":
        """Give the same type less null."""
        return union(part for part in self.parts if part.kind != "null") if self.kind == "union" else self


ANY = WireType("any")


def union(parts: typing.Iterable[WireType]) -> WireType:
    """Give the union of types; of a single one, that one."""
    flat: dict[WireType, None] = {}
    for part in parts:
        flat.update(dict.fromkeys(part.parts if part.kind == "union" else (part,)))
    return next(iter(flat)) if len(flat) == 1 else WireType("union", tuple(flat))


def read(hint: Any) -> WireType:
    """Give the wire type of a resolved annotation. Errors: TypeError for one that has no place on the wire."""
    if hint is Any:
        return ANY
    if hint in PLAIN:
        return WireType(PLAIN[hint])
    if attrs.has(hint):
        return WireType("structure", value=hint.__name__)
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if origin is Literal:
        return union(WireType("literal", value=part) for part in parts)
    if origin in (typing.Union, types.UnionType):
        return union(read(part) for part in parts)
    if origin in LISTS:
        return WireType("list", (union(read(part) for part in parts if part is not ...),))
    if origin in MAPS and parts[0] is str:
        return WireType("map", (read(parts[1]),))
    raise TypeError(f"{hint!r} has no place on the wire")


def plain(value: Any) -> Any:
    """Give a default as the JSON value it is on the wire."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in typing.cast("Mapping[Any, Any]", value).items()}
    if isinstance(value, set | frozenset):
        return sorted(plain(item) for item in typing.cast("frozenset[Any]", value))
    if isinstance(value, list | tuple):
        return [plain(item) for item in typing.cast("Sequence[Any]", value)]
    return value


def markdown(kind: WireType) -> str:
    """Write a type for people; structures are links."""
    match kind.kind:
        case "literal":
            return f"`{json.dumps(kind.value)}`"
        case "structure":
            return f"[{kind.value}](#{str(kind.value).lower()})"
        case "list":
            inner = markdown(kind.parts[0])
            return f"({inner})[]" if kind.parts[0].kind == "union" else f"{inner}[]"
        case "map":
            return f"object of {markdown(kind.parts[0])}"
        case "union":
            return " or ".join(markdown(part) for part in kind.parts)
        case other:
            return other


def schema(kind: WireType) -> dict[str, Any]:
    """Write a type in JSON Schema."""
    match kind.kind:
        case "any":
            return {}
        case "literal":
            return {"const": kind.value}
        case "structure":
            return {"$ref": f"#/$defs/{kind.value}"}
        case "list":
            return {"type": "array", "items": schema(kind.parts[0])}
        case "map":
            return {"type": "object", "additionalProperties": schema(kind.parts[0])}
        case "union" if all(part.kind == "literal" for part in kind.parts):
            return {"enum": [part.value for part in kind.parts]}
        case "union":
            return {"anyOf": [schema(part) for part in kind.parts]}
        case other:
            return {"type": other}


def python(kind: WireType, *, given: bool) -> str:
    """Write a type as a Python annotation; a `given` one is a param and takes any sequence or mapping."""
    match kind.kind:
        case "string":
            return "str"
        case "integer":
            return "int"
        case "number":
            return "float"
        case "boolean":
            return "bool"
        case "null":
            return "None"
        case "any":
            return "Any"
        case "literal":
            return f"Literal[{_python_literal(kind.value)}]"
        case "list":
            return f"{'Sequence' if given else 'list'}[{python(kind.parts[0], given=given)}]"
        case "map":
            return f"{'Mapping' if given else 'dict'}[str, {python(kind.parts[0], given=given)}]"
        case "union":
            literals = [_python_literal(part.value) for part in kind.parts if part.kind == "literal"]
            others = [python(part, given=given) for part in kind.parts if part.kind != "literal"]
            return " | ".join([*others, *([f"Literal[{', '.join(literals)}]"] if literals else [])])
        case _:
            return str(kind.value)


def _python_literal(value: str | int | bool | None) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


def typescript(kind: WireType, *, given: bool) -> str:
    """Write a type in TypeScript; a `given` one is a param, whose lists and maps are not changed."""
    match kind.kind:
        case "integer":
            return "number"
        case "any":
            return "unknown"
        case "literal":
            return json.dumps(kind.value, ensure_ascii=False)
        case "list":
            inner = typescript(kind.parts[0], given=given)
            inner = f"({inner})" if kind.parts[0].kind == "union" else inner
            return f"{'readonly ' if given else ''}{inner}[]"
        case "map":
            record = f"Record<string, {typescript(kind.parts[0], given=given)}>"
            return f"Readonly<{record}>" if given else record
        case "union":
            return " | ".join(typescript(part, given=given) for part in kind.parts)
        case "structure":
            return str(kind.value)
        case other:
            return other
