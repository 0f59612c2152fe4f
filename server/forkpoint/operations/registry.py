"""What an operation is: a method with typed params, a typed result and a behaviour."""

from collections.abc import Awaitable, Callable
from typing import Any, Generic, TypeVar, get_type_hints

import attrs

from forkpoint.operations.services import Services

P = TypeVar("P")
R = TypeVar("R")


@attrs.frozen
class InvalidParams(Exception):
    """The params have the right types and still make no sense; answered like wrong types, with -32602."""

    problems: list[tuple[str, str]]
    """For each fault its JSON pointer and what must be so."""


@attrs.frozen(kw_only=True)
class Operation(Generic[P, R]):
    """One value per operation; request, command, client call and documentation are made from it."""

    method: str
    """`noun/verb`."""
    params: type[P]
    result: type[R]
    run: Callable[[Services, P], Awaitable[R]]


def operation(method: str) -> Callable[[Callable[[Services, P], Awaitable[R]]], Operation[P, R]]:
    """Declare an operation; nothing is registered, the catalogue lists it.

    The function takes `services` and `params` and its annotations give the types.
    """

    def declare(run: Callable[[Services, P], Awaitable[R]]) -> Operation[P, R]:
        hints: dict[str, Any] = get_type_hints(run)
        return Operation(method=method, params=hints["params"], result=hints["return"], run=run)

    return declare
