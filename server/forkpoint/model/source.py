"""Where the bytes of a session lie: sources, and the parts a session is made of."""

import attrs


@attrs.frozen
class Stamp:
    """What tells one state of a file from another."""

    size: int
    """Bytes."""
    mtime_ns: int
    """Modification time in nanoseconds."""
    inode: int
    """Inode number; 0 where the platform has none."""
    device: int = 0
    """The device the inode belongs to."""

    @property
    def mtime_ms(self) -> int:
        """The modification time in milliseconds since 1970 UTC."""
        return self.mtime_ns // 1_000_000


@attrs.frozen
class FileSource:
    """A file of lines."""

    path: str


@attrs.frozen
class QuerySource:
    """The rows of a read-only SQLite query as lines.

    The statement selects two columns, an ascending integer key and the line's bytes or text, and takes the
    half-open key range as its parameters `:start` and `:end` beside those in `parameters`.
    """

    path: str
    statement: str
    parameters: tuple[tuple[str, str | int], ...] = ()


Source = FileSource | QuerySource

SHOWN = "shown"
"""Lines that make the conversation a person saw."""
CONTEXT = "context"
"""Lines that make what the model sees."""
INDEX = "index"
"""A small file with facts about the session: title, archive flags."""
SIDE = "side"
"""A file that belongs to the session and is not part of its conversation."""


@attrs.frozen
class Part:
    """One stretch of a session: a half-open range of a source, in a role.

    The range counts bytes of a file or keys of a query; `end` None means as far as it goes.
    """

    name: str
    source: Source
    role: str
    start: int = 0
    end: int | None = None
