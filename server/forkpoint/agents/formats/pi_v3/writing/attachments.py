"""Attachments that pi_agent_rust keeps beside a session file: large images and media, each named by its hash.

Source: pi_agent_rust 0.8; pi itself has none, and cannot read a block that names one.
"""

import re
from collections.abc import Iterable, Sequence

from forkpoint.agents.adapter import Disk
from forkpoint.agents.formats.pi_v3.records import MESSAGE
from forkpoint.agents.formats.pi_v3.writing.removal import BLOBS
from forkpoint.agents.writing import Copied, Lines, NewFile, NewFolder
from forkpoint.model.problem import Problem

_NAMED = re.compile(rb'"\$piBlob":\s*"sha256:([0-9a-f]{64})"')
"""A quotation mark inside of a text has a backslash before it, so that a text about attachments names none."""


def blobs_folder(path: str) -> str:
    """Give the folder of a session file's attachments, which may not exist."""
    return path + BLOBS


def blob_names(disk: Disk, path: str) -> frozenset[str]:
    """Give the names of a session file's attachments, from the listing of their folder; empty for nearly all files."""
    return frozenset(entry.name for entry in disk.folder(blobs_folder(path)) or () if entry.kind == "file")


def named_blobs(lines: Lines, numbers: Iterable[int]) -> list[str]:
    """Give the names of the attachments that some lines name, each once, sorted."""
    found: set[str] = set()
    for number in numbers:
        if lines.line(number).kind.startswith(MESSAGE):
            found.update(name.decode() for name in _NAMED.findall(lines.read(number)))
    return sorted(found)


def copied_blobs(source: str, target: str, named: Sequence[str], disk: Disk) -> tuple[NewFolder | None, list[Problem]]:
    """Give the folder of the attachments that come along with a fork, and what is missing already.

    The stamps of the named attachments must have been asked for.
    """
    files: list[NewFile] = []
    problems: list[Problem] = []
    for name in named:
        path = f"{blobs_folder(source)}/{name}"
        stamp = disk.stamp(path)
        if stamp is None:
            problems.append(Problem(kind="unreadable", reason="an attachment is missing", path=path))
        else:
            files.append(NewFile(path=name, content=[Copied(path, 0, stamp.size, stamp)]))
    return (NewFolder(path=blobs_folder(target), files=files) if files else None), problems
