"""`python -m forkpoint.generate [--check]`: write the generated files, or tell which are stale."""

import difflib
import sys
from collections.abc import Sequence

from forkpoint.generate.targets import TARGETS, Target

FIX = "python3 dev.py generate"
MOST_LINES = 60
"""How much of a difference is shown, in lines."""


def difference(target: Target) -> str:
    """Give the difference between a file and what it should be, empty when it is fresh."""
    wanted = target.render()
    there = target.file.read_bytes() if target.file.is_file() else b""
    if there == wanted:
        return ""
    lines = list(
        difflib.unified_diff(
            there.decode(errors="replace").splitlines(),
            wanted.decode().splitlines(),
            f"{target.path} (as it is)",
            f"{target.path} (as it should be)",
            lineterm="",
        )
    )
    more = [f"... and {len(lines) - MOST_LINES} lines more"] if len(lines) > MOST_LINES else []
    return "\n".join([*lines[:MOST_LINES], *more]) or f"{target.path}: only line endings differ"


def check() -> list[str]:
    """Give the difference of every stale file."""
    return [text for text in map(difference, TARGETS) if text]


def write() -> None:
    """Write every file whose contents change."""
    for target in TARGETS:
        wanted = target.render()
        if not target.file.is_file() or target.file.read_bytes() != wanted:
            target.file.parent.mkdir(parents=True, exist_ok=True)
            target.file.write_bytes(wanted)
            sys.stdout.write(f"wrote {target.path}\n")


def main(arguments: Sequence[str]) -> int:
    """Write, or with `--check` compare; 1 when something is stale."""
    if list(arguments) != ["--check"]:
        write()
        return 0
    stale = check()
    for text in stale:
        sys.stdout.write(text + "\n")
    if stale:
        sys.stdout.write(f"Generated files are stale. Run: {FIX}\n")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
