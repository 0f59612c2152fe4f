"""Files handed to a session, portion by portion."""

import attrs

from forkpoint.model.failures import UploadNotFound
from forkpoint.parsing.media_types import media_type
from forkpoint.parsing.upload_names import kept_name
from forkpoint.stores.session_changes.tools import ChangeTools
from forkpoint.stores.uploads.incoming import Incoming
from forkpoint.stores.uploads.keeping import keep
from forkpoint.stores.uploads.places import UploadPlace, own_place, place_of
from forkpoint.stores.uploads.reception import Reception
from forkpoint.stores.workers import CancelFlag


@attrs.frozen(kw_only=True)
class Portion:
    """The next bytes of a file."""

    session_id: str
    name: str
    """The file's name as the client has it."""
    pieces: list[bytes]
    upload_id: str | None
    """None for the first one."""
    last: bool
    limit: int
    """The most bytes the whole file may have."""


@attrs.frozen(kw_only=True)
class Kept:
    """A file that is there now."""

    name: str
    path: str
    """Absolute."""
    mime_type: str
    sha256: str


@attrs.frozen(kw_only=True)
class Received:
    """How far a file has come."""

    size: int
    """The bytes that are there."""
    upload_id: str
    kept: Kept | None
    """None until its last byte is there."""


def receive(tools: ChangeTools, reception: Reception, portion: Portion, flag: CancelFlag) -> Received:
    """Take the next bytes of an upload, and with the last ones put the file where it belongs.

    Raises a Failure or Cancelled, and then the upload has ended and nothing of it is left.
    """
    reception.drop_idle()
    if portion.upload_id is None:
        # A session that is not there, or cannot be read, is told before the bytes are taken.
        place_in(tools, portion.session_id, flag)
        folder = own_place(portion.session_id, tools.state.folder).above
        upload_id = reception.enter(Incoming(portion.session_id, portion.name, folder, tools.state.staging))
    else:
        upload_id = portion.upload_id
    incoming = reception.find(upload_id, portion.session_id, portion.name)
    with incoming.lock:
        if incoming.ended:
            raise UploadNotFound(upload_id=upload_id)
        try:
            flag.check()
            incoming.add(portion.pieces, portion.limit)
            kept = _kept(tools, incoming, flag) if portion.last else None
        except BaseException:
            reception.finish(upload_id)
            raise
        if kept is not None:
            reception.finish(upload_id)
    return Received(size=incoming.size, upload_id=upload_id, kept=kept)


def place_in(tools: ChangeTools, session_id: str, flag: CancelFlag) -> UploadPlace:
    """Give the folder of uploads of a session as it is now. Raises SessionNotFound, Discontinued, Unreadable."""
    located, _ = tools.store.finder.locate(session_id, flag)
    return place_of(located, tools.store.rows.arrange(located, flag), tools.state.folder)


def _kept(tools: ChangeTools, incoming: Incoming, flag: CancelFlag) -> Kept:
    incoming.settle()
    kind_head = incoming.head()
    with tools.leases.sessions([incoming.session_id], flag):
        place = place_in(tools, incoming.session_id, flag)
        name = keep(incoming, kept_name(incoming.name), place, tools.state.staging, flag)
    return Kept(
        name=name,
        path=f"{place.path}/{name}",
        mime_type=media_type(name, kind_head),
        sha256=incoming.sha256(),
    )
