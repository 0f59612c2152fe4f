"""The table that `initialize` is answered from, written as a Python module."""

from collections.abc import Sequence
from typing import Any, cast

from forkpoint.lsp.capability_probe import probe
from forkpoint.lsp.json_values import is_array, is_object
from forkpoint.operations.catalogue import OPERATIONS

HEAD = '''"""What pygls answers to `initialize`. Generated: run `python3 dev.py generate` to write it anew."""

from forkpoint.lsp.early_reply import CapabilityTable

TABLE = CapabilityTable(
'''


def render() -> bytes:
    """Give the module `lsp/capability_table.py`."""
    table = probe(OPERATIONS)
    parts = {
        "result": table.result,
        "encodings": table.encodings,
        "switches": table.switches,
        "shapes": table.shapes,
    }
    lines = [f"    {name}={_literal(value, 4)},\n" for name, value in parts.items()]
    return (HEAD + "".join(lines) + ")\n").encode()


def _literal(value: Any, indent: int) -> str:
    """Write a value in the form the formatter gives it: everything that holds something on lines of its own."""
    inner = " " * (indent + 4)
    if is_object(value) and value:
        members = [f"{inner}{_text(name)}: {_literal(member, indent + 4)},\n" for name, member in value.items()]
        return "{\n" + "".join(members) + " " * indent + "}"
    if isinstance(value, list | tuple) and value:
        several = cast("Sequence[Any]", value)
        items = [f"{inner}{_literal(item, indent + 4)},\n" for item in several]
        opening, closing = "[]" if is_array(several) else "()"
        return opening + "\n" + "".join(items) + " " * indent + closing
    return _text(value) if isinstance(value, str) else repr(cast("object", value))


def _text(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
