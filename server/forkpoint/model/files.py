"""Files and folders of a work dir, as a guarded read gives them."""

import attrs


@attrs.frozen(kw_only=True)
class FileContent:
    """The bytes of a file or of a range of it: `text` or `base64`, never both."""

    text: str | None = None
    """The bytes as text, when they are valid UTF-8 as they stand; a byte order mark stays in it."""
    base64: str | None = None
    """The bytes otherwise; so the ranges of a file, each turned back into bytes, always join to the file."""
    size: int
    """The size of the whole file, in bytes."""
    mime_type: str
    """The media type by the name, else by the first bytes: text/plain or application/octet-stream at the least."""


@attrs.frozen(kw_only=True)
class FolderEntry:
    """One name in a folder."""

    name: str
    """The name; bytes that are not UTF-8 are replaced, and `nameBase64` has them."""
    type: str
    """file, directory, link (never followed) or other (FIFO, socket, device)."""
    size: int | None = None
    """The size in bytes of a file."""
    name_base64: str | None = None
    """The name's bytes, when they are not UTF-8."""


@attrs.frozen(kw_only=True)
class FolderListing:
    """What is in a folder, as far as the guard shows it."""

    entries: list[FolderEntry]
    """Folders first, then by name; at most 5,000."""
    hidden: int
    """How many names the guard left out."""
    truncated: bool = False
    """Whether there are more entries than were listed."""
