"""The seam between an agent's format and the stores: what an adapter is asked, and what it answers.

An adapter is pure. The store reads the disk and hands over what it read; the adapter says what it means.

1. Finding. `discover` answers `Ask` until it has what it needs (at most `MAX_ROUNDS` times), then `Discovery`:
   one `Candidate` per session of a home. `arrange` does the same for one session and answers `Arrangement`.
2. Scanning. The `Reader` of an arrangement classifies each line of the shown parts by its first bytes, and a
   `Digest` fed beside it collects what a row shows.
3. Folding. A `Fold`, fed the lines of one block, turns them into changes of a list of entries. A block begins at
   a line whose class says `starts`; nothing in it touches an entry of another block.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol

import attrs

from forkpoint.model.entry import Entry, TokenUsage
from forkpoint.model.problem import Problem
from forkpoint.model.session import Resume
from forkpoint.model.source import Part, QuerySource, Stamp

if TYPE_CHECKING:
    from forkpoint.agents.writing import Writer

MAX_ROUNDS = 3
SMALL_FILE_LIMIT = 1 << 20
"""The most the store hands over of a small file, in bytes (1 MiB)."""
ROW_LIMIT = 1_000_000
"""The most rows the store hands over of one query."""

# --- what an adapter asks of the disk ---------------------------------------------------------------------------


Kind = Literal["file", "folder", "link", "other"]
"""What a name stands for. A link that stays inside the home has the kind of its target; other links are `link`."""


class DirEntry(NamedTuple):
    """One name in a folder."""

    name: str
    kind: Kind


@attrs.frozen
class Peek:
    """A look at both ends of a file, digested at once so that no bytes pile up."""

    path: str
    head: int
    """Bytes wanted from its beginning."""
    tail: int
    """Bytes wanted from its end; what overlaps the head is handed over twice."""
    read: "Callable[[bytes, bytes, Stamp], Any]"
    """Gives what the adapter wants to keep, or another `Peek` of the same path that wants more."""


@attrs.frozen(kw_only=True)
class Ask:
    """What the adapter needs to know next; unknown paths are answered with None, never with an error."""

    folders: Sequence[str] = ()
    """Folders whose names are wanted."""
    stamps: Sequence[str] = ()
    """Files whose stamps are wanted."""
    inner: Sequence[tuple[str, str]] = ()
    """Files whose stamps are wanted, each as a folder and the path below it, on which no link is followed; `Disk.stamp`
    has them by the two joined."""
    texts: Sequence[str] = ()
    """Small files whose bytes are wanted."""
    peeks: Sequence[Peek] = ()
    """Files to look into at both ends."""
    queries: Sequence[QuerySource] = ()
    """Queries whose rows are wanted, at most `ROW_LIMIT` of each."""


class Disk(Protocol):
    """What the store has read so far. Links that leave the home and things that are no files answer None."""

    @property
    def rounds(self) -> int:
        """How many `Ask`s have been answered: what is None after its round is not there."""
        ...

    def folder(self, path: str) -> Sequence[DirEntry] | None:
        """The names in a folder, sorted; None when it cannot be listed or was not asked for."""
        ...

    def stamp(self, path: str) -> Stamp | None:
        """The stamp of a regular file; also known for every peeked and read file."""
        ...

    def text(self, path: str) -> bytes | None:
        """The bytes of a small file; None when it is missing, too large or unreadable."""
        ...

    def peeked(self, path: str) -> Any:
        """What the last `Peek.read` of this path gave; None when the file could not be opened."""
        ...

    def rows(self, query: QuerySource) -> Sequence[tuple[int, bytes]] | None:
        """Key and body of each row of a query; None when the database cannot be read."""
        ...

    def problems(self) -> Sequence[Problem]:
        """What could not be read of what was asked for; a missing file is no problem."""
        ...


# --- what an adapter knows of sessions -------------------------------------------------------------------------


@attrs.frozen(kw_only=True)
class Home:
    """One folder an agent keeps its sessions under."""

    path: str
    """Absolute, links resolved."""
    profile: str | None = None


@attrs.frozen(kw_only=True)
class Environment:
    """What decides where an agent's homes are."""

    variables: Mapping[str, str]
    """The process's environment variables."""
    home_dir: str
    """The user's home folder."""
    state_dir: str = ""
    """The folder of our own state, absolute; empty when there is none."""


@attrs.define(kw_only=True)
class Candidate:
    """One session as the walk finds it: enough to sort and to filter by folder, nothing read whole."""

    native_id: str
    path: str
    """Its file or folder, absolute."""
    updated_at: int
    """Milliseconds since 1970 UTC, by the agent's own rule."""
    work_dir: str | None = None
    remote: str | None = None
    """The name of the machine `work_dir` is on, when it is not this one."""
    moved_from: str | None = None
    """What it says itself, when `work_dir` is where that folder was moved; set for `Adapter.resume` alone."""
    created_at: int | None = None
    parent_path: str | None = None
    """The path of the session it was forked from, as the file names it."""
    facts: Any = None
    """Whatever the adapter wants to have again in `arrange`."""


@attrs.frozen(kw_only=True)
class Discovery:
    """All sessions of a home."""

    candidates: Sequence[Candidate]
    problems: Sequence[Problem] = ()


@attrs.frozen(kw_only=True)
class Arrangement:
    """One session laid out: its parts in order, and what its index files say."""

    parts: Sequence[Part]
    """Shown parts first and in reading order."""
    title: str | None = None
    """A title from an index file."""
    title_source: Literal["custom", "generated"] = "custom"
    title_is_final: bool = True
    """False when a first turn of the log goes before this title."""
    archived: bool = False
    archived_at: int | None = None
    auto_archive_exempt: bool = False
    """Whether the agent's own file says that age is not to archive it."""
    agent_fields: dict[str, Any] | None = None
    generations: Sequence[str] = ()
    """The names of the parts that are what the session was before it was compacted, cleared or begun anew, the oldest
    first."""
    uploads: str | None = None
    """The folder that the agent itself keeps files in that were handed to the session, absolute, in a folder that is
    there as long as the session is; None where its format has none."""
    problems: Sequence[Problem] = ()
    facts: Any = None
    """Whatever the adapter's reader wants to have."""


# --- what an adapter knows of lines ------------------------------------------------------------------------------


class Line(NamedTuple):
    """What the first bytes of a line tell."""

    kind: str
    """The adapter's own name of the record; empty for a line that is none."""
    node: bool = False
    """Whether it belongs to the conversation (a header, a blank or a broken line does not)."""
    id: str | None = None
    parent: str | None = None
    """In a tree format: the id of the entry before it, None for a root."""
    starts: bool = True
    """Whether folding may begin here without the lines before."""
    turn: bool = False
    """Whether it begins a turn."""
    calls: int = 0
    """The number of tool calls it makes."""
    problem: str | None = None
    """A problem's kind, when something is wrong with the line."""
    reason: str = ""


class Place(NamedTuple):
    """Where a line lies."""

    part: str
    offset: int
    """Bytes from the start of the file, or the key of a row."""
    path: str
    number: int | None
    """The line counted from 1; None when reading began in the middle of the file."""


@attrs.define(kw_only=True)
class Summary:
    """What a whole read of the shown parts adds to a row."""

    title: str | None = None
    """A title set inside the transcript."""
    first_turn: str | None = None
    """The text of the first top-level turn that has any."""
    message_count: int = 0
    preview: str | None = None
    created_at: int | None = None
    status: str = "unknown"
    usage: TokenUsage | None = None
    model: str | None = None
    thinking_level: str | None = None
    agent_fields: dict[str, Any] | None = None


class Digest(Protocol):
    """Collects what a row shows, fed every line of the shown parts in order."""

    def feed(self, line: Line, buffer: bytes | bytearray, start: int, end: int) -> None:
        """Take one line; `buffer[start:end]` are its bytes, without the line break."""
        ...

    def summary(self, path: Sequence[int]) -> Summary:
        """Give what was collected; `path` holds the ordinals of the fed lines on the current path."""
        ...


class Change(NamedTuple):
    """One change of the list of entries."""

    action: Literal["add", "replace", "hide"]
    entry: Entry
    """For replace and hide, the entry with this id is meant. A replace may bring the very entry that was added."""


class Fold(Protocol):
    """Turns the lines of one block into changes of a list of entries."""

    def feed(self, place: Place, line: Line, raw: bytes) -> Iterable[Change]:
        """Take one line of the block."""
        ...

    def finish(self) -> Iterable[Change]:
        """Close what is still open at the end of the block."""
        ...

    def save(self) -> Any:
        """Give the state as plain values, from which `Reader.fold` goes on."""
        ...


class Reader(Protocol):
    """Reads the shown parts of one arranged session."""

    shape: Literal["linear", "tree"]
    leaf: str | None
    """The leaf the file itself names: None for the last entry, empty for before the first."""

    def classify(self, part: Part, buffer: bytes | bytearray, start: int, end: int, *, thorough: bool) -> Line:
        """Class a line by its first bytes; `thorough` checks the whole line and names what is wrong."""
        ...

    def digest(self) -> Digest:
        """Begin a digest."""
        ...

    def fold(self, state: Any = None) -> Fold:
        """Begin a fold, or go on from what `Fold.save` gave."""
        ...

    def turn_text(self, line: Line, raw: bytes) -> tuple[str, int | None]:
        """Give the user's text of a line that begins a turn, and its time in milliseconds."""
        ...

    def time(self, line: Line, raw: bytes) -> int | None:
        """Give the time of any line in milliseconds since 1970 UTC, None when it has none."""
        ...


# --- the adapter ------------------------------------------------------------------------------------------------


FieldType = Literal["boolean"]
"""What an agentField holds that can be changed; null puts it back to the agent's default."""


@attrs.frozen(kw_only=True)
class AgentInfo:
    """How an agent is shown, and what its format can do."""

    id: str
    title: str
    icon: str
    """The name of an icon of the editor's own set (a VS Code codicon)."""
    capabilities: frozenset[str]
    """What its format can do, of: archive, titles, tree, compaction, subagents, usage."""
    fields: Mapping[str, str] = attrs.Factory(dict[str, str])
    """The agentFields a row may carry, each with its meaning."""
    writable_fields: Mapping[str, FieldType] = attrs.Factory(dict[str, FieldType])
    """Those of them that its writer changes, each with what it holds."""
    compaction_kinds: frozenset[str] = frozenset()
    """The kinds of lines, each of which stands for one compaction."""


class Adapter(Protocol):
    """One agent's format."""

    info: AgentInfo
    writer: "Writer | None"
    """What plans changes of its sessions; None for an agent that is only read."""

    def homes(self, environment: Environment) -> Sequence[Home]:
        """Where this agent keeps its sessions when no setting says otherwise; paths may not exist."""
        ...

    def discover(self, home: Home, disk: Disk, known_folders: Sequence[str]) -> Ask | Discovery:
        """Find the sessions of a home; `known_folders` are folders a key that cannot be reversed may stand for."""
        ...

    def arrange(self, candidate: Candidate, disk: Disk) -> Ask | Arrangement:
        """Lay out one session. Raises `Discontinued` for a format that is recognised and not read."""
        ...

    def reader(self, arrangement: Arrangement) -> Reader:
        """Give the reader of an arranged session."""
        ...

    def resume(self, candidate: Candidate) -> Resume | None:
        """How the agent itself continues the session."""
        ...
