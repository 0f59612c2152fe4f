"""Params on their way in: exactly what their types say, or every problem with its path.

Nothing is coerced: "false" is no boolean, true is no number, 5 is no string. Unknown members are refused. A null stands
for an absent member unless the member's type has a null of its own.
"""

import types
import typing
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Literal, TypeVar

import attrs
from cattrs import Converter
from cattrs.errors import (
    AttributeValidationNote,
    BaseValidationError,
    ForbiddenExtraKeysError,
    IterableValidationNote,
)
from cattrs.gen import make_dict_structure_fn, override

from forkpoint.lsp.incoming import Problems
from forkpoint.lsp.json_values import is_array, is_object
from forkpoint.model.naming import camel_case

T = TypeVar("T")

Hook = Callable[[Any, Any], Any]
HookMaker = Callable[[Converter, Any], Hook]
"""Hooks raise `Unfit`, or a group of such, each noted with where it was."""

PROTOCOL_MEMBERS = frozenset({"workDoneToken", "partialResultToken", "_meta"})
"""Members that any params may have; they are about the call and not about the operation."""

_LISTS: Mapping[Any, Any] = {list: list, Sequence: list, tuple: tuple, frozenset: frozenset, set: set}
_MAPPINGS = (dict, Mapping)
_PLAIN: Mapping[Any, str] = {str: "a string", int: "a whole number", bool: "true or false", type(None): "null"}


class Unfit(ValueError):
    """One value is not what its type says; the text says what it must be."""


class WireInput:
    """Structures params; hooks are made when a class is first used."""

    def __init__(self) -> None:
        self._cattrs = Converter(detailed_validation=True)
        self._register(self._cattrs)

    def structure(self, params: Any, kind: type[T]) -> tuple[T | None, Problems]:
        """Give the value of these params, or every problem they have."""
        if not is_object(params):
            return None, [("", "must be an object")]
        if not PROTOCOL_MEMBERS.isdisjoint(params):
            params = {name: value for name, value in params.items() if name not in PROTOCOL_MEMBERS}
        try:
            return self._cattrs.structure(params, kind), []
        except BaseValidationError as error:
            return None, problems_of(error)

    def _register(self, converter: Converter) -> None:
        for kind in _PLAIN:
            converter.register_structure_hook(kind, _plain_hook(kind))
        converter.register_structure_hook(float, _structure_float)
        converter.register_structure_hook_func(lambda hint: hint is Any, _structure_any)
        converter.register_structure_hook_func(_is_literal, _structure_literal)
        makers: Sequence[tuple[Callable[[Any], bool], HookMaker]] = (
            (_is_list, _list_hook),
            (_is_mapping, _mapping_hook),
            (_is_union, _union_hook),
            (attrs.has, _class_hook),
        )
        for takes, maker in makers:
            converter.register_structure_hook_factory(takes, partial(maker, converter))


# --- how one kind of value is taken ------------------------------------------------------------------------------


def _plain_hook(kind: type) -> Hook:
    reason = f"must be {_PLAIN[kind]}"

    def structure(value: Any, _: Any) -> Any:
        if type(value) is not kind:
            raise Unfit(reason)
        return value

    return structure


def _structure_float(value: Any, _: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Unfit("must be a number")
    return float(value)


def _structure_any(value: Any, _: Any) -> Any:
    return value


def _structure_literal(value: Any, hint: Any) -> Any:
    for allowed in _args(hint):
        if type(value) is type(allowed) and value == allowed:
            return value
    raise Unfit(f"must be {expectation(hint)}")


def _list_hook(converter: Converter, hint: Any) -> Hook:
    make: Callable[[list[Any]], Any] = _LISTS[typing.get_origin(hint)]
    item_type = _args(hint)[0]
    item_hook = converter.get_structure_hook(item_type)

    def structure(value: Any, _: Any) -> Any:
        if not is_array(value):
            raise Unfit("must be a list")
        return make(_each(enumerate(value), item_hook, item_type))

    return structure


def _mapping_hook(converter: Converter, hint: Any) -> Hook:
    item_type = _args(hint)[1]
    item_hook = converter.get_structure_hook(item_type)

    def structure(value: Any, _: Any) -> Any:
        if not is_object(value):
            raise Unfit("must be an object")
        return dict(zip(value, _each(value.items(), item_hook, item_type), strict=True))

    return structure


def _each(items: typing.Iterable[tuple[int | str, Any]], hook: Hook, kind: Any) -> list[Any]:
    """Structure items, and raise all their faults together, each noted with its index or key."""
    taken: list[Any] = []
    faults: list[Exception] = []
    for index, item in items:
        try:
            taken.append(hook(item, kind))
        except (Unfit, ExceptionGroup) as fault:
            fault.add_note(IterableValidationNote("", index, kind))
            faults.append(fault)
    if faults:
        raise ExceptionGroup("items do not fit", faults)
    return taken


def _union_hook(converter: Converter, hint: Any) -> Hook:
    """Take the first member that fits; of several objects none of which fits, tell the faults of the nearest."""
    members = _args(hint)
    hooks = [(member, converter.get_structure_hook(member)) for member in members]
    classes = [member for member in members if attrs.has(member)]

    def structure(value: Any, _: Any) -> Any:
        nearest: ExceptionGroup[Exception] | None = None
        for member, hook in hooks:
            try:
                return hook(value, member)
            except Unfit:
                continue
            except ExceptionGroup as error:
                if nearest is None or len(problems_of(error)) < len(problems_of(nearest)):
                    nearest = error
        if nearest is not None and (len(classes) == 1 or isinstance(value, dict | list)):
            raise nearest
        raise Unfit(f"must be {expectation(hint)}")

    return structure


def _class_hook(converter: Converter, kind: Any) -> Hook:
    fields = _fields(kind)
    names: dict[str, Any] = {field.name: override(rename=camel_case(field.name)) for field in fields}
    structure_members: Hook = make_dict_structure_fn(
        kind, converter, _cattrs_forbid_extra_keys=True, _cattrs_use_linecache=False, **names
    )
    null_is_absent = frozenset(
        camel_case(field.name)
        for field in fields
        if field.default is not attrs.NOTHING and type(None) not in _args(field.type)
    )

    def structure(value: Any, _: Any) -> Any:
        if not is_object(value):
            raise Unfit("must be an object")
        if None in value.values():
            value = {name: member for name, member in value.items() if member is not None or name not in null_is_absent}
        return structure_members(value, kind)

    return structure


# --- what is wrong, and where ------------------------------------------------------------------------------------


def problems_of(error: BaseException) -> Problems:
    """Give every fault in a tree of cattrs' errors, with its JSON pointer in the wire's names."""
    return list(_problems(error, ""))


def _problems(error: BaseException, path: str) -> typing.Iterator[tuple[str, str]]:
    path += "".join(f"/{_pointer_step(note)}" for note in reversed(getattr(error, "__notes__", ())) if _is_step(note))
    if isinstance(error, ForbiddenExtraKeysError):
        for name in sorted(map(str, error.extra_fields)):
            yield f"{path}/{_escape(name)}", "is not known"
    elif isinstance(error, BaseExceptionGroup):
        for inner in typing.cast("BaseExceptionGroup[Exception]", error).exceptions:
            yield from _problems(inner, path)
    elif isinstance(error, Unfit):
        yield path, str(error)
    elif isinstance(error, KeyError):
        yield path, "is missing"
    else:
        yield path, "has the wrong form"


def _is_step(note: Any) -> bool:
    return isinstance(note, AttributeValidationNote | IterableValidationNote)


def _pointer_step(note: AttributeValidationNote | IterableValidationNote) -> str:
    return camel_case(note.name) if isinstance(note, AttributeValidationNote) else _escape(str(note.index))


def _escape(name: str) -> str:
    """Write a name as one step of a JSON pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")


def expectation(hint: Any) -> str:
    """Say what a type takes, for the end of a sentence that begins with `must be`."""
    if _is_literal(hint):
        return " or ".join(f'"{value}"' if isinstance(value, str) else str(value).lower() for value in _args(hint))
    if _is_union(hint):
        members = (expectation(member) for member in _args(hint) if member is not type(None))
        return " or ".join(dict.fromkeys(members))
    if hint is float:
        return "a number"
    if _is_list(hint):
        return "a list"
    return _PLAIN.get(hint, "an object")


def _args(hint: Any) -> tuple[Any, ...]:
    return typing.get_args(hint)


def _is_list(hint: Any) -> bool:
    return typing.get_origin(hint) in _LISTS


def _is_mapping(hint: Any) -> bool:
    return typing.get_origin(hint) in _MAPPINGS


def _is_literal(hint: Any) -> bool:
    return typing.get_origin(hint) is Literal


def _is_union(hint: Any) -> bool:
    return typing.get_origin(hint) in (typing.Union, types.UnionType)


def _fields(kind: Any) -> "Sequence[attrs.Attribute[Any]]":
    """Give the fields of one of our classes with their types resolved."""
    attrs.resolve_types(kind)
    return attrs.fields(kind)
