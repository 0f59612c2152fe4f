"""The answer to `initialize`, given before anything heavy is loaded: a pure function of the params and a table.

The table is written by the code generator, which asks pygls. What cannot be answered for certain waits for pygls.
"""

from forkpoint.lsp.initialize_params import fit
from forkpoint.lsp.json_values import is_array, is_id, is_object, member_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from forkpoint.lsp.initialize_params import Shapes

    Switch = tuple[tuple[str, ...], bool | None, dict[str, Any]]
    """The path of a capability of the client, whether it is true, false or an object (None), and what the answer then
    says otherwise."""


class CapabilityTable:
    """All that the answer depends on."""

    def __init__(
        self,
        *,
        result: "dict[str, Any]",
        encodings: list[str],
        switches: "list[Switch]",
        shapes: "Shapes",
    ) -> None:
        self.result = result
        """The answer to a client that can do nothing."""
        self.encodings = encodings
        """The position encodings we take; the first of the client's that is among them is used."""
        self.switches = switches
        self.shapes = shapes
        """The shapes of the params."""


def early_reply(message: "Any", table: CapabilityTable) -> "dict[str, Any] | None":
    """Give the whole reply to a first message; None when it is no `initialize` that is certain to be right."""
    if not is_object(message) or message.get("jsonrpc") != "2.0" or message.get("method") != "initialize":
        return None
    if not is_id(message.get("id")):
        return None
    params, problems, _ = fit(message.get("params"), table.shapes)
    if problems:
        return None
    return {"jsonrpc": "2.0", "id": message["id"], "result": result_for(params, table)}


def result_for(params: "dict[str, Any]", table: CapabilityTable) -> "dict[str, Any]":
    """Give the result for params that fit."""
    capabilities = params["capabilities"]
    result = table.result
    for path, value, patch in table.switches:
        given = member_at(capabilities, *path)
        if is_object(given) if value is None else given is value:
            result = _laid_over(result, patch)
    encodings = member_at(capabilities, "general", "positionEncodings")
    for encoding in encodings if is_array(encodings) else ():
        if encoding in table.encodings:
            return _laid_over(result, {"capabilities": {"positionEncoding": encoding}})
    return result


def _laid_over(value: "dict[str, Any]", patch: "dict[str, Any]") -> "dict[str, Any]":
    """Give a copy of `value` with `patch` over it; a None in the patch takes a member away."""
    merged = {name: member for name, member in value.items() if name not in patch or patch[name] is not None}
    for name, member in patch.items():
        if is_object(member):
            merged[name] = _laid_over(merged.get(name, {}), member)
        elif member is not None:
            merged[name] = member
    return merged
