"""The size of the VS Code package, beside the part of it that is not the server."""

import tempfile
from pathlib import Path
from zipfile import ZipFile

from tests.benchmarks.table import Row
from tools.vsix import make_vsix

SERVER = "extension/dist/server/"


def measure() -> list[Row]:
    """Make the package and weigh it."""
    with tempfile.TemporaryDirectory() as folder:
        package = make_vsix(Path(folder) / "forkpoint.vsix")
        whole = package.stat().st_size
        with ZipFile(package) as archive:
            server = sum(entry.compress_size for entry in archive.infolist() if entry.filename.startswith(SERVER))
    return [Row(".vsix size", whole / 1e6, "without the server in it", (whole - server) / 1e6, "< 3 MB", unit="MB")]
