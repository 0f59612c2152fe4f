"""Packages of the system, on Debian and its kin."""

import os
import shutil
import subprocess

from tools.shell import Missing, quietly, say


def system_packages(*names: str) -> None:
    """Install what is not installed yet; `Missing` where that needs a password, or where there is no apt-get."""
    missing = [name for name in names if not _installed(name)]
    if not missing:
        return
    if shutil.which("apt-get") is None:
        raise Missing(f"Please install, as this system calls them: {', '.join(missing)}.")
    as_root = _as_root()
    if as_root is None:
        raise Missing(f"Please run: sudo apt-get install {' '.join(missing)}")
    say(f"Installing {', '.join(missing)} with apt-get (once) ...")
    apt = [*as_root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-y"]
    install = [*apt, "install", "--no-install-recommends", *missing]
    try:
        quietly(install, "Installing with apt-get")
    except Missing:  # the lists of packages may be missing or old
        quietly([*apt, "update"], "Updating the lists of packages with apt-get")
        quietly(install, "Installing with apt-get")


def _installed(name: str) -> bool:
    if shutil.which("dpkg-query") is None:
        return False
    asked = subprocess.run(["dpkg-query", "--show", "--showformat=${db:Status-Status}", name], capture_output=True)
    return asked.stdout == b"installed"


def _as_root() -> list[str] | None:
    """Give what has to stand before a command to run it as root; None when that needs a password."""
    if os.geteuid() == 0:
        return []
    sudo = ["sudo", "-n"]
    able = shutil.which("sudo") and subprocess.run([*sudo, "true"], capture_output=True).returncode == 0
    return sudo if able else None
