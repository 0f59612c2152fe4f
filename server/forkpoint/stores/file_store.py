"""Guarded reads of files and folders below a work dir."""

import base64
import codecs
import os
from collections.abc import Callable, Iterator, Sequence

from forkpoint.model.failures import FileNotFound, TooLarge, Unreadable
from forkpoint.model.files import FileContent, FolderEntry, FolderListing
from forkpoint.model.settings import GuardLevel
from forkpoint.parsing.media_types import LOOK, media_type
from forkpoint.stores.guarded_open import GuardedRoot
from forkpoint.stores.workers import CancelFlag, Workers

MOST_ENTRIES = 5000
"""How many names one listing answers."""
MOST_NAMES = 100_000
"""How many names of a folder are looked at before a listing counts as truncated."""
SLICE = 3 * (1 << 18)
"""Bytes handled between two looks at the cancel flag; a multiple of three, so that slices of base64 join."""
CHECK_EVERY = 1000


class FileStore:
    """Reads below a root that the caller has judged with `path_rules.root_refusal`."""

    def __init__(self, workers: Workers, max_bytes: Callable[[], int]) -> None:
        self._workers = workers
        self._max_bytes = max_bytes

    async def read(
        self, root: str, path: str, guard: GuardLevel, offset: int = 0, length: int | None = None
    ) -> FileContent:
        """Read a file, or `length` bytes of it from `offset`; a range may begin or end past its end.

        `root` is absolute with its links resolved, `path` relative to it; bytes that are not UTF-8 come as
        surrogate escapes. Raises PathRefused, FileNotFound, Unreadable, NotSupported, and TooLarge when more than
        the limit would be answered.
        """
        return await self.read_in(lambda: GuardedRoot.open(root, guard), path, offset, length)

    async def read_in(
        self, opened: Callable[[], GuardedRoot], path: str, offset: int = 0, length: int | None = None
    ) -> FileContent:
        """Read as `read` does, below a root that is opened in the worker. Raises what that raises too."""
        return await self._workers.quick(lambda flag: self._read(opened, path, offset, length, flag))

    async def list(self, root: str, path: str, guard: GuardLevel) -> FolderListing:
        """List a folder; an empty path is the root itself. Raises as `read` does."""
        return await self._workers.quick(lambda flag: _list(root, path, guard, flag))

    async def resolve(self, paths: Sequence[str]) -> tuple[str, ...]:
        """Give absolute paths with their links resolved as far as they exist; a leading `~` is the user's home."""
        return await self._workers.quick(lambda _: tuple(os.path.realpath(os.path.expanduser(path)) for path in paths))

    async def resolve_folder(self, path: str) -> str:
        """Give a folder's absolute path with its links resolved. Raises FileNotFound when there is no such folder."""
        return await self._workers.quick(lambda _: _resolve_folder(path))

    def _read(
        self, opened: Callable[[], GuardedRoot], path: str, offset: int, length: int | None, flag: CancelFlag
    ) -> FileContent:
        with opened() as folder:
            descriptor = folder.open_file(path)
        try:
            size = os.fstat(descriptor).st_size
            rest = max(0, size - offset)
            wanted = rest if length is None else min(length, rest)
            limit = self._max_bytes()
            if wanted > limit:
                raise TooLarge(what="The file" if wanted == size else "The range", size=wanted, limit=limit)
            slices = _slices(descriptor, offset, wanted, flag)
            head = os.pread(descriptor, LOOK, 0)
        except OSError as problem:
            raise Unreadable(path=path, reason=problem.strerror or "it cannot be read") from problem
        finally:
            os.close(descriptor)
        text = _as_text(slices, flag)
        return FileContent(
            text=text,
            base64=_as_base64(slices, flag) if text is None else None,
            size=size,
            mime_type=media_type(path, head),
        )


def _slices(descriptor: int, offset: int, wanted: int, flag: CancelFlag) -> list[bytes]:
    """Read in slices of one size, the last one excepted; fewer bytes when the file was cut meanwhile."""
    slices: list[bytes] = []
    end = offset + wanted
    while offset < end:
        flag.check()
        part = _read_full(descriptor, min(SLICE, end - offset), offset)
        if not part:
            break
        slices.append(part)
        offset += len(part)
    return slices


def _read_full(descriptor: int, wanted: int, offset: int) -> bytes:
    part = os.pread(descriptor, wanted, offset)
    while part and len(part) < wanted:
        more = os.pread(descriptor, wanted - len(part), offset + len(part))
        if not more:
            break
        part += more
    return part


def _as_text(slices: Sequence[bytes], flag: CancelFlag) -> str | None:
    """Decode slice by slice, so that no step keeps the interpreter to itself for long."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    pieces: list[str] = []
    try:
        for part in slices:
            flag.check()
            pieces.append(decoder.decode(part))
        pieces.append(decoder.decode(b"", final=True))
    except UnicodeDecodeError:
        return None
    return "".join(pieces)


def _as_base64(slices: Sequence[bytes], flag: CancelFlag) -> str:
    pieces: list[str] = []
    for part in slices:
        flag.check()
        pieces.append(base64.b64encode(part).decode("ascii"))
    return "".join(pieces)


def _list(root: str, path: str, guard: GuardLevel, flag: CancelFlag) -> FolderListing:
    with GuardedRoot.open(root, guard) as folder:
        descriptor = folder.open_folder(path)
        try:
            with os.scandir(descriptor) as names:
                return _listing(names, path, folder, flag)
        except OSError as problem:
            raise Unreadable(path=path, reason=problem.strerror or "it cannot be listed") from problem
        finally:
            os.close(descriptor)


def _listing(names: Iterator[os.DirEntry[str]], path: str, folder: GuardedRoot, flag: CancelFlag) -> FolderListing:
    hidden = 0
    shown: list[tuple[bool, str, os.DirEntry[str]]] = []
    for count, entry in enumerate(names):
        if count % CHECK_EVERY == 0:
            flag.check()
        if count == MOST_NAMES:
            return _cut(shown, hidden, truncated=True)
        if folder.refusal(f"{path}/{entry.name}" if path else entry.name) is not None:
            hidden += 1
        else:
            shown.append((not entry.is_dir(follow_symlinks=False), entry.name, entry))
    return _cut(shown, hidden, truncated=False)


def _cut(shown: Sequence[tuple[bool, str, os.DirEntry[str]]], hidden: int, *, truncated: bool) -> FolderListing:
    kept = sorted(shown, key=lambda item: item[:2])[:MOST_ENTRIES]
    entries = [_entry(entry) for _, _, entry in kept]
    return FolderListing(entries=entries, hidden=hidden, truncated=truncated or len(shown) > len(kept))


def _entry(entry: os.DirEntry[str]) -> FolderEntry:
    raw = os.fsencode(entry.name)
    name = raw.decode("utf-8", "replace")
    undecodable = name.encode() != raw
    kind, size = _kind_and_size(entry)
    return FolderEntry(
        name=name, type=kind, size=size, name_base64=base64.b64encode(raw).decode("ascii") if undecodable else None
    )


def _kind_and_size(entry: os.DirEntry[str]) -> tuple[str, int | None]:
    if entry.is_symlink():
        return "link", None
    if entry.is_dir(follow_symlinks=False):
        return "directory", None
    if not entry.is_file(follow_symlinks=False):
        return "other", None
    try:
        return "file", entry.stat(follow_symlinks=False).st_size
    except OSError:
        return "file", None  # it went away after its name was read


def _resolve_folder(path: str) -> str:
    try:
        resolved = os.path.realpath(path)
        if os.path.isabs(path) and os.path.isdir(resolved):
            return resolved
    except ValueError:  # a NUL, or half a surrogate pair: no folder can be called so
        pass
    raise FileNotFound(path=path)
