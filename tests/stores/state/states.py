"""State folders as tests need them: of another version, with something in them, or damaged."""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from forkpoint.stores.state.database import StateDatabase
from forkpoint.stores.state.notes import NotesBook
from forkpoint.stores.state.schema import SCHEMA, Schema
from tests.end_to_end.server_process import ROOT

NEXT = Schema((*SCHEMA.steps, ("ALTER TABLE notes ADD COLUMN colour TEXT", "UPDATE notes SET colour = 'grey'")))
"""A version that does not exist yet."""
PATIENCE = 240.0
"""Seconds a process may take: it syncs to the disk hundreds of times, and others may be busy with that too."""
SPOILT_ROWS = 120
"""Rows of 500 bytes that make a database whose last quarter holds some of them, and nothing of its structure."""


def keep(folder: Path, schema: Schema, titles: Mapping[str, str]) -> None:
    """Write titles and leave the folder with nobody in it."""
    database = StateDatabase(str(folder), schema)
    for session_id, title in titles.items():
        NotesBook(database).change(session_id, {"title": title})
    database.close()


def spoil(path: Path) -> None:
    """Overwrite the last quarter of a database; its header still says that it is one."""
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(size - size // 4)
        file.write(b"\xa5" * (size // 4))


def started(module: str, *arguments: str) -> subprocess.Popen[str]:
    """Start a module of this folder as a process of its own."""
    command: Sequence[str] = (sys.executable, "-m", f"tests.stores.state.{module}", *arguments)
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finished(process: subprocess.Popen[str]) -> str:
    """Wait for a process that must end well, and give what it wrote."""
    out, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, errors
    return out
