"""Where the files of a session lie that were handed to it: in its agent's own folder, else in our state."""

import hashlib
import os

import attrs

from forkpoint.agents.adapter import Arrangement
from forkpoint.model.failures import FileNotFound
from forkpoint.stores.disk import HomeFolder
from forkpoint.stores.guarded_open import open_beneath
from forkpoint.stores.session_walk import Located

FOLDER = "uploads"
_DIGITS = 32


@attrs.frozen(kw_only=True)
class UploadPlace:
    """A folder of uploads, which need not exist. Links are followed on the way to `above`, in the home, no further."""

    home: str
    """The agent's home, or our state folder; absolute."""
    above: str
    """The folder that it is in, absolute."""
    name: str
    ours: bool
    """Whether it is in our state, where folders that are missing may be made."""

    @property
    def path(self) -> str:
        """The folder itself, absolute."""
        return os.path.join(self.above, self.name)

    def opened(self) -> int | None:
        """Open it for reading; the caller closes it. None while there is none. Raises PathRefused, Unreadable."""
        if not os.path.lexists(self.path):
            return None
        with HomeFolder(self.home) as home:
            try:
                above = home.open(self.above, folder=True)
            except FileNotFound:
                return None
            try:
                return open_beneath(above, self.name, folder=True)
            except FileNotFound:
                return None
            finally:
                os.close(above)


def place_of(located: Located, arrangement: Arrangement, state_folder: str) -> UploadPlace:
    """Give the folder of uploads of a session."""
    if arrangement.uploads is not None:
        above, name = os.path.split(arrangement.uploads)
        return UploadPlace(home=located.home.path, above=above, name=name, ours=False)
    return own_place(located.session_id, state_folder)


def own_place(session_id: str, state_folder: str) -> UploadPlace:
    """Give the folder in our state; its name is made of digits alone, so no id leads elsewhere."""
    home = os.path.realpath(state_folder)
    digest = hashlib.sha256(session_id.encode("utf-8", "surrogatepass")).hexdigest()
    return UploadPlace(home=home, above=os.path.join(home, FOLDER), name=digest[:_DIGITS], ours=True)
