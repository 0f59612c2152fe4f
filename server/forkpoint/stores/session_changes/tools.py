"""What every change needs: leases, the trash, the runner, and the loop that plans again when an index file moved."""

import os
import random
import threading
import time
import uuid
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from typing import Generic, TypeVar

import attrs

from forkpoint.agents.adapter import Adapter, Ask, Home
from forkpoint.agents.writing import ForkPlan, Occasion, Plan, Replace
from forkpoint.model.failures import Failure, SessionChangedOnDisk
from forkpoint.model.problem import Problem
from forkpoint.model.session import SessionRow
from forkpoint.model.source import Stamp
from forkpoint.stores.changing.locks import Leases
from forkpoint.stores.changing.runner import NOBODY_CANCELS, ChangeRunner
from forkpoint.stores.changing.staging import clean_staging
from forkpoint.stores.changing.trash import Trash
from forkpoint.stores.changing.trash_folder import TrashLabel
from forkpoint.stores.disk import HomeFolder, LocalDisk, ask_in_rounds
from forkpoint.stores.session_store import SessionStore
from forkpoint.stores.session_walk import Located, Walk, session_id_of
from forkpoint.stores.state.lineage import Descent
from forkpoint.stores.state.own_state import OwnState
from forkpoint.stores.workers import CancelFlag

P = TypeVar("P", Plan, ForkPlan, Plan | None)

ATTEMPTS = 24
"""How often a change is planned anew because somebody else wrote an index file such as kimi.json meanwhile."""
LONGEST_PAUSE = 0.05
"""Seconds before such a new attempt, at most."""


@attrs.frozen(kw_only=True)
class Done(Generic[P]):
    """A change that was carried out."""

    planned: P
    problems: list[Problem]
    """What could not be tidied afterwards."""


class ChangeTools:
    """Shared by all changes of one process; every method waits on the disk."""

    def __init__(self, store: SessionStore, state: OwnState) -> None:
        self.store = store
        self.state = state
        self.leases = Leases(os.path.join(state.folder, "locks"))
        self.trash = Trash(os.path.join(state.folder, "trash"), self.leases, state.staging)
        self.activity = store.rows.activity
        self._runner = ChangeRunner(state.staging, self.leases, self.trash)
        self._beginning = threading.Lock()
        self._begun = False

    def begin(self, settle: Callable[[CancelFlag], object], flag: CancelFlag) -> None:
        """Before this process's first change, bring to an end what killed ones left half done.

        The trash comes before the temporary names: where it was killed decides what of those is needed no more.
        """
        with self._beginning:
            if not self._begun:
                self.state.database.tidy()
                self.trash.settle(flag)
                clean_staging(self.state.staging)
                settle(flag)
                self._begun = True

    def occasion(self) -> Occasion:
        """Give the time, and names that nobody has."""
        return Occasion(now=now_ms(), new_id=str(uuid.uuid4()))

    def carry_out(
        self,
        home: Home,
        question: Callable[[LocalDisk], Ask | P],
        flag: CancelFlag,
        *,
        expect: Callable[[Plan], None] = lambda _: None,
        seen: Mapping[str, Stamp] | None = None,
        label: TrashLabel | None = None,
    ) -> Done[P]:
        """Plan and carry out, anew when an index file has moved on; a transcript that has is told to the caller.

        `expect` is called with a plan before it is made real. Raises what planning and the runner raise.
        """
        attempts = 0
        while True:
            attempts += 1
            planned = self.planned(home, question, flag)
            plan = planned.plan if isinstance(planned, ForkPlan) else planned
            if plan is None:
                return Done(planned=planned, problems=[])
            expect(plan)
            try:
                done = self._runner.run(plan, home=home.path, flag=flag, seen=seen, label=label)
            except SessionChangedOnDisk as moved:
                if attempts == ATTEMPTS or os.path.realpath(moved.path) not in _index_files(plan):
                    raise
                time.sleep(random.uniform(0, LONGEST_PAUSE))
                continue
            self.activity.remember(done.stamps)
            return Done(planned=planned, problems=[*done.problems])

    def planned(self, home: Home, question: Callable[[LocalDisk], Ask | P], flag: CancelFlag) -> P:
        """Let a writer ask for what it needs until it has a plan."""
        with HomeFolder(home.path) as folder:
            return ask_in_rounds(question, LocalDisk(folder, flag))

    def found_at(self, path: str) -> tuple[Located, Walk]:
        """Find the session that was just made. Raises SessionChangedOnDisk when it is gone already."""
        found = self.store.finder.find_at(path, NOBODY_CANCELS)
        if found is None:
            raise SessionChangedOnDisk(path=path)
        return found

    def new_row(self, path: str) -> SessionRow:
        """Give the row of a session that was just made."""
        located, walk = self.found_at(path)
        self.activity.remember_parts(self.store.rows.arrange(located, NOBODY_CANCELS))
        return self.store.rows.row(located, walk, NOBODY_CANCELS)

    @contextmanager
    def descending(self, adapter: Adapter, descent: Descent | None) -> Generator[Callable[[Plan], None]]:
        """Give what notes the descent of a session before it is made, so that it is never lost.

        Leaving the block by an error strikes it out again.
        """
        children: dict[str, None] = {}

        def note(plan: Plan) -> None:
            if descent is not None:
                child = session_id_of(adapter, plan.native_id)
                self.state.lineage.record(attrs.evolve(descent, child=child))
                children[child] = None

        try:
            yield note
        except BaseException:
            for child in children:
                self.state.lineage.forget(child)
            raise


def noted(work: Callable[[], object], about: str, path: str) -> list[Problem]:
    """Note something about a session that is there already: what refuses that is a problem of the change."""
    try:
        work()
    except Failure as failure:
        return [Problem(kind="notNoted", reason=f"{about}: {failure.sentence()}", path=path)]
    return []


def now_ms() -> int:
    """Give the time in milliseconds since 1970 UTC."""
    return time.time_ns() // 1_000_000


def _index_files(plan: Plan) -> frozenset[str]:
    """The small files that a plan replaces, their links resolved."""
    changes = (*plan.before, plan.step, *plan.after)
    return frozenset(os.path.realpath(change.path) for change in changes if isinstance(change, Replace))
