"""files/read and files/list over real sessions: which folder is read, which is refused, what wrong params say."""

import base64
import hashlib
import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from forkpoint.model.failures import Failure, PathRefused
from forkpoint.model.settings import Settings
from forkpoint.operations.assembly import Assembly
from forkpoint.operations.files import ListFilesParams, ReadFileParams, list_files, read_file
from forkpoint.operations.folders import folder_of
from forkpoint.operations.registry import InvalidParams
from forkpoint.operations.services import Services, SilentCall
from tests.sample_sessions import KimiWriter, Turn
from tests.samples_home import SampleHome, make_home


@pytest.fixture
def sample(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SampleHome:
    """The sample home as this process's HOME."""
    made = make_home(tmp_path)
    for name, value in made.environment().items():
        monkeypatch.setenv(name, value)
    return made


@pytest.fixture
def services(sample: SampleHome) -> Callable[..., Services]:
    """Makes the services of one call, with these settings and workspace folders."""

    def make(workspace: Sequence[Path] = (), **settings: Any) -> Services:
        chosen = Settings(**settings)
        assembly = Assembly(lambda: chosen, lambda: [str(folder) for folder in workspace], str(sample.home))
        return assembly.services(SilentCall())

    return make


def session_in(sample: SampleHome, work_dir: str, machine: str = "local") -> str:
    """Add a Kimi session that works in this folder, whatever the folder is; give its id."""
    share = sample.home / ".kimi"
    digest = hashlib.md5(work_dir.encode("utf-8", "surrogatepass")).hexdigest()
    native = f"00000000-0000-4000-8000-{digest[:12]}"
    folder = digest if machine == "local" else f"{machine}_{digest}"
    KimiWriter(1).turn(Turn("Where are we?", ["Here."])).save(share / "sessions" / folder / native)
    index = json.loads((share / "kimi.json").read_text())
    index["work_dirs"].append({"path": work_dir, "kaos": machine, "last_session_id": native})
    (share / "kimi.json").write_text(json.dumps(index))
    return f"kimi:{native}"


async def test_a_session_reads_and_lists_its_work_dir(sample: SampleHome, services: Callable[..., Services]) -> None:
    session = sample.sessions["importer"]
    listing = await list_files.run(services(), ListFilesParams(session_id=session))
    assert [(entry.name, entry.type) for entry in listing.entries] == [
        ("docs", "directory"),
        ("src", "directory"),
        (".gitignore", "file"),
        ("README.md", "file"),
        ("logo.png", "file"),
        ("notes.txt", "file"),
    ]
    assert listing.hidden == 2  # .git and .env
    below = await list_files.run(services(), ListFilesParams(session_id=session, path="docs"))
    assert [entry.name for entry in below.entries] == ["roadmap.md"]
    whole = await read_file.run(services(), ReadFileParams(session_id=session, path="README.md"))
    assert (whole.text, whole.size, whole.mime_type) == ("# Shop\n", 7, "text/markdown")
    part = await read_file.run(services(), ReadFileParams(session_id=session, path="README.md", offset=2, length=4))
    assert (part.text, part.size) == ("Shop", 7)


@pytest.mark.parametrize(
    ("path", "reason"), [(".env", "secretName"), ("../.kimi/kimi.json", "dotDot"), ("/etc/hostname", "absolute")]
)
async def test_what_lies_outside_or_is_secret_is_refused(
    sample: SampleHome, services: Callable[..., Services], path: str, reason: str
) -> None:
    with pytest.raises(PathRefused) as refused:
        await read_file.run(services(), ReadFileParams(session_id=sample.sessions["importer"], path=path))
    assert (refused.value.reason, refused.value.path) == (reason, path)


async def test_a_path_that_is_not_utf8_goes_as_base64(sample: SampleHome, services: Callable[..., Services]) -> None:
    (sample.work_dir / os.fsdecode(b"\xff.txt")).write_text("found")
    session = sample.sessions["importer"]
    listing = await list_files.run(services(), ListFilesParams(session_id=session))
    (name,) = [entry.name_base64 for entry in listing.entries if entry.name_base64 is not None]
    assert base64.b64decode(name) == b"\xff.txt"
    content = await read_file.run(services(), ReadFileParams(session_id=session, path="?", path_base64=name))
    assert content.text == "found"


@pytest.mark.parametrize(
    ("params", "paths"),
    [
        ({}, ["/path"]),
        ({"path": "x", "offset": -1}, ["/offset"]),
        ({"path": "x", "offset": -1, "length": -1}, ["/offset", "/length"]),
        ({"path_base64": "ä"}, ["/pathBase64"]),
        ({"path_base64": "YQ"}, ["/pathBase64"]),
    ],
)
async def test_wrong_params_are_named(services: Callable[..., Services], params: Any, paths: list[str]) -> None:
    with pytest.raises(InvalidParams) as wrong:
        await read_file.run(services(), ReadFileParams(session_id="kimi:any", **params))
    assert [path for path, _ in wrong.value.problems] == paths


@pytest.mark.parametrize(
    ("session", "folder", "path"), [(None, None, "/sessionId"), ("kimi:any", "/", "/folder"), (None, "x", "/folder")]
)
async def test_exactly_one_of_session_and_folder_is_given(
    services: Callable[..., Services], session: str | None, folder: str | None, path: str
) -> None:
    with pytest.raises(InvalidParams) as wrong:
        await folder_of(services(), session, folder)
    assert [where for where, _ in wrong.value.problems] == [path]


ROOTS = [
    ("{home}/shop", "ok", "ok"),
    ("{home}/shop/src", "ok", "ok"),
    ("{home}/alias", "ok", "ok"),
    ("{home}/notes", "ok", "outsideWorkspace"),
    ("{home}", "ok", "homeAsRoot"),
    ("/", "rootTooWide", "rootTooWide"),
    ("{home}/..", "rootTooWide", "rootTooWide"),
    ("{home}/wide", "rootTooWide", "rootTooWide"),
    ("{home}/.kimi/sessions", "agentHome", "agentHome"),
    ("{home}/.kimi", "agentHome", "agentHome"),
    ("{home}/shop/.git", "repositoryInternals", "repositoryInternals"),
    ("{home}/missing", "fileNotFound", "fileNotFound"),
    ("{home}/shop/README.md", "fileNotFound", "fileNotFound"),
    ("relative", "notSupported", "notSupported"),
    ("{home}/a\0b", "notSupported", "notSupported"),
]


@pytest.mark.parametrize(("work_dir", "standard", "public"), ROOTS)
async def test_a_work_dir_is_judged_before_anything_in_it_is_read(
    sample: SampleHome, services: Callable[..., Services], work_dir: str, standard: str, public: str
) -> None:
    (sample.home / "alias").symlink_to("shop")
    (sample.home / "wide").symlink_to("/")
    session = session_in(sample, work_dir.format(home=sample.home))
    for settings, expected in (({}, standard), ({"guard": "public"}, public), ({"trusted": False}, public)):
        assert await outcome(services([sample.home / "shop"], **settings), session) == expected, settings


async def outcome(services: Services, session: str) -> str:
    try:
        await list_files.run(services, ListFilesParams(session_id=session))
    except PathRefused as refused:
        return refused.reason
    except Failure as failure:
        return failure.kind
    return "ok"


async def test_a_session_in_the_home_sees_nothing_hidden(sample: SampleHome, services: Callable[..., Services]) -> None:
    session = session_in(sample, str(sample.home))
    listing = await list_files.run(services(), ListFilesParams(session_id=session))
    assert [entry.name for entry in listing.entries] == ["notes", "shop"]
    assert listing.hidden >= 2
    with pytest.raises(PathRefused) as refused:
        await read_file.run(services(), ReadFileParams(session_id=session, path=".kimi/kimi.json"))
    assert refused.value.reason == "hidden"


async def test_a_folder_reached_through_a_link_is_a_workspace_folder(
    sample: SampleHome, services: Callable[..., Services]
) -> None:
    (sample.home / "alias").symlink_to("shop")
    bag = services([sample.home / "alias"], guard="public")
    assert await folder_of(bag, sample.sessions["importer"], None) == str(sample.work_dir)


async def test_unknown_sessions_and_folders_of_other_machines_are_told(
    sample: SampleHome, services: Callable[..., Services]
) -> None:
    assert await outcome(services(), "kimi:nobody") == "sessionNotFound"
    assert await outcome(services(), session_in(sample, "/srv/api", machine="ssh")) == "remoteFolder"
