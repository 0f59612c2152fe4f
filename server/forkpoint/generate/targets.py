"""The generated files, in the order they are made: a later one may need an earlier one."""

from collections.abc import Callable, Sequence
from pathlib import Path

import attrs

from forkpoint.generate import capability_table, examples, json_schema, markdown, python_client, typescript_client

REPOSITORY = Path(__file__).resolve().parents[3]


@attrs.frozen
class Target:
    """One generated file."""

    path: str
    """Relative to the repository."""
    render: Callable[[], bytes]
    """Gives its contents; the same code gives the same bytes."""

    @property
    def file(self) -> Path:
        """Where it lies."""
        return REPOSITORY / self.path


TARGETS: Sequence[Target] = (
    Target("server/forkpoint/lsp/capability_table.py", capability_table.render),
    Target("editor_client/python/forkpoint_client/calls.py", python_client.render),
    Target("editor_client/vscode/src/protocol/calls.ts", typescript_client.render),
    Target("editor_client/protocol/protocol.schema.json", json_schema.render),
    Target("editor_client/protocol/examples.json", examples.render),
    Target("editor_client/protocol/PROTOCOL.md", markdown.render),
)
