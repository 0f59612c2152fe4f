"""Files handed to sessions, on real stores over the sample home."""

import asyncio
import base64
import hashlib
import json
import os
import socket
import stat
import tempfile
from pathlib import Path
from typing import Any

import attrs
import pytest

from forkpoint.model.failures import (
    FileNotFound,
    NameTaken,
    PathRefused,
    SessionNotFound,
    TooLarge,
    UploadNotFound,
)
from forkpoint.model.files import FileContent
from forkpoint.model.uploads import UploadListing
from forkpoint.operations.fork import ForkPoint, ForkSessionParams, fork_session
from forkpoint.operations.registry import InvalidParams
from forkpoint.operations.trash import DeleteSessionParams, RestoreSessionParams, delete_session, restore_session
from forkpoint.operations.uploads import (
    AddUploadParams,
    AddUploadResult,
    ListUploadsParams,
    ReadUploadParams,
    add_upload,
    list_uploads,
    read_upload,
)
from forkpoint.stores.uploads import keeping, listing
from forkpoint.stores.uploads.upload_store import UploadStore
from forkpoint.stores.workers import Workers
from tests.agents.pi_files import user
from tests.operations.changing import Machine, grow
from tests.stores.changing.faults import OTHER_DEVICE
from tests.stores.hanging_program import until

KIMI, PI = "importer", "uploader"
BOTH = pytest.mark.parametrize("name", [KIMI, PI])


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine.of(tmp_path)


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


async def add(machine: Machine, name: str, file: str, data: bytes = b"hello", **more: Any) -> AddUploadResult:
    params = AddUploadParams(session_id=machine.id_of(name), name=file, data=encoded(data), **more)
    return await add_upload.run(machine.services, params)


async def listed(machine: Machine, session_id: str) -> UploadListing:
    return await list_uploads.run(machine.services, ListUploadsParams(session_id=session_id))


async def names(machine: Machine, session_id: str) -> list[str]:
    return [item.path for item in (await listed(machine, session_id)).items]


async def read(machine: Machine, name: str, path: str, **more: Any) -> FileContent:
    return await read_upload.run(machine.services, ReadUploadParams(session_id=machine.id_of(name), path=path, **more))


def bytes_of(path: object) -> bytes:
    return Path(str(path)).read_bytes()


def files_with(data: bytes, folder: str) -> list[Path]:
    return [path for path in Path(folder).rglob("*") if path.is_file() and data in path.read_bytes()]


def bind(path: Path) -> None:
    """Make a socket, whose own path may be no longer than 107 bytes."""
    folder = os.open(path.parent, os.O_RDONLY)
    with socket.socket(socket.AF_UNIX) as there:
        there.bind(f"/proc/self/fd/{folder}/{path.name}")
    os.close(folder)


def folder_of(result: AddUploadResult) -> Path:
    assert result.path is not None
    return Path(result.path).parent


# --- taking files in ---------------------------------------------------------------------------------------------


@BOTH
async def test_a_file_appears_under_its_name_and_is_not_executable(machine: Machine, name: str) -> None:
    result = await add(machine, name, "../pri ces.csv", b"name,price\n")
    assert (result.name, result.size_bytes, result.mime_type) == ("pri ces.csv", 11, "text/csv")
    assert result.sha256 == hashlib.sha256(b"name,price\n").hexdigest()
    path = folder_of(result) / "pri ces.csv"
    assert path.read_bytes() == b"name,price\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert (await read(machine, name, "pri ces.csv")).text == "name,price\n"
    machine.require_tidy()


async def test_kimi_gets_its_files_where_it_looks_and_pi_keeps_none_of_ours(machine: Machine) -> None:
    row = await machine.row(machine.id_of(KIMI))
    before = set(machine.agents_files())
    assert folder_of(await add(machine, KIMI, "a.txt")) == Path(row.path) / "uploads"
    ours = folder_of(await add(machine, PI, "a.txt"))
    assert ours.parent == Path(machine.services.state.folder) / "uploads"
    assert {Path(name).name for name in set(machine.agents_files()) - before} == {"a.txt"}
    assert len(set(machine.agents_files()) - before) == 1


@BOTH
async def test_a_file_comes_in_portions(machine: Machine, name: str) -> None:
    data = os.urandom(3_000_001)
    portions = [data[:1], data[1:2_000_000], b"", data[2_000_000:]]
    upload_id, size = None, 0
    for number, portion in enumerate(portions):
        result = await add(machine, name, "big", portion, upload_id=upload_id, last=number == 3)
        size += len(portion)
        assert result.size_bytes == size
        assert (result.name is None) == (number < 3)
        assert await names(machine, machine.id_of(name)) == ([] if number < 3 else ["big"])
        upload_id = result.upload_id
    assert upload_id is None
    assert (folder_of(result) / "big").read_bytes() == data
    assert result.mime_type == "application/octet-stream"
    assert result.sha256 == hashlib.sha256(data).hexdigest()
    machine.require_tidy()


async def test_an_empty_file_is_a_file(machine: Machine) -> None:
    result = await add(machine, PI, "empty", b"")
    assert (result.size_bytes, (folder_of(result) / "empty").read_bytes()) == (0, b"")


async def test_a_taken_name_gets_a_number_and_nobody_loses_a_file(machine: Machine) -> None:
    """Two windows, at once, several times over."""
    other = machine.again()
    contents = [f"{number}".encode() for number in range(16)]
    both = [(machine, other)[number % 2] for number in range(16)]
    results = await asyncio.gather(
        *(add(each, KIMI, "a.tar.gz", data) for each, data in zip(both, contents, strict=True))
    )
    folder = folder_of(results[0])
    wanted = {"a.tar.gz", *(f"a.tar ({number}).gz" for number in range(2, 17))}
    assert {result.name for result in results} == wanted == set(os.listdir(folder))
    assert [(folder / str(result.name)).read_bytes() for result in results] == contents
    machine.require_tidy()


async def test_a_folder_takes_only_so_many_of_one_name(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "MOST_ALIKE", 3)
    assert [(await add(machine, PI, "a")).name for _ in range(3)] == ["a", "a (2)", "a (3)"]
    with pytest.raises(NameTaken):
        await add(machine, PI, "a")
    machine.require_tidy()


async def test_another_device_gets_a_copy(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    with tempfile.TemporaryDirectory(dir=OTHER_DEVICE) as elsewhere:
        monkeypatch.setenv("FORKPOINT_STATE_DIR", elsewhere)
        apart = machine.again()
        assert os.stat(elsewhere).st_dev != machine.sample.home.stat().st_dev
        result = await add(apart, KIMI, "a.txt", b"over there")
        assert (folder_of(result) / "a.txt").read_bytes() == b"over there"
        assert (await add(apart, KIMI, "a.txt")).name == "a (2).txt"
        apart.require_tidy()
        assert os.listdir(f"{elsewhere}/uploads") == []


# --- what is refused ---------------------------------------------------------------------------------------------


def limited(machine: Machine, limit: int) -> Machine:
    settings = attrs.evolve(machine.services.settings, uploads_max_bytes=limit)
    return Machine(machine.sample, attrs.evolve(machine.services, settings=settings))


async def test_the_limit_is_counted_as_bytes_come_and_the_part_goes(machine: Machine) -> None:
    small = limited(machine, 10)
    assert (await add(small, PI, "whole", b"x" * 10)).name == "whole"
    with pytest.raises(TooLarge) as refused:
        await add(small, PI, "over", b"x" * 11)
    assert (refused.value.size, refused.value.limit) == (11, 10)
    first = await add(small, PI, "parts", b"x" * 10, last=False)
    with pytest.raises(TooLarge):
        await add(small, PI, "parts", b"x", upload_id=first.upload_id, last=False)
    with pytest.raises(UploadNotFound):
        await add(small, PI, "parts", b"", upload_id=first.upload_id)
    assert await names(machine, machine.id_of(PI)) == ["whole"]
    machine.require_tidy()


@pytest.mark.parametrize("data", ["a", "a===", "aGVsbG8=\n", "aGVsbG8=aGVsbG8=", "é", "aGVs bG8="])
async def test_what_is_no_base64_is_refused_and_the_upload_goes_on(machine: Machine, data: str) -> None:
    first = await add(machine, PI, "x", b"a", last=False)
    params = AddUploadParams(session_id=machine.id_of(PI), name="x", data=data, upload_id=first.upload_id)
    with pytest.raises(InvalidParams) as refused:
        await add_upload.run(machine.services, params)
    assert refused.value.problems[0][0] == "/data"
    assert (await add(machine, PI, "x", b"b", upload_id=first.upload_id)).size_bytes == 2


async def test_padding_may_stand_at_the_end_of_a_long_portion_alone(machine: Machine) -> None:
    middle = "A" * ((1 << 20) - 4) + "QQ=="
    params = AddUploadParams(session_id=machine.id_of(PI), name="x", data=middle + "QQ==")
    with pytest.raises(InvalidParams):
        await add_upload.run(machine.services, params)
    params = AddUploadParams(session_id=machine.id_of(PI), name="x", data=middle)
    assert (await add_upload.run(machine.services, params)).size_bytes == (1 << 18) * 3 - 2


async def test_a_portion_names_its_upload_its_session_and_its_file(machine: Machine) -> None:
    first = await add(machine, PI, "x", last=False)
    for name, file, upload_id in ((KIMI, "x", first.upload_id), (PI, "y", first.upload_id), (PI, "x", "none")):
        with pytest.raises(UploadNotFound):
            await add(machine, name, file, upload_id=upload_id)
    with pytest.raises(SessionNotFound):
        params = AddUploadParams(session_id="pi:none", name="x", data="")
        await add_upload.run(machine.services, params)
    assert (await add(machine, PI, "x", upload_id=first.upload_id)).size_bytes == 10


async def test_an_upload_ends_with_its_session(machine: Machine) -> None:
    first = await add(machine, KIMI, "x", last=False)
    await delete_session.run(machine.services, DeleteSessionParams(session_id=machine.id_of(KIMI)))
    with pytest.raises(SessionNotFound):
        await add(machine, KIMI, "x", upload_id=first.upload_id)
    machine.require_tidy()


async def test_an_upload_that_nobody_continues_goes_after_a_while(machine: Machine) -> None:
    services = machine.services
    hasty = UploadStore(
        Workers(), services.sessions, services.session_changes, services.files, services.state.folder, patience=0.05
    )
    quick = Machine(machine.sample, attrs.evolve(services, uploads=hasty))
    first = await add(quick, PI, "x", last=False)
    assert services.state.staging.notes() != []
    await until(lambda: services.state.staging.notes() == [], "it is still there")
    machine.require_tidy()
    with pytest.raises(UploadNotFound):
        await add(quick, PI, "x", upload_id=first.upload_id)


async def test_a_link_in_place_of_the_folder_is_refused(machine: Machine, tmp_path: Path) -> None:
    outside, inside = tmp_path / "outside", Path((await machine.row(machine.id_of("prices"))).path)
    outside.mkdir()
    uploads = Path((await machine.row(machine.id_of(KIMI))).path) / "uploads"
    for target in (outside, inside, tmp_path / "nowhere"):
        uploads.symlink_to(target)
        before = set(os.listdir(inside))
        with pytest.raises(PathRefused) as refused:
            await add(machine, KIMI, "a.txt")
        assert refused.value.reason == "link"
        with pytest.raises(PathRefused):
            await listed(machine, machine.id_of(KIMI))
        assert (set(os.listdir(inside)), os.listdir(outside)) == (before, [])
        uploads.unlink()
    machine.require_tidy()


# --- what is there -----------------------------------------------------------------------------------------------


@BOTH
async def test_a_session_without_uploads_has_none(machine: Machine, name: str) -> None:
    result = await listed(machine, machine.id_of(name))
    assert (result.items, result.hidden, result.truncated) == ([], 0, False)
    with pytest.raises(FileNotFound):
        await read(machine, name, "a.txt")


async def test_a_listing_goes_deep_and_follows_nothing(machine: Machine, tmp_path: Path) -> None:
    folder = folder_of(await add(machine, KIMI, "b.txt"))
    (tmp_path / "secret").write_text("secret")
    (folder / "a" / "deep").mkdir(parents=True)
    (folder / "a" / "deep" / "x.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (folder / "a" / "deep" / "y").write_bytes(b"%PDF-1.7")
    (folder / ".sent").write_text("[]")
    (folder / "id_rsa").write_text("key")
    (folder / "link").symlink_to(tmp_path / "secret")
    (folder / "links").symlink_to(tmp_path)
    os.mkfifo(folder / "fifo")
    bind(folder / "socket")
    (folder / os.fsdecode(b"caf\xe9.txt")).write_text("x")
    result = await listed(machine, machine.id_of(KIMI))
    assert [(item.path, item.mime_type) for item in result.items] == [
        ("a/deep/x.png", "image/png"),
        ("a/deep/y", "application/pdf"),
        ("b.txt", "text/plain"),
        ("caf\ufffd.txt", "text/plain"),
    ]
    assert (result.hidden, result.truncated, result.problems) == (6, False, [])
    assert result.items[0].name == "x.png"
    raw = result.items[3].path_base64
    assert raw == encoded(b"caf\xe9.txt")
    params = ReadUploadParams(session_id=machine.id_of(KIMI), path_base64=raw)
    assert (await read_upload.run(machine.services, params)).text == "x"
    for path in ("link", "links/secret", "fifo", ".sent", "id_rsa", "../context.jsonl", "/etc/passwd", "socket"):
        with pytest.raises(PathRefused):
            await read(machine, KIMI, path)
    with pytest.raises(FileNotFound):
        await read(machine, KIMI, "a/none")


async def test_a_listing_has_bounds(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "MOST_ROWS", 50)
    folder = folder_of(await add(machine, PI, "a"))
    below = folder.joinpath(*"123456789")
    below.mkdir(parents=True)
    (below / "ten").touch()
    assert not (await listed(machine, machine.id_of(PI))).truncated
    (below / "10").mkdir()
    (below / "10" / "eleven").touch()
    result = await listed(machine, machine.id_of(PI))
    assert ([item.path for item in result.items], result.truncated) == (["1/2/3/4/5/6/7/8/9/ten", "a"], True)
    (below / "10" / "eleven").unlink()
    (below / "10").rmdir()
    for number in range(48):
        (folder / f"f{number:04}").touch()
    assert not (await listed(machine, machine.id_of(PI))).truncated
    (folder / "z").touch()
    result = await listed(machine, machine.id_of(PI))
    assert (len(result.items), result.truncated, result.items[-1].path) == (50, True, "f0047")


async def test_ranges_of_a_file_are_read(machine: Machine) -> None:
    await add(machine, PI, "a.bin", bytes(range(256)))
    part = await read(machine, PI, "a.bin", offset=254, length=10)
    assert (part.base64, part.size) == (encoded(b"\xfe\xff"), 256)
    with pytest.raises(InvalidParams):
        await read(machine, PI, "a.bin", offset=-1)


# --- what becomes of them ----------------------------------------------------------------------------------------


@BOTH
async def test_uploads_go_into_the_trash_with_their_session_and_come_back(machine: Machine, name: str) -> None:
    path = Path(str((await add(machine, name, "a.txt")).path))
    session_id = machine.id_of(name)
    deleted = await delete_session.run(machine.services, DeleteSessionParams(session_id=session_id, stop=True))
    assert not path.parent.exists()
    assert deleted.trash_id is not None
    await restore_session.run(machine.services, RestoreSessionParams(trash_id=deleted.trash_id))
    assert (await names(machine, session_id), bytes_of(path)) == (["a.txt"], b"hello")
    machine.require_tidy()


async def test_uploads_go_for_good_with_their_session(machine: Machine) -> None:
    await add(machine, PI, "a.txt", b"only here")
    settings = attrs.evolve(machine.services.settings, scopes=frozenset({"read", "write", "admin"}))
    services = attrs.evolve(machine.services, settings=settings)
    params = DeleteSessionParams(session_id=machine.id_of(PI), permanently=True, stop=True)
    await delete_session.run(services, params)
    assert files_with(b"only here", services.state.folder) == []


async def test_a_session_stays_in_the_trash_when_other_uploads_lie_in_the_way(machine: Machine) -> None:
    path = Path(str((await add(machine, PI, "a.txt")).path))
    params = DeleteSessionParams(session_id=machine.id_of(PI), stop=True)
    trash_id = str((await delete_session.run(machine.services, params)).trash_id)
    path.parent.mkdir()
    (path.parent / "b.txt").write_text("newer")
    with pytest.raises(NameTaken):
        await restore_session.run(machine.services, RestoreSessionParams(trash_id=trash_id))
    (path.parent / "b.txt").unlink()
    await restore_session.run(machine.services, RestoreSessionParams(trash_id=trash_id))
    assert bytes_of(path) == b"hello"


async def test_a_fork_takes_those_of_our_uploads_along_that_its_lines_speak_of(machine: Machine) -> None:
    spoken = await add(machine, PI, "spöken.txt", b"spoken")
    for other in ("other.txt", "spöken"):
        await add(machine, PI, other)
    (folder_of(spoken) / "link").symlink_to("/etc/passwd")
    row = await machine.row(machine.id_of(PI))
    text = f"see {spoken.path} and {folder_of(spoken)}/link and {folder_of(spoken)}/../../state.db"
    leaf = json.loads(bytes_of(row.path).splitlines()[-1])["id"]
    grow(row.path, (json.dumps(user("0fe1dc00", leaf, text)) + "\n").encode())
    whole = await fork_session.run(machine.services, ForkSessionParams(session_id=machine.id_of(PI)))
    assert await names(machine, whole.session.session_id) == ["spöken.txt"]
    first = ForkPoint(turn=0)
    begun = await fork_session.run(machine.services, ForkSessionParams(session_id=machine.id_of(PI), at=first))
    assert await names(machine, begun.session.session_id) == []
    machine.require_tidy()


async def test_a_fork_copies_no_link(machine: Machine) -> None:
    """Neither out of the home nor within it: what lies there may be a key, or another session."""
    key = machine.sample.home / ".ssh" / "id_rsa"
    key.parent.mkdir()
    key.write_text("a key")
    row = await machine.row(machine.id_of(KIMI))
    folder = folder_of(await add(machine, KIMI, "clip.mp4", b"a film"))
    secret = machine.sample.home / ".kimi" / "config.toml"
    secret.write_text("a token")
    (folder / "out.mp4").symlink_to(key)
    (folder / "in.mp4").symlink_to(secret)
    wire = Path(row.path) / "wire.jsonl"
    told = [f"uploads/{name}" for name in ("clip.mp4", "out.mp4", "in.mp4")]
    wire.write_bytes(wire.read_bytes().replace(b"one go then", " ".join(["one go then", *told]).encode()))
    context = Path(row.path) / "context.jsonl"
    context.write_bytes(context.read_bytes().replace(b"one go then", " ".join(["one go then", *told]).encode()))
    made = await fork_session.run(
        machine.services, ForkSessionParams(session_id=machine.id_of(KIMI), at=ForkPoint(turn=1))
    )
    copied = Path(made.session.path) / "uploads"
    assert sorted(os.listdir(copied)) == [".sent", "clip.mp4"]
    assert (copied / "clip.mp4").read_bytes() == b"a film"


async def test_an_upload_is_announced(machine: Machine) -> None:
    revision = machine.services.changes.revision
    await add(machine, PI, "a", last=False)
    assert machine.services.changes.since(revision) == []
    await add(machine, PI, "b")
    (change,) = machine.services.changes.since(revision)
    assert (change.session_id, change.kind, change.reason) == (machine.id_of(PI), "changed", "upload")
