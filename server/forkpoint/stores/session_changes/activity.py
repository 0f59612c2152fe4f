"""Whether somebody else works on a session: its files grew a moment ago, and not by us."""

import os
import time
from collections.abc import Iterable, Mapping

from forkpoint.agents.adapter import Arrangement
from forkpoint.model.source import CONTEXT, SHOWN, Stamp
from forkpoint.stores.disk import stamp_of

GROWING_MS = 10_000
"""A transcript that was written to within this time counts as worked on, in milliseconds."""
KEPT_STAMPS = 4096


class Activity:
    """Knows what this process wrote itself."""

    def __init__(self) -> None:
        self._own: dict[str, Stamp] = {}

    def remember(self, stamps: Mapping[str, Stamp]) -> None:
        """Note files that were written by us, as they are now."""
        self._own.update(stamps)
        while len(self._own) > KEPT_STAMPS:
            del self._own[next(iter(self._own))]

    def remember_parts(self, arrangement: Arrangement) -> None:
        """Note a session that was made by us."""
        self.remember(dict(_stamps(arrangement)))

    def growing(self, arrangement: Arrangement) -> str | None:
        """Give the path of a transcript that somebody else wrote to a moment ago; None when there is none."""
        since = time.time() * 1000 - GROWING_MS
        for path, stamp in _stamps(arrangement):
            if stamp.mtime_ms >= since and self._own.get(path) != stamp:
                return path
        return None


def _stamps(arrangement: Arrangement) -> Iterable[tuple[str, Stamp]]:
    for part in arrangement.parts:
        if part.role in (SHOWN, CONTEXT):
            try:
                yield part.source.path, stamp_of(os.stat(part.source.path))
            except OSError:
                continue  # what is gone does not grow
