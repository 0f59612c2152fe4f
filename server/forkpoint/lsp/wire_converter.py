"""Our own types on the wire, both ways: strict on the way in, quick on the way out, camelCase in between."""

from typing import Any, TypeVar

from forkpoint.lsp.incoming import Problems
from forkpoint.lsp.wire_input import WireInput
from forkpoint.lsp.wire_output import WireOutput

T = TypeVar("T")


class WireConverter:
    """Turns params into our values, and our values into plain ones."""

    def __init__(self) -> None:
        self._input = WireInput()
        self._output = WireOutput()

    def structure(self, params: Any, kind: type[T]) -> tuple[T | None, Problems]:
        """Give the value of these params, or every problem they have."""
        return self._input.structure(params, kind)

    def unstructure(self, value: Any) -> Any:
        """Give the plain form of a value of one of our classes."""
        return self._output.plain(value)

    def unstructure_portion(self, value: Any) -> Any:
        """Give the plain form of a portion: a value of ours, or an object or list of such, one level down."""
        return self._output.plain_portion(value)
