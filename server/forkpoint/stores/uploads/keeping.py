"""The end of an upload: the file gets its name in the session's folder, in one step, and takes nobody else's."""

import errno
import os
from collections.abc import Generator
from contextlib import ExitStack, contextmanager

import attrs

from forkpoint.model.failures import NameTaken, SessionChangedOnDisk
from forkpoint.parsing.upload_names import numbered
from forkpoint.stores.changing.copying import copy_range
from forkpoint.stores.changing.durable import NEW_FILE, is_there, link_new, telling
from forkpoint.stores.changing.places import WritableHome
from forkpoint.stores.changing.staging import Staged, StagingBook
from forkpoint.stores.guarded_open import open_beneath
from forkpoint.stores.uploads.incoming import Incoming
from forkpoint.stores.uploads.places import UploadPlace
from forkpoint.stores.workers import CancelFlag

MOST_ALIKE = 1000
"""How many files of one name a folder takes."""


@attrs.frozen
class UploadFolder:
    """A folder of uploads, open for a new file."""

    descriptor: int
    above: int
    """The folder that it is in, open: what is copied is staged there, since Kimi sends all that lies in the other."""
    above_path: str
    """Absolute, links resolved."""


@contextmanager
def ready_folder(place: UploadPlace) -> Generator[UploadFolder]:
    """Open the folder of uploads, made when it is missing; the caller holds the lease of the session.

    Raises SessionChangedOnDisk when the session is gone, PathRefused for a link in its place, NoSpace, Unwritable.
    """
    with WritableHome(place.home, make=place.ours) as home, ExitStack() as stack:
        at = home.place(place.path)
        if at.missing and not place.ours:
            raise SessionChangedOnDisk(path=place.above)
        above = at.ready(stack)
        with telling(place.path):
            if not is_there(above, place.name):
                try:
                    os.mkdir(place.name, 0o700, dir_fd=above)
                except FileExistsError:
                    pass  # somebody made it meanwhile; the open looks at what it is
                else:
                    os.fsync(above)
        descriptor = open_beneath(above, place.name, folder=True)
        stack.callback(os.close, descriptor)
        yield UploadFolder(descriptor, above, os.path.dirname(at.path))


def keep(incoming: Incoming, name: str, place: UploadPlace, book: StagingBook, flag: CancelFlag) -> str:
    """Put a file whose bytes are durable where it belongs; gives the name it has now.

    Raises what `ready_folder` does, NameTaken, Cancelled.
    """
    with ready_folder(place) as folder, telling(place.path):
        flag.check()
        try:
            return _named(incoming.staged, name, folder)
        except OSError as problem:
            if problem.errno != errno.EXDEV:
                raise
        return copy_in(incoming.descriptor, incoming.size, name, folder, book, flag)


def copy_in(source: int, size: int, name: str, folder: UploadFolder, book: StagingBook, flag: CancelFlag) -> str:
    """Put a copy of an open file's first bytes into a folder of uploads; gives its name.

    Raises OSError, NameTaken, Cancelled, SessionChangedOnDisk when the file has fewer.
    """
    with Staged(book, folder.above, folder.above_path) as staged:
        descriptor = os.open(staged.name, NEW_FILE, 0o600, dir_fd=folder.above)
        try:
            copy_range(source, 0, size, descriptor, flag, path=name)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        flag.check()
        return _named(staged, name, folder)


def _named(staged: Staged, name: str, folder: UploadFolder) -> str:
    """Give the file the first name that is free, without a look beforehand: the link itself tells."""
    for number in range(1, MOST_ALIKE + 1):
        tried = name if number == 1 else numbered(name, number)
        try:
            link_new(staged.folder, staged.name, folder.descriptor, tried)
        except FileExistsError:
            continue
        staged.committed()
        os.fsync(folder.descriptor)
        return tried
    raise NameTaken(path=name)
