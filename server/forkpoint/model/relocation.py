"""Folders that were moved."""

import attrs


@attrs.frozen(kw_only=True)
class Relocation:
    """What is noted about one folder that sessions name."""

    folder: str
    """The absolute path as sessions have it."""
    moved_to: str | None = None
    """Where it is now, an absolute path; absent: it has not moved."""
