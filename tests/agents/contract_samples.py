"""Every adapter with every sample home it must hold on."""

from collections.abc import Callable
from pathlib import Path

import attrs

from forkpoint.agents.adapter import Adapter
from forkpoint.agents.forkpoint import ADAPTER as FORKPOINT
from forkpoint.agents.kimi import ADAPTER as KIMI
from forkpoint.agents.pi import ADAPTER as PI
from tests.agents.toys import chain, pairs, rows
from tests.generators import kimi_store, pi_store


@attrs.frozen
class ContractSample:
    """A home that an adapter reads."""

    name: str
    adapter: Adapter
    build: Callable[[Path], object]

    def __str__(self) -> str:
        return self.name


def _kimi(home: Path) -> None:
    kimi_store.build(home, sessions=12, work_dirs=3, turns=3, seed=7, edge=True)


def _pi(dialect: str, damage: int) -> Callable[[Path], None]:
    def build(home: Path) -> None:
        pi_store.build(home, sessions=20, work_dirs=3, entries=40, branches=3, dialect=dialect, damage=damage, seed=3)

    return build


def _forkpoint(home: Path) -> None:
    """The embedded store is in pi's format, below our state folder."""
    _pi("pi", 0)(home)
    store = home / ".forkpoint-state"
    store.mkdir()
    (home / ".pi" / "agent" / "sessions").rename(store / "sessions")
    (home / ".pi" / "agent").rmdir()
    (home / ".pi").rmdir()


SAMPLES = (
    ContractSample("toy-two-files", pairs.ADAPTER, pairs.build),
    ContractSample("toy-chain-of-spans", chain.ADAPTER, chain.build),
    ContractSample("toy-sqlite-rows", rows.ADAPTER, rows.build),
    ContractSample("kimi-edge", KIMI, _kimi),
    ContractSample("forkpoint", FORKPOINT, _forkpoint),
    *(ContractSample(f"pi-{dialect}", PI, _pi(dialect, 0)) for dialect in ("pi", "rust", "v2", "v1")),
    *(ContractSample(f"pi-{dialect}-damaged", PI, _pi(dialect, 8)) for dialect in ("pi", "rust", "v2", "v1")),
)
