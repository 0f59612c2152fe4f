"""Files that were handed to a session."""

import attrs

from forkpoint.model.problem import Problem


@attrs.frozen(kw_only=True)
class UploadedFile:
    """One uploaded file."""

    name: str
    """The last component of its path; bytes that are not UTF-8 are replaced."""
    path: str
    """Its path below the folder of uploads, with `/` between the components, for uploads/read."""
    size_bytes: int
    """Its size in bytes."""
    mime_type: str
    """The media type by the name, else by the first bytes: text/plain or application/octet-stream at the least."""
    modified_at: int
    """When it was last written to, in milliseconds since 1970 UTC."""
    path_base64: str | None = None
    """The path's bytes, when they are not UTF-8."""


@attrs.frozen(kw_only=True)
class UploadListing:
    """The uploaded files of a session, as far as the guard shows them."""

    items: list[UploadedFile]
    """By path, down to ten folders deep; at most 5,000."""
    hidden: int
    """How many names were left out: links, special files, and what the guard refuses."""
    truncated: bool
    """Whether there are more files than were listed, or folders that lie deeper."""
    problems: list[Problem]
    """Folders that could not be listed."""
