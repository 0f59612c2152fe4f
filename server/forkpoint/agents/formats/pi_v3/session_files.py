"""Session files as a home holds them: which there are, and how one is laid out; one file is all of a session."""

from collections.abc import Iterator, Mapping, Sequence

from forkpoint.agents.adapter import Arrangement, Ask, Candidate, Disk
from forkpoint.agents.formats.pi_v3.ends import FileLook, Look
from forkpoint.agents.formats.pi_v3.header import Opening
from forkpoint.model.failures import Discontinued
from forkpoint.model.problem import Problem
from forkpoint.model.source import SHOWN, FileSource, Part

MAIN = "main"
"""The name of a session's one part; it begins the ids of entries that have none."""
SUFFIX = ".jsonl"
FIELDS: Mapping[str, str] = {
    "version": "The version of the session file, from 1.",
    "dialect": "Who wrote the file: `ts` for pi, `rust` for pi_agent_rust.",
}
"""The agentFields of a row, each with its meaning."""

COMPACTION_KINDS = frozenset({"compaction"})
"""The kinds of lines that stand for a compaction."""


def child_folders(disk: Disk, folder: str) -> list[str]:
    """Give the folders in a folder."""
    return [f"{folder}/{entry.name}" for entry in disk.folder(folder) or () if entry.kind == "folder"]


def session_files(disk: Disk, folders: Sequence[str]) -> Iterator[str]:
    """Give everything named like a session file; the disk says what is no file or lies elsewhere."""
    for folder in folders:
        for entry in disk.folder(folder) or ():
            if entry.name.endswith(SUFFIX) and entry.kind != "folder":
                yield f"{folder}/{entry.name}"


def candidate_of(path: str, look: Look) -> Candidate:
    """Give the session of a file that was looked at."""
    header = look.opening.header
    stem = path.rpartition("/")[2].removesuffix(SUFFIX)
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
