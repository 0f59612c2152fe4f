"""Our server with the operations of the round trips."""

from typing import Any

import attrs

from forkpoint.__main__ import serve
from forkpoint.lsp.wire_converter import WireConverter
from forkpoint.model.entry import Entry
from forkpoint.operations.catalogue import Listing
from forkpoint.operations.history import ReadHistoryResult
from forkpoint.operations.registry import operation
from forkpoint.operations.services import Services
from tests.benchmarks.trip_sizes import PAGE_ENTRIES, page_entry

MODULE = "tests.benchmarks.trip_server"
CATALOGUE = (
    Listing("trip/echo", MODULE, "read", "Echo"),
    Listing("trip/page", MODULE, "read", "Answer a Page"),
)


@attrs.frozen(kw_only=True)
class Anything:
    """Any params under one name."""

    value: Any = None


@operation("trip/echo")
async def echo(services: Services, params: Anything) -> Anything:
    """Give back what came."""
    return params


@operation("trip/page")
async def page(services: Services, params: Anything) -> ReadHistoryResult:
    """Give a page of entries; turning them into JSON is the server's work."""
    return PAGE


def _entry(plain: dict[str, Any]) -> Entry:
    entry, problems = WireConverter().structure(plain, Entry)
    assert entry is not None, problems
    return entry


PAGE = ReadHistoryResult(
    entries=[_entry(page_entry(number)) for number in range(PAGE_ENTRIES)],
    has_more_before=True,
    has_more_after=False,
    problems=[],
)

if __name__ == "__main__":
    serve(CATALOGUE)
