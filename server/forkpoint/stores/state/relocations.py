"""Folders that were moved: sessions that name the old one work in the new one."""

import os
import sqlite3
from collections.abc import Callable, Mapping, Sequence

import attrs

from forkpoint.model.relocation import Relocation
from forkpoint.stores.state.database import StateDatabase
from forkpoint.stores.state.values import path_bytes

Moved = Mapping[str, str]
"""The new path of every moved folder, absolute paths both."""


@attrs.frozen
class Rearranged:
    """A change of what is noted about moved folders."""

    before: Moved
    after: Moved

    @property
    def previous(self) -> list[Relocation]:
        """What was noted about every folder that is noted otherwise now."""
        changed = [each for each in {**self.before, **self.after} if self.before.get(each) != self.after.get(each)]
        return [Relocation(folder=folder, moved_to=self.before.get(folder)) for folder in changed]


class Relocations:
    """The moved folders. A folder that moves on takes what was moved into it along."""

    def __init__(self, database: StateDatabase) -> None:
        self._database = database

    def all(self) -> dict[str, str]:
        """Give the new path of every moved folder, absolute paths both."""
        return self._database.read(all_relocations, {})

    def add(self, old: str, new: str, at: int) -> None:
        """Note that a folder was moved; `at` is milliseconds since 1970 UTC."""
        self.change(lambda moved: with_move(moved, old, new), at)

    def remove(self, old: str) -> bool:
        """Forget that a folder was moved; gives whether it was noted."""
        return self._database.write(lambda connection: _remove(connection, old))

    def change(self, decide: Callable[[Moved], Moved], at: int) -> Rearranged:
        """Note what `decide` makes of what is noted, in one step; `at` is milliseconds since 1970 UTC."""
        return self._database.write(lambda connection: _change(connection, decide, at))


def follow(moved: Moved, folder: str) -> str:
    """Give where a folder is now: the innermost moved folder that it is, or lies in, counts, and counts once."""
    above = folder
    while above not in moved:
        if os.path.dirname(above) == above:
            return folder
        above = os.path.dirname(above)
    return os.path.normpath(moved[above] + os.sep + folder[len(above) :])


def with_move(moved: Moved, old: str, new: str) -> dict[str, str]:
    """Give what is noted once a folder was moved; what came back to where it was has not moved."""
    changed = {earlier: follow({old: new}, target) for earlier, target in moved.items()}
    changed[old] = new
    return {earlier: target for earlier, target in changed.items() if earlier != target}


def put_back(moved: Moved, previous: Sequence[Relocation]) -> dict[str, str]:
    """Give what is noted once some folders are noted as they were before."""
    folders = {each.folder for each in previous}
    kept = {folder: target for folder, target in moved.items() if folder not in folders}
    return kept | {each.folder: each.moved_to for each in previous if each.moved_to not in (None, each.folder)}


def all_relocations(connection: sqlite3.Connection) -> dict[str, str]:
    """Give the new path of every moved folder."""
    return {os.fsdecode(old): os.fsdecode(new) for old, new in connection.execute("SELECT old, new FROM relocations")}


def _change(connection: sqlite3.Connection, decide: Callable[[Moved], Moved], at: int) -> Rearranged:
    before = all_relocations(connection)
    after = decide(before)
    for old in before.keys() - after.keys():
        _remove(connection, old)
    for old, new in after.items():
        if before.get(old) != new:
            connection.execute(
                "INSERT INTO relocations (old, new, at) VALUES (?, ?, ?)"
                " ON CONFLICT (old) DO UPDATE SET new = excluded.new, at = excluded.at",
                (path_bytes(old), path_bytes(new), at),
            )
    return Rearranged(before, after)


def _remove(connection: sqlite3.Connection, old: str) -> bool:
    return bool(connection.execute("DELETE FROM relocations WHERE old = ?", (path_bytes(old),)).rowcount)
