"""The closed, ordered list of what a client may ask. Modules are imported on first use."""

import importlib
from collections.abc import Sequence
from functools import cache
from typing import Any, Literal, cast

import attrs

from forkpoint.operations.registry import Operation

Scope = Literal["read", "write", "admin"]


@attrs.frozen
class Listing:
    """One line of the catalogue."""

    method: str
    module: str
    scope: Scope
    title: str

    @property
    def command(self) -> str:
        """The id of the same operation as an LSP command."""
        return "forkpoint.server." + self.method.replace("/", ".")

    def load(self) -> Operation[Any, Any]:
        """Import the module and give the operation."""
        return _load(self.module, self.method)


OPERATIONS: Sequence[Listing] = (
    Listing("agents/list", "forkpoint.operations.agents", "read", "List Agents"),
    Listing("workDirs/list", "forkpoint.operations.work_dirs", "read", "List Work Dirs"),
    Listing("workDirs/startup", "forkpoint.operations.work_dirs", "read", "Show Startup Folder"),
    Listing("workDirs/workspace", "forkpoint.operations.work_dirs", "read", "Locate Workspace Folders"),
    Listing("sessions/list", "forkpoint.operations.sessions", "read", "List Sessions"),
    Listing("sessions/get", "forkpoint.operations.sessions", "read", "Get Session"),
    Listing("sessions/diagnose", "forkpoint.operations.diagnose", "read", "Diagnose Session"),
    Listing("history/read", "forkpoint.operations.history", "read", "Read History"),
    Listing("history/turns", "forkpoint.operations.history", "read", "List Turns"),
    Listing("history/replay", "forkpoint.operations.history", "read", "Replay History"),
    Listing("git/diffStats", "forkpoint.operations.git", "read", "Show Diff Stats"),
    Listing("git/fileDiff", "forkpoint.operations.git", "read", "Show File Diff"),
    Listing("files/read", "forkpoint.operations.files", "read", "Read File"),
    Listing("files/list", "forkpoint.operations.files", "read", "List Files"),
)

NOTIFICATIONS: Sequence[str] = ("history/chunk",)
"""Notifications the server can send to a client that names them."""

FILTERS: Sequence[str] = (
    "folders",
    "excludeFolders",
    "worktrees",
    "agents",
    "profiles",
    "archived",
    "text",
    "activeWithinMs",
    "parentSessionId",
    "fresh",
)
"""The filters that sessions/list knows."""

PROTOCOL_VERSION = 1


@cache
def _load(module: str, method: str) -> Operation[Any, Any]:
    for value in vars(importlib.import_module(module)).values():
        if isinstance(value, Operation):
            found = cast("Operation[Any, Any]", value)
            if found.method == method:
                return found
    raise LookupError(f"{module} has no operation {method!r}")
