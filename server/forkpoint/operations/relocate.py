"""Folders that were moved, and the sessions that follow them."""

import os

import attrs

from forkpoint.model.failures import NotSupported
from forkpoint.model.problem import Problem
from forkpoint.model.relocation import Relocation
from forkpoint.operations.registry import InvalidParams, operation
from forkpoint.operations.services import Services
from forkpoint.operations.session_fields import Faults, folder_fault
from forkpoint.stores.session_changes.relocating import Followed, foresee, relocate, take_back
from forkpoint.stores.watching.changes import SessionChange

MOST_TOLD = 1000
"""When more sessions than this followed, clients are told that all may have."""


@attrs.frozen(kw_only=True)
class RelocateWorkDirParams:
    """Which folder was moved, and where it is now; or what an earlier call is taken back by."""

    from_: str | None = None
    """The absolute path that sessions work in by what they say; it, and what lies below it, has moved."""
    to: str | None = None
    """The absolute path of the folder that it is now; it must exist."""
    rewrite: bool = False
    """Change the agents' own files, for agents whose format allows it; no agent does yet."""
    apply: bool = True
    """False only counts: nothing is changed."""
    previous: list[Relocation] | None = None
    """What an earlier call answered as `previous`: takes that back. Stands without `from` and `to`."""


@attrs.frozen(kw_only=True)
class RelocateWorkDirResult:
    """What followed."""

    sessions: int
    """How many sessions are shown in another folder now, or would be with `apply`."""
    previous: list[Relocation]
    """What was noted before about every folder that is noted otherwise now; given back it undoes this call."""
    problems: list[Problem]
    """What to know: that `from` is still there, or which agents would not find their sessions in the new place."""


@operation("workDirs/relocate")
async def relocate_work_dir(services: Services, params: RelocateWorkDirParams) -> RelocateWorkDirResult:
    """Let sessions follow a folder that was moved: they are listed, and their files read, where it is now.

    That is kept in our own notes; the agents' files stay as they are.
    Errors: fileNotFound when `to` is no folder, notSupported, noSpace, unwritable, timedOut.
    """
    if params.previous is not None:
        previous = _taken_back(params, params.previous)
        with services.changes.own_work():
            followed = await services.session_changes.keep_house(lambda tools, flag: take_back(tools, previous, flag))
            _announce(services, followed)
        return _result(followed)
    old, new = _folders(params)
    if params.rewrite:
        reason = "no agent's files say where a session works in a way that may be changed behind the agent's back"
        raise NotSupported(capability="rewrite", reason=reason)
    if not params.apply:
        return _result(await services.session_changes.look_around(lambda tools, flag: foresee(tools, old, new, flag)))
    with services.changes.own_work():
        followed = await services.session_changes.keep_house(lambda tools, flag: relocate(tools, old, new, flag))
        _announce(services, followed)
    return _result(followed)


def _folders(params: RelocateWorkDirParams) -> tuple[str, str]:
    """Give both folders without `.`, `..` and slashes too many. Raises InvalidParams."""
    old, new = params.from_, params.to
    if old is None or new is None:
        missing = [name for name, value in (("from", old), ("to", new)) if value is None]
        raise InvalidParams([(f"/{name}", "must be given, or else `previous`") for name in missing])
    faults = Faults()
    faults.add("from", folder_fault(old))
    faults.add("to", folder_fault(new))
    faults.raise_any()
    old, new = os.path.normpath(old), os.path.normpath(new)
    if old == "/":
        raise InvalidParams([("/from", "must be another folder than the root")])
    if (new + "/").startswith(old + "/"):
        raise InvalidParams([("/to", "must be no folder that is, or lies in, `from`")])
    return old, new


def _taken_back(params: RelocateWorkDirParams, previous: list[Relocation]) -> list[Relocation]:
    faults = Faults()
    for name, value in (("from", params.from_), ("to", params.to)):
        faults.add(name, None if value is None else "cannot stand together with `previous`")
    for number, each in enumerate(previous):
        faults.add(f"previous/{number}/folder", folder_fault(each.folder))
        faults.add(f"previous/{number}/movedTo", None if each.moved_to is None else folder_fault(each.moved_to))
    faults.raise_any()
    return previous


def _announce(services: Services, followed: Followed) -> None:
    if len(followed.session_ids) > MOST_TOLD:
        services.changes.add([SessionChange(kind="everything", reason="relocate")])
    else:
        services.changes.announce(followed.session_ids, "changed", "relocate")


def _result(followed: Followed) -> RelocateWorkDirResult:
    return RelocateWorkDirResult(
        sessions=len(followed.session_ids), previous=followed.previous, problems=followed.problems
    )
