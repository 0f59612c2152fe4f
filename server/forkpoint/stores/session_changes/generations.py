"""What there is of sessions beside their present state: in the trash, and moved aside by their agents."""

import os

import attrs

from forkpoint.model.failures import SessionNotFound
from forkpoint.model.source import Stamp
from forkpoint.stores.disk import stamp_of
from forkpoint.stores.session_changes.tools import ChangeTools
from forkpoint.stores.session_changes.trash_room import Trashed, listed
from forkpoint.stores.workers import CancelFlag


@attrs.frozen(kw_only=True)
class Rotated:
    """One transcript that an agent moved aside."""

    session_id: str
    name: str
    """The name of its part."""
    path: str
    stamp: Stamp


def trashed(tools: ChangeTools, session_id: str | None) -> list[Trashed]:
    """Give what lies in the trash, of one session or of all, the newest first."""
    return [each for each in listed(tools) if session_id in (None, each.manifest.label.session_id)]


def rotated(tools: ChangeTools, session_id: str, flag: CancelFlag) -> list[Rotated]:
    """Give the transcripts of a session that its agent moved aside, the newest first. Raises SessionNotFound."""
    located, _ = tools.store.finder.locate(session_id, flag)
    arrangement = tools.store.rows.arrange(located, flag)
    paths = {part.name: part.source.path for part in arrangement.parts}
    found: list[Rotated] = []
    for name in reversed(arrangement.generations):
        try:
            stamp = stamp_of(os.stat(paths[name]))
        except OSError:
            continue  # gone meanwhile
        found.append(Rotated(session_id=session_id, name=name, path=paths[name], stamp=stamp))
    return found


def generations(tools: ChangeTools, session_id: str | None, flag: CancelFlag) -> tuple[list[Trashed], list[Rotated]]:
    """Give both; for a session that is only in the trash the first. Raises SessionNotFound when it is nowhere."""
    in_trash = trashed(tools, session_id)
    if session_id is None:
        return in_trash, []
    try:
        return in_trash, rotated(tools, session_id, flag)
    except SessionNotFound:
        if not in_trash:
            raise
        return in_trash, []
