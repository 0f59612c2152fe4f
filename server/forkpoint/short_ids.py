"""Session ids as people type them: the beginning is enough when no other id begins so."""

from collections.abc import Iterable, Mapping, Sequence

from forkpoint.model.failures import SessionNotFound

SHORTEST = 14
"""The fewest characters an id is shown with."""


class Ambiguous(Exception):
    """Several ids begin like this."""


def shortened(ids: Sequence[str]) -> dict[str, str]:
    """Give each id's shortest beginning that no other has."""
    ordered = sorted(ids)
    short: dict[str, str] = {}
    for before, own, after in zip(["", *ordered], ordered, [*ordered[1:], ""], strict=False):
        short[own] = own[: max(SHORTEST, _shared(own, before) + 1, _shared(own, after) + 1)]
    return short


def _shared(one: str, other: str) -> int:
    """Give how many characters two texts have in common at their beginning."""
    differing = (place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b)
    return next(differing, min(len(one), len(other)))


def resolved(given: str, native_ids: Mapping[str, str]) -> str:
    """Give the one session that is, or begins with, what was given, with or without the agent's name.

    `native_ids` has the agents' own ids by session id. Raises SessionNotFound, Ambiguous.
    """
    if given in native_ids:
        return given
    found = sorted(
        session_id
        for session_id, native_id in native_ids.items()
        if session_id.startswith(given) or native_id.startswith(given)
    )
    if not found:
        raise SessionNotFound(session_id=given)
    return only(given, found)


def only(given: str, found: Iterable[str]) -> str:
    """Give the one id that was found. Raises Ambiguous."""
    first, *others = found
    if others:
        raise Ambiguous(f"{given!r} is the beginning of {1 + len(others)} ids, {first} and {others[0]} among them.")
    return first
