"""What is known about one session, for a person who asks why it looks as it does; nothing of what was said in it."""

from typing import Any, Literal

import attrs

from forkpoint.model.problem import Problem
from forkpoint.model.relocation import Relocation
from forkpoint.model.session import Holder


@attrs.frozen(kw_only=True)
class PartFacts:
    """One stretch of a file that the session is made of."""

    name: str
    """The part's name; it begins the ids of entries that have none of their own."""
    role: str
    """shown: what a person saw; context: what the model sees; index: titles and flags; side: anything else."""
    path: str
    """The absolute path of its file or database."""
    start: int
    """Where it begins: bytes of a file, or the key of a row."""
    end: int | None = None
    """Where it ends; absent: as far as it goes."""
    size_bytes: int | None = None
    """The size of the file; absent when there is none."""
    modified_at: int | None = None
    """When the file was last written, in milliseconds since 1970 UTC; absent when there is none."""


@attrs.frozen(kw_only=True)
class IndexFacts:
    """What a scan of the shown parts found."""

    kept: bool
    """Whether an index of it was kept in memory before it was asked for here."""
    lines: int
    """All lines, of every kind."""
    entries: int
    """The lines that belong to the conversation."""
    on_path: int
    """Those of them on the current path."""
    turns: int
    """The turns on the current path."""
    branches: int
    """The entries that no other entry follows; at most 1 in a format without branches."""
    leaf: str | None = None
    """The id of the entry that the current path ends in; absent when it is empty."""
    compactions: int
    """How often it was compacted, as far as its log says so."""
    kinds: dict[str, int]
    """The number of lines of each kind, by the names of the agent's format; at most 100 kinds."""


@attrs.frozen(kw_only=True)
class LockFacts:
    """One lock file; it was looked at and not taken."""

    path: str
    """Its absolute path."""
    form: Literal["flock", "ownerFile"]
    """flock: a lock of the system's on the file; ownerFile: the file itself, with its owner in it."""
    held: bool | None = None
    """Whether a process of this machine holds it; absent when that cannot be told."""
    pid: int | None = None
    """That process; absent when unknown."""
    since: int | None = None
    """Since when, in milliseconds since 1970 UTC; absent when unknown."""


@attrs.frozen(kw_only=True)
class LineageFacts:
    """Where a session comes from, and what came from it."""

    parent_path: str | None = None
    """The file of the session it was forked from, as its own file names it."""
    noted_parent: str | None = None
    """The id of that session, as our notes have it."""
    entry_id: str | None = None
    """The entry it was cut at, as our notes have it."""
    turn: int | None = None
    """The turn it was cut after, counted from 0, as our notes have it."""
    noted_at: int | None = None
    """When that was noted, in milliseconds since 1970 UTC."""
    children: list[str]
    """The sessions forked from it, by either."""


@attrs.frozen(kw_only=True)
class StagedFacts:
    """A temporary name of ours that was not crossed out."""

    path: str
    """Its absolute path."""
    pid: int
    """The process that made it."""
    running: bool
    """Whether that process still runs; if not, the next change of any session removes what is left."""


@attrs.frozen(kw_only=True)
class SessionFacts:
    """Everything that is known about a session beside its contents."""

    session_id: str
    """Its id."""
    agent: str
    """Its agent's id."""
    path: str
    """The absolute path of its file or folder."""
    home: str
    """The folder of the agent it was found under."""
    work_dir: str | None = None
    """The folder it works in; absent when unknown."""
    status: str
    """Its status, as sessions/get has it."""
    title_source: str
    """Where its title comes from, as sessions/get has it."""
    revision: str
    """Its revision, as sessions/get has it."""
    parts: list[PartFacts]
    """The files it is made of, those of the conversation first."""
    index: IndexFacts
    """What a scan of the conversation found."""
    generations: list[str]
    """The parts that hold what it was before it was compacted, cleared or begun anew, the oldest first."""
    problem_counts: dict[str, int]
    """How many problems there are of each kind."""
    problems: list[Problem]
    """The first 20 of them; all of them with sessions/diagnose."""
    locks: list[LockFacts]
    """The locks of agents beside its transcripts."""
    lease: LockFacts | None = None
    """The lock under which our own processes change it, and sessions that share it; absent when there never was one."""
    held_by: Holder | None = None
    """Who holds it by those locks; absent when unknown."""
    open_by: list[int] | None = None
    """The processes that have its transcript open, beside this one; absent when the system does not tell."""
    grown_lately: bool
    """Whether another program wrote to it within 10 seconds."""
    notes: dict[str, Any]
    """What is noted about it in our own state, by field; what is not set is left out."""
    extension_counts: dict[str, int]
    """How many values each plugin keeps with it."""
    lineage: LineageFacts
    """Where it comes from."""
    relocations: list[Relocation]
    """The noted moves of folders that its work dir lies in."""
    staging: list[StagedFacts]
    """Temporary names of ours in its folder or beside it that were not crossed out."""
