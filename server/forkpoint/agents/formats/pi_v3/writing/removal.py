"""Taking a session away, with what belongs to it alone."""

from forkpoint.agents.adapter import Ask, Disk
from forkpoint.agents.formats.pi_v3.session_files import SUFFIX
from forkpoint.agents.writing import Plan, Retire, Subject

BLOBS = ".blobs"
"""What a folder of attachments adds to its file's name (pi_agent_rust 0.8)."""
_LOCK = ".lock"
_COPY = ".v2"


def plan_removal(subject: Subject, disk: Disk) -> Ask | Plan:
    """Plan to retire the file, and its attachments, its second copy and its lock, where pi_agent_rust made them."""
    path = subject.candidate.path
    folder, _, name = path.rpartition("/")
    if disk.rounds == 0:
        return Ask(folders=[folder])
    own = (name + BLOBS, name.removesuffix(SUFFIX) + _COPY, name + _LOCK)
    beside = [f"{folder}/{entry.name}" for entry in disk.folder(folder) or () if entry.name in own]
    step = Retire(paths=[path, *beside])
    return Plan(step=step, native_id=subject.candidate.native_id, path=path, lock="flockIfThere")
