"""Prints one line of JSON about the Python that runs it, which may be any from 3.6 on.

`version`: such as `3.11.7`; `supported`: whether the server runs on it; `speedups`: which of msgspec and watchfiles the
server would find, without a try whether they work; `executable`: the interpreter's path.
"""

import os
import sys


def probe() -> None:
    """Print the line."""
    folder = os.path.dirname(os.path.abspath(__file__))
    sys.path.insert(0, folder)
    from search_path import use_bundle

    use_bundle(folder)
    import json
    from importlib.util import find_spec

    supported = sys.version_info >= (3, 11)
    specs = {name: find_spec(name) for name in ("msgspec", "watchfiles")} if supported else {}
    said = {
        "version": ".".join(map(str, sys.version_info[:3])),
        "supported": supported,
        # A folder without code has a spec, too, but no origin.
        "speedups": [name for name, spec in specs.items() if spec is not None and spec.origin is not None],
        "executable": sys.executable or "",
    }
    sys.stdout.write(json.dumps(said) + "\n")


if __name__ == "__main__":
    probe()
