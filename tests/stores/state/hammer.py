"""A process that changes notes as fast as it can: `python -m tests.stores.state.hammer FOLDER NAME ROUNDS`.

It counts up in the title of one session that all processes share, and holds the one label for a moment when it can get
it. Prints how often it had the label.
"""

import sys

from forkpoint.model.failures import LabelInUse, RevisionMismatch
from forkpoint.model.notes import Notes
from forkpoint.stores.state.own_state import OwnState

SHARED = "kimi:shared"
LABEL = "the one"


def main(folder: str, name: str, rounds: int) -> int:
    notes = OwnState(folder).notes
    mine = f"pi:{name}"
    labelled = 0
    for _ in range(rounds):
        counted = False
        while not counted:
            seen = notes.read([SHARED]).get(SHARED, Notes())
            try:
                notes.change(SHARED, {"title": str(int(seen.title or 0) + 1)}, if_revision=seen.revision)
                counted = True
            except RevisionMismatch:
                continue
        try:
            notes.change(mine, {"label": LABEL})
        except LabelInUse as taken:
            assert taken.session_id != mine
        else:
            assert notes.holder_of(LABEL) == mine
            notes.change(mine, {"label": None})
            labelled += 1
    return labelled


if __name__ == "__main__":
    sys.stdout.write(f"{main(sys.argv[1], sys.argv[2], int(sys.argv[3]))}\n")
