"""One call of an operation: from plain params to a plain result."""

from collections.abc import Callable, Sequence
from typing import Any

from forkpoint.lsp.wire_converter import WireConverter
from forkpoint.operations.access import refusal
from forkpoint.operations.catalogue import Listing
from forkpoint.operations.registry import InvalidParams
from forkpoint.operations.services import Call, Services


class OperationCalls:
    """Runs operations of a catalogue; each operation's module is loaded when it is first called."""

    def __init__(self, catalogue: Sequence[Listing], services: Callable[[Call], Services], wire: WireConverter) -> None:
        self._by_method = {listing.method: listing for listing in catalogue}
        self._by_command = {listing.command: listing for listing in catalogue}
        self._services = services
        self._wire = wire

    def by_method(self, method: str) -> Listing | None:
        """Give the operation that a request names."""
        return self._by_method.get(method)

    def by_command(self, command: Any) -> Listing | None:
        """Give the operation that a command names."""
        return self._by_command.get(command) if isinstance(command, str) else None

    async def run(self, listing: Listing, params: Any, call: Call) -> Any:
        """Run an operation. Errors: InvalidParams, any Failure, CancelledError; anything else is a mistake of ours."""
        services = self._services(call)
        refused = refusal(listing, services.settings)
        if refused is not None:
            raise refused
        operation = listing.load()
        value, problems = self._wire.structure(params, operation.params)
        if problems:
            raise InvalidParams(problems)
        return self._wire.unstructure(await operation.run(services, value))
