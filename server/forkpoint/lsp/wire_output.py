"""Results on their way out: our own values as plain ones, in camelCase, by code made for each class.

A member that is None by default and still None is left out. What is plain already is passed on as it is and not
looked into, however large. (cattrs can do this too, in more than twice the time: it compares each default by value.)
"""

import types
import typing
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import attrs

from forkpoint.model.naming import camel_case

Plain = Callable[[Any], Any]
"""Gives the plain form of a value."""

_SEQUENCES = (list, tuple, Sequence)
_SETS = (set, frozenset)
_MAPPINGS = (dict, Mapping)


class WireOutput:
    """Makes values plain; the code for a class is made when it is first met."""

    def __init__(self) -> None:
        self._made: dict[Any, Plain] = {}

    def plain(self, value: Any) -> Any:
        """Give the plain form of a value of one of our classes."""
        return self._of_class(value.__class__)(value)

    def plain_portion(self, value: Any) -> Any:
        """Give the plain form of a portion: a value of ours, or an object or list of such, one level down."""
        if isinstance(value, dict):
            members = typing.cast("dict[str, Any]", value)
            return {name: self._each(member) for name, member in members.items()}
        return self._each(value)

    def _each(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._if_ours(item) for item in typing.cast("list[Any]", value)]
        return self._if_ours(value)

    def _if_ours(self, value: Any) -> Any:
        return self.plain(value) if attrs.has(value.__class__) else value

    def _of_hint(self, hint: Any) -> Plain | None:
        """Give what makes values of a type plain; None when they are."""
        origin, parts = typing.get_origin(hint), typing.get_args(hint)
        if attrs.has(hint):
            return self._of_class(hint)
        if origin in (typing.Union, types.UnionType):
            return self._of_union([part for part in parts if part is not type(None)])
        if origin in _SEQUENCES or origin in _SETS:
            return self._of_items(self._of_hint(parts[0]), is_set=origin in _SETS)
        if origin in _MAPPINGS:
            return _mapping(self._of_hint(parts[1])) if self._of_hint(parts[1]) or origin is Mapping else None
        return None

    def _of_items(self, item: Plain | None, *, is_set: bool) -> Plain | None:
        if item is None:
            return sorted if is_set else None
        return lambda values: [item(value) for value in values]

    def _of_union(self, parts: Sequence[Any]) -> Plain | None:
        makers = [self._of_hint(part) for part in parts]
        if not any(makers):
            return None
        return makers[0] if len(parts) == 1 else self._each

    def _of_class(self, kind: type) -> Plain:
        made = self._made.get(kind)
        if made is None:
            # A class that holds itself finds this stand-in for the code that is still being made.
            self._made[kind] = lambda value: self._made[kind](value)
            made = self._made[kind] = self._compiled(kind)
        return made

    def _compiled(self, kind: type) -> Plain:
        """Make a function that reads each member once."""
        attrs.resolve_types(kind)
        fields: Sequence[attrs.Attribute[Any]] = attrs.fields(kind)
        names: dict[str, Any] = {}
        always: list[str] = []
        sometimes: list[str] = []
        for field in fields:
            maker = self._of_hint(field.type)
            if maker is not None:
                names[f"plain_{field.name}"] = maker
            wire = camel_case(field.name)
            if field.default is None:
                member = f"plain_{field.name}(member)" if maker else "member"
                sometimes.append(f" if (member := value.{field.name}) is not None: plain[{wire!r}] = {member}")
            else:
                member = f"plain_{field.name}(value.{field.name})" if maker else f"value.{field.name}"
                always.append(f"{wire!r}: {member}")
        lines = ["def make(value):", f" plain = {{{', '.join(always)}}}", *sometimes, " return plain"]
        exec(compile("\n".join(lines), f"<{kind.__name__} on the wire>", "exec"), names)
        return names["make"]


def _mapping(item: Plain | None) -> Plain:
    if item is None:
        return dict
    return lambda values: {name: item(value) for name, value in values.items()}
