"""The folders sessions work in."""

import attrs

from forkpoint.operations.registry import operation
from forkpoint.operations.services import Services
from forkpoint.stores.work_dirs import WorkDir, WorkspaceFolder


@attrs.frozen(kw_only=True)
class ListWorkDirsParams:
    """workDirs/list takes nothing."""


@attrs.frozen(kw_only=True)
class ListWorkDirsResult:
    """The folders, the one with the newest session first."""

    items: list[WorkDir]
    """The folders; those under a temporary folder are left out unless they are open in the editor."""


@attrs.frozen(kw_only=True)
class StartupWorkDirParams:
    """workDirs/startup takes nothing."""


@attrs.frozen(kw_only=True)
class StartupWorkDirResult:
    """The folder that new work begins in."""

    folder: str
    """The editor's first workspace folder, else the folder the server was started in; absolute."""


@attrs.frozen(kw_only=True)
class LocateWorkspaceParams:
    """workDirs/workspace takes nothing."""


@attrs.frozen(kw_only=True)
class LocateWorkspaceResult:
    """The editor's workspace folders."""

    folders: list[WorkspaceFolder]
    """The folders, in the editor's order; whether or not a session works in them."""


@operation("workDirs/list")
async def list_work_dirs(services: Services, params: ListWorkDirsParams) -> ListWorkDirsResult:
    """List the folders that sessions on this machine work in, with their session counts."""
    return ListWorkDirsResult(items=await services.sessions.work_dirs(services.workspace))


@operation("workDirs/startup")
async def startup_work_dir(services: Services, params: StartupWorkDirParams) -> StartupWorkDirResult:
    """Give the folder that new work begins in: the first workspace folder, else the server's own."""
    folder = services.workspace[0] if services.workspace else services.startup_folder
    return StartupWorkDirResult(folder=folder)


@operation("workDirs/workspace")
async def locate_workspace(services: Services, params: LocateWorkspaceParams) -> LocateWorkspaceResult:
    """Tell where the editor's workspace folders lie, so that the worktrees of one repository can be shown together.

    Two folders with equal `repository` and `repositoryPath` are the same place in two worktrees.
    """
    return LocateWorkspaceResult(folders=await services.sessions.workspace_folders(services.workspace))
