#!/usr/bin/env python3
"""The commands of this project: the same for people, hooks and CI.

    python3 dev.py demo                list, read and diff real sessions; or a sample, with changes
    python3 dev.py test [arguments]    every check, then the tests; the arguments go to pytest
    python3 dev.py lint [--fix]        style and layout of the Python and TypeScript files
    python3 dev.py types               the type checks
    python3 dev.py generate [--check]  write what is generated from the catalogue, or tell what is stale
    python3 dev.py vsix [--out FILE]   the VS Code package, with the server in it
    python3 dev.py bench [names]       figures beside the floors they are measured against

Each makes or updates `.venv` first. Needed beforehand: Python 3.11 with venv and pip, and git. Larger tools, such as
node where it is missing and a VS Code for the tests, are installed into the cache folder when they are first needed.
"""

import sys

OLDEST_PYTHON = (3, 11)


def main() -> int:
    """Run the command that the arguments name."""
    if sys.version_info < OLDEST_PYTHON:
        sys.stdout.write(f"dev.py: Python {sys.version.split()[0]} is too old; 3.11 or newer is needed.\n")
        return 1
    from tools.commands import main as run_command

    return run_command(__doc__ or "", sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
