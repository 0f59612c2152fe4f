"""What git says of the folder that a session works in."""

import attrs

from forkpoint.model.diff_stats import DiffStats, FileSides
from forkpoint.operations.folders import folder_of
from forkpoint.operations.registry import operation
from forkpoint.operations.relative_path import relative_path
from forkpoint.operations.services import Services


@attrs.frozen(kw_only=True)
class DiffStatsParams:
    """Which folder: a session's work dir, or one that is named."""

    session_id: str | None = None
    """The session whose work dir is meant; not together with `folder`."""
    folder: str | None = None
    """The absolute path of a folder; not together with `sessionId`."""


@attrs.frozen(kw_only=True)
class FileDiffParams:
    """Which file of which folder."""

    session_id: str | None = None
    """The session in whose work dir the file lies; not together with `folder`."""
    folder: str | None = None
    """The absolute path of a folder in which the file lies; not together with `sessionId`."""
    path: str | None = None
    """The file's path relative to the folder, with `/` between the components."""
    path_base64: str | None = None
    """The path's bytes, for a path that is not UTF-8; goes before `path`."""


@operation("git/diffStats")
async def diff_stats(services: Services, params: DiffStatsParams) -> DiffStats:
    """Show how the working tree of a folder differs from HEAD, file by file.

    Only what lies in the folder counts, with paths relative to it. Nothing that the repository names is executed and
    no lock is taken in it. Content filters (large-file pointers) are therefore not applied.
    Errors: repositoryRefused, notSupported, timedOut, tooLarge, unreadable, pathRefused, fileNotFound,
    sessionNotFound, remoteFolder.
    Source: git 2.39, `git status --porcelain=v2` and `git diff --numstat`.
    """
    return await services.git.diff_stats(await folder_of(services, params.session_id, params.folder))


@operation("git/fileDiff")
async def file_diff(services: Services, params: FileDiffParams) -> FileSides:
    """Show one file as HEAD has it and as the working tree has it.

    Both sides pass the guard of files/read. Before the first commit, and outside a repository, there is no old side.
    Errors: pathRefused, fileNotFound, tooLarge, repositoryRefused, notSupported, timedOut, unreadable,
    sessionNotFound, remoteFolder.
    """
    path = relative_path(params.path, params.path_base64)
    folder = await folder_of(services, params.session_id, params.folder)
    return await services.git.file_diff(folder, path, services.settings.effective_guard)
