"""One folder of the trash: a manifest that says where each thing came from, and the things, numbered.

A trash without its database can be read from this alone: `manifest.json` beside `items/0`, `items/1`, ...
"""

import errno
import json
import os
import stat
from contextlib import suppress
from typing import Any, Literal

import attrs

from forkpoint.stores.changing.durable import AT_ONCE, NEW_FILE, SAFELY, sync_folder, write_all

MANIFEST = "manifest.json"
UNFINISHED = ".forkpoint-manifest"
"""The next manifest while it is written."""
ITEMS = "items"
UPLOADS = "uploads"
"""Beside the things: what was handed to the session and lies in our own state otherwise."""
VERSION = 1

State = Literal["moving", "copying", "copied", "restoring", "kept"]
"""How far it got: `moving` says that each thing is at one of its two places, and renames tell where; the others are
written when things cross devices, where for a while they are at both."""


@attrs.frozen
class Item:
    """One file or folder that was taken away."""

    path: str
    """Where it came from, absolute."""
    device: int
    inode: int
    """Which it was; renaming keeps both."""


@attrs.frozen(kw_only=True)
class TrashLabel:
    """What a person is told about a session in the trash."""

    trash_id: str
    """Names the folder: letters, digits and hyphens."""
    session_id: str
    title: str
    retired_at: int
    """Milliseconds since 1970 UTC."""


@attrs.frozen(kw_only=True)
class Manifest:
    """What one folder of the trash holds."""

    label: TrashLabel
    home: str
    """The agent's home, absolute."""
    items: tuple[Item, ...]
    """The session's own place first."""
    state: State
    restored: tuple[Item, ...] = ()
    """While things are brought back to another device: which files they are there."""


def write_manifest(folder: str, manifest: Manifest) -> None:
    """Put a manifest into its folder in one durable step. Raises OSError."""
    temporary, final = os.path.join(folder, UNFINISHED), os.path.join(folder, MANIFEST)
    # A lone surrogate, which stands for a byte of a path that is not UTF-8, is escaped and comes back the same.
    text = json.dumps({"version": VERSION, **attrs.asdict(manifest)}, indent=1).encode("ascii")
    drop_unfinished(folder)
    descriptor = os.open(temporary, NEW_FILE, 0o600)
    try:
        write_all(descriptor, text)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    os.rename(temporary, final)
    sync_folder(folder)


def drop_unfinished(folder: str) -> None:
    """Remove what is left of a manifest that was never finished. Raises OSError."""
    with suppress(FileNotFoundError):
        os.unlink(os.path.join(folder, UNFINISHED))


def read_manifest(folder: str) -> Manifest | None:
    """Give a folder's manifest; None when it has none, or one that is not ours or newer than we are."""
    try:
        value = json.loads(_read(os.path.join(folder, MANIFEST)))
        return _manifest(value) if value["version"] == VERSION else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _read(path: str) -> bytes:
    """Give the bytes of a regular file; anything else that has its name is no manifest. Raises OSError."""
    # Whatever lies there must not let the open wait, as a pipe without a writer does.
    descriptor = os.open(path, os.O_RDONLY | SAFELY | AT_ONCE)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "not a regular file")
        with open(descriptor, "rb", closefd=False) as file:
            return file.read()
    finally:
        os.close(descriptor)


def _manifest(value: dict[str, Any]) -> Manifest:
    items, restored = (tuple(Item(**item) for item in value[name]) for name in ("items", "restored"))
    told, home = value["label"], value["home"]
    if not items or not all(map(_is_path, (home, *(item.path for item in (*items, *restored))))):
        raise ValueError("no items")
    if not (isinstance(told["session_id"], str) and isinstance(told["title"], str) and type(told["retired_at"]) is int):
        raise ValueError("no label")
    return Manifest(label=TrashLabel(**told), home=home, items=items, state=value["state"], restored=restored)


def _is_path(value: Any) -> bool:
    return isinstance(value, str) and value.startswith("/") and "\0" not in value
