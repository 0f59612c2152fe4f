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
    untrusted_scope: Scope | None = None
    """The scope of a read that needs another one while the workspace is not trusted; None for the same."""

    @property
    def command(self) -> str:
        """The id of the same operation as an LSP command."""
        return "forkpoint.server." + self.method.replace("/", ".")

    def load(self) -> Operation[Any, Any]:
        """Import the module and give the operation."""
        return _load(self.module, self.method)


@attrs.frozen
class Notice:
    """One notification that the server can send to a client that names it."""

    method: str
    module: str
    params: str
    """The class of its params, in that module."""

    def load(self) -> type:
        """Import the module and give the class."""
        return getattr(importlib.import_module(self.module), self.params)


OPERATIONS: Sequence[Listing] = (
    Listing("agents/list", "forkpoint.operations.agents", "read", "List Agents"),
    Listing("workDirs/list", "forkpoint.operations.work_dirs", "read", "List Work Dirs"),
    Listing("workDirs/startup", "forkpoint.operations.work_dirs", "read", "Show Startup Folder"),
    Listing("workDirs/workspace", "forkpoint.operations.work_dirs", "read", "Locate Workspace Folders"),
    Listing("workDirs/relocate", "forkpoint.operations.relocate", "write", "Relocate Work Dir"),
    Listing("sessions/list", "forkpoint.operations.sessions", "read", "List Sessions"),
    Listing("sessions/get", "forkpoint.operations.sessions", "read", "Get Session"),
    Listing("sessions/diagnose", "forkpoint.operations.diagnose", "read", "Diagnose Session"),
    Listing("sessions/debug", "forkpoint.operations.debug", "read", "Debug Session", untrusted_scope="admin"),
    Listing("sessions/subscribe", "forkpoint.operations.subscriptions", "read", "Subscribe to Sessions"),
    Listing("sessions/unsubscribe", "forkpoint.operations.subscriptions", "read", "Unsubscribe from Sessions"),
    Listing("sessions/create", "forkpoint.operations.create", "write", "Create Session"),
    Listing("sessions/update", "forkpoint.operations.update", "write", "Update Session"),
    Listing("sessions/fork", "forkpoint.operations.fork", "write", "Fork Session"),
    Listing("sessions/forkPlan", "forkpoint.operations.fork", "read", "Plan Fork"),
    Listing("sessions/generateTitle", "forkpoint.operations.generate_title", "write", "Generate Session Title"),
    Listing("sessions/setExtension", "forkpoint.operations.set_extension", "admin", "Set Session Extension"),
    Listing("sessions/delete", "forkpoint.operations.trash", "write", "Delete Session"),
    Listing("sessions/restore", "forkpoint.operations.trash", "write", "Restore Session"),
    Listing("sessions/generations", "forkpoint.operations.trash", "read", "List Generations"),
    Listing("sessions/cleanup", "forkpoint.operations.cleanup", "admin", "Clean Up Sessions"),
    Listing("history/read", "forkpoint.operations.history", "read", "Read History"),
    Listing("history/turns", "forkpoint.operations.history", "read", "List Turns"),
    Listing("history/replay", "forkpoint.operations.history", "read", "Replay History"),
    Listing("messages/subscribe", "forkpoint.operations.subscriptions", "read", "Subscribe to Messages"),
    Listing("messages/unsubscribe", "forkpoint.operations.subscriptions", "read", "Unsubscribe from Messages"),
    Listing("git/diffStats", "forkpoint.operations.git", "read", "Show Diff Stats"),
    Listing("git/fileDiff", "forkpoint.operations.git", "read", "Show File Diff"),
    Listing("files/read", "forkpoint.operations.files", "read", "Read File"),
    Listing("files/list", "forkpoint.operations.files", "read", "List Files"),
    Listing("uploads/add", "forkpoint.operations.uploads", "write", "Add Upload"),
    Listing("uploads/list", "forkpoint.operations.uploads", "read", "List Uploads"),
    Listing("uploads/read", "forkpoint.operations.uploads", "read", "Read Upload"),
)

NOTIFICATIONS: Sequence[Notice] = (
    Notice("history/chunk", "forkpoint.operations.history", "HistoryChunk"),
    Notice("sessions/changed", "forkpoint.stores.watching.notices", "SessionsChanged"),
    Notice("sessions/message", "forkpoint.stores.watching.notices", "SessionMessage"),
    Notice("git/changed", "forkpoint.stores.watching.notices", "GitChanged"),
)

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
    "pinned",
    "label",
    "group",
    "grouped",
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
