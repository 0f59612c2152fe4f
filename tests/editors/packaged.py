"""The VS Code package of this run, unpacked, and Pythons that it could meet."""

import os
import shutil
import subprocess
import sysconfig
import venv
from collections.abc import Mapping, Sequence
from pathlib import Path
from zipfile import ZipFile

import attrs
import msgspec

from tests.end_to_end.server_process import PATIENCE, ServerProcess, server_environment
from tools.vsix import make_vsix


def find_package(folder: Path) -> Path:
    """Give the package that `dev.py test` made; where the tests were started without it, make one in the folder."""
    made = os.environ.get("FORKPOINT_VSIX")
    return Path(made) if made else make_vsix(folder / "forkpoint.vsix")


@attrs.frozen
class Interpreter:
    """A virtual environment of its own, without any package."""

    folder: Path

    @classmethod
    def make(cls, folder: Path) -> "Interpreter":
        """Make it in a folder that does not exist yet."""
        venv.create(folder, symlinks=os.name != "nt")
        return cls(folder)

    @property
    def program(self) -> Path:
        """Its Python."""
        return self.folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

    @property
    def packages(self) -> Path:
        """Its site-packages."""
        return Path(sysconfig.get_path("purelib", "venv", {"base": str(self.folder)}))

    def add_msgspec(self) -> None:
        """Give it the msgspec that the tests have."""
        shutil.copytree(Path(msgspec.__file__).parent, self.packages / "msgspec")


@attrs.frozen
class Bundle:
    """An unpacked package's `dist/server`."""

    folder: Path

    @classmethod
    def unpack(cls, package: Path, folder: Path) -> "Bundle":
        """Unpack a package into a folder."""
        with ZipFile(package) as archive:
            archive.extractall(folder)
        return cls(folder / "extension" / "dist" / "server")

    def server(
        self,
        python: Interpreter,
        home: Path,
        *,
        flags: Sequence[str] = (),
        environment: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> ServerProcess:
        """Give the server on a Python as VS Code would start it, not started yet; `flags` are Python's."""
        server = ServerProcess(home, cwd=cwd)
        server.command = [str(python.program), *flags, str(self.folder / "start.py"), "--stdio"]
        server.env = _environment(home, environment)
        return server

    def run(
        self,
        python: Interpreter,
        home: Path,
        *words: str,
        environment: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run one of its scripts, the first word, to the end."""
        script, *arguments = words
        return subprocess.run(
            [python.program, self.folder / script, *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            env=_environment(home, environment),
            cwd=cwd or home,
            timeout=PATIENCE,
        )


def _environment(home: Path, more: Mapping[str, str] | None) -> dict[str, str]:
    plain = server_environment(home)
    del plain["PYTHONPATH"]
    return plain | dict(more or {})
