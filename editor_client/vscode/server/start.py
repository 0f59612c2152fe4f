"""`start.py [--stdio | command]`: what `forkpoint` is, from the packages beside this file.

Any Python from 3.6 on can read this file, so that an old one can say what is wrong with it.
"""

import os
import sys


def start() -> None:
    """Serve, or run the command; the process ends with it."""
    folder = os.path.dirname(os.path.abspath(__file__))
    sys.path.insert(0, folder)
    from search_path import use_bundle

    use_bundle(folder)
    if sys.version_info < (3, 11):
        version = ".".join(map(str, sys.version_info[:3]))
        sys.exit(f"forkpoint: Python {version} is too old; 3.11 or newer is needed")
    from forkpoint.__main__ import main

    main()


if __name__ == "__main__":
    start()
