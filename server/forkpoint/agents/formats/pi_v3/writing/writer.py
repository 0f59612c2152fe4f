"""The writer of agents that keep their sessions in pi's line format; they differ in where a new file goes."""

from collections.abc import Callable, Mapping
from typing import Any

from forkpoint.agents.adapter import Arrangement, Ask, Candidate, Disk, Home
from forkpoint.agents.formats.pi_v3.session_files import MAIN
from forkpoint.agents.formats.pi_v3.writing.attachments import blobs_folder
from forkpoint.agents.formats.pi_v3.writing.fork import plan_fork
from forkpoint.agents.formats.pi_v3.writing.new_session import plan_creation, resolved_dir
from forkpoint.agents.formats.pi_v3.writing.removal import plan_removal
from forkpoint.agents.formats.pi_v3.writing.subject import is_writable, transcript_path
from forkpoint.agents.formats.pi_v3.writing.update import EDITABLE, plan_update
from forkpoint.agents.writing import Creation, Cut, Editable, ForkPlan, Lines, Occasion, Plan, Subject

NewFolderOf = Callable[[Home, str, Disk], str]
"""Gives the folder for a new session of a work dir. The home's names were asked for. May raise NotSupported."""
BesideOf = Callable[[Home, str, Disk], "str | None"]
"""Gives the folder for a fork that works where its source does; None for that of any new session."""


class V3Writer:
    """Plans changes of session files, which are appended to and copied, never rewritten."""

    fields: frozenset[Editable] = EDITABLE

    def __init__(self, new_folder: NewFolderOf, beside: BesideOf) -> None:
        self._new_folder = new_folder
        self._beside = beside

    def editable(self, candidate: Candidate, arrangement: Arrangement) -> frozenset[Editable]:
        """Nothing of a file that no entry can be added to: one of version 1, a later one, one without a header."""
        return EDITABLE if is_writable(arrangement) else frozenset()

    def create(self, home: Home, wanted: Creation, occasion: Occasion, disk: Disk) -> Ask | Plan:
        """Plan a new session: one new file. Raises NotSupported."""
        if disk.rounds == 0:
            return Ask(folders=[home.path])
        return plan_creation(self._new_folder(home, wanted.work_dir, disk), wanted, occasion)

    def update(
        self, subject: Subject, changes: Mapping[Editable, Any], occasion: Occasion, disk: Disk
    ) -> Ask | Plan | None:
        """Plan entries at the end of the file; None when everything is so already. Raises NotSupported."""
        return plan_update(subject, changes, occasion, disk)

    def delete(self, subject: Subject, disk: Disk) -> Ask | Plan:
        """Plan to retire the file, and what lies beside it for it alone."""
        return plan_removal(subject, disk)

    def fork(
        self, subject: Subject, cut: Cut, wanted: Creation, occasion: Occasion, lines: Mapping[str, Lines], disk: Disk
    ) -> Ask | ForkPlan:
        """Plan a new file that begins with lines of this one. Raises NotSupported, EntryNotFound, TurnOutOfRange."""
        source = transcript_path(subject.arrangement)
        if disk.rounds == 0:
            return Ask(folders=[subject.home.path, blobs_folder(source)])
        folder = None
        if wanted.work_dir == subject.candidate.work_dir:
            folder = self._beside(subject.home, source, disk)
        folder = folder or self._new_folder(subject.home, resolved_dir(wanted.work_dir), disk)
        return plan_fork(subject, cut, wanted, occasion, lines[MAIN], folder, disk)
