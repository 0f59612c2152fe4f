"""The seam between an agent's format and changes to it: an adapter plans, the store carries out.

An adapter's `Writer` is pure, as its reader is. It is asked for one change, asks the disk in rounds for what it must
know, and answers a `Plan`: at most a few files to bring up to date first, one step that makes the change real, and what
may be tidied afterwards. The store carries a plan out so that a process killed at any moment leaves the world before
the step or the world after it.

Nothing here rewrites what it does not understand: a small file that is replaced keeps every member it does not change,
and a transcript is only appended to or copied by ranges of bytes.
"""

from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, Literal, NamedTuple, Protocol

import attrs

from forkpoint.agents.adapter import Arrangement, Ask, Candidate, Disk, Home, Line
from forkpoint.model.problem import Problem
from forkpoint.model.source import Stamp

# --- what a plan is made of --------------------------------------------------------------------------------------


class Copied(NamedTuple):
    """A half-open range of a file's bytes, copied as they are."""

    path: str
    start: int
    end: int
    was: Stamp
    """The stamp the file had when the range was chosen; it may have grown since, and nothing else."""
    within: str | None = None
    """The folder below which no link is followed on the way to the file; None: links that stay in the home are."""


Content = Sequence[bytes | Copied]
"""The contents of a new file, piece by piece."""


@attrs.frozen(kw_only=True)
class NewFile:
    """A file that appears whole, in one step; its name must be free."""

    path: str
    """Absolute; in a `NewFolder`, relative to it."""
    content: Content
    mode: int = 0o600


@attrs.frozen(kw_only=True)
class NewFolder:
    """A folder that appears with all its files, in one step; its name must be free."""

    path: str
    files: Sequence[NewFile]
    mode: int = 0o700


@attrs.frozen(kw_only=True)
class Replace:
    """A small file replaced whole, if it is still as it was when the plan was made."""

    path: str
    content: bytes
    was: Stamp | None
    """The stamp it must still have; None when it must not be there."""


@attrs.frozen(kw_only=True)
class Append:
    """Whole lines added to a file in one write; a torn last line is ended first."""

    path: str
    lines: bytes
    """Each line with its line break."""
    was: Stamp
    """The stamp it must still have."""


@attrs.frozen(kw_only=True)
class Retire:
    """Files and folders taken out of the agent's home together, into the trash."""

    paths: Sequence[str]
    """The session's own place first; that it is gone is what makes the session gone."""


Step = NewFile | NewFolder | Replace | Append | Retire

LockForm = Literal["flock", "flockIfThere", "ownerFile"]
"""The form of an agent's own lock beside a transcript; `flock` makes the file when it is missing, `flockIfThere` takes
it only where an agent has made it."""


@attrs.frozen(kw_only=True)
class Plan:
    """One change, thought out."""

    before: Sequence[Replace | NewFolder] = ()
    """What must be true first and harms nobody should the rest never happen, such as a folder named in an index.

    A new folder among it is taken back when the step fails.
    """
    step: Step
    """What makes the change real."""
    after: Sequence[Replace] = ()
    """What is tidied afterwards; a failure here is told and undoes nothing."""
    native_id: str
    """The agent's own id of the session that is there, or gone, afterwards."""
    path: str
    """The session's file or folder, absolute."""
    lock: LockForm | None = None
    """The agent's own lock on the file that is appended to or retired; None where it has none."""
    previous: "Mapping[Editable, Any]" = attrs.Factory(dict["Editable", Any])
    """Of an update: what the fields that it was asked for were before, as far as the writer has seen that."""


# --- what is asked for -------------------------------------------------------------------------------------------


@attrs.frozen(kw_only=True)
class Occasion:
    """What a plan cannot know by itself: the time, and names nobody has."""

    now: int
    """Milliseconds since 1970 UTC."""
    new_id: str
    """A fresh random UUID in its usual form, for a new session; its bytes serve for smaller ids too."""


@attrs.frozen(kw_only=True)
class Creation:
    """A new session."""

    work_dir: str
    """Absolute; it exists."""
    title: str | None = None
    model: str | None = None
    thinking_level: str | None = None
    parent_path: str | None = None
    """The path of the session it comes from."""


Editable = Literal["title", "generatedTitle", "archived", "model", "thinkingLevel", "agentFields"]
"""What a format may have fields of its own for; a format declares which. All else is in our notes.

`title` is one that a person gave. `generatedTitle` is one that was made out of what was said, and never takes the place
of a person's, unless that is cleared by the same change. `agentFields` holds values by the names of
`AgentInfo.writable_fields`.
"""


@attrs.frozen(kw_only=True)
class Subject:
    """The session a change is about, as it is now."""

    session_id: str
    """The id that clients know it by, for errors."""
    home: Home
    candidate: Candidate
    arrangement: Arrangement
    leaf: str | None = None
    """In a tree format: the id of the entry that the current path ends in."""
    taken_ids: AbstractSet[str] = frozenset()
    """In a tree format: ids of entries, none of which may be given away again."""


class Lines(Protocol):
    """The lines of one part, numbered from 0, as they lie on disk."""

    stamp: Stamp

    def __len__(self) -> int: ...

    def line(self, number: int) -> Line:
        """What a line is."""
        ...

    def span(self, number: int) -> tuple[int, int]:
        """Where a line begins and where the next one does, in bytes."""
        ...

    def read(self, number: int) -> bytes:
        """A line's bytes, without the line break."""
        ...

    def of_kinds(self, kinds: Collection[str], start: int = 0, end: int | None = None) -> Sequence[int]:
        """The numbers of the lines of some kinds, in order, of a half-open range; None for the end: to the last."""
        ...

    def path(self) -> Sequence[int]:
        """The numbers of the lines on the current path, in order."""
        ...

    def find(self, entry_id: str) -> int | None:
        """The line that an entry begins with."""
        ...


@attrs.frozen(kw_only=True)
class Cut:
    """Where a fork ends. None of the three: it takes everything."""

    turn: int | None = None
    """After this turn, counted from 0 along the current path."""
    after: str | None = None
    """After this entry."""
    before: str | None = None
    """Before this entry, whose text is then the prompt to begin with."""


@attrs.frozen(kw_only=True)
class ForkPlan:
    """A fork, thought out."""

    plan: Plan
    prefill: str | None = None
    """The text of the user's entry before which it was cut."""
    closed_tool_calls: int = 0
    """How many calls were open at the cut and are recorded as interrupted."""
    problems: Sequence[Problem] = ()


# --- the writer --------------------------------------------------------------------------------------------------


class Writer(Protocol):
    """Plans the changes of one agent's sessions. Errors of all: NotSupported, with the reason, for what cannot be."""

    fields: frozenset[Editable]
    """The fields that the format has, and that a new session can be given."""

    def editable(self, candidate: Candidate, arrangement: Arrangement) -> frozenset[Editable]:
        """Give those of the fields that this session's files have, older forms having fewer: what `update` takes."""
        ...

    def create(self, home: Home, wanted: Creation, occasion: Occasion, disk: Disk) -> Ask | Plan:
        """Plan a new session."""
        ...

    def update(
        self, subject: Subject, changes: Mapping[Editable, Any], occasion: Occasion, disk: Disk
    ) -> Ask | Plan | None:
        """Plan a change of fields of the agent's own; None when everything is so already. A value None clears."""
        ...

    def delete(self, subject: Subject, disk: Disk) -> Ask | Plan:
        """Plan to take a session away, with everything that belongs to it and to nothing else."""
        ...

    def fork(
        self, subject: Subject, cut: Cut, wanted: Creation, occasion: Occasion, lines: Mapping[str, Lines], disk: Disk
    ) -> Ask | ForkPlan:
        """Plan a fork; `lines` has every shown and every context part that can be opened, by name.

        A part is scanned when it is first asked for. Errors: EntryNotFound and TurnOutOfRange too.
        """
        ...
