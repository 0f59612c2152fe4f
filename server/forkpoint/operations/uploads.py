"""Files that a client hands to a session: taken in portions, listed, read back."""

import attrs

from forkpoint.model.files import FileContent
from forkpoint.model.uploads import UploadListing
from forkpoint.operations.registry import InvalidParams, operation
from forkpoint.operations.relative_path import refuse_bad_range, relative_path
from forkpoint.operations.services import Services
from forkpoint.stores.session_changes.uploading import Portion


@attrs.frozen(kw_only=True)
class AddUploadParams:
    """A file, or one portion of it."""

    session_id: str
    """The session it is for."""
    name: str
    """The file's name as the user has it; what of it is kept is answered. The same for every portion."""
    data: str
    """The next bytes, in base64, each portion complete in itself; may be empty. A megabyte is a good portion."""
    upload_id: str | None = None
    """Absent with the first portion; then what that answered."""
    last: bool = True
    """Whether these are the last bytes; then the file appears, whole."""


@attrs.frozen(kw_only=True)
class AddUploadResult:
    """The file that is there now, or how far it has come."""

    size_bytes: int
    """The bytes taken so far: all of them, when `name` is there."""
    upload_id: str | None = None
    """What the next portion has to name; absent with the last one."""
    name: str | None = None
    """The name it was given, which is its `path` for uploads/read; absent until the last portion."""
    path: str | None = None
    """Its absolute path; absent until the last portion."""
    mime_type: str | None = None
    """The media type by the name, else by the first bytes; absent until the last portion."""
    sha256: str | None = None
    """The SHA-256 of its bytes, in 64 hex digits; absent until the last portion."""


@attrs.frozen(kw_only=True)
class ListUploadsParams:
    """Of which session."""

    session_id: str
    """The session's id."""


@attrs.frozen(kw_only=True)
class ReadUploadParams:
    """Which file, or which range of it."""

    session_id: str
    """The session it was uploaded to."""
    path: str | None = None
    """The file's path as uploads/list gives it."""
    path_base64: str | None = None
    """The path's bytes, for a path that is not UTF-8; goes before `path`."""
    offset: int = 0
    """The first byte wanted, counted from 0; past the end nothing is answered."""
    length: int | None = None
    """The most bytes wanted; absent or null: to the end."""


@operation("uploads/add")
async def add_upload(services: Services, params: AddUploadParams) -> AddUploadResult:
    """Hand a file to a session, whole or in portions; with the last one it appears, in one step, or not at all.

    It goes where the agent keeps such files, else into our own state. Its name keeps letters, digits, `. _ -` and
    blanks; a name that is taken becomes `stem (2).ext`. It is never executable. More than the setting
    `uploads.maxBytes` is refused while it comes. An upload that is refused, cancelled, or not continued for ten
    minutes is dropped.
    Errors: sessionNotFound, uploadNotFound, tooLarge, nameTaken, pathRefused, notSupported, discontinued, sessionBusy,
    sessionChangedOnDisk when the session went meanwhile, noSpace, unreadable, unwritable, timedOut.
    """
    try:
        pieces = await services.uploads.decoded(params.data)
    except ValueError as fault:
        raise InvalidParams([("/data", f"must be base64: {fault}")]) from None
    portion = Portion(
        session_id=params.session_id,
        name=params.name,
        pieces=pieces,
        upload_id=params.upload_id,
        last=params.last,
        limit=services.settings.uploads_max_bytes,
    )
    with services.changes.own_work():
        received = await services.uploads.add(portion)
        kept = received.kept
        if kept is None:
            return AddUploadResult(size_bytes=received.size, upload_id=received.upload_id)
        services.changes.announce([params.session_id], "changed", "upload")
    return AddUploadResult(
        size_bytes=received.size, name=kept.name, path=kept.path, mime_type=kept.mime_type, sha256=kept.sha256
    )


@operation("uploads/list")
async def list_uploads(services: Services, params: ListUploadsParams) -> UploadListing:
    """List the files that were uploaded to a session, by path.

    Links and special files are never followed and never listed.
    Errors: sessionNotFound, pathRefused, unreadable, notSupported, discontinued.
    """
    return await services.uploads.list(params.session_id, services.settings.effective_guard)


@operation("uploads/read")
async def read_upload(services: Services, params: ReadUploadParams) -> FileContent:
    """Read a file that was uploaded to a session, or a range of its bytes.

    Offset, length and size are bytes. A file over the setting `maxReadBytes` is read by ranges within it.
    Errors: sessionNotFound, pathRefused, fileNotFound, tooLarge, unreadable, notSupported, discontinued.
    """
    refuse_bad_range(params.offset, params.length)
    path = relative_path(params.path, params.path_base64)
    guard = services.settings.effective_guard
    return await services.uploads.read(params.session_id, path, guard, params.offset, params.length)
