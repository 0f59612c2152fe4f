"""Every change of sessions, and what only looks at what could be changed."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from forkpoint.agents.writing import Cut
from forkpoint.model.session_facts import SessionFacts
from forkpoint.stores.session_changes import (
    edits,
    extensions,
    facts,
    forks,
    generations,
    new_sessions,
    titles,
    trash_room,
)
from forkpoint.stores.session_changes.edits import Edited
from forkpoint.stores.session_changes.extensions import Extended, Extension
from forkpoint.stores.session_changes.forks import Forked, Outlook
from forkpoint.stores.session_changes.generations import Rotated
from forkpoint.stores.session_changes.new_sessions import Made, Wish
from forkpoint.stores.session_changes.noting import settle_half_changes
from forkpoint.stores.session_changes.titles import Titled
from forkpoint.stores.session_changes.tools import ChangeTools
from forkpoint.stores.session_changes.trash_room import Restored, Trashed
from forkpoint.stores.session_store import SessionStore
from forkpoint.stores.state.own_state import OwnState
from forkpoint.stores.workers import CancelFlag, Workers

T = TypeVar("T")


class SessionChanges:
    """Changes sessions of all agents. A change is never left behind: a cancel stops it before it counts, or is late."""

    def __init__(self, workers: Workers, store: SessionStore, state: OwnState) -> None:
        self._workers = workers
        self._tools = ChangeTools(store, state)

    async def create(self, wish: Wish) -> Made:
        """Make a session."""
        return await self._change(lambda flag: new_sessions.create(self._tools, wish, flag))

    async def edit(self, session_id: str, changes: Mapping[str, Any], if_revision: str | None) -> Edited:
        """Change fields of a session, named as on the wire, all or none; None clears."""
        return await self._change(lambda flag: edits.edit(self._tools, session_id, changes, if_revision, flag))

    async def generate_title(self, session_id: str, *, force: bool) -> Titled:
        """Give a session a title made of its first words."""
        return await self._change(lambda flag: titles.generate_title(self._tools, session_id, force=force, flag=flag))

    async def extend(
        self, session_id: str, namespace: str, key: str, value: Extension, if_revision: str | None
    ) -> Extended:
        """Keep, or remove, what a plugin keeps with a session."""
        return await self._change(
            lambda flag: extensions.extend(self._tools, session_id, namespace, key, value, if_revision, flag)
        )

    async def debug(self, session_id: str) -> SessionFacts:
        """Say what is known about a session; nothing is written."""
        return await self._workers.heavy(lambda flag: facts.facts_of(self._tools, session_id, flag))

    async def fork(self, session_id: str, cut: Cut, title: str | None) -> Forked:
        """Fork a session."""
        return await self._change(lambda flag: forks.fork(self._tools, session_id, cut, title, flag))

    async def delete(self, session_id: str, *, permanently: bool, force: bool, kept_days: int) -> str | None:
        """Take a session away; gives its id in the trash, None when it is gone for good."""
        return await self._change(
            lambda flag: trash_room.delete(
                self._tools, session_id, permanently=permanently, force=force, kept_days=kept_days, flag=flag
            )
        )

    async def restore(self, trash_id: str) -> Restored:
        """Bring a session back from the trash."""
        return await self._change(lambda flag: trash_room.restore(self._tools, trash_id, flag))

    async def purge(self, trash_id: str) -> None:
        """Remove a session from the trash for good."""
        await self._change(lambda flag: trash_room.purge(self._tools, trash_id, flag))

    async def fork_outlook(self, session_id: str, cut: Cut) -> Outlook:
        """Say what a fork would be; nothing is written."""
        return await self._workers.heavy(lambda flag: forks.think_fork_out(self._tools, session_id, cut, flag))

    async def generations(self, session_id: str | None) -> tuple[list[Trashed], list[Rotated]]:
        """Give what there is beside the present state of one session, or of all that are in the trash."""
        return await self._workers.heavy(lambda flag: generations.generations(self._tools, session_id, flag))

    async def keep_house(self, work: Callable[[ChangeTools, CancelFlag], T]) -> T:
        """Carry out one piece of housekeeping that changes something."""
        return await self._change(lambda flag: work(self._tools, flag))

    async def look_around(self, work: Callable[[ChangeTools, CancelFlag], T]) -> T:
        """Do what comes before housekeeping and changes nothing."""
        return await self._workers.heavy(lambda flag: work(self._tools, flag))

    async def _change(self, work: Callable[[CancelFlag], T]) -> T:
        def whole(flag: CancelFlag) -> T:
            begin(self._tools, flag)
            return work(flag)

        return await self._workers.change(whole)


def begin(tools: ChangeTools, flag: CancelFlag) -> None:
    """Before a process's first change, bring to an end what killed ones left half done."""

    def settle(flag: CancelFlag) -> None:
        trash_room.settle_book(tools, flag)
        settle_half_changes(tools, flag)

    tools.begin(settle, flag)
