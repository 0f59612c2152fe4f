"""The calls of the Forkpoint server. Generated: run `python3 dev.py generate`, do not edit."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NotRequired, TypedDict, Unpack

from forkpoint_client.connection import CallOptions
from forkpoint_client.left_out import LEFT_OUT, LeftOut

ErrorKind = Literal[
    "pathRefused",
    "scopeMissing",
    "readOnly",
    "untrusted",
    "sessionNotFound",
    "entryNotFound",
    "fileNotFound",
    "turnOutOfRange",
    "profileNotFound",
    "trashNotFound",
    "uploadNotFound",
    "sessionChangedOnDisk",
    "sessionBusy",
    "labelInUse",
    "revisionMismatch",
    "nameTaken",
    "cursorExpired",
    "tooLarge",
    "notSupported",
    "repositoryRefused",
    "remoteFolder",
    "discontinued",
    "unreadable",
    "unwritable",
    "timedOut",
    "noSpace",
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
    """What its format can do, of: archive, titles, tree, compaction, subagents, usage. And how its sessions can be
    changed, of: create, fork, rename, delete. Titles and archive flags work for every agent all the same: what the
    format has no field for is in our notes.
    """
    fields: list[AgentField]
    """The agentFields its rows may carry."""


class AgentField(TypedDict):
    """One field that a row of this agent may carry in `agentFields`."""

    name: str
    """The field's name."""
    description: str
    """What it means."""
    writable: bool
    """Whether sessions/update changes it; the others are the agent's own affair."""
    type: NotRequired[Literal["boolean"]]
    """What sessions/update takes for it; absent when it is not `writable`."""


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


class Relocation(TypedDict):
    """What is noted about one folder that sessions name."""

    folder: str
    """The absolute path as sessions have it."""
    movedTo: NotRequired[str]
    """Where it is now, an absolute path; absent: it has not moved."""


class Problem(TypedDict):
    """One thing found wrong while reading; it never costs more than what it names."""

    kind: str
    """What is wrong. In lines: tornTail, notJson, notObject, badUtf8, badRecord, blankLine, noFinalNewline,
    lineTooLong, noHeader, byteOrderMark, carriageReturns. In links between entries: orphan, duplicateId, cycle. In
    files: linkLeavesStore, notRegular, unreadable, badIndexFile. In our own state: stateUnreadable, stateDamaged. Of a
    change: notTidied, notNoted, stillGrowing, labelInUse, uploadsNotCopied. Of a moved folder: stillThere,
    notResumable. Of a cleanup: the kind of the error that refused it.
    """
    reason: str
    """One sentence fragment for a person."""
    path: str
    """The absolute path of the file."""
    line: NotRequired[int]
    """The line, counted from 1; absent when the whole file is meant or the line is not counted."""
    byteOffset: NotRequired[int]
    """Where the line begins, in bytes from the start of the file; absent with `line`."""


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
    """Whether it is put away: by the agent's own flag, or by ours where its format has none."""
    archivedAt: NotRequired[int]
    """When it was archived, in milliseconds since 1970 UTC; absent when it is not, or the agent does not say."""
    pinned: bool
    """Whether a person pinned it."""
    label: NotRequired[str]
    """A name that no other session has, in exactly this case."""
    group: NotRequired[str]
    """The group that a person put it in."""
    status: str
    """running, waiting, idle, failed, interrupted, or unknown when nothing on disk tells. It counts as running when
    another program wrote to its transcript within 10 seconds and the log does not say how it stands.
    """
    heldBy: NotRequired[Holder]
    """Who holds it, where a lock beside its transcript says so; absent means unknown. Only sessions/get looks."""
    sizeBytes: int
    """The size of the session's own transcript files, in bytes."""
    revision: str
    """Changes whenever the session's files or what is noted about it change; to be compared, never interpreted."""
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
    """The model last used, as `provider/model` where the log has both; or the one chosen for what comes next."""
    thinkingLevel: NotRequired[str]
    """The thinking level last set."""
    resume: NotRequired[Resume]
    """How to continue it in its own agent; absent when its work dir is unknown or on another machine."""
    agentFields: NotRequired[dict[str, Any]]
    """Fields of this agent alone; agents/list declares them."""
    extensions: NotRequired[dict[str, dict[str, Any]]]
    """What plugins keep with it, by namespace and key; only sessions/get and sessions/setExtension tell it."""
    problems: list[Problem]
    """What is wrong with its files, at most 20 of them; complete with sessions/diagnose."""
    partial: NotRequired[bool]
    """True when the transcript is over 8 MiB and was not read whole. Counts, preview, status, usage and the problems of
    its lines are then absent until sessions/get.
    """


class Holder(TypedDict):
    """Who works on a session just now, as far as that is known."""

    agent: str
    """The agent's id, by the form of its lock."""
    pid: NotRequired[int]
    """Its process; absent when unknown."""
    host: NotRequired[str]
    """The machine it runs on; absent when it is this one, or unknown."""
    since: NotRequired[int]
    """Since when, in milliseconds since 1970 UTC; absent when unknown."""


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


class SessionFacts(TypedDict):
    """Everything that is known about a session beside its contents."""

    sessionId: str
    """Its id."""
    agent: str
    """Its agent's id."""
    path: str
    """The absolute path of its file or folder."""
    home: str
    """The folder of the agent it was found under."""
    workDir: NotRequired[str]
    """The folder it works in; absent when unknown."""
    status: str
    """Its status, as sessions/get has it."""
    titleSource: str
    """Where its title comes from, as sessions/get has it."""
    revision: str
    """Its revision, as sessions/get has it."""
    parts: list[PartFacts]
    """The files it is made of, those of the conversation first."""
    index: IndexFacts
    """What a scan of the conversation found."""
    generations: list[str]
    """The parts that hold what it was before it was compacted, cleared or begun anew, the oldest first."""
    problemCounts: dict[str, int]
    """How many problems there are of each kind."""
    problems: list[Problem]
    """The first 20 of them; all of them with sessions/diagnose."""
    locks: list[LockFacts]
    """The locks of agents beside its transcripts."""
    lease: NotRequired[LockFacts]
    """The lock under which our own processes change it, and sessions that share it; absent when there never was one."""
    heldBy: NotRequired[Holder]
    """Who holds it by those locks; absent when unknown."""
    openBy: NotRequired[list[int]]
    """The processes that have its transcript open, beside this one; absent when the system does not tell."""
    grownLately: bool
    """Whether another program wrote to it within 10 seconds."""
    notes: dict[str, Any]
    """What is noted about it in our own state, by field; what is not set is left out."""
    extensionCounts: dict[str, int]
    """How many values each plugin keeps with it."""
    lineage: LineageFacts
    """Where it comes from."""
    relocations: list[Relocation]
    """The noted moves of folders that its work dir lies in."""
    staging: list[StagedFacts]
    """Temporary names of ours in its folder or beside it that were not crossed out."""


class PartFacts(TypedDict):
    """One stretch of a file that the session is made of."""

    name: str
    """The part's name; it begins the ids of entries that have none of their own."""
    role: str
    """shown: what a person saw; context: what the model sees; index: titles and flags; side: anything else."""
    path: str
    """The absolute path of its file or database."""
    start: int
    """Where it begins: bytes of a file, or the key of a row."""
    end: NotRequired[int]
    """Where it ends; absent: as far as it goes."""
    sizeBytes: NotRequired[int]
    """The size of the file; absent when there is none."""
    modifiedAt: NotRequired[int]
    """When the file was last written, in milliseconds since 1970 UTC; absent when there is none."""


class IndexFacts(TypedDict):
    """What a scan of the shown parts found."""

    kept: bool
    """Whether an index of it was kept in memory before it was asked for here."""
    lines: int
    """All lines, of every kind."""
    entries: int
    """The lines that belong to the conversation."""
    onPath: int
    """Those of them on the current path."""
    turns: int
    """The turns on the current path."""
    branches: int
    """The entries that no other entry follows; at most 1 in a format without branches."""
    leaf: NotRequired[str]
    """The id of the entry that the current path ends in; absent when it is empty."""
    compactions: int
    """How often it was compacted, as far as its log says so."""
    kinds: dict[str, int]
    """The number of lines of each kind, by the names of the agent's format; at most 100 kinds."""


class LockFacts(TypedDict):
    """One lock file; it was looked at and not taken."""

    path: str
    """Its absolute path."""
    form: Literal["flock", "ownerFile"]
    """flock: a lock of the system's on the file; ownerFile: the file itself, with its owner in it."""
    held: NotRequired[bool]
    """Whether a process of this machine holds it; absent when that cannot be told."""
    pid: NotRequired[int]
    """That process; absent when unknown."""
    since: NotRequired[int]
    """Since when, in milliseconds since 1970 UTC; absent when unknown."""


class LineageFacts(TypedDict):
    """Where a session comes from, and what came from it."""

    parentPath: NotRequired[str]
    """The file of the session it was forked from, as its own file names it."""
    notedParent: NotRequired[str]
    """The id of that session, as our notes have it."""
    entryId: NotRequired[str]
    """The entry it was cut at, as our notes have it."""
    turn: NotRequired[int]
    """The turn it was cut after, counted from 0, as our notes have it."""
    notedAt: NotRequired[int]
    """When that was noted, in milliseconds since 1970 UTC."""
    children: list[str]
    """The sessions forked from it, by either."""


class StagedFacts(TypedDict):
    """A temporary name of ours that was not crossed out."""

    path: str
    """Its absolute path."""
    pid: int
    """The process that made it."""
    running: bool
    """Whether that process still runs; if not, the next change of any session removes what is left."""


class ResolvedSettings(TypedDict):
    """What was asked for, as it is kept: the agent may know it by another name, and null may have become a default."""

    model: NotRequired[str]
    """The model, as `provider/model`; absent when none was asked for, or what it became is not known."""
    thinkingLevel: NotRequired[str]
    """The thinking level; absent likewise."""


class ForkPoint(TypedDict):
    """Where a session is cut: after a turn, or at an entry."""

    turn: NotRequired[int]
    """The last turn that comes along, whole, counted from 0 along the current path."""
    entryId: NotRequired[str]
    """The entry to cut at; not together with `turn`."""
    position: NotRequired[Literal["before", "after"]]
    """Whether the entry itself comes along (after) or not (before)."""


class PreviousExtension(TypedDict):
    """What was there before: as params, with the same names beside them, it undoes the change."""

    value: Any
    """The value; null with `unset`."""
    unset: bool
    """True when there was none."""


class Generation(TypedDict):
    """A session as it was."""

    kind: Literal["trash", "rotated"]
    """trash: the whole session, taken away; rotated: a transcript that its agent moved aside."""
    sessionId: str
    """The session's id; of one in the trash, the id it had."""
    at: int
    """When it was taken away, or last written to, in milliseconds since 1970 UTC."""
    trashId: NotRequired[str]
    """Its id in the trash, for sessions/restore."""
    title: NotRequired[str]
    """The title of a session in the trash."""
    agent: NotRequired[str]
    """The agent of a session in the trash."""
    workDir: NotRequired[str]
    """The folder that a session in the trash works in."""
    expiresAt: NotRequired[int]
    """When a session in the trash may go for good, in milliseconds since 1970 UTC."""
    name: NotRequired[str]
    """The name of a rotated transcript."""
    path: NotRequired[str]
    """The absolute path of a rotated transcript."""
    sizeBytes: NotRequired[int]
    """The size of a rotated transcript, in bytes."""


class CleanupTask(TypedDict):
    """What one task came to."""

    task: Literal["autoArchive", "missing", "trash", "staging"]
    """The task."""
    total: int
    """How many things it concerns, those whose time is yet to come among them."""
    due: int
    """How many of them may be dealt with now."""
    done: int
    """How many were; 0 without `apply`."""
    items: list[CleanupItem]
    """What it concerns, at most 100 of it, what is due first: as it was before it was dealt with."""
    problems: list[Problem]
    """What could not be looked at or dealt with, at most 20: a session that somebody works on, a full disk."""


class CleanupItem(TypedDict):
    """One thing that a task concerns."""

    sessionId: NotRequired[str]
    """The session's id; of one in the trash, the id it had."""
    title: NotRequired[str]
    """Its title; of a missing session what our notes call it, if they do."""
    trashId: NotRequired[str]
    """Its id in the trash."""
    path: str
    """The absolute path of the file or folder it is about; of a session that is gone, where it was."""
    at: NotRequired[int]
    """Since when it has not been worked on, has been missing or in the trash, in milliseconds since 1970 UTC."""
    dueAt: NotRequired[int]
    """When it may be dealt with, in milliseconds since 1970 UTC; absent: now."""


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


class UploadedFile(TypedDict):
    """One uploaded file."""

    name: str
    """The last component of its path; bytes that are not UTF-8 are replaced."""
    path: str
    """Its path below the folder of uploads, with `/` between the components, for uploads/read."""
    sizeBytes: int
    """Its size in bytes."""
    mimeType: str
    """The media type by the name, else by the first bytes: text/plain or application/octet-stream at the least."""
    modifiedAt: int
    """When it was last written to, in milliseconds since 1970 UTC."""
    pathBase64: NotRequired[str]
    """The path's bytes, when they are not UTF-8."""


class SessionChange(TypedDict):
    """What happened to one session, or to all of them."""

    sessionId: NotRequired[str]
    """The session; absent with `everything`."""
    kind: Literal["created", "changed", "deleted", "restored", "everything"]
    """created, changed, deleted or restored; everything: what was listed before may be wrong, so list again."""
    reason: str
    """What made it: the verb of our own operation, or `disk` for other programs; `quiet` when nobody has written to it
    for a while, so that its status may be another; with `everything` also `behind`.
    """


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


class RelocateWorkDirResult(TypedDict):
    """What followed."""

    sessions: int
    """How many sessions are shown in another folder now, or would be with `apply`."""
    previous: list[Relocation]
    """What was noted before about every folder that is noted otherwise now; given back it undoes this call."""
    problems: list[Problem]
    """What to know: that `from` is still there, or which agents would not find their sessions in the new place."""


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
    revision: str
    """The position of the stream of changes before the list was made; sessions/subscribe takes it."""
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


class DebugSessionResult(TypedDict):
    """What is known about it."""

    session: SessionFacts
    """Everything beside its contents."""


class SubscribeSessionsResult(TypedDict):
    """The subscription."""

    subscribed: bool
    """True: sessions/changed and git/changed are sent from now on, as long as the connection lasts."""
    revision: str
    """The position as it is now."""


class UnsubscribedResult(TypedDict):
    """The end of a subscription."""

    subscribed: bool
    """False: nothing more is sent."""


class CreateSessionResult(TypedDict):
    """The new session."""

    session: SessionRow
    """Its row."""
    problems: list[Problem]
    """What could not be noted about it, or tidied."""


class UpdateSessionResult(TypedDict):
    """The session as it is now."""

    session: SessionRow
    """Its row."""
    previous: dict[str, Any]
    """The fields that changed, with their values before: given back to sessions/update they undo it."""
    resolved: NotRequired[ResolvedSettings]
    """What a model or thinking level that was asked for stands for; absent when none was."""


class ForkSessionResult(TypedDict):
    """The fork."""

    session: SessionRow
    """The new session's row."""
    prefill: NotRequired[str]
    """What the user said in the entry before which it was cut: the prompt to begin with."""
    closedToolCalls: int
    """How many tool calls were open at the cut and are recorded as interrupted."""
    problems: list[Problem]
    """What of the session could not come along, and whether somebody is still writing to it."""


class PlanForkResult(TypedDict):
    """What a fork would be."""

    prefill: NotRequired[str]
    """What the user said in the entry before which it would be cut."""
    closedToolCalls: int
    """How many tool calls are open at that place."""
    sizeBytes: int
    """The size of the new session's files, in bytes."""
    problems: list[Problem]
    """What of the session could not come along, and whether somebody is still writing to it."""


class GenerateSessionTitleResult(TypedDict):
    """The session as it is now."""

    session: SessionRow
    """Its row."""
    generated: bool
    """Whether its title is now the one made here; it may have been the same before."""
    reason: NotRequired[Literal["customTitle", "noText"]]
    """Why it is not. customTitle: a person gave it one, and `force` was not set. noText: nobody has said anything yet
    that a title could be made of.
    """
    previous: dict[str, Any]
    """The person's title that was there before, or null for none; empty when nothing changed. Given back to
    sessions/update it undoes the change.
    """


class SetSessionExtensionResult(TypedDict):
    """The session as it is now."""

    session: SessionRow
    """Its row, with all `extensions`."""
    previous: PreviousExtension
    """What was there before."""


class DeleteSessionResult(TypedDict):
    """The session is gone."""

    deleted: bool
    """True."""
    trashId: NotRequired[str]
    """Its id in the trash, for sessions/restore; absent when it is gone for good."""


class RestoreSessionResult(TypedDict):
    """The session is back."""

    session: SessionRow
    """Its row."""
    problems: list[Problem]
    """What of our notes could not be put back: a label that another session has by now."""


class ListGenerationsResult(TypedDict):
    """What there is."""

    items: list[Generation]
    """What lies in the trash, then what was moved aside, the newest of each first."""


class CleanupSessionsResult(TypedDict):
    """What all tasks came to."""

    applied: bool
    """Whether anything was done, and not only said."""
    tasks: list[CleanupTask]
    """One for each that was asked for, in that order."""


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


class SubscribeMessagesResult(TypedDict):
    """The subscription, and what came after the last entry that the client has."""

    subscribed: bool
    """Whether sessions/message is sent from now on, for what comes after `lastEntryId`. False when there is more than
    fits here: ask again with `after` as `lastEntryId`.
    """
    sessionId: str
    """The session."""
    entries: list[Entry]
    """The entries after `after`, oldest first."""
    updated: list[Entry]
    """Entries up to `after` that may say more than when the client got them."""
    lastEntryId: NotRequired[str]
    """The newest entry that the client has now; absent while there is none."""


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


class AddUploadResult(TypedDict):
    """The file that is there now, or how far it has come."""

    sizeBytes: int
    """The bytes taken so far: all of them, when `name` is there."""
    uploadId: NotRequired[str]
    """What the next portion has to name; absent with the last one."""
    name: NotRequired[str]
    """The name it was given, which is its `path` for uploads/read; absent until the last portion."""
    path: NotRequired[str]
    """Its absolute path; absent until the last portion."""
    mimeType: NotRequired[str]
    """The media type by the name, else by the first bytes; absent until the last portion."""
    sha256: NotRequired[str]
    """The SHA-256 of its bytes, in 64 hex digits; absent until the last portion."""


class UploadListing(TypedDict):
    """The uploaded files of a session, as far as the guard shows them."""

    items: list[UploadedFile]
    """By path, down to ten folders deep; at most 5,000."""
    hidden: int
    """How many names were left out: links, special files, and what the guard refuses."""
    truncated: bool
    """Whether there are more files than were listed, or folders that lie deeper."""
    problems: list[Problem]
    """Folders that could not be listed."""


class HistoryChunk(TypedDict):
    """The next entries of a history/replay. Not sent for a request that carried a `partialResultToken`."""

    requestId: int | str
    """The id of the request."""
    entries: list[Entry]
    """The entries that follow on those sent before, oldest first."""


class SessionsChanged(TypedDict):
    """Sessions came, went or changed: by an operation of ours, or on disk by any program.

    That a session came or went is told of it alone, though rows of others name it as their parent or child.
    """

    revision: str
    """The position after these changes; lists answer such a position too."""
    changes: list[SessionChange]
    """One per session, oldest first; or one `everything`."""


class SessionMessage(TypedDict):
    """What was written in a session that messages/subscribe named."""

    sessionId: str
    """The session."""
    entries: list[Entry]
    """New entries, oldest first, which follow on those that were sent before."""
    updated: list[Entry]
    """Entries that were sent before and say more now, such as a call that has its result."""
    reset: NotRequired[bool]
    """True when the current path no longer holds what was sent before: read the history again. What comes after follows
    on the end of the path as it was when this was sent.
    """
    lastEntryId: NotRequired[str]
    """The newest entry there is, after which the next notice goes on; absent while there is none."""


class GitChanged(TypedDict):
    """The branch, the commit or the index of a folder changed, or an agent was at work in it."""

    folder: str
    """The folder as the rows of its sessions name it."""


class Calls(ABC):
    """Every operation of the server as a method. Errors of all: ForkpointError, ConnectionLost."""

    @abstractmethod
    async def call(
        self, method: str, params: Mapping[str, Any], nullable: Mapping[str, Any] = {}, **options: Unpack[CallOptions]
    ) -> Any:
        """Call any method.

        Of `params` those that are None are left out; of `nullable`, for which None means null, those that are LEFT_OUT.
        """

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

    async def relocate_work_dir(
        self,
        *,
        from_: str | None = None,
        to: str | None = None,
        rewrite: bool | None = None,
        apply: bool | None = None,
        previous: Sequence[Relocation] | None = None,
        **options: Unpack[CallOptions],
    ) -> RelocateWorkDirResult:
        """Let sessions follow a folder that was moved: they are listed, and their files read, where it is now.

        That is kept in our own notes; the agents' files stay as they are.

        from_: The absolute path that sessions work in by what they say; it, and what lies below it, has moved.
        to: The absolute path of the folder that it is now; it must exist.
        rewrite: Change the agents' own files, for agents whose format allows it; no agent does yet.
        apply: False only counts: nothing is changed.
        previous: What an earlier call answered as `previous`: takes that back. Stands without `from` and `to`.

        Error kinds: fileNotFound when `to` is no folder, notSupported, noSpace, unwritable, timedOut.
        """
        return await self.call(
            "workDirs/relocate",
            {
                "from": from_,
                "to": to,
                "rewrite": rewrite,
                "apply": apply,
                "previous": previous,
            },
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
        pinned: bool | None = None,
        label: str | None = None,
        group: str | None = None,
        grouped: bool | None = None,
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
        pinned: True for pinned sessions only, false for the others only.
        label: Only the session with this label, in exactly this case.
        group: Only sessions of this group, in exactly this case.
        grouped: True for the sessions only that are in any group, false for the others only.
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
                "pinned": pinned,
                "label": label,
                "group": group,
                "grouped": grouped,
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

    async def debug_session(
        self,
        *,
        session_id: str,
        **options: Unpack[CallOptions],
    ) -> DebugSessionResult:
        """Tell what is known about a session: files, branches, compactions, problems, locks, notes, lineage.

        Nothing that was said in it is told, nothing is changed and no lock is taken. Times are milliseconds since 1970
        UTC,
        sizes bytes. While the workspace is not trusted it needs the scope admin.

        session_id: The session's id.

        Error kinds: sessionNotFound, scopeMissing.
        """
        return await self.call(
            "sessions/debug",
            {
                "sessionId": session_id,
            },
            **options,
        )

    async def subscribe_sessions(
        self,
        *,
        revision: str | None = None,
        **options: Unpack[CallOptions],
    ) -> SubscribeSessionsResult:
        """Be told of sessions that come, go and change, by whatever program, with sessions/changed.

        With the `revision` of a list nothing is lost in between: a change that the list may not show is told.

        revision: `revision` of a list or a notice: what came after it is told too. Absent: from now on.
        """
        return await self.call(
            "sessions/subscribe",
            {
                "revision": revision,
            },
            **options,
        )

    async def unsubscribe_sessions(
        self,
        **options: Unpack[CallOptions],
    ) -> UnsubscribedResult:
        """Be told no more of changed sessions, even if `initialize` named the notification."""
        return await self.call(
            "sessions/unsubscribe",
            {},
            **options,
        )

    async def create_session(
        self,
        *,
        work_dir: str,
        create_dir: bool | None = None,
        agent: str | None = None,
        profile: str | None = None,
        title: str | None = None,
        label: str | None = None,
        model: str | None = None,
        parent_session_id: str | None = None,
        **options: Unpack[CallOptions],
    ) -> CreateSessionResult:
        """Make a new session, empty but for what is given here.

        It is there whole, or not at all.

        work_dir: The folder it works in; an absolute path.
        create_dir: Make that folder when it is missing.
        agent: The agent that keeps it, one with the capability `create`; `forkpoint` needs no agent at all.
        profile: The agent's profile; absent: its first.
        title: Its title, 1 to 200 characters.
        label: A name that no other session has, 1 to 512 characters.
        model: The model it begins with, as `provider/model`.
        parent_session_id: The session it comes from.

        Error kinds: fileNotFound when the folder is missing, sessionNotFound for an unknown parent, profileNotFound,
        labelInUse, notSupported, sessionBusy, sessionChangedOnDisk, nameTaken, pathRefused for a link out of the
        agent's home, noSpace, unreadable, unwritable, timedOut.
        """
        return await self.call(
            "sessions/create",
            {
                "workDir": work_dir,
                "createDir": create_dir,
                "agent": agent,
                "profile": profile,
                "title": title,
                "label": label,
                "model": model,
                "parentSessionId": parent_session_id,
            },
            **options,
        )

    async def update_session(
        self,
        *,
        session_id: str,
        title: str | LeftOut | None = LEFT_OUT,
        label: str | LeftOut | None = LEFT_OUT,
        group: str | LeftOut | None = LEFT_OUT,
        archived: bool | LeftOut | None = LEFT_OUT,
        pinned: bool | LeftOut | None = LEFT_OUT,
        model: str | LeftOut | None = LEFT_OUT,
        thinking_level: str | LeftOut | None = LEFT_OUT,
        agent_fields: Mapping[str, Any] | None = None,
        if_revision: str | None = None,
        **options: Unpack[CallOptions],
    ) -> UpdateSessionResult:
        """Change what a session is called and how it is kept: title, label, group, pin, archive flag, model.

        All of it is changed or none. What the session's own files have a field for goes there, all else into our notes.
        When a title is taken away a generated one shows again, if there is one; taken away once more, that goes too.

        session_id: The session's id.
        title: Its own title, 1 to 200 characters; null takes it away.
        label: A name that no other session has, 1 to 512 characters; null takes it away.
        group: The group that a person puts it in; null takes it out.
        archived: Whether it is put away; null counts as false.
        pinned: Whether it is pinned; null counts as false.
        model: The model for what comes next, as `provider/model`; null leaves it to the agent, where that can be said.
        thinking_level: The thinking level for what comes next; null leaves it to the agent.
        agent_fields: Fields of this agent alone: those that agents/list calls writable; null puts one back to the
        agent's default.
        if_revision: The `revision` the session must still have.

        Error kinds: sessionNotFound, revisionMismatch, labelInUse, notSupported, discontinued, sessionBusy,
        sessionChangedOnDisk, pathRefused for a link out of the agent's home, noSpace, unreadable, unwritable, timedOut.
        """
        return await self.call(
            "sessions/update",
            {
                "sessionId": session_id,
                "agentFields": agent_fields,
                "ifRevision": if_revision,
            },
            {
                "title": title,
                "label": label,
                "group": group,
                "archived": archived,
                "pinned": pinned,
                "model": model,
                "thinkingLevel": thinking_level,
            },
            **options,
        )

    async def fork_session(
        self,
        *,
        session_id: str,
        at: ForkPoint | None = None,
        title: str | None = None,
        **options: Unpack[CallOptions],
    ) -> ForkSessionResult:
        """Fork a session: a new one that begins with what was said in this one up to a turn or an entry.

        Kept lines stay as they are, byte for byte. History and model context are cut at the same place; where that
        cannot
        be found the answer is notSupported, with the reason. The fork is there whole, or not at all.

        session_id: The session's id.
        at: Where it is cut; absent: everything comes along.
        title: The fork's title, 1 to 200 characters; absent: the agent's own rule.

        Error kinds: sessionNotFound, entryNotFound, turnOutOfRange, notSupported, discontinued, sessionBusy,
        sessionChangedOnDisk, nameTaken, pathRefused for a link out of the agent's home, noSpace, unreadable,
        unwritable, timedOut.
        """
        return await self.call(
            "sessions/fork",
            {
                "sessionId": session_id,
                "at": at,
                "title": title,
            },
            **options,
        )

    async def plan_fork(
        self,
        *,
        session_id: str,
        at: ForkPoint | None = None,
        **options: Unpack[CallOptions],
    ) -> PlanForkResult:
        """Say what a fork would be, without making it: whether it can be made there, and the prompt it would begin
        with.

        session_id: The session's id.
        at: Where it would be cut; absent: everything comes along.

        Error kinds: sessionNotFound, entryNotFound, turnOutOfRange, notSupported, discontinued, unreadable.
        """
        return await self.call(
            "sessions/forkPlan",
            {
                "sessionId": session_id,
                "at": at,
            },
            **options,
        )

    async def generate_session_title(
        self,
        *,
        session_id: str,
        force: bool | None = None,
        **options: Unpack[CallOptions],
    ) -> GenerateSessionTitleResult:
        """Give a session a title made of its first words, by rule and without a model.

        The first turn with words counts; slash commands, what agents put around a prompt, attached files and blocks of
        code
        are left out. It has at most 50 characters on one line. A title that a person gave stays unless `force` is set.

        session_id: The session's id.
        force: Whether the title may take the place of one that a person gave.

        Error kinds: sessionNotFound, notSupported, discontinued, sessionBusy, sessionChangedOnDisk, pathRefused for a
        link out of the agent's home, noSpace, unreadable, unwritable, timedOut.
        """
        return await self.call(
            "sessions/generateTitle",
            {
                "sessionId": session_id,
                "force": force,
            },
            **options,
        )

    async def set_session_extension(
        self,
        *,
        session_id: str,
        namespace: str,
        key: str,
        value: Any | LeftOut | None = LEFT_OUT,
        unset: bool | None = None,
        if_revision: str | None = None,
        **options: Unpack[CallOptions],
    ) -> SetSessionExtensionResult:
        """Keep a value of a plugin with a session, or remove it; it lies in our notes, and goes and comes back with it.

        session_id: The session's id.
        namespace: The plugin's own name, 1 to 512 characters.
        key: The name of the value, 1 to 512 characters.
        value: The value, any JSON, null too: at most 256 KiB of it, 32 levels deep, 4,096 values in all, 512 keys of
        one object, 65,536 characters of one text.
        unset: Remove the value instead; `value` is then absent or null.
        if_revision: The `revision` the session must still have.

        Error kinds: sessionNotFound, revisionMismatch, notSupported, discontinued, sessionBusy, noSpace, unreadable,
        unwritable, timedOut.
        """
        return await self.call(
            "sessions/setExtension",
            {
                "sessionId": session_id,
                "namespace": namespace,
                "key": key,
                "unset": unset,
                "ifRevision": if_revision,
            },
            {
                "value": value,
            },
            **options,
        )

    async def delete_session(
        self,
        *,
        session_id: str | None = None,
        trash_id: str | None = None,
        permanently: bool | None = None,
        keep_transcript: bool | None = None,
        stop: bool | None = None,
        **options: Unpack[CallOptions],
    ) -> DeleteSessionResult:
        """Delete a session: it goes into the trash with everything that belongs to it alone, for `trash.days` days.

        One that somebody wrote to in the last seconds is refused unless `stop` is set.

        session_id: The session's id; not together with `trashId`.
        trash_id: What is taken out of the trash for good, by its id there; only with `permanently`.
        permanently: Delete it for good and not into the trash; needs the scope admin. What of it cannot be removed at
        once is removed as soon as a server starts that can.
        keep_transcript: Take away the session and leave its transcript, for agents that keep the two apart.
        stop: Delete it although somebody worked on it a moment ago.

        Error kinds: sessionNotFound, trashNotFound, sessionBusy, scopeMissing, notSupported, discontinued,
        sessionChangedOnDisk, pathRefused for a link out of the agent's home, noSpace, unreadable, unwritable, timedOut.
        """
        return await self.call(
            "sessions/delete",
            {
                "sessionId": session_id,
                "trashId": trash_id,
                "permanently": permanently,
                "keepTranscript": keep_transcript,
                "stop": stop,
            },
            **options,
        )

    async def restore_session(
        self,
        *,
        trash_id: str,
        **options: Unpack[CallOptions],
    ) -> RestoreSessionResult:
        """Bring a session back from the trash, to where it was, with what was noted about it.

        Nothing is overwritten: when something lies in its place it stays in the trash, and so it does where its agent's
        sessions are looked for elsewhere by now, or not at all.

        trash_id: The id that sessions/delete gave, and sessions/generations gives.

        Error kinds: trashNotFound, nameTaken, notSupported, pathRefused for a link out of the agent's home,
        sessionBusy, sessionChangedOnDisk, noSpace, unwritable, timedOut, unreadable when it is back and is no session
        any more.
        """
        return await self.call(
            "sessions/restore",
            {
                "trashId": trash_id,
            },
            **options,
        )

    async def list_generations(
        self,
        *,
        session_id: str | None = None,
        **options: Unpack[CallOptions],
    ) -> ListGenerationsResult:
        """List what there is of a session beside its present state, or everything in the trash.

        session_id: The session's id, also of one that is only in the trash; absent: everything in the trash.

        Error kinds: sessionNotFound, discontinued, unreadable.
        """
        return await self.call(
            "sessions/generations",
            {
                "sessionId": session_id,
            },
            **options,
        )

    async def cleanup_sessions(
        self,
        *,
        tasks: Sequence[Literal["autoArchive", "missing", "trash", "staging"]],
        apply: bool | None = None,
        **options: Unpack[CallOptions],
    ) -> CleanupSessionsResult:
        """Clean up: archive what is old, forget what is lost, empty the trash, remove what was left behind.

        Sessions that are pinned, exempt or in use are never archived. A session counts as missing only once it was seen
        at
        a place which is empty now, while its home can be read without a problem and has other sessions.

        tasks: At least one, done in this order: autoArchive: sessions that nobody has worked on for as long as the
        setting `autoArchive.days` says are archived; missing: what we noted about sessions that are nowhere any more,
        and were first seen to be so 30 days ago, is forgotten; trash: what has lain there for its time goes for good;
        staging: what killed processes left under temporary names is removed.
        apply: Do it. Otherwise it is only said what would be done, and nothing at all is written.

        Error kinds: noSpace, unwritable, timedOut, notSupported.
        """
        return await self.call(
            "sessions/cleanup",
            {
                "tasks": tasks,
                "apply": apply,
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

    async def subscribe_messages(
        self,
        *,
        session_id: str,
        after: str | None = None,
        **options: Unpack[CallOptions],
    ) -> SubscribeMessagesResult:
        """Be told of a session's entries as they are written, with sessions/message, after the last one of a replay.

        Nothing is left out and nothing comes twice between the replay, this reply and the notices. Subscribing again
        to the same session replaces the subscription.

        session_id: The session's id.
        after: The last entry that the client has, such as the last one of a replay; empty when it has none. Absent:
        only what comes from now on.

        Error kinds: sessionNotFound; entryNotFound when `after` is not on the current path; discontinued.
        """
        return await self.call(
            "messages/subscribe",
            {
                "sessionId": session_id,
                "after": after,
            },
            **options,
        )

    async def unsubscribe_messages(
        self,
        *,
        session_id: str,
        **options: Unpack[CallOptions],
    ) -> UnsubscribedResult:
        """Be told no more of a session's entries.

        session_id: The session's id; one that nobody subscribed to is no mistake.
        """
        return await self.call(
            "messages/unsubscribe",
            {
                "sessionId": session_id,
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

    async def add_upload(
        self,
        *,
        session_id: str,
        name: str,
        data: str,
        upload_id: str | None = None,
        last: bool | None = None,
        **options: Unpack[CallOptions],
    ) -> AddUploadResult:
        """Hand a file to a session, whole or in portions; with the last one it appears, in one step, or not at all.

        It goes where the agent keeps such files, else into our own state. Its name keeps letters, digits, `. _ -` and
        blanks; a name that is taken becomes `stem (2).ext`. It is never executable. More than the setting
        `uploads.maxBytes` is refused while it comes. An upload that is refused, cancelled, or not continued for ten
        minutes is dropped.

        session_id: The session it is for.
        name: The file's name as the user has it; what of it is kept is answered. The same for every portion.
        data: The next bytes, in base64, each portion complete in itself; may be empty. A megabyte is a good portion.
        upload_id: Absent with the first portion; then what that answered.
        last: Whether these are the last bytes; then the file appears, whole.

        Error kinds: sessionNotFound, uploadNotFound, tooLarge, nameTaken, pathRefused, notSupported, discontinued,
        sessionBusy, sessionChangedOnDisk when the session went meanwhile, noSpace, unreadable, unwritable, timedOut.
        """
        return await self.call(
            "uploads/add",
            {
                "sessionId": session_id,
                "name": name,
                "data": data,
                "uploadId": upload_id,
                "last": last,
            },
            **options,
        )

    async def list_uploads(
        self,
        *,
        session_id: str,
        **options: Unpack[CallOptions],
    ) -> UploadListing:
        """List the files that were uploaded to a session, by path.

        Links and special files are never followed and never listed.

        session_id: The session's id.

        Error kinds: sessionNotFound, pathRefused, unreadable, notSupported, discontinued.
        """
        return await self.call(
            "uploads/list",
            {
                "sessionId": session_id,
            },
            **options,
        )

    async def read_upload(
        self,
        *,
        session_id: str,
        path: str | None = None,
        path_base64: str | None = None,
        offset: int | None = None,
        length: int | None = None,
        **options: Unpack[CallOptions],
    ) -> FileContent:
        """Read a file that was uploaded to a session, or a range of its bytes.

        Offset, length and size are bytes. A file over the setting `maxReadBytes` is read by ranges within it.

        session_id: The session it was uploaded to.
        path: The file's path as uploads/list gives it.
        path_base64: The path's bytes, for a path that is not UTF-8; goes before `path`.
        offset: The first byte wanted, counted from 0; past the end nothing is answered.
        length: The most bytes wanted; absent or null: to the end.

        Error kinds: sessionNotFound, pathRefused, fileNotFound, tooLarge, unreadable, notSupported, discontinued.
        """
        return await self.call(
            "uploads/read",
            {
                "sessionId": session_id,
                "path": path,
                "pathBase64": path_base64,
                "offset": offset,
                "length": length,
            },
            **options,
        )
