"""What a tracker is given, and how it compares what it finds."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

import attrs

from forkpoint.agents.adapter import Adapter, Candidate, Home
from forkpoint.stores.session_walk import Located, Walk
from forkpoint.stores.watching.looks import look_at
from forkpoint.stores.workers import CancelFlag

MOST_UNKNOWN = 100
"""More new paths than this at once are left to a walk over everything."""
_LOG_SUFFIXES = ("-wal", "-shm", "-journal")

NewNotes = tuple[list[str], int]
"""The sessions whose notes changed, and the newest revision of all notes."""


class Surroundings(Protocol):
    """What the tracker needs of the finder of sessions; every method blocks."""

    def homes(self) -> list[tuple[Adapter, Home]]:
        """Every agent's homes that exist now."""
        ...

    def walk(self, flag: CancelFlag) -> Walk:
        """All sessions there are now."""
        ...

    def spelled_folders(self) -> Sequence[str]:
        """Folders that a key which cannot be reversed may stand for."""
        ...


@attrs.frozen
class Base:
    """What clients may have seen while nobody watched."""

    sessions: Mapping[str, Located]
    began: float
    """Since when what happened to them is not known, in seconds since 1970 UTC."""
    notes: int
    """The newest revision of our notes then."""
    own: Mapping[str, bool] = attrs.Factory(dict[str, bool])
    """The sessions that came or went by our own doing since, which was told, and whether each is there."""

    def there(self) -> set[str]:
        """The sessions that were there by all that was told."""
        gone = {session_id for session_id, is_there in self.own.items() if not is_there}
        return (self.sessions.keys() | self.own.keys()) - gone


def is_same(one: Located, other: Located) -> bool:
    """Whether a walk found the same of a session twice."""
    alike = one.home.path == other.home.path and one.moved_to == other.moved_to
    return alike and _facts(one.candidate) == _facts(other.candidate)


def _facts(candidate: Candidate) -> tuple[object, ...]:
    return (
        candidate.path,
        candidate.updated_at,
        candidate.work_dir,
        candidate.remote,
        candidate.created_at,
        candidate.parent_path,
    )


def changed_at(path: str) -> float:
    """When a session's files last changed, a database's log among them."""
    looks = [look_at(path), look_at(path + "-wal")]
    return max((look.changed_at for look in looks if look is not None), default=0.0)


def portions(paths: Sequence[str]) -> Iterator[set[str]]:
    """Give paths in portions that an adapter is asked about at once."""
    for start in range(0, len(paths), MOST_UNKNOWN):
        yield {*paths[start : start + MOST_UNKNOWN]}


def without_log_suffix(path: str) -> str:
    """Give the path of a database for that of the log beside it; any other as it is."""
    for suffix in _LOG_SUFFIXES:
        if path.endswith(suffix):
            return path.removesuffix(suffix)
    return path
