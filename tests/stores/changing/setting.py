"""A home, a state folder and a runner for tests of changes."""

import json
import os
import secrets
from collections.abc import Sequence
from pathlib import Path

import attrs

from forkpoint.agents.writing import NewFolder, Plan, Replace, Step
from forkpoint.model.source import Stamp
from forkpoint.stores.changing.locks import Leases
from forkpoint.stores.changing.processes import ProcessMark, this_process
from forkpoint.stores.changing.runner import ChangeRunner, Committed
from forkpoint.stores.changing.staging import StagedNote, clean_staging
from forkpoint.stores.changing.trash import Trash
from forkpoint.stores.changing.trash_folder import TrashLabel
from forkpoint.stores.disk import stamp_of
from forkpoint.stores.workers import CancelFlag

LABEL = TrashLabel(trash_id="0a-1", session_id="pi:one", title="One", retired_at=1_700_000_000_000)


class FolderBook:
    """A staging book with a file per note."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def note(self, path: str, *, made: str | None = None, stays_with: str | None = None) -> int:
        self._folder.mkdir(parents=True, exist_ok=True)
        token = secrets.randbits(60)
        mark = this_process()
        (self._folder / str(token)).write_text(json.dumps([path, mark.pid, mark.started, made, stays_with]))
        return token

    def done(self, token: int) -> None:
        (self._folder / str(token)).unlink()

    def notes(self) -> Sequence[StagedNote]:
        found: list[StagedNote] = []
        for file in sorted(self._folder.iterdir()) if self._folder.exists() else ():
            text = file.read_text()
            # Killed between making the file and writing it, nothing has been made under the name.
            path, pid, started, made, stays_with = json.loads(text) if text else ("/", 0, "", None, None)
            process = ProcessMark(pid or 2**22 + 1, started)
            found.append(StagedNote(token=int(file.name), path=path, process=process, made=made, stays_with=stays_with))
        return found


@attrs.define
class Setting:
    """What a change needs."""

    home: Path
    state: Path
    trash_path: Path

    @classmethod
    def of(cls, folder: Path, trash: Path | None = None) -> "Setting":
        """Give the setting that lies in a folder; its home exists."""
        (folder / "home").mkdir(exist_ok=True)
        return cls(folder / "home", folder / "state", trash or folder / "state" / "trash")

    @property
    def book(self) -> FolderBook:
        return FolderBook(self.state / "book")

    @property
    def leases(self) -> Leases:
        return Leases(str(self.state / "locks"))

    @property
    def trash(self) -> Trash:
        return Trash(str(self.trash_path), self.leases, self.book)

    @property
    def runner(self) -> ChangeRunner:
        return ChangeRunner(self.book, self.leases, self.trash)

    def file(self, relative: str) -> str:
        """Give the absolute path of a file of the home."""
        return str(self.home / relative)

    def write(self, relative: str, content: bytes) -> Stamp:
        """Make a file of the home."""
        path = self.home / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return stamp(path)

    def run(
        self,
        step: Step,
        before: Sequence[Replace | NewFolder] = (),
        after: Sequence[Replace] = (),
        flag: CancelFlag | None = None,
        seen: dict[str, Stamp] | None = None,
    ) -> Committed:
        """Carry out one step."""
        path = step.paths[0] if hasattr(step, "paths") else step.path
        plan = Plan(before=before, step=step, after=after, native_id="one", path=path)
        return self.runner.run(plan, home=str(self.home), flag=flag or CancelFlag(), seen=seen, label=LABEL)

    def start(self) -> None:
        """Do what a start does."""
        assert self.trash.settle(CancelFlag()) == []
        assert clean_staging(self.book) == []

    def files(self) -> dict[str, bytes]:
        """Give every file of the home, by its path in it."""
        return files_in(self.home)

    def require_tidy(self) -> None:
        """Nothing temporary is left, and nothing noted."""
        for top in (self.home, self.state, self.trash_path):
            assert [path for path in top.rglob("*") if path.name.startswith(".forkpoint-")] == []
        assert self.book.notes() == []


def stamp(path: Path | str) -> Stamp:
    """Give a file's stamp."""
    return stamp_of(os.stat(path))


def files_in(folder: Path) -> dict[str, bytes]:
    """Give every file below a folder, by its path in it."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
