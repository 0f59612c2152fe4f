"""The guard's decisions: which paths under a root are not opened, and which folders are no roots.

Pure and by name alone. What only the disk knows (links, FIFOs, what a name is) is decided at the open itself, by
`stores/guarded_open.py`, with the reasons that are listed here.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from forkpoint.model.settings import GuardLevel
from forkpoint.parsing.secret_names import HOME_FOLDERS, folded, has_secret_pair, is_secret_name, spellings

EMPTY = "empty"
"""The path names nothing below the root."""
ABSOLUTE = "absolute"
"""The path begins at the root of the file system or a drive; paths here are relative to the work dir."""
DOT_DOT = "dotDot"
"""A component is `..`, or dots that some file system takes for it."""
NUL = "nul"
"""The path holds a NUL character."""
BAD_TEXT = "badText"
"""The path holds half a surrogate pair, which no file name can."""
NAME_TOO_LONG = "nameTooLong"
"""A component has over 255 bytes."""
PATH_TOO_LONG = "pathTooLong"
"""The path has over 4,095 bytes."""
TOO_DEEP = "tooDeep"
"""The path has over 64 components (6 with the public guard)."""
REPOSITORY_INTERNALS = "repositoryInternals"
"""The path goes into `.git` or its like: configuration there holds tokens, and git/* tells what is worth knowing."""
SECRET_NAME = "secretName"
"""A component looks like a key, credentials or another secret."""
SHORT_NAME = "shortName"
"""A component has the form of an 8.3 alias (`ENV~1`), which on FAT may stand for any name."""
HIDDEN = "hidden"
"""A component begins with a dot: refused by the public guard, and directly in the user's home."""
LINK = "link"
"""A component is a symbolic link."""
FIFO = "fifo"
"""The name is a FIFO."""
SOCKET = "socket"
"""The name is a socket."""
DEVICE = "device"
"""The name is a device."""
IS_FOLDER = "isFolder"
"""A file was asked for and the name is a folder."""
NOT_FOLDER = "notFolder"
"""A folder was asked for and the name is a file."""
LEAVES_ROOT = "leavesRoot"
"""The kernel found that the path leaves the root."""
ROOT_TOO_WIDE = "rootTooWide"
"""The work dir is `/`, lies in the kernel's own file systems, contains the user's home, or is where all programs keep
their data in it."""
HOME_AS_ROOT = "homeAsRoot"
"""The work dir is the user's home, and the guard is public."""
AGENT_HOME = "agentHome"
"""The work dir is, lies in or contains the folder an agent keeps its sessions in."""
OUTSIDE_WORKSPACE = "outsideWorkspace"
"""The work dir lies outside the open workspace folders, and the guard is public."""

REASONS = (
    EMPTY,
    ABSOLUTE,
    DOT_DOT,
    NUL,
    BAD_TEXT,
    NAME_TOO_LONG,
    PATH_TOO_LONG,
    TOO_DEEP,
    REPOSITORY_INTERNALS,
    SECRET_NAME,
    SHORT_NAME,
    HIDDEN,
    LINK,
    FIFO,
    SOCKET,
    DEVICE,
    IS_FOLDER,
    NOT_FOLDER,
    LEAVES_ROOT,
    ROOT_TOO_WIDE,
    HOME_AS_ROOT,
    AGENT_HOME,
    OUTSIDE_WORKSPACE,
)
"""Every reason a `PathRefused` can carry. A file over the limit is the failure `TooLarge` instead."""

NAME_LIMIT = 255
"""Bytes in a component. Source: Linux NAME_MAX; APFS and NTFS allow no more."""
PATH_LIMIT = 4095
"""Bytes in a path. Source: Linux PATH_MAX, less the closing NUL."""
DEPTH_LIMITS: dict[GuardLevel, int] = {"standard": 64, "public": 6}
REPOSITORY_FOLDERS = frozenset({".git", ".hg", ".svn", ".jj", ".bzr"})
KERNEL_FOLDERS = ("/proc", "/sys", "/dev")
HOME_STORES = frozenset({"library", "snap"})
"""Folders of a home without a dot that hold other programs' data (macOS, snap packages)."""
SHARED_STORES = ("/.config", "/.local", "/.local/share", "/.local/state", "/library", "/library/application support")
"""Folders below a home in which every program has a folder of its own: no roots themselves."""

_DOTS = re.compile(r"[\s.]*\.[\s.]*\.[\s.]*")
_SHORT = re.compile(r"(?=[^.]{3,8}(\.|$))[^.~]{1,6}~[0-9]{1,6}(\.[^.]{0,3})?")
_DRIVE = re.compile(rb"[a-zA-Z]:[/\\]")


def refusal(path: str, level: GuardLevel, *, in_home: bool = False) -> str | None:
    """Give the reason why a path relative to a root is not opened, or None.

    Bytes that are not UTF-8 come as surrogate escapes. `.` and doubled slashes are skipped. `in_home` says that the
    root is the user's own home: there nothing that begins with a dot is opened, since that is where every program,
    the agents among them, keeps its tokens.
    """
    try:
        raw = path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return BAD_TEXT
    parts, reason = take_apart(raw)
    if reason is not None:
        return reason
    names = [part.decode("utf-8", "surrogateescape") for part in parts]
    if len(names) > DEPTH_LIMITS[level]:
        return TOO_DEEP
    for name in names:
        reason = name_refusal(name, level)
        if reason is not None:
            return reason
    if has_secret_pair(names):
        return SECRET_NAME
    if in_home and any(spelling.startswith(".") or spelling in HOME_STORES for spelling in spellings(names[0])):
        return HIDDEN
    return None


def take_apart(path: bytes) -> tuple[list[bytes], str | None]:
    """Give a relative path's components, without empty ones and `.`, and the reason why they are no path to open.

    Without a reason the path stays below where it starts, links aside.
    """
    if b"\0" in path:
        return [], NUL
    if path.startswith((b"/", b"\\")) or _DRIVE.match(path):
        return [], ABSOLUTE
    if len(path) > PATH_LIMIT:
        return [], PATH_TOO_LONG
    names = [name for name in path.split(b"/") if name not in (b"", b".")]
    if not names:
        return [], EMPTY
    if b".." in names:
        return [], DOT_DOT
    if len(path) > NAME_LIMIT and max(map(len, names)) > NAME_LIMIT:
        return [], NAME_TOO_LONG
    return names, None


@lru_cache(maxsize=4096)  # a listing, and git's answers, ask for the same folder names again and again
def name_refusal(name: str, level: GuardLevel) -> str | None:
    """Give the reason why one component is not opened, or None."""
    forms = tuple(spellings(name))
    if any(_DOTS.fullmatch(form) for form in forms):
        return DOT_DOT
    if any(form.rstrip(" .") in REPOSITORY_FOLDERS for form in forms):
        return REPOSITORY_INTERNALS
    if is_secret_name(name):
        return SECRET_NAME
    if any(_SHORT.fullmatch(form) for form in forms):
        return SHORT_NAME
    return HIDDEN if level == "public" and any(form.startswith(".") for form in forms) else None


def root_refusal(
    root: str, *, user_home: str, agent_homes: Sequence[str], workspace: Sequence[str], level: GuardLevel
) -> str | None:
    """Give the reason why a work dir is no root for guarded reads, or None. All paths are absolute and resolved.

    The user's home itself is a root with the standard guard, since sessions are often started there; `refusal` then
    takes `in_home` and opens nothing hidden in it. With the public guard it is none, even as a workspace folder.
    Otherwise a folder above an agent's home is none either: reading under it would read every transcript.
    """
    place = folded(root).rstrip("/")
    home = folded(user_home).rstrip("/")
    if place == "" or _within(home, place, strictly=True) or place in {home + store for store in SHARED_STORES}:
        return ROOT_TOO_WIDE
    if any(_within(place, top) for top in KERNEL_FOLDERS):
        return ROOT_TOO_WIDE
    agents = [folded(folder).rstrip("/") for folder in agent_homes]
    if any(_within(place, agent) or (place != home and _within(agent, place)) for agent in agents):
        return AGENT_HOME
    names = place.split("/")
    if not REPOSITORY_FOLDERS.isdisjoint(names):
        return REPOSITORY_INTERNALS
    if not HOME_FOLDERS.isdisjoint(names) or has_secret_pair(names):
        return SECRET_NAME
    if level == "standard":
        return None
    if place == home:
        return HOME_AS_ROOT
    exact = root.rstrip("/")
    return None if any(_within(exact, folder.rstrip("/")) for folder in workspace) else OUTSIDE_WORKSPACE


def _within(path: str, folder: str, *, strictly: bool = False) -> bool:
    return path.startswith(folder + "/") or (path == folder and not strictly)
