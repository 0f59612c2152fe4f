"""The large tools of these tests: a VS Code that runs in a browser, the browser, and the packaged extension."""

from collections.abc import Mapping
from pathlib import Path

import attrs

ROOT = Path(__file__).resolve().parents[3]
EXTENSION = ROOT / "editor_client" / "vscode"
"""The extension's folder, built: recipe B runs it from there."""

VARIABLES = {
    "node": "FORKPOINT_NODE24",
    "code_server": "FORKPOINT_CODE_SERVER",
    "chromium": "FORKPOINT_CHROMIUM",
    "vsix": "FORKPOINT_VSIX",
}


class MissingTool(Exception):
    """A tool is not there; the text says how to get it."""


@attrs.frozen(kw_only=True)
class Tools:
    """Where the tools are."""

    node: Path
    """The program `node`, of version 24."""
    code_server: Path
    """The entry point of code-server, a file of JavaScript."""
    chromium: Path
    """The browser."""
    vsix: Path
    """The packaged extension."""


def find_tools(environment: Mapping[str, str]) -> Tools:
    """Take the tools from the environment, as `dev.py test` hands them over; else `MissingTool`."""
    found: dict[str, Path] = {}
    for tool, variable in VARIABLES.items():
        path = Path(environment.get(variable) or "?")
        if not path.is_file():
            raise MissingTool(
                f"{variable} names no file: run these tests with `python3 dev.py test tests/editors/vscode`, "
                "which installs the tools once and hands them over"
            )
        found[tool] = path
    return Tools(**found)
