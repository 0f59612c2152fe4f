"""What the git programs print with `-z`, as values. Names are bytes; nothing here raises on odd output.

Source: git 2.39, Documentation/git-status.txt "Porcelain Format Version 2" and diff-format.txt "numstat".
"""

import base64
import stat
from collections.abc import Mapping, Sequence

import attrs

from forkpoint.model.diff_stats import DiffStats, FileDiff, FileStatus

BINARY_PROBE = 8000
"""A file with a NUL among this many first bytes is binary to git (buffer_is_binary in its xdiff-interface.c)."""


@attrs.define
class TrackedFile:
    """A file that differs somewhere between HEAD, index and working tree."""

    head_mode: int
    """The mode at HEAD as git writes it, 0 when HEAD has no such file."""
    work_mode: int
    """The mode in the working tree, 0 when it is gone."""
    head_id: bytes
    """The blob at HEAD, as hex digits."""
    conflicted: bool = False


@attrs.define
class Status:
    """What `git status --porcelain=v2 --branch -z` said."""

    branch: str | None = None
    ahead: int | None = None
    behind: int | None = None
    tracked: dict[bytes, TrackedFile] = attrs.Factory(dict[bytes, TrackedFile])
    untracked: list[bytes] = attrs.Factory(list[bytes])
    """Files only: a repository inside this one, which git prints with a slash at its end, is left out."""


@attrs.define
class LineCount:
    """What `git diff --numstat -z` said of one file; counts are None for a binary one."""

    path: bytes
    old_path: bytes | None
    additions: int | None
    deletions: int | None


@attrs.define
class TreeEntry:
    """What a commit has at a path."""

    mode: int
    object_id: bytes
    """Hex digits."""
    size: int | None
    """Bytes, None for what is not a blob."""


@attrs.define
class LooseFile:
    """What was found in a file that is not in the index."""

    lines: int | None = None
    """Its lines as git would count them, None when binary or not counted."""
    binary: bool = False
    blob_id: bytes | None = None
    """The id git would give its bytes, as hex digits, where that was asked for."""


def read_status(raw: bytes, prefix: bytes = b"") -> Status:
    """Read the status of everything below `prefix`, a folder's path with its slash, and take the prefix off."""
    status = Status()
    records = iter(raw.split(b"\0"))
    for record in records:
        kind = record[:2]
        if kind == b"# ":
            _read_header(status, record[2:])
        elif kind == b"? ":
            path = _below(record[2:], prefix)
            if path is not None and not path.endswith(b"/"):
                status.untracked.append(path)
        elif kind == b"1 ":
            _add_tracked(status, record.split(b" ", 8), prefix)
        elif kind == b"2 ":
            _add_tracked(status, record.split(b" ", 9), prefix)
            next(records, None)  # the name it was renamed from; `git diff` tells renames against HEAD itself
        elif kind == b"u ":
            _add_conflict(status, record.split(b" ", 10), prefix)
    return status


def read_numstat(raw: bytes, prefix: bytes = b"") -> list[LineCount]:
    """Read the counts of everything below `prefix`, and take the prefix off."""
    counts: list[LineCount] = []
    records = iter(raw.split(b"\0"))
    for record in records:
        added, _, rest = record.partition(b"\t")
        deleted, tab, path = rest.partition(b"\t")
        if not tab:
            continue
        old = None
        if not path:
            old, path = next(records, b""), next(records, b"")
        shown = _below(path, prefix)
        if shown is not None:
            counts.append(
                LineCount(shown, None if old is None else _below(old, prefix), _count(added), _count(deleted))
            )
    return counts


def read_settings(raw: bytes) -> list[tuple[bytes, bytes | None]]:
    """Read what `git config -z --get-regexp` prints: names and values, None for a name alone, which means true."""
    settings: list[tuple[bytes, bytes | None]] = []
    for record in raw.split(b"\0"):
        if record:
            name, newline, value = record.partition(b"\n")
            settings.append((name, value if newline else None))
    return settings


def is_on(settings: Sequence[tuple[bytes, bytes | None]], name: bytes) -> bool:
    """Tell whether the last setting of a name is true, as git reads it."""
    values = [value for given, value in settings if given == name]
    return bool(values) and (values[-1] is None or values[-1].lower() in (b"true", b"yes", b"on", b"1"))


def driver_names(names: Sequence[bytes], section: bytes) -> list[bytes]:
    """Give the drivers that settings of a section name: `x` and `y.z` for filter.x.clean and filter.y.z.smudge."""
    found: dict[bytes, None] = {}
    for name in names:
        first, dot, rest = name.partition(b".")
        driver, second_dot, _ = rest.rpartition(b".")
        if dot and second_dot and first.lower() == section:
            found[driver] = None
    return list(found)


def read_tree_entry(raw: bytes, path: bytes) -> TreeEntry | None:
    """Read what `git ls-tree -z -l` prints of a path; None when it is not there."""
    for record in raw.split(b"\0"):
        facts, tab, name = record.partition(b"\t")
        words = facts.split()
        if tab and name == path and len(words) == 4:
            return TreeEntry(_mode(words[0]), words[2], _count(words[3]))
    return None


def count_lines(content: bytes) -> int | None:
    """Count lines as git does for a new file: a last line without a newline counts; None when it is binary."""
    if b"\0" in content[:BINARY_PROBE]:
        return None
    return content.count(b"\n") + (1 if content and not content.endswith(b"\n") else 0)


def combine(status: Status, counts: Sequence[LineCount], loose: Mapping[bytes, LooseFile]) -> DiffStats:
    """Put together what the git programs said and what was found in the files they do not know.

    The counts decide what differs from HEAD, the status only says how: a file that was changed in the index and
    changed back in the working tree is no change. A file that was taken out of the index and still lies there is
    compared with HEAD like any other.
    """
    rows: dict[bytes, FileDiff] = {}
    for count in counts:
        rows[count.path] = _counted_row(count, status.tracked.get(count.path))
    for path, tracked in status.tracked.items():
        if tracked.conflicted and path not in rows:
            rows[path] = _row(path, "conflicted", 0, 0)
    for path in status.untracked:
        found = loose.get(path, LooseFile())
        row = _row(path, "untracked", found.lines, None if found.binary else 0, binary=found.binary)
        left = rows.pop(path, None)
        if left is not None:
            tracked = status.tracked.get(path)
            if tracked is not None and found.blob_id == tracked.head_id:
                continue
            row = _replaced_row(left, row)
        rows[path] = row
    files = [rows[path] for path in sorted(rows)]
    return DiffStats(
        is_git_repo=True,
        branch=status.branch,
        ahead=status.ahead,
        behind=status.behind,
        has_changes=bool(files),
        total_additions=sum(file.additions or 0 for file in files),
        total_deletions=sum(file.deletions or 0 for file in files),
        files=files,
    )


def shown_path(path: bytes) -> tuple[str, str | None]:
    """Give a path as text, and in base64 too when it is not UTF-8."""
    try:
        return path.decode(), None
    except UnicodeDecodeError:
        return path.decode(errors="replace"), base64.b64encode(path).decode()


def _counted_row(count: LineCount, tracked: TrackedFile | None) -> FileDiff:
    status: FileStatus = "modified" if tracked is None else _status_of(tracked)
    if count.old_path is not None and status != "conflicted":
        status = "renamed"
    binary = count.additions is None
    return _row(count.path, status, count.additions, count.deletions, binary=binary, old_path=count.old_path)


def _replaced_row(left: FileDiff, now: FileDiff) -> FileDiff:
    binary = left.binary or now.binary
    return attrs.evolve(
        now,
        status="modified",
        additions=None if binary else now.additions,
        deletions=None if binary else left.deletions,
        binary=binary,
    )


def _status_of(tracked: TrackedFile) -> FileStatus:
    if tracked.conflicted:
        return "conflicted"
    if tracked.head_mode == 0:
        return "added"
    if tracked.work_mode == 0:
        return "deleted"
    return "modified" if stat.S_IFMT(tracked.head_mode) == stat.S_IFMT(tracked.work_mode) else "typeChanged"


def _row(
    path: bytes,
    status: FileStatus,
    additions: int | None,
    deletions: int | None,
    *,
    binary: bool = False,
    old_path: bytes | None = None,
) -> FileDiff:
    text, encoded = shown_path(path)
    old_text, old_encoded = (None, None) if old_path is None else shown_path(old_path)
    return FileDiff(
        path=text,
        path_base64=encoded,
        old_path=old_text,
        old_path_base64=old_encoded,
        status=status,
        additions=additions,
        deletions=deletions,
        binary=binary,
    )


def _read_header(status: Status, header: bytes) -> None:
    name, _, value = header.partition(b" ")
    if name == b"branch.head":
        status.branch = None if value == b"(detached)" else value.decode(errors="replace")
    elif name == b"branch.ab":
        ahead, _, behind = value.partition(b" ")
        status.ahead, status.behind = _count(ahead.removeprefix(b"+")), _count(behind.removeprefix(b"-"))


def _add_tracked(status: Status, fields: list[bytes], prefix: bytes) -> None:
    """Take `1 XY sub mH mI mW hH hI path`, or the same with `2` and a score before the path."""
    path = _below(fields[-1], prefix) if len(fields) == (9 if fields[0] == b"1" else 10) else None
    if path is not None:
        status.tracked[path] = TrackedFile(_mode(fields[3]), _mode(fields[5]), fields[6])


def _add_conflict(status: Status, fields: list[bytes], prefix: bytes) -> None:
    """Take `u XY sub m1 m2 m3 mW h1 h2 h3 path`; the second of three is ours, which is HEAD's."""
    path = _below(fields[-1], prefix) if len(fields) == 11 else None
    if path is not None:
        status.tracked[path] = TrackedFile(_mode(fields[4]), _mode(fields[6]), fields[8], conflicted=True)


def _below(path: bytes, prefix: bytes) -> bytes | None:
    return path[len(prefix) :] or None if path.startswith(prefix) else None


def _mode(octal: bytes) -> int:
    return int(octal, 8) if len(octal) <= 8 and octal and not octal.translate(None, b"01234567") else 0


def _count(digits: bytes) -> int | None:
    return int(digits) if len(digits) <= 18 and digits.isdigit() else None
