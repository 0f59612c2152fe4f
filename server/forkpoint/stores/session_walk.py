"""All sessions of all agents on this machine, as one walk over their homes finds them."""

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping, Sequence

import attrs

from forkpoint.agents.adapter import Adapter, Candidate, Discovery, Environment, Home
from forkpoint.model.failures import Unreadable
from forkpoint.model.problem import Problem
from forkpoint.model.session import Resume
from forkpoint.stores.disk import HomeFolder, LocalDisk, ask_in_rounds, problem_of
from forkpoint.stores.state.own_state import OwnNotes
from forkpoint.stores.state.relocations import follow
from forkpoint.stores.workers import CancelFlag


@attrs.frozen(kw_only=True)
class Located:
    """One session and where it was found."""

    session_id: str
    adapter: Adapter
    home: Home
    candidate: Candidate
    """As the agent's files have it."""
    moved_to: str | None = None
    """Where the folder that it works in is now, when that was moved."""

    @property
    def work_dir(self) -> str | None:
        """The folder that it works in, wherever that is now; None when it does not say."""
        return self.moved_to or self.candidate.work_dir

    @property
    def resume(self) -> Resume | None:
        """How its agent continues it; None when the agent would not find it."""
        if self.moved_to is None:
            return self.adapter.resume(self.candidate)
        moved = attrs.evolve(self.candidate, work_dir=self.moved_to, moved_from=self.candidate.work_dir)
        return self.adapter.resume(moved)

    def following(self, relocations: Mapping[str, str]) -> "Located":
        """Give it where its folder is now; `relocations` has the new path of every moved folder."""
        work_dir = self.candidate.work_dir
        moved_to = None
        if relocations and work_dir is not None and self.candidate.remote is None:
            there = follow(relocations, work_dir)
            moved_to = None if there == work_dir else there
        return self if moved_to == self.moved_to else attrs.evolve(self, moved_to=moved_to)


@attrs.define(kw_only=True)
class Walk:
    """What one walk found."""

    sessions: dict[str, Located] = attrs.Factory(dict[str, Located])
    by_path: dict[str, str] = attrs.Factory(dict[str, str])
    """The session id of each session's own path."""
    children: dict[str, list[str]] = attrs.Factory(dict[str, list[str]])
    """The forks of each session id."""
    problems: list[Problem] = attrs.Factory(list[Problem])
    own: OwnNotes = attrs.Factory(OwnNotes)
    """What we note about sessions ourselves, read beside the walk."""

    def parent_of(self, located: Located) -> str | None:
        """The id of the session it was forked from, when that was found too; its own file is asked first."""
        path = located.candidate.parent_path
        named = None if path is None else self.by_path.get(path) or self.by_path.get(os.path.realpath(path))
        if named is not None:
            return named
        noted = self.own.parents.get(located.session_id)
        return noted if noted in self.sessions else None


def homes_of(adapter: Adapter, configured: Mapping[str, tuple[str, ...]], environment: Environment) -> list[Home]:
    """The homes of an agent that exist: those set, else the agent's own; links resolved, each once."""
    return [home for home in places_of(adapter, configured, environment) if os.path.isdir(home.path)]


def places_of(adapter: Adapter, configured: Mapping[str, tuple[str, ...]], environment: Environment) -> list[Home]:
    """The homes of an agent: those set, else the agent's own; links resolved, each once, those that exist first."""
    set_paths = configured.get(adapter.info.id)
    if set_paths is None:
        homes: Sequence[Home] = adapter.homes(environment)
    else:
        homes = [Home(path=os.path.expanduser(path)) for path in set_paths]
    found: dict[str, Home] = {}
    for home in homes:
        path = os.path.realpath(home.path)
        found.setdefault(path, attrs.evolve(home, path=path))
    return sorted(found.values(), key=lambda home: not os.path.isdir(home.path))


def walk_homes(
    homes: Iterable[tuple[Adapter, Home]], known_folders: Sequence[str], own: OwnNotes, flag: CancelFlag
) -> Walk:
    """Walk over homes and give every session an id; a home that cannot be read is a problem of the walk."""
    walk = Walk(own=own)
    found: list[tuple[Adapter, Home, Candidate]] = []
    for adapter, home in homes:
        discovery = _discover(adapter, home, known_folders, walk.problems, flag)
        found += [(adapter, home, candidate) for candidate in discovery.candidates]
    _name(found, walk)
    for session_id, located in walk.sessions.items():
        parent = walk.parent_of(located) if located.candidate.parent_path or session_id in own.parents else None
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
        session_id = session_id_of(adapter, candidate.native_id)
        if session_id in walk.sessions:
            session_id += "~" + hashlib.sha256(os.fsencode(candidate.path)).hexdigest()[:8]
        located = Located(session_id=session_id, adapter=adapter, home=home, candidate=candidate)
        walk.sessions[session_id] = located.following(walk.own.relocations)
        walk.by_path[candidate.path] = session_id


def with_session(walk: Walk, located: Located, own: OwnNotes) -> Walk:
    """Give a walk with one session more, or one found anew, and with our notes as they are now."""
    session_id = located.session_id
    more = attrs.evolve(
        walk,
        sessions={**walk.sessions, session_id: located},
        by_path={**walk.by_path, located.candidate.path: session_id},
        own=own,
    )
    parent = more.parent_of(located)
    if parent is not None and session_id not in walk.children.get(parent, ()):
        more.children = {**walk.children, parent: [*walk.children.get(parent, ()), session_id]}
    return more


def session_id_of(adapter: Adapter, native_id: str) -> str:
    """Give the id of the only session with a native id, or of the newest one."""
    return f"{adapter.info.id}:{printable(native_id)}"


def printable(name: str) -> str:
    """Give a file name as text that can be sent; bytes that are not UTF-8 appear as `\\xNN`."""
    return os.fsencode(name).decode(errors="backslashreplace")
