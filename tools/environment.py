"""The Python environment of the project, `.venv`."""

import hashlib
import shutil
import sys
from pathlib import Path

from tools.shell import ROOT, WINDOWS, Missing, quietly, say

VENV = ROOT / ".venv"


def venv_program(name: str) -> Path:
    """Give a program of the environment."""
    return VENV / ("Scripts" if WINDOWS else "bin") / (name + (".exe" if WINDOWS else ""))


def make_environment() -> None:
    """Make `.venv`, or bring it up to date when pyproject.toml, the interpreter or the folder changed."""
    if shutil.which("git") is None:
        raise Missing("git is missing; install it with the system's package manager.")
    stamp, wanted = VENV / "installed-from", _stamp()
    if stamp.is_file() and stamp.read_text() == wanted and venv_program("python").exists():
        return
    say("Preparing .venv (once, and again when pyproject.toml changes) ...")
    if not _runs():
        quietly([sys.executable, "-m", "venv", "--clear", VENV], "Making .venv (Debian: apt install python3-venv)")
    quietly(
        [venv_program("python"), "-m", "pip", "install", "--quiet", "--editable", ".[dev,fast]"],
        "Installing the packages with pip",
    )
    stamp.write_text(wanted)


def _stamp() -> str:
    """Give what the environment depends on, as text."""
    digest = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()
    return f"{digest}\n{sys.version}\n{ROOT}\n"


def _runs() -> bool:
    """Tell whether the environment is there, works and is of this Python's version."""
    if not venv_program("python").exists():
        return False
    try:
        said = quietly([venv_program("python"), "-c", "import sys, pip; print(sys.version)"], "The old .venv")
    except Missing:
        return False
    return said.strip() == sys.version.strip()
