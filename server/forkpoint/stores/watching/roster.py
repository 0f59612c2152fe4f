"""The sessions as they were last told of, by id and by path."""

import heapq
import os
from collections.abc import Iterator, Mapping, Set

from forkpoint.stores.session_walk import Located
from forkpoint.stores.watching.focus import lineage


class Roster:
    """Who is there. A path that holds several sessions, as a database does, names none of them."""

    def __init__(self, sessions: Mapping[str, Located]) -> None:
        self.sessions: dict[str, Located] = dict(sessions)
        self._by_path: dict[str, set[str]] = {}
        for session_id, located in self.sessions.items():
            self._by_path.setdefault(located.candidate.path, set()).add(session_id)

    def put(self, session_id: str, located: Located) -> None:
        """Take a session in, or take note of where it lies now."""
        self.remove(session_id)
        self.sessions[session_id] = located
        self._by_path.setdefault(located.candidate.path, set()).add(session_id)

    def remove(self, session_id: str) -> None:
        """Forget a session."""
        located = self.sessions.pop(session_id, None)
        if located is None:
            return
        path = located.candidate.path
        self._by_path[path].discard(session_id)
        if not self._by_path[path]:
            del self._by_path[path]

    def at(self, path: str) -> set[str]:
        """The sessions whose own path this is."""
        return self._by_path.get(path, set())

    def holder(self, path: str, home: str) -> str | None:
        """The path of the session that a path of a home belongs to, its own or one above; None when there is none."""
        while len(path) > len(home):
            if path in self._by_path:
                return path
            path = os.path.dirname(path)
        return None

    def below(self, paths: Set[str]) -> Iterator[str]:
        """The sessions whose own path is one of these or lies below one."""
        for known, ids in self._by_path.items():
            if not paths.isdisjoint(lineage(known)):
                yield from ids

    def has_doubles(self, session_id: str) -> bool:
        """Whether several sources claim the id that this one has, so that only a walk over all can name them."""
        name = session_id.rpartition("~")[0] or session_id
        return any(known.startswith(name + "~") for known in self.sessions)

    def newest(self, count: int) -> list[str]:
        """The paths of the sessions worked on last."""
        newest = heapq.nlargest(count, self.sessions.values(), key=lambda located: located.candidate.updated_at)
        return [located.candidate.path for located in newest]
