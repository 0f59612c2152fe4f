"""What is told to a client that wants to know, one class per notification."""

import attrs

from forkpoint.model.entry import Entry
from forkpoint.stores.watching.changes import SessionChange

SESSIONS_CHANGED = "sessions/changed"
SESSION_MESSAGE = "sessions/message"
GIT_CHANGED = "git/changed"


@attrs.frozen(kw_only=True)
class SessionsChanged:
    """Sessions came, went or changed: by an operation of ours, or on disk by any program.

    That a session came or went is told of it alone, though rows of others name it as their parent or child.
    """

    revision: str
    """The position after these changes; lists answer such a position too."""
    changes: list[SessionChange]
    """One per session, oldest first; or one `everything`."""


@attrs.frozen(kw_only=True)
class SessionMessage:
    """What was written in a session that messages/subscribe named."""

    session_id: str
    """The session."""
    entries: list[Entry]
    """New entries, oldest first, which follow on those that were sent before."""
    updated: list[Entry]
    """Entries that were sent before and say more now, such as a call that has its result."""
    reset: bool | None = None
    """True when the current path no longer holds what was sent before: read the history again.

    What comes after follows on the end of the path as it was when this was sent.
    """
    last_entry_id: str | None = None
    """The newest entry there is, after which the next notice goes on; absent while there is none."""


@attrs.frozen(kw_only=True)
class GitChanged:
    """The branch, the commit or the index of a folder changed, or an agent was at work in it."""

    folder: str
    """The folder as the rows of its sessions name it."""
