"""Which agents there are: every folder here with an `ADAPTER`."""

import importlib
import pkgutil
from functools import cache

import forkpoint.agents
from forkpoint.agents.adapter import Adapter


@cache
def adapters() -> tuple[Adapter, ...]:
    """Give every agent's adapter, sorted by id.

    A folder without an `ADAPTER` is not an agent (`formats`). Two of one id are a mistake of ours: ValueError.
    """
    found: dict[str, Adapter] = {}
    for module in pkgutil.iter_modules(forkpoint.agents.__path__):
        if not module.ispkg or module.name == "formats":
            continue
        adapter: Adapter = importlib.import_module(f"forkpoint.agents.{module.name}").ADAPTER
        if adapter.info.id in found:
            raise ValueError(f"two adapters call themselves {adapter.info.id!r}")
        found[adapter.info.id] = adapter
    return tuple(found[key] for key in sorted(found))
