"""The calls of the Forkpoint server. Generated: run `python3 dev.py generate`, do not edit."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NotRequired, TypedDict, Unpack

from forkpoint_client.connection import CallOptions

ErrorKind = Literal[
    "pathRefused",
    "scopeMissing",
    "readOnly",
    "untrusted",
    "sessionNotFound",
    "entryNotFound",
    "fileNotFound",
    "cursorExpired",
    "tooLarge",
    "notSupported",
    "repositoryRefused",
    "remoteFolder",
    "discontinued",
    "unreadable",
    "timedOut",
]
"""What `ForkpointError.kind` can be."""


class Agent(TypedDict):
    """One agent."""

    id: str
    """The agent's id, the first part of its sessions' ids."""
    title: str
    """Its name for people."""
    icon: str
    """The name of an icon in the editor's own set (a VS Code codicon)."""
    homes: list[str]
    """The folders of this machine its sessions are read from; empty when there are none."""
    profiles: list[str]
    """Its profiles, for the filter of sessions/list; empty when it has none."""
    capabilities: list[str]
    """What its format can do, of: archive, titles, tree, compaction, subagents, usage."""
    fields: list[AgentField]
    """The agentFields its rows may carry."""


class AgentField(TypedDict):
    """One field that a row of this agent may carry in `agentFields`."""

    name: str
    """The field's name."""
    description: str
    """What it means."""


class WorkDir(TypedDict):
    """One folder that sessions work in."""

    path: str
    """The absolute path, as the newest session names it."""
    exists: bool
    """Whether it is a folder on this machine now."""
    sessionCount: int
    """How many sessions work in exactly this folder, archived ones included."""
    updatedAt: int
    """When the newest of them was worked on, in milliseconds since 1970 UTC."""
    workspaceFolder: NotRequired[str]
    """The editor's workspace folder it is or lies below; absent when it is in none."""
    repository: NotRequired[str]
    """Its common git directory, equal for all worktrees of a repository; absent outside one."""
    remote: NotRequired[str]
    """The machine it is on, when that is another one."""


class WorkspaceFolder(TypedDict):
    """One of the editor's workspace folders."""

    path: str
    """The absolute path, as the editor names it."""
    exists: bool
    """Whether it is a folder on this machine now."""
    repository: NotRequired[str]
    """Its common git directory, equal for all worktrees of a repository; absent outside one."""
    repositoryPath: NotRequired[str]
    """Where it lies in its working tree, `.` for the top level; absent outside a repository."""


class SessionRow(TypedDict):
    """A session as lists show it."""

    sessionId: str
    """`<agent>:<native id>`, to be passed back as it is and never taken apart."""
    agent: str
    """The agent's id, as agents/list gives it."""
    nativeId: str
    """The agent's own id of the session."""
    title: str
    """The title, at most 200 characters; `Untitled` when there is none."""
    titleSource: str
    """Where the title comes from: custom (a person named it), generated, derived (from the first turn) or none."""
    createdAt: NotRequired[int]
    """When it was begun, in milliseconds since 1970 UTC; absent when nothing on disk says."""
    updatedAt: int
    """When it was last worked on by the agent's own rule, in milliseconds since 1970 UTC."""
    archived: bool
    """Whether it is put away, by the agent's own flag."""
    archivedAt: NotRequired[int]
    """When it was archived, in milliseconds since 1970 UTC; absent when it is not, or the agent does not say."""
    status: str
    """running, waiting, idle, failed, interrupted, or unknown when nothing on disk tells."""
    sizeBytes: int
    """The size of the session's own transcript files, in bytes."""
    revision: str
    """Changes whenever the session's files change; to be compared, never interpreted."""
    profile: NotRequired[str]
    """The agent's profile, where it has several."""
    path: str
    """The absolute path of the session's file or folder."""
    pathBase64: NotRequired[str]
    """The bytes of `path`, base64, when it is not UTF-8."""
    workDir: NotRequired[str]
    """The absolute path of the folder it works in; absent when unknown."""
    turnCount: NotRequired[int]
    """The number of turns along the current path; absent with `partial`."""
    messageCount: NotRequired[int]
    """The number of messages, counted as the agent counts them; absent with `partial`."""
    preview: NotRequired[str]
    """The last words of the user or the assistant, at most 200 characters; absent with `partial`."""
    parentSessionId: NotRequired[str]
    """The session it was forked from, when that is on this machine too."""
    childSessionIds: NotRequired[list[str]]
    """The sessions forked from it; absent when there are none."""
    repository: NotRequired[str]
    """The common git directory of the work dir, equal for all worktrees of a repository; absent outside one."""
    usage: NotRequired[TokenUsage]
    """Tokens over the whole session, where the log counts them."""
    model: NotRequired[str]
    """The model last used, as `provider/model` where the log has both."""
    thinkingLevel: NotRequired[str]
    """The thinking level last set."""
    resume: NotRequired[Resume]
    """How to continue it in its own agent; absent when its work dir is unknown or on another machine."""
    agentFields: NotRequired[dict[str, Any]]
    """Fields of this agent alone; agents/list declares them."""
    problems: list[Problem]
    """What is wrong with its files, at most 20 of them; complete with sessions/diagnose."""
    partial: NotRequired[bool]
    """True when the transcript is over 8 MiB and was not read whole. Counts, preview, status, usage and the problems of
    its lines are then absent until sessions/get.
    """


class TokenUsage(TypedDict):
    """Tokens as the log counts them; absent where it does not."""

    input: NotRequired[int]
    """Tokens read, without those from a cache."""
    output: NotRequired[int]
    """Tokens written."""
    cacheRead: NotRequired[int]
    """Tokens read from a cache."""
    cacheWrite: NotRequired[int]
    """Tokens written to a cache."""
    total: NotRequired[int]
    """The log's own total, or the context's size where it logs that."""
    cost: NotRequired[float]
    """The cost in US dollars, where the log has it."""
    window: NotRequired[int]
    """The size of the model's context window, in tokens."""


class Resume(TypedDict):
    """How to continue a session in its own agent."""

    command: list[str]
    """The program and its arguments."""
    cwd: str
    """The folder to start it in."""


class Problem(TypedDict):
    """One thing found wrong while reading; it never costs more than what it names."""

    kind: str
    """What is wrong. In lines: tornTail, notJson, notObject, badUtf8, badRecord, blankLine, noFinalNewline,
    lineTooLong, noHeader, byteOrderMark, carriageReturns. In links between entries: orphan, duplicateId, cycle. In
    files: linkLeavesStore, notRegular, unreadable, badIndexFile.
    """
    reason: str
    """One sentence fragment for a person."""
    path: str
    """The absolute path of the file."""
    line: NotRequired[int]
    """The line, counted from 1; absent when the whole file is meant or the line is not counted."""
    byteOffset: NotRequired[int]
    """Where the line begins, in bytes from the start of the file; absent with `line`."""


class Entry(TypedDict):
    """One entry of a session's history."""

    entryId: str
    """Stable under appends: the format's own id, else `<part>@<hex byte offset of its first line>`."""
    kind: str
    """user, assistant, toolCall, toolResult, compaction, branchSummary, modelChange, label, note or unknown."""
    agentKind: str
    """The agent's own name of this record."""
    content: list[Block]
    """The content, in order."""
    parentId: NotRequired[str]
    """The entry before it, where the format keeps a tree; absent for a root."""
    turn: NotRequired[int]
    """The turn it belongs to, counted from 0 along the current path. Absent before the first turn, and in the last page
    of a large transcript that is not counted yet.
    """
    at: NotRequired[int]
    """When it was written, in milliseconds since 1970 UTC; absent when the log does not say."""
    usage: NotRequired[TokenUsage]
    """Tokens of this step."""
    problems: NotRequired[list[Problem]]
    """What is wrong with the lines it was read from."""
    raw: NotRequired[Any]
    """The stored lines, decoded, in order, when `include` asks for raw."""


class Block(TypedDict):
    """A piece of an entry's content; `type` says which of the other fields are set."""

    type: str
    """text, thinking, image, file, toolCall, diff or raw."""
    text: NotRequired[str]
    """The text of a text or thinking block; of a diff block the diff itself, where the log keeps it as text."""
    mimeType: NotRequired[str]
    """The media type of an image or file block, where the log names one."""
    data: NotRequired[str]
    """The base64 data of an image that is stored in the log itself."""
    uri: NotRequired[str]
    """Where an image or file is, when the log only refers to it."""
    callId: NotRequired[str]
    """The agent's id of a tool call; a toolResult entry names the call it answers."""
    name: NotRequired[str]
    """The tool's name, on the call and on its results."""
    arguments: NotRequired[Any]
    """The tool's arguments: the object, or the stored text where that is not JSON."""
    state: NotRequired[str]
    """How a tool call ended: done, failed, rejected or interrupted."""
    nested: NotRequired[list[Entry]]
    """What a helper agent did under this tool call."""
    path: NotRequired[str]
    """The file a diff or file block is about, as the log names it."""
    oldText: NotRequired[str]
    """The replaced text of a diff block."""
    newText: NotRequired[str]
    """The new text of a diff block."""
    raw: NotRequired[Any]
    """The stored JSON value of a raw block, which no other type fits."""


class Turn(TypedDict):
    """One turn: what a person asked, and the span of what the agent did."""

    turn: int
    """Counted from 0 along the current path."""
    entryId: str
    """The user's entry that begins it."""
    text: str
    """The user's text on one line, at most 300 characters; empty when there is only an image."""
    startedAt: NotRequired[int]
    """Milliseconds since 1970 UTC; absent when the log does not say."""
    endedAt: NotRequired[int]
    """The time of its last record, in milliseconds since 1970 UTC; absent when the log does not say."""
    toolCalls: int
    """How many tools were called."""


class FileDiff(TypedDict):
    """One file that is not as HEAD has it."""

    path: str
    """The path relative to the folder that was asked about, with slashes."""
    pathBase64: NotRequired[str]
    """The bytes of `path`, base64, when it is not UTF-8."""
    oldPath: NotRequired[str]
    """The path at HEAD, relative like `path`; only with the status renamed."""
    oldPathBase64: NotRequired[str]
    """The bytes of `oldPath`, base64, when it is not UTF-8."""
    status: Literal["added", "modified", "deleted", "renamed", "typeChanged", "untracked", "conflicted"]
    """HEAD against the working tree: added, modified, deleted, renamed, typeChanged (from file to link or back),
    untracked (not in the index and not ignored) or conflicted (a merge left it undecided).
    """
    additions: NotRequired[int]
    """Lines that the working tree has and HEAD has not; null for a binary file, and for an untracked one that is too
    large, or not to be read.
    """
    deletions: NotRequired[int]
    """Lines that HEAD has and the working tree has not; null for a binary file."""
    binary: bool
    """Whether git takes it for binary: there are no lines to count."""


class FolderEntry(TypedDict):
    """One name in a folder."""

    name: str
    """The name; bytes that are not UTF-8 are replaced, and `nameBase64` has them."""
    type: str
    """file, directory, link (never followed) or other (FIFO, socket, device)."""
    size: NotRequired[int]
    """The size in bytes of a file."""
    nameBase64: NotRequired[str]
    """The name's bytes, when they are not UTF-8."""


class ListAgentsResult(TypedDict):
    """Every agent, sorted by id."""

    agents: list[Agent]
    """The agents, whether or not they are installed here."""


class ListWorkDirsResult(TypedDict):
    """The folders, the one with the newest session first."""

    items: list[WorkDir]
    """The folders; those under a temporary folder are left out unless they are open in the editor."""


class StartupWorkDirResult(TypedDict):
    """The folder that new work begins in."""

    folder: str
    """The editor's first workspace folder, else the folder the server was started in; absolute."""


class LocateWorkspaceResult(TypedDict):
    """The editor's workspace folders."""

    folders: list[WorkspaceFolder]
    """The folders, in the editor's order; whether or not a session works in them."""


class ListSessionsResult(TypedDict):
    """One page of sessions."""

    items: list[SessionRow]
    """The rows; empty when they went out as partial results."""
    nextCursor: NotRequired[str]
    """Gives the next page; absent on the last."""
    total: NotRequired[int]
    """How many sessions pass the filters, when that is known without reading more."""
    complete: bool
    """Whether the list equals the disk as it was when asked."""
    problems: list[Problem]
    """What kept a whole folder from being listed; what is wrong with one session stands in its row."""


class GetSessionResult(TypedDict):
    """One session, read whole."""

    session: SessionRow
    """The row, never `partial`."""


class DiagnoseSessionResult(TypedDict):
    """Every problem found."""

    problems: list[Problem]
    """The problems, by file and then by place; at most 1,000 of each kind of check."""


class ReadHistoryResult(TypedDict):
    """One page of entries."""

    entries: list[Entry]
    """The entries, oldest first."""
    hasMoreBefore: bool
    """Whether there are entries before the first."""
    hasMoreAfter: bool
    """Whether there are entries after the last."""
    problems: list[Problem]
    """What is wrong with the lines this page covers, and with files that could not be opened."""


class ListTurnsResult(TypedDict):
    """Turns along the current path."""

    turns: list[Turn]
    """The turns, oldest first; empty when they went out as partial results."""
    total: int
    """How many turns there are in all."""


class ReplayHistoryResult(TypedDict):
    """All entries, or how many went out before."""

    entries: list[Entry]
    """The entries, oldest first; empty when they went out as partial results or history/chunk."""
    entryCount: int
    """How many entries there are."""


class DiffStats(TypedDict):
    """How the working tree below a folder differs from HEAD.

    Submodules and other repositories inside the folder are not looked into and not listed.
    """

    isGitRepo: bool
    """Whether the folder lies in the working tree of a repository; when false, all else is empty."""
    branch: NotRequired[str]
    """The branch, also before its first commit; absent with a detached HEAD."""
    ahead: NotRequired[int]
    """Commits that the branch has and its upstream has not; absent without an upstream."""
    behind: NotRequired[int]
    """Commits that the upstream has and the branch has not; absent without an upstream."""
    hasChanges: bool
    """Whether `files` has any."""
    totalAdditions: int
    """The sum over the files that were counted."""
    totalDeletions: int
    """The sum over the files that were counted."""
    files: list[FileDiff]
    """The changed files, one entry each, in the order of their paths' bytes."""


class FileSides(TypedDict):
    """One file as HEAD has it and as the working tree has it."""

    old: NotRequired[str]
    """The text at HEAD; absent when HEAD has no such file, and when `binary`. A link's text is where it points."""
    new: NotRequired[str]
    """The text in the working tree; absent when it has no such file, and when `binary`."""
    binary: bool
    """Whether a side is not UTF-8 text; both texts are absent then."""


class FileContent(TypedDict):
    """The bytes of a file or of a range of it: `text` or `base64`, never both."""

    text: NotRequired[str]
    """The bytes as text, when they are valid UTF-8 as they stand; a byte order mark stays in it."""
    base64: NotRequired[str]
    """The bytes otherwise; so the ranges of a file, each turned back into bytes, always join to the file."""
    size: int
    """The size of the whole file, in bytes."""
    mimeType: str
    """The media type by the name, else by the first bytes: text/plain or application/octet-stream at the least."""


class FolderListing(TypedDict):
    """What is in a folder, as far as the guard shows it."""

    entries: list[FolderEntry]
    """Folders first, then by name; at most 5,000."""
    hidden: int
    """How many names the guard left out."""
    truncated: bool
    """Whether there are more entries than were listed."""


class Calls(ABC):
    """Every operation of the server as a method. Errors of all: ForkpointError, ConnectionLost."""

    @abstractmethod
    async def call(self, method: str, params: Mapping[str, Any], **options: Unpack[CallOptions]) -> Any:
        """Call any method; params that are None are left out."""

    async def list_agents(
        self,
        **options: Unpack[CallOptions],
    ) -> ListAgentsResult:
        """List the agents this server knows, where their sessions lie, and what their formats can do."""
        return await self.call(
            "agents/list",
            {},
            **options,
        )

    async def list_work_dirs(
        self,
        **options: Unpack[CallOptions],
    ) -> ListWorkDirsResult:
        """List the folders that sessions on this machine work in, with their session counts."""
        return await self.call(
            "workDirs/list",
            {},
            **options,
        )

    async def startup_work_dir(
        self,
        **options: Unpack[CallOptions],
    ) -> StartupWorkDirResult:
        """Give the folder that new work begins in: the first workspace folder, else the server's own."""
        return await self.call(
            "workDirs/startup",
            {},
            **options,
        )

    async def locate_workspace(
        self,
        **options: Unpack[CallOptions],
    ) -> LocateWorkspaceResult:
        """Tell where the editor's workspace folders lie, so that the worktrees of one repository can be shown together.

        Two folders with equal `repository` and `repositoryPath` are the same place in two worktrees.
        """
        return await self.call(
            "workDirs/workspace",
            {},
            **options,
        )

    async def list_sessions(
        self,
        *,
        folders: Sequence[str] | None = None,
        exclude_folders: Sequence[str] | None = None,
        worktrees: bool | None = None,
        agents: Sequence[str] | None = None,
        profiles: Sequence[str] | None = None,
        archived: bool | Literal["all"] | None = None,
        text: str | None = None,
        active_within_ms: int | None = None,
        parent_session_id: str | None = None,
        sort: Literal["updated", "created", "title"] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        fresh: bool | None = None,
        **options: Unpack[CallOptions],
    ) -> ListSessionsResult:
        """List sessions of all agents, one page at a time, filtered and sorted.

        Times are milliseconds since 1970 UTC. A broken session is a row with `problems`.

        folders: Only sessions that work in one of these folders or below it, links resolved; absolute paths. Absent:
        all folders, whatever the workspace.
        exclude_folders: Not the sessions that work in one of these folders or below it, links resolved; absolute paths.
        worktrees: Whether the other git worktrees of `folders` and of `excludeFolders` count as these folders too.
        agents: Only sessions of these agents.
        profiles: Only sessions of these profiles of an agent.
        archived: True for archived sessions only, false for the others only, `all` for both.
        text: Only sessions with this text in their title or folder, in any case. Blank counts as absent.
        active_within_ms: Only sessions worked on within this many milliseconds before now.
        parent_session_id: Only forks of this session.
        sort: updated and created: newest first; title: in the order of the alphabet.
        limit: Rows of a page, 1 to 500.
        cursor: `nextCursor` of the page before, with the same filters.
        fresh: Wait for a walk over the disk; every list is one until there is an index.

        Error kinds: cursorExpired.
        """
        return await self.call(
            "sessions/list",
            {
                "folders": folders,
                "excludeFolders": exclude_folders,
                "worktrees": worktrees,
                "agents": agents,
                "profiles": profiles,
                "archived": archived,
                "text": text,
                "activeWithinMs": active_within_ms,
                "parentSessionId": parent_session_id,
                "sort": sort,
                "limit": limit,
                "cursor": cursor,
                "fresh": fresh,
            },
            **options,
        )

    async def get_session(
        self,
        *,
        session_id: str,
        **options: Unpack[CallOptions],
    ) -> GetSessionResult:
        """Get one session's row, with everything that only a whole read tells.

        session_id: The session's id.

        Error kinds: sessionNotFound.
        """
        return await self.call(
            "sessions/get",
            {
                "sessionId": session_id,
            },
            **options,
        )

    async def diagnose_session(
        self,
        *,
        session_id: str,
        **options: Unpack[CallOptions],
    ) -> DiagnoseSessionResult:
        """Read a session's files whole and name everything that is wrong, with line and byte offset.

        Nothing is changed. Lines count from 1, offsets in bytes from the start of the file.

        session_id: The session's id.

        Error kinds: sessionNotFound, discontinued.
        """
        return await self.call(
            "sessions/diagnose",
            {
                "sessionId": session_id,
            },
            **options,
        )

    async def read_history(
        self,
        *,
        session_id: str,
        before: str | None = None,
        after: str | None = None,
        limit: int | None = None,
        order: Literal["newest", "oldest"] | None = None,
        include: Sequence[Literal["raw"]] | None = None,
        **options: Unpack[CallOptions],
    ) -> ReadHistoryResult:
        """Read one page of a session's entries along its current path, oldest first inside the page.

        Times are milliseconds since 1970 UTC.

        session_id: The session's id.
        before: Only entries that come before this one; not together with `after`.
        after: Only entries that come after this one; not together with `before`.
        limit: Entries of a page, 1 to 500.
        order: From which end a page without `before` and `after` comes.
        include: `raw` adds the stored lines to each entry.

        Error kinds: sessionNotFound, entryNotFound, discontinued.
        """
        return await self.call(
            "history/read",
            {
                "sessionId": session_id,
                "before": before,
                "after": after,
                "limit": limit,
                "order": order,
                "include": include,
            },
            **options,
        )

    async def list_turns(
        self,
        *,
        session_id: str,
        after: int | None = None,
        limit: int | None = None,
        **options: Unpack[CallOptions],
    ) -> ListTurnsResult:
        """List the turns of a session along its current path: what was asked, when, and how many tools were called.

        session_id: The session's id.
        after: Only turns with a greater number.
        limit: The most turns, 1 to 5,000.

        Error kinds: sessionNotFound, discontinued.
        """
        return await self.call(
            "history/turns",
            {
                "sessionId": session_id,
                "after": after,
                "limit": limit,
            },
            **options,
        )

    async def replay_history(
        self,
        *,
        session_id: str,
        include: Sequence[Literal["raw"]] | None = None,
        **options: Unpack[CallOptions],
    ) -> ReplayHistoryResult:
        """Replay all entries of a session along its current path, in order, as they are on disk when asked.

        They go out in portions: as partial results to a client that sent a token, as `history/chunk` to one that named
        that notification, else in the one reply.

        session_id: The session's id.
        include: `raw` adds the stored lines to each entry.

        Error kinds: sessionNotFound, discontinued; tooLarge when all of it would have to fit into one reply and does
        not.
        """
        return await self.call(
            "history/replay",
            {
                "sessionId": session_id,
                "include": include,
            },
            **options,
        )

    async def diff_stats(
        self,
        *,
        session_id: str | None = None,
        folder: str | None = None,
        **options: Unpack[CallOptions],
    ) -> DiffStats:
        """Show how the working tree of a folder differs from HEAD, file by file.

        Only what lies in the folder counts, with paths relative to it. Nothing that the repository names is executed
        and
        no lock is taken in it. Content filters (large-file pointers) are therefore not applied.

        session_id: The session whose work dir is meant; not together with `folder`.
        folder: The absolute path of a folder; not together with `sessionId`.

        Error kinds: repositoryRefused, notSupported, timedOut, tooLarge, unreadable, pathRefused, fileNotFound,
        sessionNotFound, remoteFolder.
        """
        return await self.call(
            "git/diffStats",
            {
                "sessionId": session_id,
                "folder": folder,
            },
            **options,
        )

    async def file_diff(
        self,
        *,
        session_id: str | None = None,
        folder: str | None = None,
        path: str | None = None,
        path_base64: str | None = None,
        **options: Unpack[CallOptions],
    ) -> FileSides:
        """Show one file as HEAD has it and as the working tree has it.

        Both sides pass the guard of files/read. Before the first commit, and outside a repository, there is no old
        side.

        session_id: The session in whose work dir the file lies; not together with `folder`.
        folder: The absolute path of a folder in which the file lies; not together with `sessionId`.
        path: The file's path relative to the folder, with `/` between the components.
        path_base64: The path's bytes, for a path that is not UTF-8; goes before `path`.

        Error kinds: pathRefused, fileNotFound, tooLarge, repositoryRefused, notSupported, timedOut, unreadable,
        sessionNotFound, remoteFolder.
        """
        return await self.call(
            "git/fileDiff",
            {
                "sessionId": session_id,
                "folder": folder,
                "path": path,
                "pathBase64": path_base64,
            },
            **options,
        )

    async def read_file(
        self,
        *,
        session_id: str,
        path: str | None = None,
        path_base64: str | None = None,
        offset: int | None = None,
        length: int | None = None,
        **options: Unpack[CallOptions],
    ) -> FileContent:
        """Read a file of a session's work dir, or a range of its bytes.

        Offset, length and size are bytes. A file over the setting `maxReadBytes` is read by ranges within it.

        session_id: The session in whose work dir the file lies.
        path: The file's path relative to the work dir, with `/` between the components.
        path_base64: The path's bytes, for a path that is not UTF-8; goes before `path`.
        offset: The first byte wanted, counted from 0; past the end nothing is answered.
        length: The most bytes wanted; absent or null: to the end.

        Error kinds: pathRefused, fileNotFound, tooLarge, unreadable, notSupported, sessionNotFound, remoteFolder.
        """
        return await self.call(
            "files/read",
            {
                "sessionId": session_id,
                "path": path,
                "pathBase64": path_base64,
                "offset": offset,
                "length": length,
            },
            **options,
        )

    async def list_files(
        self,
        *,
        session_id: str,
        path: str | None = None,
        path_base64: str | None = None,
        **options: Unpack[CallOptions],
    ) -> FolderListing:
        """List a folder of a session's work dir: folders first, then by name.

        What the guard refuses is left out and counted; links are listed as links and never followed.

        session_id: The session in whose work dir the folder lies.
        path: The folder's path relative to the work dir; absent or null: the work dir itself.
        path_base64: The path's bytes, for a path that is not UTF-8; goes before `path`.

        Error kinds: pathRefused, fileNotFound, unreadable, notSupported, sessionNotFound, remoteFolder.
        """
        return await self.call(
            "files/list",
            {
                "sessionId": session_id,
                "path": path,
                "pathBase64": path_base64,
            },
            **options,
        )
