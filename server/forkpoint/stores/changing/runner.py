"""Carries out a plan: prepared beside its targets, checked once more, committed in one step, tidied."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack

import attrs

from forkpoint.agents.writing import Append, NewFile, NewFolder, Plan, Replace, Retire, Step
from forkpoint.model.failures import Failure
from forkpoint.model.problem import Problem
from forkpoint.model.source import Stamp
from forkpoint.stores.changing.agent_locks import agent_lock
from forkpoint.stores.changing.locks import PATIENCE, Leases
from forkpoint.stores.changing.places import Place, WritableHome
from forkpoint.stores.changing.sources import Sources
from forkpoint.stores.changing.staging import Forerunner, StagingBook
from forkpoint.stores.changing.steps import Appending, MakingFile, MakingFolder, Prepared, Replacing
from forkpoint.stores.changing.trash import Retiring, Trash
from forkpoint.stores.changing.trash_folder import TrashLabel
from forkpoint.stores.workers import CancelFlag

NOBODY_CANCELS = CancelFlag()
"""For what comes after a cancel counts: it is waited for, and ends."""


@attrs.frozen(kw_only=True)
class Committed:
    """What a change did."""

    stamps: Mapping[str, Stamp]
    """The new stamps of the files that were written, by path: a walk that sees these has seen no foreign change."""
    problems: Sequence[Problem] = ()
    """What could not be tidied afterwards."""


class ChangeRunner:
    """Carries out plans; all calls block and belong into a worker thread."""

    def __init__(self, book: StagingBook, leases: Leases, trash: Trash) -> None:
        self._book = book
        self._leases = leases
        self._trash = trash

    def run(
        self,
        plan: Plan,
        *,
        home: str,
        flag: CancelFlag,
        seen: Mapping[str, Stamp] | None = None,
        sources: Sequence[str] = (),
        label: TrashLabel | None = None,
        patience: float = PATIENCE,
    ) -> Committed:
        """Make a change real, for a caller that holds the lease of the session.

        `home` is the agent's, made when it is missing; `seen` has the stamps of a retired session's files as they were
        when the plan was made; `sources` the other homes that bytes may be copied from; `label` what the trash is told
        about a session that is retired. The agent's own lock is waited for `patience` seconds.

        A cancel is honoured until the step is made real. Raises Cancelled, SessionChangedOnDisk, SessionBusy,
        NameTaken, NoSpace, Unwritable, PathRefused, Unreadable: nothing has changed then, but for what `before` did.
        """
        stamps: dict[str, Stamp] = {}
        makes = isinstance(plan.step, NewFile | NewFolder)
        with WritableHome(home, make=makes) as writable, ExitStack() as stack:
            copied = Sources((home, *sources), stack)
            step = self._prepare(plan.step, writable, copied, stack, flag, seen or {}, label)
            folders = {
                change.path: MakingFolder(writable, change, self._book, copied, stack, flag)
                for change in plan.before
                if isinstance(change, NewFolder)
            }
            if plan.lock is not None and isinstance(plan.step, Append | Retire):
                stack.enter_context(agent_lock(step.place, plan.lock, flag, patience=patience))
            forerunners: list[Forerunner] = []
            with ExitStack() as undo:
                for change in plan.before:
                    flag.check()
                    if isinstance(change, Replace):
                        self._replace(writable, change, stamps, flag)
                    else:
                        forerunners.append(self._go_before(folders[change.path], step.place.path, undo))
                flag.check()
                self._commit(step, stamps, flag)
                undo.pop_all()
            for forerunner in forerunners:
                forerunner.stays()
            problems = [*self._tidy(writable, plan.after, stamps)]
        return Committed(stamps=stamps, problems=problems)

    def _prepare(
        self,
        step: Step,
        home: WritableHome,
        sources: Sources,
        stack: ExitStack,
        flag: CancelFlag,
        seen: Mapping[str, Stamp],
        label: TrashLabel | None,
    ) -> Prepared:
        match step:
            case NewFile():
                return MakingFile(home, step, self._book, sources, stack, flag)
            case NewFolder():
                return MakingFolder(home, step, self._book, sources, stack, flag)
            case Replace():
                return Replacing(home, step, self._book, stack)
            case Append():
                return Appending(home, step, stack)
            case _:
                if label is None:
                    raise ValueError("a session is not retired without a label for the trash")
                return Retiring(home, step, self._trash, self._book, label, seen, stack, flag)

    def _go_before(self, folder: MakingFolder, stays_with: str, undo: ExitStack) -> Forerunner:
        """Make a folder real before the step, to be taken back when that fails, or when the process is killed."""
        forerunner = folder.before(stays_with)
        try:
            folder.commit()
        except BaseException:
            if not forerunner.is_there():
                forerunner.stays()
            raise

        def take_back() -> None:
            folder.take_back()
            forerunner.stays()

        undo.callback(take_back)
        return forerunner

    def _commit(self, step: Prepared, stamps: dict[str, Stamp], flag: CancelFlag) -> None:
        """Commit where two of our processes could undo each other's work under a lease of the file."""
        if not isinstance(step, Replacing | Appending):
            self._keep(step.place, step.commit(), stamps)
            return
        with self._leases.single("file", step.place.path, flag):
            flag.check()
            self._keep(step.place, step.commit(), stamps)

    def _keep(self, place: Place, stamp: Stamp | None, stamps: dict[str, Stamp]) -> None:
        if stamp is not None:
            stamps[place.path] = stamp

    def _replace(self, home: WritableHome, change: Replace, stamps: dict[str, Stamp], flag: CancelFlag) -> None:
        with ExitStack() as stack:
            self._commit(Replacing(home, change, self._book, stack), stamps, flag)

    def _tidy(self, home: WritableHome, changes: Sequence[Replace], stamps: dict[str, Stamp]) -> list[Problem]:
        problems: list[Problem] = []
        for change in changes:
            try:
                self._replace(home, change, stamps, NOBODY_CANCELS)
            except Failure as failure:
                problems.append(Problem(kind="notTidied", reason=failure.sentence(), path=change.path))
        return problems
