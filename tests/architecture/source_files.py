"""The server's source files as syntax trees, for the tests that read them."""

import ast
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import attrs

ROOT = Path(__file__).resolve().parents[2]
SERVER = ROOT / "server" / "forkpoint"


@attrs.define(slots=False)
class SourceFile:
    """One module."""

    name: str
    """Its path below the package, with `/`."""
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """Its syntax tree."""
        return ast.parse(self.text)

    @property
    def folder(self) -> str:
        """The layer it belongs to; for a module of the package itself, its name."""
        return self.name.partition("/")[0]

    @property
    def imported(self) -> Iterator[tuple[int, str]]:
        """Every module it names in an import, at the top or inside a function, with the line."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((node.lineno, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield node.lineno, node.module
                # `from package import module` names the module only here.
                yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)

    @property
    def dotted(self) -> Iterator[tuple[int, str]]:
        """Every name and attribute chain it uses, such as `os.path.exists`, with the line."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Attribute | ast.Name):
                text = _chain(node)
                if text:
                    yield node.lineno, text


def _chain(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = _chain(node.value)
        return f"{before}.{node.attr}" if before else ""
    return ""


def server_files() -> list[SourceFile]:
    """Give every module of the server."""
    files = sorted(SERVER.rglob("*.py"))
    return [SourceFile(path.relative_to(SERVER).as_posix(), path.read_text(encoding="utf-8")) for path in files]
