"""Opening under a root: what is refused and why, by both implementations, and under attack."""

import errno
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from forkpoint.model.failures import FileNotFound, NotSupported, PathRefused, Unreadable
from forkpoint.stores.guarded_open import GuardedRoot, open_beneath
from forkpoint.stores.openat2 import openat2
from tests.stores.exchange import Swapping

SECRET = b"TOP SECRET"
PLAIN = b"plain content"


@pytest.fixture(params=[False, True], ids=["openat2", "walk"])
def walk(request: pytest.FixtureRequest) -> bool:
    return request.param


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A root with a file, and a secret beside the root."""
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "file.txt").write_bytes(SECRET)
    root = tmp_path / "root"
    (root / "a" / "b" / "c").mkdir(parents=True)
    (root / "a" / "b" / "c" / "file.txt").write_bytes(PLAIN)
    (root / "file.txt").write_bytes(PLAIN)
    return root


@pytest.fixture
def root(folder: Path, walk: bool) -> Iterator[GuardedRoot]:
    with GuardedRoot.open(str(folder), walk=walk) as opened:
        yield opened


def content(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 100)
    finally:
        os.close(descriptor)


def reason_of(opening: Callable[[], int]) -> str:
    """Why an open was refused; `fileNotFound` and the like for the other failures."""
    try:
        os.close(opening())
    except PathRefused as refused:
        return refused.reason
    except (FileNotFound, Unreadable, NotSupported) as failure:
        return failure.kind
    return "opened"


def make_link(root: Path) -> None:
    (root / "x").symlink_to("file.txt")


def make_link_out(root: Path) -> None:
    (root / "x").symlink_to(root.parent / "outside" / "file.txt")


def make_broken_link(root: Path) -> None:
    (root / "x").symlink_to("nowhere")


def make_loop(root: Path) -> None:
    (root / "x").symlink_to("x")


def make_fifo(root: Path) -> None:
    os.mkfifo(root / "x")


def make_socket(root: Path) -> None:
    with socket.socket(socket.AF_UNIX) as opened:
        here = os.getcwd()
        os.chdir(root)  # the path of a socket may be at most 108 bytes long
        try:
            opened.bind("x")
        finally:
            os.chdir(here)


def make_folder(root: Path) -> None:
    (root / "x").mkdir()


def make_nothing(root: Path) -> None:
    """Leave the name out."""


KINDS: list[tuple[Callable[[Path], None], str, str]] = [
    (make_link, "link", "link"),
    (make_link_out, "link", "link"),
    (make_broken_link, "link", "link"),
    (make_loop, "link", "link"),
    (make_fifo, "fifo", "fifo"),
    (make_socket, "socket", "socket"),
    (make_folder, "isFolder", "opened"),
    (make_nothing, "fileNotFound", "fileNotFound"),
]


@pytest.mark.parametrize(("make", "as_file", "as_folder"), KINDS, ids=lambda value: getattr(value, "__name__", value))
@pytest.mark.parametrize("look_first", [False, True])
def test_what_is_no_file_is_refused_by_what_it_is(
    folder: Path, walk: bool, look_first: bool, make: Callable[[Path], None], as_file: str, as_folder: str
) -> None:
    make(folder)
    top = os.open(folder, os.O_RDONLY)
    try:
        for path in ("x", b"x", "./x", "a/../x"):
            expected = ("dotDot", "dotDot") if ".." in str(path) else (as_file, as_folder)
            found = tuple(
                reason_of(lambda p=path, f=wanted: open_beneath(top, p, folder=f, look_first=look_first, walk=walk))
                for wanted in (False, True)
            )
            assert found == expected, path
    finally:
        os.close(top)


@pytest.mark.parametrize("device", ["dev/null", "dev/zero", "dev/tty"])
def test_a_device_is_refused_without_being_read(walk: bool, device: str) -> None:
    top = os.open("/", os.O_RDONLY)
    try:
        assert reason_of(lambda: open_beneath(top, device, walk=walk)) == "device"
        assert reason_of(lambda: open_beneath(top, device, look_first=True, walk=walk)) == "device"
    finally:
        os.close(top)


def test_a_file_is_opened_at_any_depth_and_by_bytes(root: GuardedRoot) -> None:
    for path in ("file.txt", b"file.txt", "a/b/c/file.txt", "./a//b/./c/file.txt"):
        assert content(root.open_file(path)) == PLAIN


def test_names_of_any_bytes_are_opened(root: GuardedRoot, folder: Path) -> None:
    for raw in (b"\xff\xfe", "日本".encode(), b"new\nline", b"n" * 255):
        Path(os.fsdecode(os.fsencode(folder) + b"/" + raw)).write_bytes(PLAIN)
        assert content(root.open_file(raw)) == PLAIN
        assert content(root.open_file(raw.decode("utf-8", "surrogateescape"))) == PLAIN


def test_a_link_is_refused_in_every_place_of_the_path(root: GuardedRoot, folder: Path) -> None:
    (folder / "inner").symlink_to("a")
    (folder / "outer").symlink_to(folder.parent / "outside")
    (folder / "a" / "up").symlink_to("..")
    for path in ("inner/b/c/file.txt", "outer/file.txt", "a/up/file.txt", "a/up/a/b/c/file.txt"):
        assert reason_of(lambda p=path: root.open_file(p)) == "link"
    for path in ("inner", "inner/b", "outer", "a/up"):
        assert reason_of(lambda p=path: root.open_folder(p)) == "link"


def test_a_path_through_a_file_is_not_found_and_a_file_is_no_folder(root: GuardedRoot) -> None:
    assert reason_of(lambda: root.open_file("file.txt/x")) == "fileNotFound"
    assert reason_of(lambda: root.open_folder("file.txt/x")) == "fileNotFound"
    assert reason_of(lambda: root.open_folder("file.txt")) == "notFolder"


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("", "empty"),
        ("..", "dotDot"),
        ("a/../../outside/file.txt", "dotDot"),
        ("/etc/passwd", "absolute"),
        ("file.txt\0.png", "nul"),
        ("n" * 256, "nameTooLong"),
        ("d/" * 2047 + "dd", "pathTooLong"),
        ("a\ud800", "badText"),
    ],
)
def test_a_path_of_the_wrong_shape_never_reaches_the_disk(folder: Path, walk: bool, path: str, reason: str) -> None:
    top = os.open(folder, os.O_RDONLY)
    try:
        assert reason_of(lambda: open_beneath(top, path, walk=walk)) == reason
    finally:
        os.close(top)
    with GuardedRoot.open(str(folder), walk=walk) as root:
        assert reason_of(lambda: root.open_file(path)) in (reason, "tooDeep")


def test_the_guards_names_and_depth_hold_at_the_open(folder: Path, walk: bool) -> None:
    for name in (".env", "id_rsa", ".hidden"):
        (folder / name).write_bytes(SECRET)
    deep = folder.joinpath(*["d"] * 64)
    deep.mkdir(parents=True)
    (deep.parent / "f").write_bytes(PLAIN)
    (deep / "f").write_bytes(PLAIN)
    with GuardedRoot.open(str(folder), walk=walk) as root:
        assert reason_of(lambda: root.open_file(".env")) == "secretName"
        assert reason_of(lambda: root.open_file("ID_RSA")) == "secretName"
        assert reason_of(lambda: root.open_file(".hidden")) == "opened"
        assert reason_of(lambda: root.open_file("d/" * 63 + "f")) == "opened"
        assert reason_of(lambda: root.open_file("d/" * 64 + "f")) == "tooDeep"
    with GuardedRoot.open(str(folder), "public", walk=walk) as root:
        assert reason_of(lambda: root.open_file(".hidden")) == "hidden"
        assert reason_of(lambda: root.open_file("a/b/c/file.txt")) == "opened"
        assert reason_of(lambda: root.open_file("d/" * 6 + "f")) == "tooDeep"


def test_the_home_itself_shows_nothing_hidden(folder: Path, walk: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(folder))
    (folder / ".profile").write_bytes(SECRET)
    with GuardedRoot.open(str(folder), walk=walk) as root:
        assert reason_of(lambda: root.open_file(".profile")) == "hidden"
        assert reason_of(lambda: root.open_file("file.txt")) == "opened"
    with GuardedRoot.open(str(folder / "a"), walk=walk) as root:
        (folder / "a" / ".profile").write_bytes(PLAIN)
        assert reason_of(lambda: root.open_file(".profile")) == "opened"


def test_a_root_with_a_link_in_its_path_is_refused(folder: Path, walk: bool) -> None:
    (folder.parent / "alias").symlink_to("root")
    for path, expected in (
        (folder.parent / "alias", "link"),
        (folder.parent / "alias" / "a", "link"),
        (folder / "file.txt", "notFolder"),
        (folder / "nothing", "fileNotFound"),
    ):
        assert _root_reason(str(path), walk) == expected
    assert _root_reason("/", walk) == "rootTooWide"
    assert _root_reason("relative", walk) == "rootTooWide"
    assert _root_reason(f"{folder}/../outside", walk) == "dotDot"


def _root_reason(path: str, walk: bool) -> str:
    try:
        GuardedRoot.open(path, walk=walk).close()
    except PathRefused as refused:
        return refused.reason
    except FileNotFound as failure:
        return failure.kind
    return "opened"


def test_a_root_that_is_renamed_stays_the_folder_it_was(root: GuardedRoot, folder: Path) -> None:
    folder.rename(folder.with_name("moved"))
    folder.symlink_to("outside")
    assert content(root.open_file("file.txt")) == PLAIN


def test_a_fifo_neither_hangs_the_read_nor_is_its_writer_disturbed(root: GuardedRoot, folder: Path) -> None:
    """A writer waits in its open; had the guard opened the other end, it would go on and die of SIGPIPE."""
    os.mkfifo(folder / "pipe")
    with subprocess.Popen(["sh", "-c", "echo hello > pipe"], cwd=folder) as writer:
        while Path(f"/proc/{writer.pid}/stat").read_text().rpartition(")")[2].split()[0] != "S":
            time.sleep(0)
        for _ in range(50):
            assert reason_of(lambda: root.open_file("pipe")) == "fifo"
        assert writer.poll() is None
        assert (folder / "pipe").read_text() == "hello\n"
    assert writer.returncode == 0


def test_no_descriptor_is_left_open_and_none_is_inherited(folder: Path, walk: bool) -> None:
    for make in (make_link, make_fifo, make_socket):
        make(folder)
        (folder / "x").rename(folder / make.__name__)
    before = set(os.listdir("/proc/self/fd"))
    with GuardedRoot.open(str(folder), walk=walk) as root:
        for path in ("make_link", "make_fifo", "make_socket", "a/b/c/nothing", "make_link/x", "file.txt/x", ".env"):
            assert reason_of(lambda p=path: root.open_file(p)) != "opened"
            assert reason_of(lambda p=path: root.open_folder(p)) != "opened"
        assert reason_of(lambda: root.open_file("a")) == "isFolder"
        descriptor = root.open_file("a/b/c/file.txt")
        assert not os.get_inheritable(descriptor)
        os.close(descriptor)
    assert set(os.listdir("/proc/self/fd")) == before


def test_a_platform_without_descriptor_opens_says_so(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "supports_dir_fd", set[object]())
    with pytest.raises(NotSupported):
        GuardedRoot.open(str(folder))
    with pytest.raises(NotSupported):
        open_beneath(0, "file.txt")


def test_both_implementations_are_really_tested() -> None:
    """Where the kernel has no `openat2`, the two halves of this file would test the walk twice."""
    old_kernel = tuple(int(part) for part in os.uname().release.split(".")[:2]) < (5, 6)
    filtered = "Seccomp:\t0" not in Path("/proc/self/status").read_text()
    assert openat2() is not None or old_kernel or filtered


FORBIDDEN = """
import ctypes, os, struct, sys
instructions = struct.pack(
    "=HBBIHBBIHBBIHBBI",
    0x20, 0, 0, 0,  # load the number of the system call
    0x15, 0, 1, 437,  # is it openat2?
    0x06, 0, 0, 0x00050000 | int(sys.argv[2]),  # then fail with this error
    0x06, 0, 0, 0x7FFF0000,  # else allow
)
program = struct.pack("@HP", 4, ctypes.cast(ctypes.c_char_p(instructions), ctypes.c_void_p).value)
libc = ctypes.CDLL(None, use_errno=True)
assert libc.prctl(38, 1, 0, 0, 0) == 0, "PR_SET_NO_NEW_PRIVS"
assert libc.prctl(22, 2, ctypes.c_char_p(program), 0, 0) == 0, "PR_SET_SECCOMP"

from forkpoint.model.failures import PathRefused
from forkpoint.stores.guarded_open import GuardedRoot
from forkpoint.stores.openat2 import openat2

assert openat2() is None
with GuardedRoot.open(sys.argv[1]) as root:
    sys.stdout.write(os.read(root.open_file("file.txt"), 100).decode())
    try:
        root.open_file("link")
    except PathRefused as refused:
        sys.stdout.write(" " + refused.reason)
"""
"""Forbids itself `openat2` as a container's filter does. Source: seccomp(2), linux/filter.h."""


@pytest.mark.parametrize("error", [errno.EPERM, errno.ENOSYS])
def test_where_the_call_is_forbidden_the_walk_takes_over(folder: Path, error: int) -> None:
    (folder / "link").symlink_to("file.txt")
    command = [sys.executable, "-c", FORBIDDEN, str(folder), str(error)]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "plain content link"


ENOUGH_SWAPS = 100
"""How often the names must change places before the test says anything."""


@pytest.mark.parametrize("target", ["folder", "name"])
def test_swapping_links_in_leaks_nothing(folder: Path, walk: bool, target: str) -> None:
    """A thread swaps a folder, or the last name, with a link to the secret; a control by name must leak it."""
    if target == "folder":
        link, path = folder / "a" / "swapped", "a/b/file.txt"
        (folder / "a" / "b" / "file.txt").write_bytes(PLAIN)
        link.symlink_to(folder.parent / "outside")
        victim = folder / "a" / "b"
    else:
        link, path = folder / "swapped", "file.txt"
        link.symlink_to(folder.parent / "outside" / "file.txt")
        victim = folder / "file.txt"
    seen: dict[str, int] = {}
    leaked_by_name = False
    with GuardedRoot.open(str(folder), walk=walk) as root, Swapping(str(victim), str(link)) as attack:
        ends = time.monotonic() + 0.5
        while time.monotonic() < ends or not (
            leaked_by_name and {"plain", "link"} <= seen.keys() and attack.swaps > ENOUGH_SWAPS
        ):
            assert time.monotonic() < ends + 45, f"the attack never met the reads: {seen}, {attack.swaps} swaps"
            leaked_by_name = leaked_by_name or (folder / path).read_bytes() == SECRET
            outcome = _outcome(root, path)
            seen[outcome] = seen.get(outcome, 0) + 1
            assert outcome != "leaked", seen
    assert seen.keys() <= {"plain", "link", "fileNotFound"}


def _outcome(root: GuardedRoot, path: str) -> str:
    try:
        read = content(root.open_file(path))
    except PathRefused as refused:
        return refused.reason
    except FileNotFound:
        return "fileNotFound"
    return "plain" if read == PLAIN else "leaked"
