"""A process that notes a temporary name and ends: `python -m tests.stores.state.leaver FOLDER NAME`."""

import os
import sys

from forkpoint.stores.state.own_state import OwnState

if __name__ == "__main__":
    OwnState(sys.argv[1]).staging.note(sys.argv[2])
    os._exit(0)
