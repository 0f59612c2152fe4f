"""Two small agents' homes and what changes them, without a server and without an event loop."""

import json
import os
from pathlib import Path

from forkpoint.agents.discovery import adapters
from forkpoint.model.session import SessionRow
from forkpoint.model.settings import Settings
from forkpoint.stores.session_changes.changes import begin
from forkpoint.stores.session_changes.tools import ChangeTools
from forkpoint.stores.session_store import SessionStore
from forkpoint.stores.state.own_state import OwnState
from forkpoint.stores.workers import CancelFlag, Workers
from tests.agents.pi_files import assistant, header, user, write
from tests.stores.changing.setting import files_in
from tests.stores.small_kimi import SmallKimi

KIMI, PI = "kimi:one", "pi:a1b2"
AT = 1_700_000_000
"""When the sessions were last worked on, in seconds since 1970 UTC."""


class SmallWorld:
    """A folder with a session of Kimi and one of pi in it, and our own state."""

    def __init__(self, folder: Path, settings: Settings | None = None) -> None:
        """See the two homes under a folder, or what other settings say."""
        self.folder = folder
        self.state = OwnState(str(folder / "state"))
        own = Settings(homes={"kimi": (f"{folder}/.kimi",), "pi": (f"{folder}/.pi",)})
        self.store = SessionStore(Workers(), adapters(), lambda: settings or own, lambda: (), self.state)
        self.tools = ChangeTools(self.store, self.state)

    @classmethod
    def made(cls, folder: Path) -> "SmallWorld":
        """Make the two sessions, and our state, as an earlier change has left it."""
        own = SmallKimi(folder).add("one", "/w", at=AT, turns=3)
        heard = [("user", "hello"), ("assistant", "answer 0"), ("user", "hello 1"), ("assistant", "answer 1")]
        heard += [("user", "hello 2"), ("assistant", "answer 2")]
        rows = [json.dumps({"role": role, "content": text}) + "\n" for role, text in heard]
        (own / "context.jsonl").write_text("".join(rows))
        for name in ("wire.jsonl", "context.jsonl"):
            os.utime(own / name, (AT, AT))
        path = folder / ".pi" / "--w--" / "2023-11-14T22-13-20-000Z_a1b2.jsonl"
        said = [user("u1", None, "first"), assistant("x1", "u1", "yes"), user("u2", "x1", "second")]
        write(path, header(id="a1b2", cwd="/w"), *said, assistant("x2", "u2", "no"))
        os.utime(path, (AT, AT))
        world = cls(folder)
        world.state.notes.change("pi:elsewhere", {"pinned": True})
        world.start()
        world.state.database.close()
        return world

    def start(self) -> None:
        """Do what comes before the first change of a process."""
        begin(self.tools, CancelFlag())

    def files(self) -> dict[str, bytes]:
        """Give every file of the two homes."""
        return {
            f"{home}/{name}": body for home in (".kimi", ".pi") for name, body in files_in(self.folder / home).items()
        }

    def rows(self) -> dict[str, SessionRow]:
        """Give every session, read whole."""
        flag = CancelFlag()
        walk = self.store.finder.walk(flag)
        return {name: self.store.rows.row(found, walk, flag, whole=True) for name, found in walk.sessions.items()}

    def require_tidy(self) -> None:
        """Nothing temporary is left, and the book of the trash says what its folder does."""
        for top in (self.folder, (self.folder / "state").resolve()):
            assert list(top.rglob(".forkpoint-*")) == []
        assert self.state.staging.notes() == []
        in_book = {item.trash_id: item.settled for item in self.state.trash.items()}
        assert in_book == {manifest.label.trash_id: True for manifest in self.tools.trash.listed()}

    def kimi_index(self) -> list[str]:
        """Give the folders that kimi.json names."""
        index = json.loads((self.folder / ".kimi" / "kimi.json").read_text())
        return [entry["path"] for entry in index["work_dirs"]]
