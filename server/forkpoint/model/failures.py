"""The errors a client can get, as a tree of values.

Failure
├── PathRefused          4030  a guarded path was not opened
├── ScopeMissing         4031  the client did not ask for this scope
├── ReadOnly             4032  the server was started read-only
├── Untrusted            4033  the workspace is not trusted
├── SessionNotFound      4040
├── EntryNotFound        4041
├── FileNotFound         4042
├── TurnOutOfRange       4043  the session has no turn of this number
├── ProfileNotFound      4044  the agent has no such profile on this machine
├── TrashNotFound        4045  nothing in the trash has this id
├── UploadNotFound       4046  no upload of this id is under way
├── SessionChangedOnDisk 4090  another program changed it meanwhile
├── SessionBusy          4091  somebody else holds it
├── LabelInUse           4092  another session has this label
├── RevisionMismatch     4093  the session is not as the caller last saw it
├── NameTaken            4094  something lies where a session would be put
├── CursorExpired        4100
├── TooLarge             4130
├── NotSupported         4150  a capability the agent's format or this platform lacks
├── RepositoryRefused    4151  git would have to trust what it should not
├── RemoteFolder         4152  the work dir lies on another machine
├── Discontinued         4153  a format that is recognised and no longer read
├── Unreadable           4220  it exists and its bytes cannot be had
├── Unwritable           4221  the system does not let it be changed
├── TimedOut             5040
└── NoSpace              5070

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
class TurnOutOfRange(Failure):
    """The session has no turn of this number on its current path."""

    code: ClassVar[int] = 4043
    kind: ClassVar[str] = "turnOutOfRange"
    turn: int
    """The turn as it was asked for, counted from 0."""
    turns: int
    """How many turns there are."""

    def sentence(self) -> str:
        return f"There is no turn {self.turn}; the session has {self.turns}."


@attrs.frozen(kw_only=True, str=False)
class ProfileNotFound(Failure):
    """The agent has no such profile on this machine."""

    code: ClassVar[int] = 4044
    kind: ClassVar[str] = "profileNotFound"
    profile: str
    """The profile as it was asked for."""

    def sentence(self) -> str:
        return f"There is no profile {self.profile!r}."


@attrs.frozen(kw_only=True, str=False)
class TrashNotFound(Failure):
    """Nothing in the trash has this id: it was restored, or is gone for good."""

    code: ClassVar[int] = 4045
    kind: ClassVar[str] = "trashNotFound"
    trash_id: str
    """The id as it was asked for."""

    def sentence(self) -> str:
        return f"There is nothing in the trash under {self.trash_id!r}."


@attrs.frozen(kw_only=True, str=False)
class UploadNotFound(Failure):
    """No upload of this id is under way: it ended, was dropped, or is another server's."""

    code: ClassVar[int] = 4046
    kind: ClassVar[str] = "uploadNotFound"
    upload_id: str
    """The id as it was asked for."""

    def sentence(self) -> str:
        return f"No upload {self.upload_id!r} is under way; begin it anew."


@attrs.frozen(kw_only=True, str=False)
class SessionChangedOnDisk(Failure):
    """A file is no longer as it was when the change was thought out; nothing was changed."""

    code: ClassVar[int] = 4090
    kind: ClassVar[str] = "sessionChangedOnDisk"
    path: str
    """The file that moved on."""

    def sentence(self) -> str:
        return f"{self.path!r} was changed by another program meanwhile; try again."


@attrs.frozen(kw_only=True, str=False)
class SessionBusy(Failure):
    """Somebody else holds the session or a file of it."""

    code: ClassVar[int] = 4091
    kind: ClassVar[str] = "sessionBusy"
    what: str
    """The session's id, or the path of the file that is held."""
    holder: str
    """Who holds it, as far as that is known, such as `process 4711`; else `unknown`."""

    def sentence(self) -> str:
        return f"{self.what!r} is held by another program (holder: {self.holder})."


@attrs.frozen(kw_only=True, str=False)
class LabelInUse(Failure):
    """Another session has this label; labels are unique over all sessions, in exactly their case."""

    code: ClassVar[int] = 4092
    kind: ClassVar[str] = "labelInUse"
    label: str
    """The label as it was asked for."""
    session_id: str
    """The session that has it."""

    def sentence(self) -> str:
        return f"The label {self.label!r} belongs to session {self.session_id!r}."


@attrs.frozen(kw_only=True, str=False)
class RevisionMismatch(Failure):
    """The session has changed since the caller last saw it; nothing was changed."""

    code: ClassVar[int] = 4093
    kind: ClassVar[str] = "revisionMismatch"
    session_id: str
    """The session that was to be changed."""
    revision: str
    """The revision it has now."""

    def sentence(self) -> str:
        return f"Session {self.session_id!r} has changed meanwhile; look at it again."


@attrs.frozen(kw_only=True, str=False)
class NameTaken(Failure):
    """Something lies where a session would be put; it was left as it is."""

    code: ClassVar[int] = 4094
    kind: ClassVar[str] = "nameTaken"
    path: str
    """The path that is taken."""

    def sentence(self) -> str:
        return f"There is something at {self.path!r} already."


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
class Unwritable(Failure):
    """The system does not let a file or folder be changed; nothing was changed."""

    code: ClassVar[int] = 4221
    kind: ClassVar[str] = "unwritable"
    path: str
    """What could not be changed."""
    reason: str
    """Why, as the system says it."""

    def sentence(self) -> str:
        return f"Cannot change {self.path!r}: {self.reason}."


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


@attrs.frozen(kw_only=True, str=False)
class NoSpace(Failure):
    """The disk, a quota or a size limit has no room for the change; nothing was changed."""

    code: ClassVar[int] = 5070
    kind: ClassVar[str] = "noSpace"
    path: str
    """What was being written."""

    def sentence(self) -> str:
        return f"There is no space left to write {self.path!r}."
