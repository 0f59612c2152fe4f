"""Where our own sessions lie: a folder for each work dir, named as pi names it, in a folder of our state folder."""

from collections.abc import Sequence

from forkpoint.agents.adapter import Ask, Discovery, Disk, Environment, Home
from forkpoint.agents.formats.pi_v3.ends import FileLook, Look
from forkpoint.agents.formats.pi_v3.session_files import candidate_of, child_folders, session_files
from forkpoint.agents.formats.pi_v3.writing.new_session import project_folder


def homes(environment: Environment) -> Sequence[Home]:
    """Give the one home, which the first session makes; none where nothing says where our state lies."""
    return [Home(path=f"{environment.state_dir}/sessions")] if environment.state_dir else []


def discover(home: Home, disk: Disk) -> Ask | Discovery:
    """Find every session file."""
    if disk.rounds == 0:
        return Ask(folders=[home.path])
    folders = child_folders(disk, home.path)
    if disk.rounds == 1:
        return Ask(folders=folders)
    paths = list(session_files(disk, [home.path, *folders]))
    if disk.rounds == 2:
        return Ask(peeks=[FileLook(path).peek() for path in paths])
    looks: list[tuple[str, Look | None]] = [(path, disk.peeked(path)) for path in paths]
    return Discovery(candidates=[candidate_of(path, look) for path, look in looks if look is not None])


def new_session_folder(home: Home, work_dir: str, disk: Disk) -> str:
    """Give the folder for a new session of a work dir. Raises NotSupported."""
    return f"{home.path}/{project_folder(work_dir)}"


def fork_folder(home: Home, source: str, disk: Disk) -> str:
    """Give the folder for a fork that works where its source does: beside it."""
    return source.rpartition("/")[0]
