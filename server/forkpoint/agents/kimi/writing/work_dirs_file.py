"""Changes of kimi.json, the list of folders that Kimi looks for sessions in.

Source: kimi-cli 1.49 `metadata.py`. Kimi rewrites the file without a lock, so that a folder may be lost again: whoever
creates a session names the folder each time.
"""

import posixpath
from typing import Any

import attrs

from forkpoint.agents.kimi.layout import work_key
from forkpoint.agents.kimi.values import as_list, as_object, as_text
from forkpoint.agents.kimi.writing.small_files import SmallFile
from forkpoint.agents.writing import Replace
from forkpoint.model.failures import NotSupported

LOCAL = "local"
"""The name Kimi gives to this machine."""


@attrs.frozen
class Registered:
    """A work dir under the spelling whose MD5 names its folder of sessions."""

    path: str
    change: Replace | None
    """What has to be written first; None when kimi.json names the folder already."""

    @property
    def key(self) -> str:
        """The name of its folder of sessions."""
        return work_key(self.path)


def register(file: SmallFile, work_dir: str) -> Registered:
    """Name a work dir in kimi.json.

    The path is taken as it is given, absolute, without `.`, `..` and a trailing slash, its links kept, as `kimi` itself
    does in a terminal. When kimi.json has the same folder in another spelling of that kind, that entry's spelling
    counts, since its sessions lie under the MD5 of it. Raises NotSupported when kimi.json is not understood.
    """
    wanted = normal(work_dir)
    members = file.members("create")
    if members is None:
        return Registered(wanted, file.replaced({"work_dirs": [_entry(wanted)]}))
    listed = as_list(members.get("work_dirs", []))
    if listed is None:
        raise NotSupported(capability="create", reason=f"{file.path} has no list of work_dirs and stays as it is")
    spellings = [path for path in map(_local_path, listed) if path is not None]
    if wanted in spellings:
        return Registered(wanted, None)
    for path in spellings:
        if normal(path) == wanted:
            return Registered(path, None)
    return Registered(wanted, file.replaced({**members, "work_dirs": [*listed, _entry(wanted)]}))


def forget_last(file: SmallFile, key: str, native_id: str) -> Replace | None:
    """Let no entry of a work key name a session as its last one; None when none does, or nobody can tell."""
    try:
        members = file.members("delete")
    except NotSupported:
        return None
    listed = as_list((members or {}).get("work_dirs"))
    if members is None or listed is None or not any(_names(item, key, native_id) for item in listed):
        return None
    changed = [{**item, "last_session_id": None} if _names(item, key, native_id) else item for item in listed]
    return file.replaced({**members, "work_dirs": changed})


def normal(path: str) -> str:
    """Give a path without `.`, `..`, doubled and trailing slashes; of two leading slashes one stays."""
    return "/" + posixpath.normpath(path).lstrip("/") if path.startswith("/") else path


def _entry(path: str) -> dict[str, Any]:
    return {"path": path, "kaos": LOCAL, "last_session_id": None}


def _local_path(item: Any) -> str | None:
    entry = as_object(item) or {}
    return as_text(entry.get("path")) if entry.get("kaos", LOCAL) == LOCAL else None


def _names(item: Any, key: str, native_id: str) -> bool:
    entry = as_object(item) or {}
    path, kaos = as_text(entry.get("path")), as_text(entry.get("kaos", LOCAL))
    if path is None or kaos is None or entry.get("last_session_id") != native_id:
        return False
    return work_key(path, kaos) == key
