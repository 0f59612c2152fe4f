"""Whether a JSON value is what the description says of it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from forkpoint.generate.describe import Description, Member
from forkpoint.generate.wire_types import WireType

PLAIN: Mapping[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "null": type(None),
}


def faults(value: Any, kind: WireType, description: Description, path: str = "") -> Iterator[str]:
    """Give every place where a value differs from its type; `…` in a list stands for what an example left out."""
    match kind.kind:
        case "any":
            return
        case "literal":
            if value != kind.value:
                yield f"{path} is not {kind.value!r}"
        case "structure":
            members = next(item.members for item in description.shared if item.name == kind.value)
            yield from object_faults(value, members, description, path)
        case "list":
            if not isinstance(value, list):
                yield f"{path} is no list"
                return
            for number, item in enumerate(cast("list[Any]", value)):
                if item != "…":
                    yield from faults(item, kind.parts[0], description, f"{path}/{number}")
        case "map":
            for name, item in value.items():
                yield from faults(item, kind.parts[0], description, f"{path}/{name}")
        case "union":
            attempts = [list(faults(value, part, description, path)) for part in kind.parts]
            if all(attempts):
                yield min(attempts, key=len)[0]
        case plain:
            if not isinstance(value, PLAIN[plain]) or (isinstance(value, bool) and plain in ("integer", "number")):
                yield f"{path} is no {plain}: {value!r}"


def object_faults(value: Any, members: Sequence[Member], description: Description, path: str = "") -> Iterator[str]:
    """Give every place where an object differs from the members it should have."""
    if not isinstance(value, dict):
        yield f"{path} is no object"
        return
    given = cast("dict[str, Any]", value)
    known = {member.name: member for member in members}
    yield from (f"{path}/{name} is not described" for name in given if name not in known)
    yield from (f"{path}/{name} is missing" for name, member in known.items() if member.required and name not in given)
    for name, item in given.items():
        if name in known:
            yield from faults(item, known[name].type, description, f"{path}/{name}")
