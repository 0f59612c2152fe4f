"""The folder that large tools are kept in, each once per version, for all clones."""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tools.shell import WINDOWS, Missing, say


def tools_folder() -> Path:
    """Give the folder."""
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
        try:
            staged.rename(folder)
        except OSError:  # somebody else was first
            if not folder.is_dir():
                raise
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    return folder
