"""All sessions of all agents on this machine, as one walk over their homes finds them."""

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping, Sequence

import attrs

from forkpoint.agents.adapter import Adapter, Candidate, Discovery, Environment, Home
from forkpoint.model.failures import Unreadable
from forkpoint.model.problem import Problem
from forkpoint.stores.disk import HomeFolder, LocalDisk, ask_in_rounds, problem_of
from forkpoint.stores.workers import CancelFlag


@attrs.frozen(kw_only=True)
class Located:
    """One session and where it was found."""

    session_id: str
    adapter: Adapter
    home: Home
    candidate: Candidate


@attrs.define(kw_only=True)
class Walk:
    """What one walk found."""

    sessions: dict[str, Located] = attrs.Factory(dict[str, Located])
    by_path: dict[str, str] = attrs.Factory(dict[str, str])
    """The session id of each session's own path."""
    children: dict[str, list[str]] = attrs.Factory(dict[str, list[str]])
    """The forks of each session id."""
    problems: list[Problem] = attrs.Factory(list[Problem])

    def parent_of(self, located: Located) -> str | None:
        """The id of the session it was forked from, when that was found too."""
        path = located.candidate.parent_path
        if path is None:
            return None
        return self.by_path.get(path) or self.by_path.get(os.path.realpath(path))


def homes_of(adapter: Adapter, configured: Mapping[str, tuple[str, ...]], environment: Environment) -> list[Home]:
    """The homes of an agent that exist: those set, else the agent's own; links resolved, each once."""
    set_paths = configured.get(adapter.info.id)
    if set_paths is None:
        homes: Sequence[Home] = adapter.homes(environment)
    else:
        homes = [Home(path=os.path.expanduser(path)) for path in set_paths]
    found: dict[str, Home] = {}
    for home in homes:
        path = os.path.realpath(home.path)
        if os.path.isdir(path):
            found.setdefault(path, attrs.evolve(home, path=path))
    return list(found.values())


def walk_homes(homes: Iterable[tuple[Adapter, Home]], known_folders: Sequence[str], flag: CancelFlag) -> Walk:
    """Walk over homes and give every session an id; a home that cannot be read is a problem of the walk."""
    walk = Walk()
    found: list[tuple[Adapter, Home, Candidate]] = []
    for adapter, home in homes:
        discovery = _discover(adapter, home, known_folders, walk.problems, flag)
        found += [(adapter, home, candidate) for candidate in discovery.candidates]
    _name(found, walk)
    for session_id, located in walk.sessions.items():
        parent = walk.parent_of(located) if located.candidate.parent_path else None
        if parent is not None:
            walk.children.setdefault(parent, []).append(session_id)
    return walk


def _discover(
    adapter: Adapter, home: Home, known_folders: Sequence[str], problems: list[Problem], flag: CancelFlag
) -> Discovery:
    try:
        folder = HomeFolder(home.path)
    except Unreadable as failure:
        problems.append(problem_of(home.path, failure))
        return Discovery(candidates=())
    with folder:
        disk = LocalDisk(folder, flag)
        question: Callable[[LocalDisk], object] = lambda seen: adapter.discover(home, seen, known_folders)  # noqa: E731
        discovery = ask_in_rounds(question, disk)
        assert isinstance(discovery, Discovery)
        problems += [*disk.problems(), *discovery.problems]
        return discovery


def _name(found: list[tuple[Adapter, Home, Candidate]], walk: Walk) -> None:
    """Give ids: of several sources with one id the newest keeps it, the others add eight digits of their path."""
    found.sort(key=lambda item: (item[2].updated_at, item[2].path), reverse=True)
    for adapter, home, candidate in found:
        session_id = f"{adapter.info.id}:{printable(candidate.native_id)}"
        if session_id in walk.sessions:
            session_id += "~" + hashlib.sha256(os.fsencode(candidate.path)).hexdigest()[:8]
        walk.sessions[session_id] = Located(session_id=session_id, adapter=adapter, home=home, candidate=candidate)
        walk.by_path[candidate.path] = session_id


def printable(name: str) -> str:
    """Give a file name as text that can be sent; bytes that are not UTF-8 appear as `\\xNN`."""
    return os.fsencode(name).decode(errors="backslashreplace")
