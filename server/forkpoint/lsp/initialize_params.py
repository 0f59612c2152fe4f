"""The params of `initialize`, checked against the shapes LSP gives them; pure, and loaded before anything heavy.

What a client says it can do may come from a later LSP than ours: a value we do not know in there is left out, and the
session starts all the same. Everything else must be right.
"""

from forkpoint.lsp.json_values import is_array, is_object

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Shape = Any
    """`string`, `integer`, `boolean` or `any`; `@Name` for a structure; a tuple of `list` and the shape of its items,
    of `one of` and shapes, or of `enum` and values. In a structure, a name ending in `?` is optional and may be null.
    """
    Shapes = dict[str, dict[str, Shape]]
    Steps = tuple[Any, ...]
    """Names of members and places in lists."""
    Fault = tuple[Steps, str]
    """The steps to what is wrong, and what must be so."""

ROOT = "@InitializeParams"
_NAMES = {"string": "a string", "integer": "a whole number", "boolean": "true or false"}
_TYPES = {"string": str, "integer": int, "boolean": bool}
_INTEGERS = range(-(2**31), 2**31)
_GONE: "Any" = object()
"""Stands for a value that does not fit."""


def fit(params: "Any", shapes: "Shapes") -> "tuple[dict[str, Any], list[tuple[str, str]], list[str]]":
    """Give the params that can be worked with, the problems that forbid it, and the paths that were left out."""
    faults: list[Fault] = []
    fitted = _cleaned(params, ROOT, (), shapes, faults)
    problems = [(_pointer(steps), reason) for steps, reason in faults if not _may_be_left_out(steps)]
    if problems:
        return {}, problems, []
    return fitted, [], [_pointer(steps) for steps, _ in faults]


def _may_be_left_out(steps: "Steps") -> bool:
    return steps[:1] == ("trace",) or (steps[:1] == ("capabilities",) and len(steps) > 1)


def _cleaned(value: "Any", shape: "Shape", steps: "Steps", shapes: "Shapes", faults: "list[Fault]") -> "Any":
    """Give a copy of a value less what does not fit, which goes into `faults`; `_GONE` when nothing of it does."""
    if isinstance(shape, str):
        if shape.startswith("@"):
            return _cleaned_structure(value, shapes[shape[1:]], steps, shapes, faults)
        reason = _plain_fault(value, shape)
    elif shape[0] == "list":
        return _cleaned_list(value, shape[1], steps, shapes, faults)
    elif shape[0] == "enum":
        known = any(type(value) is type(one) and value == one for one in shape[1:])
        reason = "" if known else "must be one of the values LSP knows"
    else:
        for one in shape[1:]:
            inner: list[Fault] = []
            fitted = _cleaned(value, one, steps, shapes, inner)
            if not inner:
                return fitted
        reason = "has the wrong form"
    if not reason:
        return value
    faults.append((steps, reason))
    return _GONE


def _plain_fault(value: "Any", name: str) -> str:
    if name == "any":
        return ""
    right = type(value) is _TYPES[name] and (name != "integer" or value in _INTEGERS)
    return "" if right else f"must be {_NAMES[name]}"


def _cleaned_list(value: "Any", shape: "Shape", steps: "Steps", shapes: "Shapes", faults: "list[Fault]") -> "Any":
    if not is_array(value):
        faults.append((steps, "must be a list"))
        return _GONE
    items = (_cleaned(item, shape, (*steps, place), shapes, faults) for place, item in enumerate(value))
    return [item for item in items if item is not _GONE]


def _cleaned_structure(
    value: "Any", members: "dict[str, Shape]", steps: "Steps", shapes: "Shapes", faults: "list[Fault]"
) -> "Any":
    if value == []:  # an empty table of Lua, seen from Neovim 0.9
        value = {}
    if not is_object(value):
        faults.append((steps, "must be an object"))
        return _GONE
    fitted = dict(value)
    whole = True
    for member, shape in members.items():
        name = member.rstrip("?")
        needed = name == member
        if name not in value:
            if needed:
                faults.append(((*steps, name), "is missing"))
                whole = False
        elif value[name] is not None or needed:
            fitted[name] = _cleaned(value[name], shape, (*steps, name), shapes, faults)
            if fitted[name] is _GONE:
                del fitted[name]
                whole = whole and not needed
    return fitted if whole else _GONE


def _pointer(steps: "Steps") -> str:
    return "".join(f"/{step}" for step in steps)
