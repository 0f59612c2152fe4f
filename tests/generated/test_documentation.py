"""Everything on the wire is documented, listed and named by rule."""

import importlib
import pkgutil
import re
from typing import Any, cast

import attrs
import pytest

import forkpoint.operations
from forkpoint.generate.describe import Call, Undocumented, describe, field_documentation
from forkpoint.operations.catalogue import OPERATIONS, Listing
from forkpoint.operations.registry import Operation, operation
from forkpoint.operations.services import Services

DESCRIPTION = describe()


def declared() -> dict[str, str]:
    """Give every operation that a module of the folder declares, by method, with its module."""
    found: dict[str, str] = {}
    for module in pkgutil.iter_modules(forkpoint.operations.__path__):
        name = f"forkpoint.operations.{module.name}"
        values: list[Any] = list(vars(importlib.import_module(name)).values())
        for value in values:
            if isinstance(value, Operation):
                made = cast("Operation[Any, Any]", value)
                found[made.method] = made.run.__module__
    return found


def test_the_catalogue_lists_exactly_what_is_declared() -> None:
    assert {listing.method: listing.module for listing in OPERATIONS} == declared()
    assert len({listing.method for listing in OPERATIONS}) == len(OPERATIONS)


def _title_case(title: str) -> str:
    """Give a title in title case as editors write it: with small prepositions."""
    return re.sub(r"(?<=\s)(To|From|Of)\b", lambda word: word[0].lower(), title.title())


@pytest.mark.parametrize("listing", OPERATIONS, ids=lambda listing: listing.method)
def test_names_follow_the_rules(listing: Listing) -> None:
    """`noun/verb`; the function in English; params named after the function; a title in title case."""
    operation = listing.load()
    words = operation.run.__name__.split("_")
    assert re.fullmatch(r"[a-z]+([A-Z][a-z]+)*/[a-z]+([A-Z][a-z]+)*", listing.method)
    assert operation.params.__name__ == "".join(word.capitalize() for word in words) + "Params"
    assert listing.command == f"forkpoint.server.{listing.method.replace('/', '.')}"
    assert listing.title == _title_case(listing.title)


def test_python_calls_have_names_of_their_own() -> None:
    names = [call.python_name for call in DESCRIPTION.calls]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("call", DESCRIPTION.calls, ids=lambda call: call.method)
def test_a_call_begins_with_one_sentence(call: Call) -> None:
    first = call.documentation.split("\n")[0]
    assert first.endswith("."), first
    assert len(first) <= 120


def test_every_member_says_something() -> None:
    structures = [*DESCRIPTION.shared]
    for call in DESCRIPTION.calls:
        structures += [call.params, call.result]
    structures += [event.params for event in DESCRIPTION.events]
    members = [(item.name, member) for item in structures for member in item.members]
    members += [(error.kind, member) for error in DESCRIPTION.errors for member in error.members]
    silent = [f"{owner}.{member.name}" for owner, member in members if not member.documentation.endswith((".", ")"))]
    assert len(members) > 50
    assert not silent, silent


def test_error_kinds_and_codes_are_their_own() -> None:
    assert len({error.kind for error in DESCRIPTION.errors}) == len(DESCRIPTION.errors)
    assert len({error.code for error in DESCRIPTION.errors}) == len(DESCRIPTION.errors)


@attrs.frozen(kw_only=True)
class SilentParams:
    """Params with a field that nothing is said of."""

    told: int
    """What it is."""
    untold: int


@attrs.frozen(kw_only=True)
class SilentResult:
    """A result."""


@operation("toys/silent")
async def silent(services: Services, params: SilentParams) -> SilentResult:
    """Do nothing."""
    return SilentResult()


@operation("toys/wrong")
async def wrong(services: Services, params: SilentResult) -> SilentResult:
    """Do nothing.

    Errors: noSuchKind.
    """
    return SilentResult()


@operation("toys/mute")
async def mute(services: Services, params: SilentResult) -> SilentResult:
    return SilentResult()


@pytest.mark.parametrize(
    ("method", "reason"), [("toys/silent", "untold"), ("toys/wrong", "noSuchKind"), ("toys/mute", "mute")]
)
def test_what_is_missing_is_refused(method: str, reason: str) -> None:
    with pytest.raises(Undocumented, match=reason):
        describe([Listing(method, __name__, "read", "Toy")])


def test_docstrings_are_read_from_the_source() -> None:
    assert field_documentation(SilentParams) == {"told": "What it is."}
