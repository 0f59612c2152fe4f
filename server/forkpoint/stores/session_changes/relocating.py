"""Sessions that follow a folder which was moved: noted by us, their agents' files stay as they are."""

import os
from collections.abc import Iterable, Sequence

import attrs

from forkpoint.model.failures import FileNotFound
from forkpoint.model.problem import Problem
from forkpoint.model.relocation import Relocation
from forkpoint.stores.changing.runner import NOBODY_CANCELS
from forkpoint.stores.session_changes.tools import ChangeTools, now_ms
from forkpoint.stores.session_walk import Located, Walk
from forkpoint.stores.state.relocations import Moved, Rearranged, put_back, with_move
from forkpoint.stores.workers import CancelFlag


@attrs.frozen(kw_only=True)
class Followed:
    """What became of the sessions."""

    session_ids: list[str]
    """Those that are shown in another folder now, or would be."""
    previous: list[Relocation]
    problems: list[Problem]


def foresee(tools: ChangeTools, old: str, new: str, flag: CancelFlag) -> Followed:
    """Say what `relocate` would do; nothing is written. Raises FileNotFound when the new folder is none."""
    _require_folder(new)
    walk = tools.store.finder.walk(flag)
    before = walk.own.relocations
    return _followed(walk, Rearranged(before, _moved(before, old, new)), old)


def relocate(tools: ChangeTools, old: str, new: str, flag: CancelFlag) -> Followed:
    """Note that a folder was moved. Raises FileNotFound when the new one is none, NoSpace, Unwritable."""
    _require_folder(new)
    flag.check()
    change = tools.state.relocations.change(lambda moved: _moved(moved, old, new), now_ms())
    return _followed(tools.store.finder.walk(NOBODY_CANCELS), change, old)


def take_back(tools: ChangeTools, previous: Sequence[Relocation], flag: CancelFlag) -> Followed:
    """Note about some folders what was noted before. Raises NoSpace, Unwritable."""
    flag.check()
    change = tools.state.relocations.change(lambda moved: put_back(moved, previous), now_ms())
    return _followed(tools.store.finder.walk(NOBODY_CANCELS), change, None)


def _moved(moved: Moved, old: str, new: str) -> dict[str, str]:
    changed = dict(moved)
    for spelling in _spellings(old):
        if spelling != new:
            changed = with_move(changed, spelling, new)
    return changed


def _spellings(folder: str) -> list[str]:
    """A folder as it is named, and with the links above it resolved, as some agents do; it may itself be a link now."""
    above, name = os.path.split(folder)
    return list(dict.fromkeys([folder, os.path.join(os.path.realpath(above), name)]))


def _require_folder(folder: str) -> None:
    if not os.path.isdir(folder):
        raise FileNotFound(path=folder)


def _followed(walk: Walk, change: Rearranged, old: str | None) -> Followed:
    pairs = [(each.following(change.before), each.following(change.after)) for each in walk.sessions.values()]
    moved = [(before, after) for before, after in pairs if before.work_dir != after.work_dir]
    problems = list(_lost(moved))
    if old is not None and os.path.isdir(old) and not os.path.islink(old):
        reason = "the folder is still there; sessions that begin in it are shown in the new place too"
        problems.append(Problem(kind="stillThere", reason=reason, path=old))
    return Followed(session_ids=[after.session_id for _, after in moved], previous=change.previous, problems=problems)


def _lost(moved: Iterable[tuple[Located, Located]]) -> Iterable[Problem]:
    """Tell of each agent, once, that does not find its sessions by the new path."""
    told: set[str] = set()
    for before, after in moved:
        info = after.adapter.info
        if info.id not in told and before.resume is not None and after.resume is None:
            told.add(info.id)
            reason = (
                f"{info.title} looks for its sessions by the path that they were begun in, and cannot continue them"
            )
            yield Problem(kind="notResumable", reason=reason, path=after.work_dir or "")
