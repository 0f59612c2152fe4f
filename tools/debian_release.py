"""Packages of a newer release of Debian, unpacked into a folder: nothing is installed, and no privilege is needed."""

import re
import shutil
import tempfile
from pathlib import Path

from tools.shell import Missing, quietly, say

KEYS = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
"""What Debian signs its releases with, as Debian itself brings it."""
SYSTEM = Path("/etc/os-release")


def unpack(folder: Path, release: str, *names: str) -> None:
    """Unpack packages of a release with everything they need, down to the C library.

    apt-get is given lists, a cache and a state of its own, all below the folder and gone afterwards, so that the system
    keeps its packages and its lists, and a system that is being changed at the same time is not in the way. `Missing`
    where the system is not Debian, or apt-get cannot fetch.
    """
    mirror = _mirror()
    say(f"Fetching {', '.join(names)} of Debian {release} (once) ...")
    with tempfile.TemporaryDirectory(prefix="apt-", dir=folder) as scratch:
        options = _own_state(Path(scratch), f"deb [signed-by={KEYS}] {mirror} {release} main\n")
        quietly(["apt-get", *options, "update"], "Fetching the list of packages with apt-get")
        download = ["install", "--download-only", "--no-install-recommends", "--yes", *names]
        quietly(["apt-get", *options, *download], "Fetching packages with apt-get")
        for package in sorted(Path(scratch, "cache", "archives").glob("*.deb")):
            quietly(["dpkg-deb", "--extract", package, folder], "Unpacking with dpkg-deb")


def _mirror() -> str:
    """Give the address that this system has Debian from."""
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb") and KEYS.is_file()):
        raise Missing("This system is not Debian, so that no package of Debian can be had.")
    release = re.search(r'^VERSION_CODENAME="?([\w-]+)"?$', SYSTEM.read_text(encoding="utf-8"), re.MULTILINE)
    sources = quietly(["apt-get", "update", "--print-uris"], "Asking apt-get for its sources")
    mirror = re.search(rf"'(\S+)/dists/{release[1]}/InRelease'", sources) if release else None
    if mirror is None:
        raise Missing("apt-get names no source of this system's own release.")
    return mirror[1]


def _own_state(scratch: Path, source: str) -> list[str]:
    """Give the options that keep apt-get inside a folder."""
    for name in ("lists/partial", "cache/archives/partial"):
        (scratch / name).mkdir(parents=True)
    (scratch / "sources.list").write_text(source)
    (scratch / "status").touch()
    settings = {
        "Dir::Etc::SourceList": scratch / "sources.list",
        "Dir::Etc::SourceParts": "/dev/null",
        "Dir::State": scratch,
        "Dir::State::Lists": scratch / "lists",
        "Dir::State::Status": scratch / "status",
        "Dir::Cache": scratch / "cache",
        "Acquire::Languages": "none",
        # Run by root it would fetch as a user who may not enter this folder.
        "APT::Sandbox::User": "root",
    }
    return [word for name, value in settings.items() for word in ("-o", f"{name}={value}")]
