"""Uploads that lie in our own state: they go into the trash with their session and come back with it.

They move after a session was taken away and before it is brought back. Killed in between, they lie where they were
handed in, which is where a session that comes back looks for them; a mark in the trash says that they are not there, so
that the next start puts them away again.
"""

import os
from contextlib import suppress

from forkpoint.stores.changing.durable import SAFELY, make_home, sync_folder, telling
from forkpoint.stores.changing.trash_folder import UPLOADS
from forkpoint.stores.session_changes.tools import ChangeTools
from forkpoint.stores.uploads.places import own_place


def put_away(tools: ChangeTools, session_id: str, trash_id: str) -> None:
    """Take the uploads of a session that is in the trash there too; where that cannot be they stay, and wait for it."""
    place = own_place(session_id, tools.state.folder).path
    if not tools.trash.holds(trash_id):
        return
    with suppress(OSError):
        with suppress(FileNotFoundError):  # there are none, or they never left
            os.rename(place, _in_trash(tools, trash_id))
            sync_folder(os.path.dirname(place))
            sync_folder(tools.trash.folder_of(trash_id))
        with suppress(FileNotFoundError):
            os.unlink(_mark(tools, trash_id))


def bring_back(tools: ChangeTools, session_id: str, trash_id: str) -> None:
    """Put the uploads of a session back that is about to be restored. Raises NameTaken, NoSpace, Unwritable."""
    kept, place = _in_trash(tools, trash_id), own_place(session_id, tools.state.folder)
    if not os.path.isdir(kept):
        return
    make_home(place.above)
    with telling(place.path):
        os.close(os.open(_mark(tools, trash_id), os.O_WRONLY | os.O_CREAT | SAFELY, 0o600))
        sync_folder(tools.trash.folder_of(trash_id))
        os.rename(kept, place.path)
        sync_folder(place.above)


def are_returning(tools: ChangeTools, trash_id: str) -> bool:
    """Whether uploads of a session in the trash were on their way back when its restoring was broken off."""
    return os.path.lexists(_mark(tools, trash_id))


def _mark(tools: ChangeTools, trash_id: str) -> str:
    return os.path.join(tools.trash.folder_of(trash_id), f"{UPLOADS}.returning")


def _in_trash(tools: ChangeTools, trash_id: str) -> str:
    return os.path.join(tools.trash.folder_of(trash_id), UPLOADS)
