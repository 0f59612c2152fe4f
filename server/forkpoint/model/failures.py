"""The errors a client can get, as a tree of values.

Failure
├── PathRefused          4030  a guarded path was not opened
├── ScopeMissing         4031  the client did not ask for this scope
├── ReadOnly             4032  the server was started read-only
├── Untrusted            4033  the workspace is not trusted
├── SessionNotFound      4040
├── EntryNotFound        4041
├── FileNotFound         4042
├── CursorExpired        4100
├── TooLarge             4130
├── NotSupported         4150  a capability the agent's format or this platform lacks
├── RepositoryRefused    4151  git would have to trust what it should not
├── RemoteFolder         4152  the work dir lies on another machine
├── Discontinued         4153  a format that is recognised and no longer read
├── Unreadable           4220  it exists and its bytes cannot be had
└── TimedOut             5040

Only "what you named cannot be had" is a failure; broken content inside it is a `Problem`.
"""

from typing import ClassVar

import attrs


class Failure(Exception):
    """An expected error: `kind` is the contract, `code` is for logs, the sentence for people."""

    code: ClassVar[int]
    kind: ClassVar[str]

    def sentence(self) -> str:
        """One sentence for a person; its wording may change."""
        raise NotImplementedError

    def __str__(self) -> str:
        return self.sentence()


@attrs.frozen(kw_only=True, str=False)
class PathRefused(Failure):
    """The path guard did not open a path."""

    code: ClassVar[int] = 4030
    kind: ClassVar[str] = "pathRefused"
    path: str
    """The path as it was asked for."""
    reason: str
    """Why, one of the guard's reasons (`parsing/path_rules.py` lists them)."""

    def sentence(self) -> str:
        return f"Refused to open {self.path!r}: {self.reason}."


@attrs.frozen(kw_only=True, str=False)
class ScopeMissing(Failure):
    """The call needs a scope that the client's settings do not grant."""

    code: ClassVar[int] = 4031
    kind: ClassVar[str] = "scopeMissing"
    method: str
    """The method that was asked for."""
    scope: str
    """The scope it needs: read, write or admin."""

    def sentence(self) -> str:
        return f"{self.method} needs the scope {self.scope!r}; the setting `scopes` does not grant it."


@attrs.frozen(kw_only=True, str=False)
class ReadOnly(Failure):
    """A changing call while the setting `readOnly` is on."""

    code: ClassVar[int] = 4032
    kind: ClassVar[str] = "readOnly"
    method: str
    """The method that was asked for."""

    def sentence(self) -> str:
        return f"{self.method} changes something, and the setting `readOnly` is on."


@attrs.frozen(kw_only=True, str=False)
class Untrusted(Failure):
    """A call beyond reading while the workspace is not trusted."""

    code: ClassVar[int] = 4033
    kind: ClassVar[str] = "untrusted"
    method: str
    """The method that was asked for."""

    def sentence(self) -> str:
        return f"{self.method} needs a trusted workspace."


@attrs.frozen(kw_only=True, str=False)
class SessionNotFound(Failure):
    """No agent has a session of this id."""

    code: ClassVar[int] = 4040
    kind: ClassVar[str] = "sessionNotFound"
    session_id: str
    """The id as it was asked for."""

    def sentence(self) -> str:
        return f"There is no session {self.session_id!r}."


@attrs.frozen(kw_only=True, str=False)
class EntryNotFound(Failure):
    """The session exists and has no such entry on its current path."""

    code: ClassVar[int] = 4041
    kind: ClassVar[str] = "entryNotFound"
    session_id: str
    """The session that was searched."""
    entry_id: str
    """The entry as it was asked for."""

    def sentence(self) -> str:
        return f"Session {self.session_id!r} has no entry {self.entry_id!r} on its current path."


@attrs.frozen(kw_only=True, str=False)
class FileNotFound(Failure):
    """The path is allowed and nothing is there."""

    code: ClassVar[int] = 4042
    kind: ClassVar[str] = "fileNotFound"
    path: str
    """The path as it was asked for."""

    def sentence(self) -> str:
        return f"There is no file {self.path!r}."


@attrs.frozen(kw_only=True, str=False)
class CursorExpired(Failure):
    """The cursor is not one of ours, or belongs to other filters."""

    code: ClassVar[int] = 4100
    kind: ClassVar[str] = "cursorExpired"
    cursor: str
    """The cursor as it was given."""

    def sentence(self) -> str:
        return "The cursor does not belong to this list; start again without one."


@attrs.frozen(kw_only=True, str=False)
class TooLarge(Failure):
    """What was asked for is over a limit."""

    code: ClassVar[int] = 4130
    kind: ClassVar[str] = "tooLarge"
    what: str
    """What is too large, in a word or two."""
    size: int
    """Its size in bytes."""
    limit: int
    """The limit in bytes."""

    def sentence(self) -> str:
        return f"{self.what} has {self.size} bytes; the limit is {self.limit}."


@attrs.frozen(kw_only=True, str=False)
class NotSupported(Failure):
    """The agent's format, or this platform, cannot do this."""

    code: ClassVar[int] = 4150
    kind: ClassVar[str] = "notSupported"
    capability: str
    """The capability that is missing."""
    reason: str
    """Why it is missing."""

    def sentence(self) -> str:
        return f"Not supported ({self.capability}): {self.reason}."


@attrs.frozen(kw_only=True, str=False)
class RepositoryRefused(Failure):
    """Git was not run in this repository."""

    code: ClassVar[int] = 4151
    kind: ClassVar[str] = "repositoryRefused"
    folder: str
    """The folder that was asked about."""
    reason: str
    """Why, in a sentence fragment."""

    def sentence(self) -> str:
        return f"Git is not run in {self.folder!r}: {self.reason}."


@attrs.frozen(kw_only=True, str=False)
class RemoteFolder(Failure):
    """The session works in a folder of another machine."""

    code: ClassVar[int] = 4152
    kind: ClassVar[str] = "remoteFolder"
    folder: str
    """The path on the other machine."""

    def sentence(self) -> str:
        return f"The work dir {self.folder!r} lies on another machine."


@attrs.frozen(kw_only=True, str=False)
class Discontinued(Failure):
    """The format is recognised and not read."""

    code: ClassVar[int] = 4153
    kind: ClassVar[str] = "discontinued"
    format: str
    """The format, with its version."""

    def sentence(self) -> str:
        return f"Sessions of the format {self.format} are not read."


@attrs.frozen(kw_only=True, str=False)
class Unreadable(Failure):
    """It exists, and its bytes cannot be had."""

    code: ClassVar[int] = 4220
    kind: ClassVar[str] = "unreadable"
    path: str
    """What could not be read."""
    reason: str
    """Why, as the system says it."""

    def sentence(self) -> str:
        return f"Cannot read {self.path!r}: {self.reason}."


@attrs.frozen(kw_only=True, str=False)
class TimedOut(Failure):
    """A program did not end within its time limit and was stopped."""

    code: ClassVar[int] = 5040
    kind: ClassVar[str] = "timedOut"
    what: str
    """What was stopped."""
    after_ms: int
    """The limit, in milliseconds."""

    def sentence(self) -> str:
        return f"{self.what} did not end within {self.after_ms} ms and was stopped."
