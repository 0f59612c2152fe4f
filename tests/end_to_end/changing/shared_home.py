"""A home with a few sessions that everybody works on, for tests in which several processes change it."""

import json
import os
from pathlib import Path

import attrs

from forkpoint.stores.state.own_state import OwnState
from tests.agents.pi_files import assistant, header, user, write
from tests.end_to_end.server_process import server_environment
from tests.stores.small_kimi import SmallKimi

AT = 1_700_000_000
"""When the sessions were last worked on, in seconds since 1970 UTC."""
PI_TALKS, KIMI_TALKS = 3, 3


@attrs.frozen(kw_only=True)
class SharedHome:
    """What was made, and where."""

    home: Path
    """The HOME of it."""
    work_dir: Path
    """The folder that its sessions work in."""
    pi: dict[str, Path]
    """The transcript of each session of pi, by session id."""
    kimi: dict[str, Path]
    """The folder of each session of Kimi, by session id."""

    @classmethod
    def made(cls, folder: Path) -> "SharedHome":
        """Make it in an empty folder."""
        home = folder.resolve() / "ana"
        work_dir = home / "shop"
        work_dir.mkdir(parents=True)
        pi, kimi = dict[str, Path](), dict[str, Path]()
        for number in range(PI_TALKS):
            name = f"a1b2-{number}"
            path = home / ".pi" / "agent" / "sessions" / "--shop--" / f"2023-11-14T22-13-2{number}-000Z_{name}.jsonl"
            said = [user("u1", None, "first"), assistant("x1", "u1", "yes"), user("u2", "x1", "second")]
            write(path, header(id=name, cwd=str(work_dir)), *said, assistant("x2", "u2", "no"))
            os.utime(path, (AT, AT))
            pi[f"pi:{name}"] = path
        agent = SmallKimi(home)
        for number in range(KIMI_TALKS):
            name = f"5d2f0d0e-8a55-4f0e-9a53-0f2f3c1b7a1{number}"
            own = agent.add(name, work_dir, at=AT, turns=3)
            heard = [("user", "hello"), ("assistant", "answer 0"), ("user", "hello 1"), ("assistant", "answer 1")]
            heard += [("user", "hello 2"), ("assistant", "answer 2")]
            rows = [json.dumps({"role": role, "content": text}) + "\n" for role, text in heard]
            (own / "context.jsonl").write_text("".join(rows))
            for file in ("wire.jsonl", "context.jsonl"):
                os.utime(own / file, (AT, AT))
            kimi[f"kimi:{name}"] = own
        return cls(home=home, work_dir=work_dir, pi=pi, kimi=kimi)

    @property
    def ids(self) -> list[str]:
        """The ids of all sessions that were made."""
        return [*self.pi, *self.kimi]

    @property
    def kimi_index(self) -> Path:
        """The list of folders that Kimi rewrites whole."""
        return self.home / ".kimi" / "kimi.json"

    @property
    def state_folder(self) -> Path:
        """Our own state."""
        return self.home / ".forkpoint-state"

    def environment(self) -> dict[str, str]:
        """Give the environment of a server that sees this home and nothing else."""
        return server_environment(self.home)

    def indexed_folders(self) -> list[str]:
        """Give the folders that kimi.json names."""
        return [entry["path"] for entry in json.loads(self.kimi_index.read_bytes())["work_dirs"]]

    def require_tidy(self) -> None:
        """Nothing temporary is left, nor noted."""
        left = [path for path in self.home.rglob(".forkpoint-*") if path != self.state_folder]
        assert left == []
        assert OwnState(str(self.state_folder)).staging.notes() == []
