"""A Python newer than the project's own floor, for programs of the tests that need one.

Kimi CLI wants Python 3.12 and the project runs on 3.11, the Python of Debian 12, so the Python that started `dev.py`
may be too old for it. A newer one of this machine is taken if there is one, else Debian's next release lends its own:
its packages are unpacked into the cache with the C library they were built for, and run by that library's loader.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.cache import tool
from tools.debian_release import unpack
from tools.shell import Missing, quietly

VERSIONS = ("3.13", "3.12", "3.14")
"""What serves, the best first: packages pinned for these have wheels for no later one."""
RELEASE = "trixie"
RELEASE_PYTHON = "3.13"
PROBE = "import ensurepip, json, platform, sys, venv; print(json.dumps([platform.python_version(), sys.executable]))"
LAUNCHER = """#!/bin/sh
# Starts the program beside this file with the libraries that came with it, from wherever the folder lies.
usr=$(dirname "$(dirname "$(readlink -f "$0")")")
exec "$usr/{loader}" --library-path "$usr/{libraries}" --argv0 "$0" "$usr/bin/{program}" "$@"
"""


@dataclass(frozen=True)
class Python:
    """A Python that can make virtual environments."""

    program: Path
    version: str
    wheel: Path | None = None
    """The wheel of pip that lies beside it; None where `venv` brings pip."""

    @property
    def tag(self) -> str:
        """What tells it from others in the name of a folder."""
        return f"{self.version}-{hashlib.sha256(str(self.program).encode()).hexdigest()[:8]}"

    def make_environment(self, folder: Path, *packages: str) -> None:
        """Make a virtual environment with packages from PyPI, and what they need."""
        bare = ["--without-pip"] if self.wheel else []
        quietly([self.program, "-m", "venv", *bare, folder], "Making an environment")
        pip = [self.wheel / "pip"] if self.wheel else ["-m", "pip"]
        install = [folder / "bin" / "python", *pip, "install", "--quiet", *packages]
        quietly(install, f"Installing {' '.join(packages)} with pip")


def newer_python() -> Python:
    """Give one of this machine, else Debian's; `Missing` where neither is to be had."""
    return next(pythons_here(), None) or debian_python()


def pythons_here() -> Iterator[Python]:
    """Find those that serve: the one that runs this, those on PATH, and those of pyenv."""
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    yield from _served(Path(sys.executable))
    for version in VERSIONS:
        if named := shutil.which(f"python{version}"):
            yield from _served(Path(named))
        for program in sorted(pyenv.glob(f"{version}.*/bin/python{version}"), reverse=True):
            yield from _served(program)


def _served(program: Path) -> Iterator[Python]:
    """Give the Python if it serves: pyenv's names on PATH may lead nowhere, and Debian's may be without `venv`."""
    done = subprocess.run([program, "-c", PROBE], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode == 0:
        version, executable = json.loads(done.stdout)
        if version.rpartition(".")[0] in VERSIONS:
            yield Python(Path(executable), version)


def debian_python() -> Python:
    """Give the Python of Debian's next release, unpacked into the cache."""
    name = f"python{RELEASE_PYTHON}"

    def install(folder: Path) -> None:
        try:
            unpack(folder, RELEASE, name, "python3-pip-whl")
        except Missing as reason:
            raise Missing(f"Please install Python {' or '.join(sorted(VERSIONS))}, with venv. {reason}") from None
        _add_launcher(folder / "usr", name)
        quietly([folder / "usr" / "bin" / name, "-c", "import ssl, sqlite3, venv"], f"Starting {name}")

    root = tool(f"debian-{name}", RELEASE, install) / "usr"
    return Python(root / "bin" / name, f"{RELEASE_PYTHON}-{RELEASE}", _wheel(root))


def _add_launcher(usr: Path, name: str) -> None:
    """Put a launcher in the program's place: the system's own C library may be too old for it."""
    loader = next(usr.glob("lib/*/ld-linux-*.so.*"), None)
    if loader is None:
        raise Missing("Debian's C library has no loader where one was expected.")
    program = usr / "bin" / name
    program.rename(program.with_name(f"{name}.program"))
    where = loader.relative_to(usr)
    program.write_text(LAUNCHER.format(loader=where, libraries=where.parent, program=f"{name}.program"))
    program.chmod(0o755)


def _wheel(usr: Path) -> Path:
    found = next(usr.glob("share/python-wheels/pip-*.whl"), None)
    if found is None:
        raise Missing("Debian's packages brought no pip.")
    return found
