"""`python3 dev.py bench [names]`: every figure beside the floor measured in the same run."""

import importlib
import pkgutil
import sys
from collections.abc import Sequence
from types import ModuleType

import tests.benchmarks
from tests.benchmarks.table import Row, write_table


def benchmarks() -> dict[str, ModuleType]:
    """Give every module of this folder that can `measure`, by name."""
    found: dict[str, ModuleType] = {}
    for module in pkgutil.iter_modules(tests.benchmarks.__path__):
        if module.name != "__main__":
            loaded = importlib.import_module(f"tests.benchmarks.{module.name}")
            if hasattr(loaded, "measure"):
                found[module.name] = loaded
    return found


def main(names: Sequence[str]) -> int:
    """Measure what is named, or everything, and print the table."""
    known = benchmarks()
    unknown = [name for name in names if name not in known]
    if unknown:
        sys.stderr.write(f"no benchmark {', '.join(unknown)}; there are {', '.join(known)}\n")
        return 2
    rows: list[Row] = []
    for name in names or known:
        sys.stderr.write(f"measuring {name} ...\n")
        rows += known[name].measure()
    sys.stdout.write(write_table(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
