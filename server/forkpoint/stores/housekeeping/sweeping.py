"""Removing what killed processes left under temporary names."""

from collections.abc import Sequence

from forkpoint.stores.changing.processes import is_running
from forkpoint.stores.changing.staging import StagedNote, clean_noted
from forkpoint.stores.housekeeping.chores import Chore, Finding
from forkpoint.stores.session_changes.tools import ChangeTools
from forkpoint.stores.workers import CancelFlag


class Sweeping(Chore[StagedNote]):
    """Removes the temporary names that are noted of processes which run no more."""

    tells = False

    def candidates(self, tools: ChangeTools, flag: CancelFlag) -> Sequence[StagedNote]:
        """Give what is noted, the oldest first."""
        return [note for note in tools.state.staging.notes() if not is_running(note.process)]

    def examine(self, tools: ChangeTools, candidate: StagedNote, flag: CancelFlag) -> Finding:
        """Name it."""
        return Finding(key=str(candidate.token), path=candidate.path)

    def deal(self, tools: ChangeTools, finding: Finding, flag: CancelFlag) -> bool:
        """Remove one, which may have been done already. Raises a Failure for what cannot be removed.

        The trash is settled first: it decides what of the temporary names is needed no more.
        """
        tools.trash.settle(flag)
        for note in self.candidates(tools, flag):
            if str(note.token) == finding.key:
                clean_noted(tools.state.staging, note)
        return True
