"""The VS Code package: what is in it, and that the server in it runs on any Python, whatever lies around."""

import ast
import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from importlib.metadata import Distribution, distributions
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from forkpoint.model.version import VERSION
from tests.architecture.source_files import ROOT, SERVER
from tests.editors.packaged import Bundle, Interpreter, find_package
from tests.end_to_end.server_process import PATIENCE
from tests.samples_home import SampleHome, make_home
from tools import vsix as packing
from tools.server_bundle import LOCK, make_bundle
from tools.shell import Failed

MOST_BYTES = 3_000_000
EXTENSION = ROOT / "editor_client" / "vscode"
IN_PACKAGE = "extension/dist/server/"
TRAPS = ("json", "asyncio", "queue", "pygls", "attrs", "forkpoint", "search_path", "msgspec", "idna")
"""Modules of the standard library, of the bundle, and one that is not installed."""


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package."""
    return find_package(tmp_path_factory.mktemp("package"))


@pytest.fixture(scope="session")
def contents(package: Path) -> dict[str, bytes]:
    """The package's files by name."""
    with ZipFile(package) as archive:
        return {entry.filename: archive.read(entry) for entry in archive.infolist() if not entry.is_dir()}


@pytest.fixture(scope="session")
def bundle(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """The server in the package, unpacked where a path is not all letters."""
    return Bundle.unpack(package, tmp_path_factory.mktemp("unpacked") / "Ana's editor, ünï")


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Interpreter:
    """A Python without any package."""
    return Interpreter.make(tmp_path_factory.mktemp("pythons") / "bare")


@pytest.fixture
def own(tmp_path: Path) -> Interpreter:
    """A Python without any package that the test may fill."""
    return Interpreter.make(tmp_path / "python")


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> SampleHome:
    """A home with sessions."""
    return make_home(tmp_path_factory.mktemp("sample"))


# --- what is in it ---------------------------------------------------------------------------------------------------


def test_it_is_small(package: Path) -> None:
    assert package.stat().st_size < MOST_BYTES


def test_all_versions_are_one(contents: dict[str, bytes]) -> None:
    assert json.loads(contents["extension/package.json"])["version"] == VERSION
    assert packing.the_version() == VERSION


def test_two_versions_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "package.json").write_text('{"version": "9.9.9"}')
    monkeypatch.setattr(packing, "EXTENSION", tmp_path)
    with pytest.raises(Failed, match=re.escape(f"says version 9.9.9, the server says {VERSION}")):
        packing.make_vsix(tmp_path / "out.vsix")


def test_it_has_the_whole_server_and_nothing_of_its_workshop(contents: dict[str, bytes]) -> None:
    ours = IN_PACKAGE + "packages/forkpoint/"
    packed = {name.removeprefix(ours): data for name, data in contents.items() if name.startswith(ours)}
    written = {path.relative_to(SERVER).as_posix(): path.read_bytes() for path in SERVER.rglob("*.py")}
    assert packed == {name: data for name, data in written.items() if not name.startswith("generate/")}


def test_it_has_what_runs_and_no_more(contents: dict[str, bytes]) -> None:
    assert {"extension/dist/extension.js", "extension/dist/licenses.txt", "extension/LICENSE.txt"} <= contents.keys()
    assert {IN_PACKAGE + name for name in ("start.py", "probe.py", "search_path.py")} <= contents.keys()
    kinds = {name.rpartition(".")[2] for name in contents if name.startswith(IN_PACKAGE) and ".dist-info/" not in name}
    assert kinds == {"py"}
    left_out = re.compile(r"/(node_modules|src|test|tests|bin|__pycache__|forkpoint_client)/|\.(map|ts)$")
    assert [name for name in contents if left_out.search(name)] == []


def test_each_package_brings_its_licence(contents: dict[str, bytes]) -> None:
    described = {name.rpartition("/")[0] for name in contents if name.endswith(".dist-info/METADATA")}
    assert len(described) == len(pinned())
    for folder in described:
        assert any(name.startswith(f"{folder}/licenses/") for name in contents), folder


def test_what_is_bundled_from_npm_is_named_with_its_licence(contents: dict[str, bytes]) -> None:
    bundled = contents["extension/dist/licenses.txt"].decode()
    for name, version in json.loads(contents["extension/package.json"])["dependencies"].items():
        assert f"{name} {version}\n\n" in bundled


def test_the_projects_licence_is_one_text(contents: dict[str, bytes]) -> None:
    assert contents["extension/LICENSE.txt"] == (ROOT / "LICENSE").read_bytes()


# --- what is pinned --------------------------------------------------------------------------------------------------


def pinned() -> dict[str, str]:
    """Give the pinned versions by name."""
    lines = re.findall(r"^(\S+)==(\S+) --hash=sha256:[0-9a-f]{64}$", LOCK.read_text(), re.MULTILINE)
    return {canonicalize_name(name): version for name, version in lines}


def packed(bundle: Bundle) -> dict[str, Distribution]:
    """Give the packed distributions by name."""
    return {canonicalize_name(found.name): found for found in distributions(path=[str(bundle.folder / "packages")])}


def test_what_is_packed_is_what_is_pinned(bundle: Bundle) -> None:
    assert {name: found.version for name, found in packed(bundle).items()} == pinned()


def test_what_is_pinned_is_all_that_is_needed(bundle: Bundle) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    transitive = [text for found in packed(bundle).values() for text in found.requires or []]
    for python in ("3.11", "3.12", "3.13", "3.14"):
        surroundings = {"python_version": python, "python_full_version": f"{python}.0", "extra": ""}
        for needed in map(Requirement, [*project, *transitive]):
            if needed.marker is None or needed.marker.evaluate(surroundings):
                assert needed.specifier.contains(pinned()[canonicalize_name(needed.name)]), (python, str(needed))


def test_a_new_bundle_replaces_the_old_one_whole(tmp_path: Path) -> None:
    folder = tmp_path / "server"
    make_bundle(folder)
    (folder / "packages" / "left_over.py").write_text("")
    make_bundle(folder)
    assert not (folder / "packages" / "left_over.py").exists()
    assert (folder / "start.py").exists()
    assert list(tmp_path.iterdir()) == [folder]


# --- that it runs ----------------------------------------------------------------------------------------------------


async def test_it_serves_on_a_python_without_packages(bundle: Bundle, bare: Interpreter, sample: SampleHome) -> None:
    async with bundle.server(bare, sample.home) as server:
        begun = await server.initialize([sample.work_dir])
        assert begun["serverInfo"] == {"name": "forkpoint", "version": VERSION}
        listed = await server.request("sessions/list", {"archived": "all"})
        assert {row["sessionId"] for row in listed["items"]} == set(sample.sessions.values())
        page = await server.request("history/read", {"sessionId": sample.sessions["importer"]})
        assert page["entries"]
        stats = await server.request("git/diffStats", {"folder": str(sample.work_dir)})
        assert stats["hasChanges"]
        assert await server.shutdown() == 0
        assert server.stray == b""


@pytest.mark.parametrize("installed", [False, True], ids=["bare", "with msgspec"])
async def test_msgspec_is_used_where_the_python_has_it(
    bundle: Bundle, own: Interpreter, sample: SampleHome, installed: bool
) -> None:
    if installed:
        own.add_msgspec()
    async with bundle.server(own, sample.home, flags=["-v"]) as server:
        await server.initialize()
        assert (await server.request("sessions/list", {"archived": "all"}))["items"]
        assert await server.shutdown() == 0
        loaded = re.search(rb"# extension module 'msgspec._core' loaded from '(.+)'", server.stderr)
    assert (loaded is not None and Path(os.fsdecode(loaded[1])).is_relative_to(own.packages)) == installed
    assert b"'pygls' #" in server.stderr  # without `-v` this test would see nothing


async def test_another_version_in_the_python_is_not_taken(bundle: Bundle, own: Interpreter, sample: SampleHome) -> None:
    for name in ("pygls", "lsprotocol", "attr", "anyio", "forkpoint"):
        (own.packages / name).mkdir()
        (own.packages / name / "__init__.py").write_text(f"raise ImportError('the wrong {name}')\n")
    async with bundle.server(own, sample.home) as server:
        await server.initialize()
        assert (await server.request("sessions/list"))["items"]
        assert await server.shutdown() == 0


def forbid_writing(folders: Iterable[Path]) -> None:
    """Make folders read-only. Root may write all the same; it is kept from caching code by a file of that name."""
    for folder in folders:
        (folder / "__pycache__").touch()
        folder.chmod(0o555)


def allow_writing(folders: Iterable[Path]) -> None:
    """Let pytest remove them."""
    for folder in folders:
        folder.chmod(0o755)


async def test_nothing_has_to_be_written_beside_it(package: Path, bare: Interpreter, tmp_path: Path) -> None:
    bundle = Bundle.unpack(package, tmp_path / "unpacked")
    folders = [bundle.folder, *(path for path in bundle.folder.rglob("*") if path.is_dir())]
    forbid_writing(folders)
    before = sorted(bundle.folder.rglob("*"))
    try:
        async with bundle.server(bare, tmp_path / "home") as server:
            await server.initialize()
            assert "agents" in await server.request("agents/list")
            assert await server.shutdown() == 0
        assert sorted(bundle.folder.rglob("*")) == before
    finally:
        allow_writing(folders)


def test_it_is_the_command_for_people_too(bundle: Bundle, bare: Interpreter, sample: SampleHome) -> None:
    listed = bundle.run(bare, sample.home, "start.py", "sessions", "--all")
    assert (listed.returncode, listed.stderr) == (0, "")
    assert "Speed up the importer" in listed.stdout
    refused = bundle.run(bare, sample.home, "start.py", "no-such-command")
    assert refused.returncode == 2
    assert "no-such-command" in refused.stderr


# --- a hostile folder ------------------------------------------------------------------------------------------------


@pytest.fixture
def trap(tmp_path: Path) -> Path:
    """A folder with modules that tell on whoever imports them, here and one folder deeper."""
    folder = tmp_path / "workspace"
    for place in (folder, folder / "lib"):
        place.mkdir()
        for name in TRAPS:
            (place / f"{name}.py").write_text("open(__file__ + '.imported', 'w').close()\nraise SystemExit(1)\n")
    return folder


def sprung(trap: Path) -> list[str]:
    """Give the modules that were imported from the trap."""
    return sorted(path.relative_to(trap).as_posix() for path in trap.rglob("*.imported"))


def test_the_trap_works(trap: Path, bare: Interpreter) -> None:
    done = subprocess.run([bare.program, "-c", "import json"], cwd=trap, env={"PYTHONPATH": "."}, timeout=PATIENCE)
    assert (done.returncode, sprung(trap)) == (1, ["json.py.imported"])


@pytest.mark.parametrize(
    ("flags", "python_path"),
    [
        *(([], path) for path in (None, "", ".", ":", "lib", "lib:.", "./lib/../lib:", "{trap}", "{trap}/lib:{trap}")),
        *(([flag], "lib:.") for flag in ("-P", "-E", "-I")),
    ],
)
async def test_nothing_is_imported_from_where_it_is_started(
    bundle: Bundle, bare: Interpreter, trap: Path, tmp_path: Path, flags: list[str], python_path: str | None
) -> None:
    environment = {} if python_path is None else {"PYTHONPATH": python_path.format(trap=trap)}
    server = bundle.server(bare, tmp_path / "home", flags=flags, environment=environment, cwd=trap)
    async with server:
        await server.initialize()
        assert "agents" in await server.request("agents/list")
        assert await server.shutdown() == 0
    probed = bundle.run(bare, tmp_path / "home", "probe.py", environment=environment, cwd=trap)
    assert json.loads(probed.stdout)["speedups"] == []
    assert sprung(trap) == []


def test_the_packages_come_first_and_the_scripts_not_at_all(bundle: Bundle, bare: Interpreter) -> None:
    use = "import sys; sys.path.insert(0, sys.argv[1]); from search_path import use_bundle; use_bundle(sys.argv[1])"
    done = subprocess.run(
        [bare.program, "-c", f"{use}; import json; print(json.dumps(sys.path))", bundle.folder],
        capture_output=True,
        timeout=PATIENCE,
    )
    found = json.loads(done.stdout)
    assert found[0] == str(bundle.folder / "packages")
    assert found[-1] == str(bare.packages)
    assert str(bundle.folder) not in found
    assert all(map(os.path.isabs, found))  # `-c` had put the current folder there, as an empty entry


def test_the_standard_library_stays_when_it_is_named(bundle: Bundle, bare: Interpreter, tmp_path: Path) -> None:
    library = {"PYTHONPATH": str(Path(os.__file__).parent)}
    assert bundle.run(bare, tmp_path, "start.py", "--help", environment=library).returncode == 0


def test_a_folder_that_is_gone_does_not_matter(bundle: Bundle, bare: Interpreter, tmp_path: Path) -> None:
    """The shell removes the folder it stands in, and becomes the server."""
    gone = tmp_path / "gone"
    gone.mkdir()
    words = [bare.program, bundle.folder / "start.py", "--help"]
    done = subprocess.run(
        ["sh", "-c", 'rmdir "$PWD" && exec "$@"', "sh", *words],
        cwd=gone,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr
    assert not gone.exists()


# --- the probe -------------------------------------------------------------------------------------------------------


def test_the_probe_tells_what_the_python_is(bundle: Bundle, own: Interpreter, tmp_path: Path) -> None:
    (own.packages / "watchfiles").mkdir()  # what an uninstall may leave behind
    before = json.loads(bundle.run(own, tmp_path, "probe.py").stdout)
    own.add_msgspec()
    after = json.loads(bundle.run(own, tmp_path, "probe.py").stdout)
    assert before == {
        "version": ".".join(map(str, sys.version_info[:3])),
        "supported": True,
        "speedups": [],
        "executable": str(own.program),
    }
    assert after == before | {"speedups": ["msgspec"]}


def test_what_an_old_python_reads_it_can_read() -> None:
    for script in ("start.py", "probe.py", "search_path.py"):
        ast.parse((EXTENSION / "server" / script).read_text(), feature_version=(3, 6))


@pytest.mark.parametrize("script", ["start.py", "probe.py"])
def test_an_old_python_is_told_so(bundle: Bundle, bare: Interpreter, script: str) -> None:
    pretend = (
        "import runpy, sys; sys.version_info = (3, 9, 18, 'final', 0); runpy.run_path(sys.argv[1], {}, '__main__')"
    )
    done = subprocess.run(
        [bare.program, "-c", pretend, bundle.folder / script], capture_output=True, text=True, timeout=PATIENCE
    )
    if script == "probe.py":
        assert json.loads(done.stdout).items() >= {"version": "3.9.18", "supported": False, "speedups": []}.items()
    else:
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr == "forkpoint: Python 3.9.18 is too old; 3.11 or newer is needed\n"
