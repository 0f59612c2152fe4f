"""The folders sessions work in."""

import attrs

from forkpoint.operations.registry import operation
from forkpoint.operations.services import Services
from forkpoint.stores.work_dirs import WorkDir


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


@operation("workDirs/list")
async def list_work_dirs(services: Services, params: ListWorkDirsParams) -> ListWorkDirsResult:
    """List the folders that sessions on this machine work in, with their session counts."""
    return ListWorkDirsResult(items=await services.sessions.work_dirs(services.workspace))


@operation("workDirs/startup")
async def startup_work_dir(services: Services, params: StartupWorkDirParams) -> StartupWorkDirResult:
    """Give the folder that new work begins in: the first workspace folder, else the server's own."""
    folder = services.workspace[0] if services.workspace else services.startup_folder
    return StartupWorkDirResult(folder=folder)
