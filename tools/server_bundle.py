"""The server as the VS Code package carries it: our code and its pure dependencies, for any Python from 3.11 on.

`server_requirements.txt` beside the extension's manifest pins the dependencies to the byte. Nothing in the bundle is
compiled; msgspec and watchfiles are used when the Python that runs it has them.
"""

import hashlib
import json
import shutil
import tempfile
import tomllib
from pathlib import Path
from typing import Any

from tools.cache import tool
from tools.environment import venv_program
from tools.node import EXTENSION
from tools.shell import ROOT, quietly

LOCK = EXTENSION / "server_requirements.txt"
SCRIPTS = EXTENSION / "server"
"""What starts the bundle; its files lie beside the packages."""
SERVER = ROOT / "server" / "forkpoint"
ANY_PYTHON = ("--only-binary", ":all:", "--platform", "any", "--implementation", "py", "--abi", "none")
"""Asks pip for wheels that run everywhere."""
OLDEST = ("--python-version", "3.11")

HEAD = """\
# The packages that the .vsix carries: pyproject.toml's dependencies and theirs, each as one exact file.
# Made by `python3 dev.py vsix --upgrade`, which takes the newest versions that pyproject.toml allows.
"""


def make_bundle(folder: Path) -> None:
    """Make the bundle anew in `folder`; what was there before is replaced when the new one is whole."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    staged = Path(tempfile.mkdtemp(prefix=f"{folder.name}.", dir=folder.parent))
    try:
        new, old = staged / "new", staged / "old"
        shutil.copytree(SCRIPTS, new, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copytree(dependencies(), new / "packages")
        left_out = shutil.ignore_patterns("__pycache__", "generate", "py.typed")
        shutil.copytree(SERVER, new / "packages" / "forkpoint", ignore=left_out)
        if folder.exists():
            folder.rename(old)
        new.rename(folder)
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def dependencies() -> Path:
    """Give a folder with the pinned packages, from the cache or installed there."""

    def install(folder: Path) -> None:
        flags = ["--quiet", "--no-compile", "--no-deps", "--require-hashes", *ANY_PYTHON, *OLDEST]
        pip = [venv_program("python"), "-m", "pip", "install", *flags]
        quietly([*pip, "--target", folder, "--requirement", LOCK], "Installing the server's packages with pip")
        _tidy(folder)

    return tool("server-packages", hashlib.sha256(LOCK.read_bytes()).hexdigest()[:12], install)


def _tidy(folder: Path) -> None:
    """Leave out what only pip needs; licences and metadata stay."""
    shutil.rmtree(folder / "bin", ignore_errors=True)
    for described in folder.glob("*.dist-info"):
        for name in ("RECORD", "INSTALLER", "REQUESTED", "WHEEL", "direct_url.json"):
            (described / name).unlink(missing_ok=True)


def upgrade_lock() -> list[str]:
    """Write `server_requirements.txt` anew from pyproject.toml; give the lines that pin a package."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    with tempfile.TemporaryDirectory() as nowhere:
        flags = ["--quiet", "--dry-run", "--ignore-installed", "--report", "-", "--target", nowhere]
        pip = [venv_program("python"), "-m", "pip", "install", *flags, *ANY_PYTHON, *OLDEST]
        report = quietly([*pip, *project["dependencies"]], "Resolving the server's packages with pip")
    pinned = sorted(map(_pin, json.loads(report)["install"]))
    LOCK.write_text(HEAD + "".join(pinned), encoding="utf-8")
    return [line.partition(" ")[0] for line in pinned]


def _pin(found: dict[str, Any]) -> str:
    name, version = found["metadata"]["name"], found["metadata"]["version"]
    return f"{name}=={version} --hash=sha256:{found['download_info']['archive_info']['hashes']['sha256']}\n"
