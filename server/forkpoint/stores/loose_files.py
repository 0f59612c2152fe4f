"""A look into the files that git lists and does not read: those that are not in the index."""

import os
from collections.abc import Mapping, Sequence

from forkpoint.model.failures import Failure, FileNotFound, PathRefused
from forkpoint.parsing import path_rules
from forkpoint.parsing.git_output import LooseFile, count_lines
from forkpoint.stores.guarded_open import FOLDER_FLAGS, open_beneath
from forkpoint.stores.workers import CancelFlag

FILE_LIMIT = 8 * 1024 * 1024
"""The largest file whose lines are counted, in bytes."""
TOTAL_LIMIT = 256 * 1024 * 1024
"""How much of all files together is read, in bytes; what comes after is not counted."""
COUNT_LIMIT = 20_000
"""How many files are opened; what comes after is not counted."""
CHECK_EVERY = 64


def look_into(
    folder: str, paths: Sequence[bytes], same_as: Mapping[bytes, bytes], flag: CancelFlag
) -> dict[bytes, LooseFile]:
    """Count the lines of files below a folder, which is given with its links resolved.

    For a path in `same_as`, whose value is a blob id, the id of the file's own bytes is given too. No link is
    followed; one counts as git counts it, as a line that holds its target. What cannot be read is not counted.
    """
    found: dict[bytes, LooseFile] = {}
    left = TOTAL_LIMIT
    root = _open_root(folder)
    try:
        for number, path in enumerate(paths[:COUNT_LIMIT]):
            if number % CHECK_EVERY == 0:
                flag.check()
            try:
                content = _read(root, path, min(FILE_LIMIT, left))
            except PathRefused as refused:
                if refused.reason == path_rules.LINK:
                    found[path] = LooseFile(lines=1)
                continue
            except Failure:
                continue
            if content is not None:
                left -= len(content)
                found[path] = _described(content, same_as.get(path))
    finally:
        os.close(root)
    return found


def _open_root(folder: str) -> int:
    top = os.open("/", FOLDER_FLAGS)
    try:
        return open_beneath(top, folder.lstrip("/"), folder=True)
    finally:
        os.close(top)


def _read(root: int, path: bytes, limit: int) -> bytes | None:
    """Read a whole file; None when it has more than `limit` bytes."""
    descriptor = open_beneath(root, path)
    try:
        size = os.fstat(descriptor).st_size
        if size > limit:
            return None
        content = os.read(descriptor, size + 1)
    except OSError as problem:
        raise FileNotFound(path=os.fsdecode(path)) from problem
    finally:
        os.close(descriptor)
    return content if len(content) <= limit else None


def _described(content: bytes, blob_id: bytes | None) -> LooseFile:
    lines = count_lines(content)
    return LooseFile(lines, binary=lines is None, blob_id=None if blob_id is None else _blob_id(content, len(blob_id)))


def _blob_id(content: bytes, digits: int) -> bytes:
    """Give the id of a blob in the hash format whose ids have that many hex digits."""
    import hashlib  # rarely needed, and several milliseconds to load

    algorithm = "sha256" if digits == 64 else "sha1"
    return hashlib.new(algorithm, b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest().encode()
