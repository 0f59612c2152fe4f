"""A server as pygls makes it by itself: its own transport, codec and dispatch. What ours is measured against."""

from typing import Any

from pygls.lsp.server import LanguageServer

from tests.benchmarks.trip_sizes import PAGE_ENTRIES, page_entry

server = LanguageServer("stock", "1")

PAGE = {
    "entries": [page_entry(number) for number in range(PAGE_ENTRIES)],
    "hasMoreBefore": True,
    "hasMoreAfter": False,
    "problems": [],
}


@server.feature("agents/list")
def list_agents(params: Any) -> Any:
    """Answer an empty request."""
    return {"agents": []}


@server.feature("trip/echo")
def echo(params: Any) -> Any:
    """Give back what came."""
    return {"value": params.value}


@server.feature("trip/page")
def page(params: Any) -> Any:
    """Give a page that is ready."""
    return PAGE


if __name__ == "__main__":
    server.start_io()
