"""A process that notes numbers until it is killed: `python -m tests.stores.state.scribe FOLDER FIRST`.

A number is printed once `change` has returned; title and group are always changed together.
"""

import itertools
import sys

from forkpoint.stores.state.own_state import OwnState

SESSIONS = 5

if __name__ == "__main__":
    notes = OwnState(sys.argv[1]).notes
    for number in itertools.count(int(sys.argv[2])):
        notes.change(f"pi:{number % SESSIONS}", {"title": str(number), "group": str(number)})
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()
