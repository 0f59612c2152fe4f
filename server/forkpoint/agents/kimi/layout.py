"""Where Kimi CLI keeps its sessions, and which there are.

Source: kimi-cli 1.49, `share.py`, `metadata.py`, `session.py`. A work folder's sessions lie under the MD5 of its path
(`<kaos>_<md5>` for a folder on another machine), so a key is read backwards only through known paths.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import attrs

from forkpoint.agents.adapter import Ask, Candidate, DirEntry, Discovery, Disk, Environment, Home
from forkpoint.agents.kimi.values import as_list, as_object, as_text
from forkpoint.model.problem import Problem
from forkpoint.parsing import json_lines

FLAT_SUFFIX = ".jsonl"
CONTEXT_FILE = "context.jsonl"
UPLOADS = "uploads"
"""The folder of a session that holds the files handed to it."""

_KEY = re.compile(r"(?:(?P<kaos>.+)_)?[0-9a-f]{32}")
_ABSOLUTE = re.compile(r"/|\\\\|[A-Za-z]:[\\/]")


@attrs.frozen
class Form:
    """In which form a session was found."""

    flat: bool = False
    """Only a context file beside the folders, as old versions wrote it."""
    imported: bool = False
    """Brought in by `kimi vis`, without a work folder."""


class WorkDir(NamedTuple):
    """What a work key stands for."""

    path: str | None
    remote: str | None = None
    """The machine's name ("kaos") when the folder is not on this one."""


class _Group(NamedTuple):
    """One folder of sessions."""

    folder: str
    names: Sequence[DirEntry]
    work_dir: WorkDir
    imported: bool


def homes(environment: Environment) -> Sequence[Home]:
    """Give the share folder; a relative `KIMI_SHARE_DIR` is given as it is, as the agent itself takes it."""
    named = environment.variables.get("KIMI_SHARE_DIR")
    return [Home(path=named or f"{environment.home_dir}/.kimi")]


def discover(home: Home, disk: Disk, known_folders: Sequence[str]) -> Ask | Discovery:
    """Find the sessions: a folder with a context file, or a flat context file, under any key."""
    root = home.path
    sessions, index = f"{root}/sessions", f"{root}/kimi.json"
    if disk.rounds == 0:
        return Ask(folders=(sessions, _imported(root)), texts=(index,))
    keys = [entry.name for entry in disk.folder(sessions) or () if entry.kind == "folder"]
    if disk.rounds == 1:
        return Ask(folders=[f"{sessions}/{key}" for key in keys])
    work_dirs, problems = read_work_dirs(disk.text(index), index)
    groups = list(_groups(root, keys, disk, _Keys(work_dirs, known_folders)))
    if disk.rounds == 2:
        return Ask(stamps=[path for group in groups for path in _contexts(group)])
    candidates = [candidate for group in groups for candidate in _candidates(group, disk)]
    return Discovery(candidates=candidates, problems=problems)


def _imported(root: str) -> str:
    return f"{root}/imported_sessions"


def _groups(root: str, keys: Sequence[str], disk: Disk, known: "_Keys") -> Iterator[_Group]:
    for key in keys:
        folder = f"{root}/sessions/{key}"
        yield _Group(folder, disk.folder(folder) or (), known.work_dir(key), imported=False)
    folder = _imported(root)
    yield _Group(folder, disk.folder(folder) or (), WorkDir(None), imported=True)


def _contexts(group: _Group) -> Iterator[str]:
    for name, kind in group.names:
        if kind == "folder":
            yield f"{group.folder}/{name}/{CONTEXT_FILE}"
        elif _is_flat(group, name, kind):
            yield f"{group.folder}/{name}"


def _is_flat(group: _Group, name: str, kind: str) -> bool:
    return kind == "file" and name.endswith(FLAT_SUFFIX) and name != FLAT_SUFFIX and not group.imported


def _candidates(group: _Group, disk: Disk) -> Iterator[Candidate]:
    work_dir, remote = group.work_dir
    form = Form(imported=group.imported)
    taken: set[str] = set()
    for name, kind in group.names:
        if kind != "folder":
            continue
        path = f"{group.folder}/{name}"
        stamp = disk.stamp(f"{path}/{CONTEXT_FILE}")
        if stamp is not None:
            taken.add(name)
            yield Candidate(
                native_id=name, path=path, updated_at=stamp.mtime_ms, work_dir=work_dir, remote=remote, facts=form
            )
    form = Form(flat=True)
    for name, kind in group.names:
        stem = name.removesuffix(FLAT_SUFFIX)
        if not _is_flat(group, name, kind) or stem in taken:
            continue
        path = f"{group.folder}/{name}"
        stamp = disk.stamp(path)
        if stamp is not None:
            yield Candidate(
                native_id=stem, path=path, updated_at=stamp.mtime_ms, work_dir=work_dir, remote=remote, facts=form
            )


# --- work keys --------------------------------------------------------------------------------------------------


def work_key(path: str, kaos: str = "local") -> str:
    """Give the name of the folder that holds a work folder's sessions."""
    try:
        raw = path.encode(errors="surrogateescape")
    except UnicodeEncodeError:  # a lone surrogate in kimi.json names no folder, and must not cost the others
        raw = path.encode(errors="replace")
    digest = hashlib.md5(raw, usedforsecurity=False).hexdigest()
    return digest if kaos == "local" else f"{kaos}_{digest}"


class _Keys:
    """Turns work keys back into folders."""

    def __init__(self, work_dirs: dict[str, WorkDir], known_folders: Sequence[str]) -> None:
        self._listed = work_dirs
        self._known = {work_key(folder): folder for folder in known_folders}

    def work_dir(self, key: str) -> WorkDir:
        """Give the folder of a key: as kimi.json has it, else a known folder of that key, else unknown."""
        listed = self._listed.get(key)
        if listed is not None:
            return listed
        named = _KEY.fullmatch(key)
        return WorkDir(self._known.get(key), named["kaos"] if named else None)


def read_work_dirs(raw: bytes | None, path: str) -> tuple[dict[str, WorkDir], list[Problem]]:
    """Give the work folders that kimi.json lists, by key; what is broken in it is a problem and costs no more."""
    if raw is None:
        return {}, []
    value, reason = json_lines.decode(raw)
    if reason is not None:
        return {}, [Problem(kind="badIndexFile", reason=reason, path=path)]
    listed = as_list((as_object(value) or {}).get("work_dirs", []))
    if listed is None or as_object(value) is None:
        return {}, [Problem(kind="badIndexFile", reason="not an object with a list of work_dirs", path=path)]
    found: dict[str, WorkDir] = {}
    problems: list[Problem] = []
    for number, item in enumerate(listed):
        entry = as_object(item) or {}
        folder, kaos = as_text(entry.get("path")), as_text(entry.get("kaos", "local"))
        if folder is None or kaos is None:
            reason = f"work_dirs[{number}] is not an object with a path"
            problems.append(Problem(kind="badIndexFile", reason=reason, path=path))
            continue
        local = kaos == "local"
        usable = folder if _ABSOLUTE.match(folder) and "\0" not in folder else None
        found[work_key(folder, kaos)] = WorkDir(usable, None if local else kaos)
    return found, problems
