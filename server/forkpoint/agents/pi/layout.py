"""Where pi keeps its sessions, which there are, and where a new one goes.

Source: pi coding-agent 0.87.1 `config.ts` and session manager; pi_agent_rust 0.8 `config.rs`. Both put a session under
a folder named after its work dir, in a way that cannot be reversed; with an overridden folder pi puts it there itself.
"""

import re

import attrs

from forkpoint.agents.adapter import Ask, Discovery, Disk, Environment, Home
from forkpoint.agents.formats.pi_v3.ends import FileLook, Look
from forkpoint.agents.formats.pi_v3.session_files import SUFFIX, candidate_of, child_folders, session_files
from forkpoint.agents.formats.pi_v3.writing.new_session import project_folder
from forkpoint.model.failures import NotSupported
from forkpoint.model.problem import Problem

_SESSIONS = "sessions"
_PROJECT = re.compile(r"--.*--")
_OVERRIDES = {"PI_SESSIONS_DIR": True, "PI_CODING_AGENT_SESSION_DIR": False}
"""The variables for another folder of sessions, each with whether it has a folder for each project (pi_agent_rust)."""


@attrs.frozen(kw_only=True)
class SessionsHome(Home):
    """A folder of sessions that a variable names."""

    by_project: bool
    """Whether it has a folder for each project; else it holds the files of all of them."""


def homes(environment: Environment) -> list[Home]:
    """Give the agent's folder and the overridden ones; what lies where another home is looked at is left out."""
    agent = _folder(environment, "PI_CODING_AGENT_DIR") or f"{environment.home_dir}/.pi/agent"
    sessions = f"{agent}/{_SESSIONS}"
    found = {agent: Home(path=agent)}
    for variable, by_project in _OVERRIDES.items():
        folder = _folder(environment, variable)
        if folder is not None and folder not in (*found, sessions) and folder.rpartition("/")[0] != sessions:
            found[folder] = SessionsHome(path=folder, by_project=by_project)
    return [*found.values()]


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
    paths = list(session_files(disk, folders.sessions))
    beside = list(session_files(disk, folders.beside))
    if disk.rounds == 2:
        return Ask(peeks=[FileLook(path).peek() for path in (*paths, *beside)])
    looks: list[tuple[str, Look | None]] = [(path, disk.peeked(path)) for path in paths]
    looks += [(path, look) for path in beside if (look := disk.peeked(path)) and look.opening.header is not None]
    return Discovery(
        candidates=[candidate_of(path, look) for path, look in looks if look is not None],
        problems=() if folders.left_out is None else _left_out(folders.left_out),
    )


def _folders(top: str, disk: Disk) -> _Folders:
    """In an agent's folder very old sessions lie beside the folder of sessions."""
    root = f"{top}/{_SESSIONS}"
    kind = next((entry.kind for entry in disk.folder(top) or () if entry.name == _SESSIONS), "file")
    if kind == "file":
        return _Folders((top, *child_folders(disk, top)))
    if kind == "folder":
        return _Folders((root, *child_folders(disk, root)), beside=(top,))
    return _Folders((), beside=(top,), left_out=root)


def _left_out(folder: str) -> list[Problem]:
    reason = "a link that leaves the agent's home is not followed; set the folder itself as a home"
    return [Problem(kind="linkLeavesStore", reason=reason, path=folder)]


# --- where a new session goes -----------------------------------------------------------------------------------


def new_session_folder(home: Home, work_dir: str, disk: Disk) -> str:
    """Give the folder for a new session of a work dir, in the form of pi 0.87.1. Raises NotSupported.

    The home's names must have been asked for. What kind of home it is shows in what lies there; one in which nothing
    lies yet is an agent's folder, unless a variable names it as a folder of sessions.
    """
    project = project_folder(work_dir)
    entries = disk.folder(home.path) or ()
    kind = next((entry.kind for entry in entries if entry.name == _SESSIONS), None)
    if kind == "link":
        raise NotSupported(
            capability="create", reason=f"{home.path}/{_SESSIONS} is a link that leaves the agent's home"
        )
    if kind != "folder":
        if isinstance(home, SessionsHome):
            return f"{home.path}/{project}" if home.by_project else home.path
        if any(entry.kind == "folder" and _PROJECT.fullmatch(entry.name) for entry in entries):
            return f"{home.path}/{project}"
        if any(entry.kind == "file" and entry.name.endswith(SUFFIX) for entry in entries):
            return home.path
    return f"{home.path}/{_SESSIONS}/{project}"


def fork_folder(home: Home, source: str, disk: Disk) -> str | None:
    """Give the folder for a fork that works where its source does: beside it, as pi does.

    None for a very old source, which lies in the agent's folder itself.
    """
    folder = source.rpartition("/")[0]
    kinds = {entry.name: entry.kind for entry in disk.folder(home.path) or ()}
    return None if folder == home.path and kinds.get(_SESSIONS) == "folder" else folder
