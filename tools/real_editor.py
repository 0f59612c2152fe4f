"""A real VS Code for the tests: code-server, the Node it runs on, and a browser."""

import os
import shutil
from pathlib import Path

from tools.cache import tool
from tools.debian import system_packages
from tools.node import Node, node, node_from_npm
from tools.shell import Missing, quietly

CODE_SERVER = "4.139.1"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_BROWSERS = ("Chromium.app/Contents/MacOS/Chromium", "Google Chrome.app/Contents/MacOS/Google Chrome")


def editor_tools() -> dict[str, str]:
    """Give the paths of all of them, by the environment variable that tells the tests."""
    return {
        "FORKPOINT_NODE24": str(node_from_npm()),
        "FORKPOINT_CODE_SERVER": str(code_server()),
        "FORKPOINT_CHROMIUM": str(chromium()),
    }


def code_server() -> Path:
    """Give the script that starts code-server."""
    entry = "node_modules/code-server/out/node/entry.js"
    program = node_from_npm()

    def install(folder: Path) -> None:
        if shutil.which("apt-get"):
            system_packages("build-essential", "libkrb5-dev", "pkg-config", "python3")
        npm = node()
        compiling = Node(program, npm.npm, (program.parent, *npm.folders))
        # Its modules are compiled for the Node that will run them; a `nodedir` in the user's npm configuration would
        # name the headers of another.
        headers = {"npm_config_nodedir": str(program.parents[1])}
        compiling.install(folder, f"code-server@{CODE_SERVER}", env=headers)
        _check(program, [folder / entry], folder)

    return tool("code-server", CODE_SERVER, install) / entry


def chromium() -> Path:
    """Give the browser: `FORKPOINT_CHROMIUM`, one of this machine, or the one that apt-get installs."""
    if own := os.environ.get("FORKPOINT_CHROMIUM"):
        return Path(own)
    if found := _browser():
        return found
    system_packages("chromium")
    if found := _browser():
        return found
    raise Missing("There is no Chromium on this machine; please install one.")


def _browser() -> Path | None:
    on_path = filter(None, map(shutil.which, CHROMIUM_NAMES))
    applications = (Path("/Applications", name) for name in MAC_BROWSERS)
    return next((Path(name) for name in on_path), None) or next(filter(Path.exists, applications), None)


def _check(program: Path, script: list[Path], folder: Path) -> None:
    """See that it starts; code-server writes a configuration into HOME when it does."""
    home = {**os.environ, "HOME": str(folder / "home"), "XDG_CONFIG_HOME": str(folder / "home")}
    words = [program, *script, "--version"]
    quietly(words, "Starting " + " ".join(map(str, words)), env=home)
    shutil.rmtree(folder / "home", ignore_errors=True)
