"""Files and folders of the work dir of a session, as far as the guard shows them."""

import attrs

from forkpoint.model.files import FileContent, FolderListing
from forkpoint.operations.folders import folder_of
from forkpoint.operations.registry import operation
from forkpoint.operations.relative_path import refuse_bad_range, relative_path
from forkpoint.operations.services import Services


@attrs.frozen(kw_only=True)
class ReadFileParams:
    """Which file, or which range of it."""

    session_id: str
    """The session in whose work dir the file lies."""
    path: str | None = None
    """The file's path relative to the work dir, with `/` between the components."""
    path_base64: str | None = None
    """The path's bytes, for a path that is not UTF-8; goes before `path`."""
    offset: int = 0
    """The first byte wanted, counted from 0; past the end nothing is answered."""
    length: int | None = None
    """The most bytes wanted; absent or null: to the end."""


@attrs.frozen(kw_only=True)
class ListFilesParams:
    """Which folder."""

    session_id: str
    """The session in whose work dir the folder lies."""
    path: str | None = None
    """The folder's path relative to the work dir; absent or null: the work dir itself."""
    path_base64: str | None = None
    """The path's bytes, for a path that is not UTF-8; goes before `path`."""


@operation("files/read")
async def read_file(services: Services, params: ReadFileParams) -> FileContent:
    """Read a file of a session's work dir, or a range of its bytes.

    Offset, length and size are bytes. A file over the setting `maxReadBytes` is read by ranges within it.
    Errors: pathRefused, fileNotFound, tooLarge, unreadable, notSupported, sessionNotFound, remoteFolder.
    """
    refuse_bad_range(params.offset, params.length)
    path = relative_path(params.path, params.path_base64)
    root = await folder_of(services, params.session_id, None)
    return await services.files.read(root, path, services.settings.effective_guard, params.offset, params.length)


@operation("files/list")
async def list_files(services: Services, params: ListFilesParams) -> FolderListing:
    """List a folder of a session's work dir: folders first, then by name.

    What the guard refuses is left out and counted; links are listed as links and never followed.
    Errors: pathRefused, fileNotFound, unreadable, notSupported, sessionNotFound, remoteFolder.
    """
    path = relative_path(params.path or "", params.path_base64)
    root = await folder_of(services, params.session_id, None)
    return await services.files.list(root, path, services.settings.effective_guard)
