"""A new session file: where it lies, how it is called, and how it begins.

Source: pi coding-agent 0.87.1 session manager (`getDefaultSessionDir`, `newSession`).
"""

import os
import re

from forkpoint.agents.formats.pi_v3.values import is_plain
from forkpoint.agents.formats.pi_v3.writing.appended import Appended
from forkpoint.agents.formats.pi_v3.writing.encode import header_line, iso_time
from forkpoint.agents.formats.pi_v3.writing.ids import EntryIds, session_id
from forkpoint.agents.writing import Creation, NewFile, Occasion, Plan
from forkpoint.model.failures import NotSupported

VERSION = 3
"""The version of files that are written; pi_agent_rust opens no other."""
_SEPARATORS = re.compile(r"[/\\:]")
_NAME_LIMIT = 255
"""Bytes that file systems allow for one name."""


def project_folder(work_dir: str) -> str:
    """Give the name of the folder that pi keeps the sessions of a work dir in; other work dirs may share it.

    Raises NotSupported for a work dir that the format cannot name.
    """
    resolved = resolved_dir(work_dir)
    name = f"--{_SEPARATORS.sub('-', resolved.removeprefix('/'))}--"
    if len(os.fsencode(name)) > _NAME_LIMIT:
        raise NotSupported(capability="create", reason="the folder's path is too long for pi to name a folder after it")
    return name


def resolved_dir(work_dir: str) -> str:
    """Give a work dir as pi resolves it, without looking at the disk. Raises NotSupported."""
    if not work_dir.startswith("/") or not is_plain(work_dir):
        raise NotSupported(capability="create", reason="the folder has no absolute path in UTF-8")
    return "/" + os.path.normpath(work_dir).lstrip("/")


def file_name(name: str, now: int) -> str:
    """Give the name of a session's file, of its id and the time it is made."""
    stamp = re.sub(r"[:.]", "-", iso_time(now))
    return f"{stamp}_{name}.jsonl"


def plan_creation(folder: str, wanted: Creation, occasion: Occasion) -> Plan:
    """Plan a new session file in a folder: its header, and an entry for each thing it was given.

    pi itself makes the file only when there is an answer in it. pi 0.73.1, which continues a file without one,
    writes the header and what follows it a second time when the first answer comes; pi 0.87.1 does not.
    Raises NotSupported.
    """
    name = session_id(occasion)
    added = Appended(EntryIds(occasion, frozenset()), occasion.now, None)
    added.settings(title=wanted.title, model=wanted.model, level=wanted.thinking_level)
    header = new_header(name, VERSION, wanted.work_dir, wanted.parent_path, occasion.now)
    path = f"{folder}/{file_name(name, occasion.now)}"
    return Plan(step=NewFile(path=path, content=[header + added.lines]), native_id=name, path=path)


def new_header(name: str, version: int, work_dir: str, parent_path: str | None, now: int) -> bytes:
    """Give a new session's header line; a path that JSON cannot hold counts as none. Raises NotSupported."""
    parent = parent_path if parent_path is not None and is_plain(parent_path) else None
    return header_line(version=version, session_id=name, now=now, cwd=resolved_dir(work_dir), parent_path=parent)
