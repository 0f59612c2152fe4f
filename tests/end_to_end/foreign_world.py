"""Two homes that other programs keep changing, in every way that the agents and people do."""

import json
import random
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

from tests.agents.pi_files import assistant, header, line, user, write
from tests.stores.small_kimi import SmallKimi

WORK_DIRS = ("/srv/a", "/srv/b")


class ForeignWorld:
    """A home of pi and one of Kimi; `act` does something to one of them, by the dice that it was given."""

    def __init__(self, home: Path, dice: random.Random) -> None:
        self._home = home
        self._dice = dice
        self._pi = home / ".pi/agent/sessions"
        self._kimi = SmallKimi(home)
        self._last = 0
        for _ in range(4):
            self.create_pi()
            self.create_kimi()
        self.acts: tuple[Callable[[], object], ...] = (
            self.create_pi, self.append_pi, self.replace_pi, self.delete_pi, self.move_pi, self.copy_pi,
            self.rename_project, self.create_kimi, self.append_kimi, self.title_kimi, self.delete_kimi,
            self.rotate_kimi, self.add_helper, self.rename_kimi, self.rewrite_index, self.move_home,
        )  # fmt: skip

    def act(self) -> str:
        """Do one thing; give its name. What another program took away meanwhile is let be."""
        what = self._dice.choice(self.acts)
        try:
            what()
        except FileNotFoundError:
            return f"{what.__name__} in vain"
        return what.__name__

    def settle(self) -> None:
        """Put back what a whole world has: homes that are away, and all folders in the index."""
        for name in (".pi", ".kimi"):
            if (self._home / f"{name}-away").exists():
                self._come_back(name)
        self._write_index(WORK_DIRS)

    # --- pi ---------------------------------------------------------------------------------------------------------

    def create_pi(self) -> None:
        """Write a new session file."""
        name = self._name()
        path = self._pi / f"--srv-{self._dice.choice('ab')}--" / f"2026-01-05T10-00-00-000Z_{name}.jsonl"
        write(path, header(id=name), user("u1", None, f"hello {name}"), assistant("a1", "u1", "yes"))

    def append_pi(self) -> None:
        """Append to a session."""
        with self._any_pi().open("ab") as file:
            file.write(line(user(self._name(), "a1", "more")))

    def replace_pi(self) -> None:
        """Write a session anew beside itself, and rename it into its place."""
        path = self._any_pi()
        beside = path.with_suffix(".tmp")
        beside.write_bytes(path.read_bytes() + line(user(self._name(), "a1", "once more")))
        beside.replace(path)

    def delete_pi(self) -> None:
        """Remove a session."""
        self._any_pi().unlink()

    def move_pi(self) -> None:
        """Move a session into another project."""
        path = self._any_pi()
        target = self._pi / f"--srv-{self._dice.choice('abc')}--" / path.name
        target.parent.mkdir(exist_ok=True)
        if not target.exists():
            path.rename(target)

    def copy_pi(self) -> None:
        """Copy a session: two files with one id."""
        path = self._any_pi()
        shutil.copy(path, path.with_name(f"{self._name()}.jsonl"))

    def rename_project(self) -> None:
        """Rename a folder of sessions."""
        self._any(self._pi.iterdir()).rename(self._pi / f"--srv-{self._name()}--")

    def _any_pi(self) -> Path:
        return self._any(self._pi.glob("*/*.jsonl"))

    # --- Kimi -------------------------------------------------------------------------------------------------------

    def create_kimi(self) -> None:
        """Make a new session."""
        name = self._name()
        self._kimi.add(name, self._dice.choice(WORK_DIRS), at=1_790_000_000 + self._last, text=f"kimi {name}")

    def append_kimi(self) -> None:
        """Let somebody say something more."""
        folder = self._any_kimi()
        said = {"timestamp": 1_790_000_100, "message": {"type": "TurnBegin", "payload": {"user_input": "again"}}}
        with (folder / "wire.jsonl").open("ab") as file:
            file.write(line(said))
        with (folder / "context.jsonl").open("ab") as file:
            file.write(line({"role": "user", "content": "again"}))

    def title_kimi(self) -> None:
        """Replace the small file that holds the title."""
        beside = self._any_kimi() / "state.json.tmp"
        beside.write_text(json.dumps({"version": 1, "archived": False, "custom_title": self._name()}))
        beside.replace(beside.with_suffix(""))

    def delete_kimi(self) -> None:
        """Remove a session."""
        shutil.rmtree(self._any_kimi(), ignore_errors=True)

    def rotate_kimi(self) -> None:
        """Begin the context anew, as a compaction does."""
        context = self._any_kimi() / "context.jsonl"
        context.rename(context.with_name(f"context_{self._last}.jsonl"))
        context.write_text('{"role": "user", "content": "new"}\n')

    def add_helper(self) -> None:
        """Let a helper agent write below a session."""
        folder = self._any_kimi() / "subagents" / self._name()
        folder.mkdir(parents=True)
        (folder / "wire.jsonl").write_text("{}\n")

    def rename_kimi(self) -> None:
        """Give a session another id."""
        folder = self._any_kimi()
        folder.rename(folder.with_name(self._name()))

    def rewrite_index(self) -> None:
        """Write kimi.json with more or with fewer folders."""
        self._write_index(self._dice.choice([WORK_DIRS, WORK_DIRS[1:]]))

    def _write_index(self, folders: tuple[str, ...]) -> None:
        rows = [{"path": path, "kaos": "local", "last_session_id": None} for path in folders]
        (self._kimi.root / "kimi.json").write_text(json.dumps({"work_dirs": rows}))

    def _any_kimi(self) -> Path:
        return self._any(path for path in (self._kimi.root / "sessions").glob("*/*") if path.is_dir())

    # --- homes ------------------------------------------------------------------------------------------------------

    def move_home(self) -> None:
        """Move a home away, or back if it is away."""
        name = self._dice.choice([".pi", ".kimi"])
        if (self._home / f"{name}-away").exists():
            self._come_back(name)
        else:
            (self._home / name).rename(self._home / f"{name}-away")

    def _come_back(self, name: str) -> None:
        home, away = self._home / name, self._home / f"{name}-away"
        if home.exists():  # somebody made a new one meanwhile
            shutil.copytree(home, away, dirs_exist_ok=True)
            shutil.rmtree(home)
        away.rename(home)

    def _any(self, paths: Iterable[Path]) -> Path:
        found = sorted(paths)
        if not found:
            raise FileNotFoundError
        return self._dice.choice(found)

    def _name(self) -> str:
        self._last += 1
        return f"s{self._last}"
