"""Guarded reads and listings as values: text or base64, ranges, limits, what a listing shows and hides."""

import base64
import os
import socket
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forkpoint.model.failures import FileNotFound, PathRefused, TooLarge, Unreadable
from forkpoint.model.files import FileContent
from forkpoint.stores import file_store
from forkpoint.stores.file_store import MOST_ENTRIES, SLICE, FileStore
from forkpoint.stores.workers import Workers

LIMIT = 3 * SLICE


@pytest.fixture
def store() -> FileStore:
    return FileStore(Workers(), lambda: LIMIT)


def as_bytes(content: FileContent) -> bytes:
    assert (content.text is None) != (content.base64 is None)
    return base64.b64decode(content.base64 or "") if content.text is None else content.text.encode()


def write(path: bytes, stored: bytes) -> None:
    with open(path, "wb") as file:
        file.write(stored)


@pytest.mark.parametrize(
    ("name", "stored", "is_text", "mime_type"),
    [
        ("empty", b"", True, "text/plain"),
        ("notes.md", "# Grüße\r\n日本\n".encode(), True, "text/markdown"),
        ("bom.txt", b"\xef\xbb\xbfx", True, "text/plain"),
        ("nul", b"a\0b", True, "application/octet-stream"),
        ("latin1.txt", "Grüße".encode("latin-1"), False, "application/octet-stream"),
        ("cut.txt", "日本".encode()[:-1], False, "text/plain"),
        ("surrogate.txt", b"\xed\xa0\x80", False, "application/octet-stream"),
        ("picture.png", b"\x89PNG\r\n\x1a\n\xff", False, "image/png"),
        ("picture", b"\x89PNG\r\n\x1a\n\xff", False, "image/png"),
        ("not a picture.png", b"just text", True, "image/png"),
        ("app.ts", b"export {}", True, "text/plain"),
        ("archive.tar.gz", b"\x1f\x8b\x08", False, "application/gzip"),
        ("large.txt", ("é" * SLICE + "x").encode(), True, "text/plain"),
        ("large.bin", b"\xff" * (2 * SLICE + 1), False, "application/octet-stream"),
    ],
)
async def test_content_is_text_or_base64_by_what_it_is(
    store: FileStore, tmp_path: Path, name: str, stored: bytes, is_text: bool, mime_type: str
) -> None:
    (tmp_path / name).write_bytes(stored)
    content = await store.read(str(tmp_path), name, "standard")
    assert as_bytes(content) == stored
    assert (content.text is not None, content.size, content.mime_type) == (is_text, len(stored), mime_type)


PIECES = st.one_of(st.text(max_size=8).map(lambda text: text.encode("utf-8", "replace")), st.binary(max_size=4))


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pieces=st.lists(PIECES, max_size=12), step=st.integers(1, 9), slice_size=st.sampled_from([3, 6, SLICE]))
async def test_ranges_of_any_length_join_to_the_file(
    tmp_path: Path, pieces: list[bytes], step: int, slice_size: int
) -> None:
    stored = b"".join(pieces)
    (tmp_path / "file").write_bytes(stored)
    store = FileStore(Workers(), lambda: LIMIT)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(file_store, "SLICE", slice_size)
        whole = await store.read(str(tmp_path), "file", "standard")
        ranges = [
            await store.read(str(tmp_path), "file", "standard", at, step) for at in range(0, len(stored) + step, step)
        ]
    assert as_bytes(whole) == stored
    assert b"".join(map(as_bytes, ranges)) == stored
    assert {content.size for content in ranges} == {len(stored)}


async def test_the_limit_counts_what_is_answered(store: FileStore, tmp_path: Path) -> None:
    with (tmp_path / "large").open("wb") as file:
        file.truncate(10 * LIMIT)
    root = str(tmp_path)
    with pytest.raises(TooLarge) as refused:
        await store.read(root, "large", "standard")
    assert (refused.value.size, refused.value.limit) == (10 * LIMIT, LIMIT)
    for offset, length in ((0, LIMIT + 1), (1, None), (9 * LIMIT - 1, None)):
        with pytest.raises(TooLarge):
            await store.read(root, "large", "standard", offset, length)
    for offset, length, got in ((0, LIMIT, LIMIT), (9 * LIMIT, None, LIMIT), (9 * LIMIT, 10**15, LIMIT)):
        content = await store.read(root, "large", "standard", offset, length)
        assert (len(as_bytes(content)), content.size) == (got, 10 * LIMIT)
    for offset in (10 * LIMIT, 10**18):
        assert (await store.read(root, "large", "standard", offset, 5)).text == ""


async def test_a_range_of_nothing_is_empty_text(store: FileStore, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"\xff\xff")
    assert (await store.read(str(tmp_path), "file", "standard", 1, 0)).text == ""


async def test_what_cannot_be_read_is_told(store: FileStore, tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"KEY=1")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    for path, reason in ((".env", "secretName"), ("folder", "isFolder"), ("pipe", "fifo"), ("", "empty")):
        with pytest.raises(PathRefused) as refused:
            await store.read(str(tmp_path), path, "standard")
        assert (refused.value.reason, refused.value.path) == (reason, path)
    with pytest.raises(FileNotFound):
        await store.read(str(tmp_path), "missing", "standard")
    with pytest.raises(FileNotFound):
        await store.read(str(tmp_path / "missing"), "file", "standard")


async def test_a_file_that_may_not_be_read_is_unreadable(store: FileStore, tmp_path: Path) -> None:
    """A process's `mem` is a regular file and refuses a read at 0 whoever asks, the superuser included."""
    with pytest.raises(Unreadable):
        await store.read(f"/proc/{os.getpid()}", "mem", "standard", 0, 1)


async def test_a_listing_has_folders_first_and_counts_what_it_hides(store: FileStore, tmp_path: Path) -> None:
    for name in ("b.txt", "B.txt", ".env", "id_rsa", ".gitignore"):
        (tmp_path / name).write_bytes(b"12345")
    for name in ("z", ".git", ".ssh"):
        (tmp_path / name).mkdir()
    (tmp_path / "link").symlink_to("/etc/passwd")
    (tmp_path / "broken").symlink_to("nowhere")
    os.mkfifo(tmp_path / "pipe")
    shown = [
        (entry.name, entry.type, entry.size) for entry in (await store.list(str(tmp_path), "", "standard")).entries
    ]
    assert shown == [
        ("z", "directory", None),
        (".gitignore", "file", 5),
        ("B.txt", "file", 5),
        ("b.txt", "file", 5),
        ("broken", "link", None),
        ("link", "link", None),
        ("pipe", "other", None),
    ]
    assert (await store.list(str(tmp_path), ".", "standard")).hidden == 4
    public = await store.list(str(tmp_path), "", "public")
    assert public.hidden == 5
    assert ".gitignore" not in [entry.name for entry in public.entries]
    assert not public.truncated


async def test_every_listed_file_can_be_read_and_no_hidden_one(store: FileStore, tmp_path: Path) -> None:
    raw = os.fsencode(tmp_path) + b"/sub"
    os.mkdir(raw)
    names = [b"plain", b"\xff\xfe.txt", "é".encode(), b"new\nline", b"a\\b", b".env", b"ENV~1", b"x.pem"]
    for name in names:
        write(raw + b"/" + name, name)
    listing = await store.list(str(tmp_path), "sub", "standard")
    found: list[bytes] = []
    for entry in listing.entries:
        name = entry.name.encode() if entry.name_base64 is None else base64.b64decode(entry.name_base64)
        path = (b"sub/" + name).decode("utf-8", "surrogateescape")
        found.append(as_bytes(await store.read(str(tmp_path), path, "standard")))
    assert sorted(found) == sorted(names[:5])
    assert listing.hidden == 3
    assert [entry.name for entry in listing.entries if entry.name_base64 is not None] == ["\ufffd\ufffd.txt"]


async def test_a_socket_is_listed_as_other(store: FileStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as opened:
        opened.bind("s")
    assert [entry.type for entry in (await store.list(str(tmp_path), "", "standard")).entries] == ["other"]


async def test_a_listing_is_bounded(store: FileStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(MOST_ENTRIES + 1):
        (tmp_path / f"{number:05}").touch()
    listing = await store.list(str(tmp_path), "", "standard")
    assert [entry.name for entry in listing.entries] == [f"{number:05}" for number in range(MOST_ENTRIES)]
    assert listing.truncated
    (tmp_path / f"{0:05}").unlink()
    assert not (await store.list(str(tmp_path), "", "standard")).truncated
    monkeypatch.setattr(file_store, "MOST_NAMES", 10)
    listing = await store.list(str(tmp_path), "", "standard")
    assert (len(listing.entries), listing.truncated) == (10, True)


async def test_a_folder_too_deep_to_open_hides_what_it_holds(store: FileStore, tmp_path: Path) -> None:
    deepest = tmp_path.joinpath(*["d"] * 6)
    deepest.mkdir(parents=True)
    (deepest / "file").touch()
    listing = await store.list(str(tmp_path), "d/d/d/d/d/d", "public")
    assert (listing.entries, listing.hidden) == ([], 1)
    with pytest.raises(PathRefused):
        await store.list(str(tmp_path), "d/d/d/d/d/d/file", "public")


async def test_what_cannot_be_listed_is_told(store: FileStore, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to("/etc")
    for path, reason in (("file", "notFolder"), ("link", "link"), ("..", "dotDot"), (".git", "repositoryInternals")):
        with pytest.raises(PathRefused) as refused:
            await store.list(str(tmp_path), path, "standard")
        assert refused.value.reason == reason
    with pytest.raises(FileNotFound):
        await store.list(str(tmp_path), "missing", "standard")


async def test_folders_are_resolved_or_not_found(store: FileStore, tmp_path: Path, home: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "alias").symlink_to("real")
    (tmp_path / "file").touch()
    assert await store.resolve_folder(str(tmp_path / "alias")) == str(tmp_path / "real")
    assert await store.resolve(["~", str(tmp_path / "alias" / "new")]) == (
        str(home),
        str(tmp_path / "real" / "new"),
    )
    for path in (str(tmp_path / "file"), str(tmp_path / "missing"), "relative", "", "/a\0b", "/a\ud800"):
        with pytest.raises(FileNotFound):
            await store.resolve_folder(path)
