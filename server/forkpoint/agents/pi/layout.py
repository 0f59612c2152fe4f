"""Where pi keeps its sessions, and which there are.

Source: pi coding-agent 0.87.1 `config.ts` and session manager; pi_agent_rust 0.8 `config.rs`. Both put a session under
a folder named after its work dir, in a way that cannot be reversed; with an overridden folder pi puts it there itself.
"""

from collections.abc import Iterator, Sequence

import attrs

from forkpoint.agents.adapter import Arrangement, Ask, Candidate, Discovery, Disk, Environment, Home
from forkpoint.agents.formats.pi_v3.ends import FileLook, Look
from forkpoint.agents.formats.pi_v3.header import Opening
from forkpoint.model.failures import Discontinued
from forkpoint.model.problem import Problem
from forkpoint.model.source import SHOWN, FileSource, Part

MAIN = "main"
"""The name of a session's one part; it begins the ids of entries that have none."""
_SUFFIX = ".jsonl"
_SESSIONS = "sessions"
_OVERRIDES = ("PI_SESSIONS_DIR", "PI_CODING_AGENT_SESSION_DIR")


def homes(environment: Environment) -> list[Home]:
    """Give the agent's folder and the overridden ones; what lies where another home is looked at is left out."""
    agent = _folder(environment, "PI_CODING_AGENT_DIR") or f"{environment.home_dir}/.pi/agent"
    sessions = f"{agent}/{_SESSIONS}"
    found = [agent]
    for variable in _OVERRIDES:
        folder = _folder(environment, variable)
        if folder is not None and folder not in (*found, sessions) and folder.rpartition("/")[0] != sessions:
            found.append(folder)
    return [Home(path=path) for path in found]


def _folder(environment: Environment, variable: str) -> str | None:
    """The absolute folder a variable names; a relative one means nothing without the agent's own process."""
    value = environment.variables.get(variable, "").rstrip("/")
    if value == "~" or value.startswith("~/"):
        value = environment.home_dir + value[1:]
    return value if value.startswith("/") else None


@attrs.frozen
class _Folders:
    """The folders of a home that hold session files."""

    sessions: tuple[str, ...]
    """Everything named like a session file is one here."""
    beside: tuple[str, ...] = ()
    """Only what has a header is one here."""
    left_out: str | None = None
    """A folder that is a link to somewhere else."""


def discover(home: Home, disk: Disk) -> Ask | Discovery:
    """Find the session files of an agent's folder, of a root with a folder for each project, or of one project."""
    top = home.path
    if disk.rounds == 0:
        return Ask(folders=(top, f"{top}/{_SESSIONS}"))
    folders = _folders(top, disk)
    if disk.rounds == 1:
        return Ask(folders=folders.sessions[1:])
    paths = list(_files(disk, folders.sessions))
    beside = list(_files(disk, folders.beside))
    if disk.rounds == 2:
        return Ask(peeks=[FileLook(path).peek() for path in (*paths, *beside)])
    looks: list[tuple[str, Look | None]] = [(path, disk.peeked(path)) for path in paths]
    looks += [(path, look) for path in beside if (look := disk.peeked(path)) and look.opening.header is not None]
    return Discovery(
        candidates=[_candidate(path, look) for path, look in looks if look is not None],
        problems=() if folders.left_out is None else _left_out(folders.left_out),
    )


def _folders(top: str, disk: Disk) -> _Folders:
    """In an agent's folder very old sessions lie beside the folder of sessions."""
    root = f"{top}/{_SESSIONS}"
    kind = next((entry.kind for entry in disk.folder(top) or () if entry.name == _SESSIONS), "file")
    if kind == "file":
        return _Folders((top, *_children(disk, top)))
    if kind == "folder":
        return _Folders((root, *_children(disk, root)), beside=(top,))
    return _Folders((), beside=(top,), left_out=root)


def _children(disk: Disk, folder: str) -> list[str]:
    return [f"{folder}/{entry.name}" for entry in disk.folder(folder) or () if entry.kind == "folder"]


def _files(disk: Disk, folders: Sequence[str]) -> Iterator[str]:
    """Everything named like a session file; the disk says what is no file or lies elsewhere."""
    for folder in folders:
        for entry in disk.folder(folder) or ():
            if entry.name.endswith(_SUFFIX) and entry.kind != "folder":
                yield f"{folder}/{entry.name}"


def _left_out(folder: str) -> list[Problem]:
    reason = "a link that leaves the agent's home is not followed; set the folder itself as a home"
    return [Problem(kind="linkLeavesStore", reason=reason, path=folder)]


def _candidate(path: str, look: Look) -> Candidate:
    header = look.opening.header
    stem = path.rpartition("/")[2].removesuffix(_SUFFIX)
    if header is None:
        return Candidate(native_id=stem, path=path, updated_at=look.updated_at, facts=look.opening)
    return Candidate(
        native_id=header.id or stem,
        path=path,
        updated_at=look.updated_at,
        work_dir=header.cwd,
        created_at=header.created_at,
        parent_path=header.parent_path,
        facts=look.opening,
    )


def arrange(candidate: Candidate, disk: Disk) -> Ask | Arrangement:
    """Lay out one session, its header as it is now: pi_agent_rust moves the leaf there. Raises Discontinued."""
    if disk.rounds == 0:
        return Ask(peeks=[FileLook(candidate.path, tail=False).peek()])
    look: Look | None = disk.peeked(candidate.path)
    opening: Opening = candidate.facts if look is None else look.opening
    header = opening.header
    if header is not None and header.unread is not None:
        raise Discontinued(format=header.unread)
    parts = [Part(MAIN, FileSource(candidate.path), SHOWN)]
    if header is None:
        problem = Problem(kind="noHeader", reason="the first record is no session header", path=candidate.path)
        return Arrangement(parts=parts, problems=[problem], facts=opening)
    fields = {"version": header.version, "dialect": "rust" if opening.rust else "ts"}
    return Arrangement(parts=parts, agent_fields=fields, facts=opening)
