// The calls of the Forkpoint server. Generated: run `python3 dev.py generate`, do not edit.

export const PROTOCOL_VERSION = 1;

/** What an error's `data.kind` can be. */
export type ErrorKind =
  | "pathRefused"
  | "scopeMissing"
  | "readOnly"
  | "untrusted"
  | "sessionNotFound"
  | "entryNotFound"
  | "fileNotFound"
  | "turnOutOfRange"
  | "profileNotFound"
  | "trashNotFound"
  | "uploadNotFound"
  | "sessionChangedOnDisk"
  | "sessionBusy"
  | "labelInUse"
  | "revisionMismatch"
  | "nameTaken"
  | "cursorExpired"
  | "tooLarge"
  | "notSupported"
  | "repositoryRefused"
  | "remoteFolder"
  | "discontinued"
  | "unreadable"
  | "unwritable"
  | "timedOut"
  | "noSpace";

/** One agent. */
export interface Agent {
  /** The agent's id, the first part of its sessions' ids. */
  id: string;
  /** Its name for people. */
  title: string;
  /** The name of an icon in the editor's own set (a VS Code codicon). */
  icon: string;
  /** The folders of this machine its sessions are read from; empty when there are none. */
  homes: string[];
  /** Its profiles, for the filter of sessions/list; empty when it has none. */
  profiles: string[];
  /**
   * What its format can do, of: archive, titles, tree, compaction, subagents, usage. And how its sessions can be
   * changed, of: create, fork, rename, delete. Titles and archive flags work for every agent all the same: what the
   * format has no field for is in our notes.
   */
  capabilities: string[];
  /** The agentFields its rows may carry. */
  fields: AgentField[];
}

/** One field that a row of this agent may carry in `agentFields`. */
export interface AgentField {
  /** The field's name. */
  name: string;
  /** What it means. */
  description: string;
  /** Whether sessions/update changes it; the others are the agent's own affair. */
  writable: boolean;
  /** What sessions/update takes for it; absent when it is not `writable`. */
  type?: "boolean" | undefined;
}

/** One folder that sessions work in. */
export interface WorkDir {
  /** The absolute path, as the newest session names it. */
  path: string;
  /** Whether it is a folder on this machine now. */
  exists: boolean;
  /** How many sessions work in exactly this folder, archived ones included. */
  sessionCount: number;
  /** When the newest of them was worked on, in milliseconds since 1970 UTC. */
  updatedAt: number;
  /** The editor's workspace folder it is or lies below; absent when it is in none. */
  workspaceFolder?: string | undefined;
  /** Its common git directory, equal for all worktrees of a repository; absent outside one. */
  repository?: string | undefined;
  /** The machine it is on, when that is another one. */
  remote?: string | undefined;
}

/** One of the editor's workspace folders. */
export interface WorkspaceFolder {
  /** The absolute path, as the editor names it. */
  path: string;
  /** Whether it is a folder on this machine now. */
  exists: boolean;
  /** Its common git directory, equal for all worktrees of a repository; absent outside one. */
  repository?: string | undefined;
  /** Where it lies in its working tree, `.` for the top level; absent outside a repository. */
  repositoryPath?: string | undefined;
}

/** What is noted about one folder that sessions name. */
export interface Relocation {
  /** The absolute path as sessions have it. */
  folder: string;
  /** Where it is now, an absolute path; absent: it has not moved. */
  movedTo?: string | undefined;
}

/** One thing found wrong while reading; it never costs more than what it names. */
export interface Problem {
  /**
   * What is wrong. In lines: tornTail, notJson, notObject, badUtf8, badRecord, blankLine, noFinalNewline, lineTooLong,
   * noHeader, byteOrderMark, carriageReturns. In links between entries: orphan, duplicateId, cycle. In files:
   * linkLeavesStore, notRegular, unreadable, badIndexFile. In our own state: stateUnreadable, stateDamaged. Of a
   * change: notTidied, notNoted, stillGrowing, labelInUse, uploadsNotCopied. Of a moved folder: stillThere,
   * notResumable. Of a cleanup: the kind of the error that refused it.
   */
  kind: string;
  /** One sentence fragment for a person. */
  reason: string;
  /** The absolute path of the file. */
  path: string;
  /** The line, counted from 1; absent when the whole file is meant or the line is not counted. */
  line?: number | undefined;
  /** Where the line begins, in bytes from the start of the file; absent with `line`. */
  byteOffset?: number | undefined;
}

/** A session as lists show it. */
export interface SessionRow {
  /** `<agent>:<native id>`, to be passed back as it is and never taken apart. */
  sessionId: string;
  /** The agent's id, as agents/list gives it. */
  agent: string;
  /** The agent's own id of the session. */
  nativeId: string;
  /** The title, at most 200 characters; `Untitled` when there is none. */
  title: string;
  /** Where the title comes from: custom (a person named it), generated, derived (from the first turn) or none. */
  titleSource: string;
  /** When it was begun, in milliseconds since 1970 UTC; absent when nothing on disk says. */
  createdAt?: number | undefined;
  /** When it was last worked on by the agent's own rule, in milliseconds since 1970 UTC. */
  updatedAt: number;
  /** Whether it is put away: by the agent's own flag, or by ours where its format has none. */
  archived: boolean;
  /** When it was archived, in milliseconds since 1970 UTC; absent when it is not, or the agent does not say. */
  archivedAt?: number | undefined;
  /** Whether a person pinned it. */
  pinned: boolean;
  /** A name that no other session has, in exactly this case. */
  label?: string | undefined;
  /** The group that a person put it in. */
  group?: string | undefined;
  /**
   * running, waiting, idle, failed, interrupted, or unknown when nothing on disk tells. It counts as running when
   * another program wrote to its transcript within 10 seconds and the log does not say how it stands.
   */
  status: string;
  /** Who holds it, where a lock beside its transcript says so; absent means unknown. Only sessions/get looks. */
  heldBy?: Holder | undefined;
  /** The size of the session's own transcript files, in bytes. */
  sizeBytes: number;
  /** Changes whenever the session's files or what is noted about it change; to be compared, never interpreted. */
  revision: string;
  /** The agent's profile, where it has several. */
  profile?: string | undefined;
  /** The absolute path of the session's file or folder. */
  path: string;
  /** The bytes of `path`, base64, when it is not UTF-8. */
  pathBase64?: string | undefined;
  /** The absolute path of the folder it works in; absent when unknown. */
  workDir?: string | undefined;
  /** The number of turns along the current path; absent with `partial`. */
  turnCount?: number | undefined;
  /** The number of messages, counted as the agent counts them; absent with `partial`. */
  messageCount?: number | undefined;
  /** The last words of the user or the assistant, at most 200 characters; absent with `partial`. */
  preview?: string | undefined;
  /** The session it was forked from, when that is on this machine too. */
  parentSessionId?: string | undefined;
  /** The sessions forked from it; absent when there are none. */
  childSessionIds?: string[] | undefined;
  /** The common git directory of the work dir, equal for all worktrees of a repository; absent outside one. */
  repository?: string | undefined;
  /** Tokens over the whole session, where the log counts them. */
  usage?: TokenUsage | undefined;
  /** The model last used, as `provider/model` where the log has both; or the one chosen for what comes next. */
  model?: string | undefined;
  /** The thinking level last set. */
  thinkingLevel?: string | undefined;
  /** How to continue it in its own agent; absent when its work dir is unknown or on another machine. */
  resume?: Resume | undefined;
  /** Fields of this agent alone; agents/list declares them. */
  agentFields?: Record<string, unknown> | undefined;
  /** What plugins keep with it, by namespace and key; only sessions/get and sessions/setExtension tell it. */
  extensions?: Record<string, Record<string, unknown>> | undefined;
  /** What is wrong with its files, at most 20 of them; complete with sessions/diagnose. */
  problems: Problem[];
  /**
   * True when the transcript is over 8 MiB and was not read whole. Counts, preview, status, usage and the problems of
   * its lines are then absent until sessions/get.
   */
  partial?: boolean | undefined;
}

/** Who works on a session just now, as far as that is known. */
export interface Holder {
  /** The agent's id, by the form of its lock. */
  agent: string;
  /** Its process; absent when unknown. */
  pid?: number | undefined;
  /** The machine it runs on; absent when it is this one, or unknown. */
  host?: string | undefined;
  /** Since when, in milliseconds since 1970 UTC; absent when unknown. */
  since?: number | undefined;
}

/** Tokens as the log counts them; absent where it does not. */
export interface TokenUsage {
  /** Tokens read, without those from a cache. */
  input?: number | undefined;
  /** Tokens written. */
  output?: number | undefined;
  /** Tokens read from a cache. */
  cacheRead?: number | undefined;
  /** Tokens written to a cache. */
  cacheWrite?: number | undefined;
  /** The log's own total, or the context's size where it logs that. */
  total?: number | undefined;
  /** The cost in US dollars, where the log has it. */
  cost?: number | undefined;
  /** The size of the model's context window, in tokens. */
  window?: number | undefined;
}

/** How to continue a session in its own agent. */
export interface Resume {
  /** The program and its arguments. */
  command: string[];
  /** The folder to start it in. */
  cwd: string;
}

/** Everything that is known about a session beside its contents. */
export interface SessionFacts {
  /** Its id. */
  sessionId: string;
  /** Its agent's id. */
  agent: string;
  /** The absolute path of its file or folder. */
  path: string;
  /** The folder of the agent it was found under. */
  home: string;
  /** The folder it works in; absent when unknown. */
  workDir?: string | undefined;
  /** Its status, as sessions/get has it. */
  status: string;
  /** Where its title comes from, as sessions/get has it. */
  titleSource: string;
  /** Its revision, as sessions/get has it. */
  revision: string;
  /** The files it is made of, those of the conversation first. */
  parts: PartFacts[];
  /** What a scan of the conversation found. */
  index: IndexFacts;
  /** The parts that hold what it was before it was compacted, cleared or begun anew, the oldest first. */
  generations: string[];
  /** How many problems there are of each kind. */
  problemCounts: Record<string, number>;
  /** The first 20 of them; all of them with sessions/diagnose. */
  problems: Problem[];
  /** The locks of agents beside its transcripts. */
  locks: LockFacts[];
  /** The lock under which our own processes change it, and sessions that share it; absent when there never was one. */
  lease?: LockFacts | undefined;
  /** Who holds it by those locks; absent when unknown. */
  heldBy?: Holder | undefined;
  /** The processes that have its transcript open, beside this one; absent when the system does not tell. */
  openBy?: number[] | undefined;
  /** Whether another program wrote to it within 10 seconds. */
  grownLately: boolean;
  /** What is noted about it in our own state, by field; what is not set is left out. */
  notes: Record<string, unknown>;
  /** How many values each plugin keeps with it. */
  extensionCounts: Record<string, number>;
  /** Where it comes from. */
  lineage: LineageFacts;
  /** The noted moves of folders that its work dir lies in. */
  relocations: Relocation[];
  /** Temporary names of ours in its folder or beside it that were not crossed out. */
  staging: StagedFacts[];
}

/** One stretch of a file that the session is made of. */
export interface PartFacts {
  /** The part's name; it begins the ids of entries that have none of their own. */
  name: string;
  /** shown: what a person saw; context: what the model sees; index: titles and flags; side: anything else. */
  role: string;
  /** The absolute path of its file or database. */
  path: string;
  /** Where it begins: bytes of a file, or the key of a row. */
  start: number;
  /** Where it ends; absent: as far as it goes. */
  end?: number | undefined;
  /** The size of the file; absent when there is none. */
  sizeBytes?: number | undefined;
  /** When the file was last written, in milliseconds since 1970 UTC; absent when there is none. */
  modifiedAt?: number | undefined;
}

/** What a scan of the shown parts found. */
export interface IndexFacts {
  /** Whether an index of it was kept in memory before it was asked for here. */
  kept: boolean;
  /** All lines, of every kind. */
  lines: number;
  /** The lines that belong to the conversation. */
  entries: number;
  /** Those of them on the current path. */
  onPath: number;
  /** The turns on the current path. */
  turns: number;
  /** The entries that no other entry follows; at most 1 in a format without branches. */
  branches: number;
  /** The id of the entry that the current path ends in; absent when it is empty. */
  leaf?: string | undefined;
  /** How often it was compacted, as far as its log says so. */
  compactions: number;
  /** The number of lines of each kind, by the names of the agent's format; at most 100 kinds. */
  kinds: Record<string, number>;
}

/** One lock file; it was looked at and not taken. */
export interface LockFacts {
  /** Its absolute path. */
  path: string;
  /** flock: a lock of the system's on the file; ownerFile: the file itself, with its owner in it. */
  form: "flock" | "ownerFile";
  /** Whether a process of this machine holds it; absent when that cannot be told. */
  held?: boolean | undefined;
  /** That process; absent when unknown. */
  pid?: number | undefined;
  /** Since when, in milliseconds since 1970 UTC; absent when unknown. */
  since?: number | undefined;
}

/** Where a session comes from, and what came from it. */
export interface LineageFacts {
  /** The file of the session it was forked from, as its own file names it. */
  parentPath?: string | undefined;
  /** The id of that session, as our notes have it. */
  notedParent?: string | undefined;
  /** The entry it was cut at, as our notes have it. */
  entryId?: string | undefined;
  /** The turn it was cut after, counted from 0, as our notes have it. */
  turn?: number | undefined;
  /** When that was noted, in milliseconds since 1970 UTC. */
  notedAt?: number | undefined;
  /** The sessions forked from it, by either. */
  children: string[];
}

/** A temporary name of ours that was not crossed out. */
export interface StagedFacts {
  /** Its absolute path. */
  path: string;
  /** The process that made it. */
  pid: number;
  /** Whether that process still runs; if not, the next change of any session removes what is left. */
  running: boolean;
}

/** What was asked for, as it is kept: the agent may know it by another name, and null may have become a default. */
export interface ResolvedSettings {
  /** The model, as `provider/model`; absent when none was asked for, or what it became is not known. */
  model?: string | undefined;
  /** The thinking level; absent likewise. */
  thinkingLevel?: string | undefined;
}

/** Where a session is cut: after a turn, or at an entry. */
export interface ForkPoint {
  /** The last turn that comes along, whole, counted from 0 along the current path. */
  turn?: number | undefined;
  /** The entry to cut at; not together with `turn`. */
  entryId?: string | undefined;
  /** Whether the entry itself comes along (after) or not (before). */
  position?: "before" | "after" | undefined;
}

/** What was there before: as params, with the same names beside them, it undoes the change. */
export interface PreviousExtension {
  /** The value; null with `unset`. */
  value: unknown;
  /** True when there was none. */
  unset: boolean;
}

/** A session as it was. */
export interface Generation {
  /** trash: the whole session, taken away; rotated: a transcript that its agent moved aside. */
  kind: "trash" | "rotated";
  /** The session's id; of one in the trash, the id it had. */
  sessionId: string;
  /** When it was taken away, or last written to, in milliseconds since 1970 UTC. */
  at: number;
  /** Its id in the trash, for sessions/restore. */
  trashId?: string | undefined;
  /** The title of a session in the trash. */
  title?: string | undefined;
  /** The agent of a session in the trash. */
  agent?: string | undefined;
  /** The folder that a session in the trash works in. */
  workDir?: string | undefined;
  /** When a session in the trash may go for good, in milliseconds since 1970 UTC. */
  expiresAt?: number | undefined;
  /** The name of a rotated transcript. */
  name?: string | undefined;
  /** The absolute path of a rotated transcript. */
  path?: string | undefined;
  /** The size of a rotated transcript, in bytes. */
  sizeBytes?: number | undefined;
}

/** What one task came to. */
export interface CleanupTask {
  /** The task. */
  task: "autoArchive" | "missing" | "trash" | "staging";
  /** How many things it concerns, those whose time is yet to come among them. */
  total: number;
  /** How many of them may be dealt with now. */
  due: number;
  /** How many were; 0 without `apply`. */
  done: number;
  /** What it concerns, at most 100 of it, what is due first: as it was before it was dealt with. */
  items: CleanupItem[];
  /** What could not be looked at or dealt with, at most 20: a session that somebody works on, a full disk. */
  problems: Problem[];
}

/** One thing that a task concerns. */
export interface CleanupItem {
  /** The session's id; of one in the trash, the id it had. */
  sessionId?: string | undefined;
  /** Its title; of a missing session what our notes call it, if they do. */
  title?: string | undefined;
  /** Its id in the trash. */
  trashId?: string | undefined;
  /** The absolute path of the file or folder it is about; of a session that is gone, where it was. */
  path: string;
  /** Since when it has not been worked on, has been missing or in the trash, in milliseconds since 1970 UTC. */
  at?: number | undefined;
  /** When it may be dealt with, in milliseconds since 1970 UTC; absent: now. */
  dueAt?: number | undefined;
}

/** One entry of a session's history. */
export interface Entry {
  /** Stable under appends: the format's own id, else `<part>@<hex byte offset of its first line>`. */
  entryId: string;
  /** user, assistant, toolCall, toolResult, compaction, branchSummary, modelChange, label, note or unknown. */
  kind: string;
  /** The agent's own name of this record. */
  agentKind: string;
  /** The content, in order. */
  content: Block[];
  /** The entry before it, where the format keeps a tree; absent for a root. */
  parentId?: string | undefined;
  /**
   * The turn it belongs to, counted from 0 along the current path. Absent before the first turn, and in the last page
   * of a large transcript that is not counted yet.
   */
  turn?: number | undefined;
  /** When it was written, in milliseconds since 1970 UTC; absent when the log does not say. */
  at?: number | undefined;
  /** Tokens of this step. */
  usage?: TokenUsage | undefined;
  /** What is wrong with the lines it was read from. */
  problems?: Problem[] | undefined;
  /** The stored lines, decoded, in order, when `include` asks for raw. */
  raw?: unknown | undefined;
}

/** A piece of an entry's content; `type` says which of the other fields are set. */
export interface Block {
  /** text, thinking, image, file, toolCall, diff or raw. */
  type: string;
  /** The text of a text or thinking block; of a diff block the diff itself, where the log keeps it as text. */
  text?: string | undefined;
  /** The media type of an image or file block, where the log names one. */
  mimeType?: string | undefined;
  /** The base64 data of an image that is stored in the log itself. */
  data?: string | undefined;
  /** Where an image or file is, when the log only refers to it. */
  uri?: string | undefined;
  /** The agent's id of a tool call; a toolResult entry names the call it answers. */
  callId?: string | undefined;
  /** The tool's name, on the call and on its results. */
  name?: string | undefined;
  /** The tool's arguments: the object, or the stored text where that is not JSON. */
  arguments?: unknown | undefined;
  /** How a tool call ended: done, failed, rejected or interrupted. */
  state?: string | undefined;
  /** What a helper agent did under this tool call. */
  nested?: Entry[] | undefined;
  /** The file a diff or file block is about, as the log names it. */
  path?: string | undefined;
  /** The replaced text of a diff block. */
  oldText?: string | undefined;
  /** The new text of a diff block. */
  newText?: string | undefined;
  /** The stored JSON value of a raw block, which no other type fits. */
  raw?: unknown | undefined;
}

/** One turn: what a person asked, and the span of what the agent did. */
export interface Turn {
  /** Counted from 0 along the current path. */
  turn: number;
  /** The user's entry that begins it. */
  entryId: string;
  /** The user's text on one line, at most 300 characters; empty when there is only an image. */
  text: string;
  /** Milliseconds since 1970 UTC; absent when the log does not say. */
  startedAt?: number | undefined;
  /** The time of its last record, in milliseconds since 1970 UTC; absent when the log does not say. */
  endedAt?: number | undefined;
  /** How many tools were called. */
  toolCalls: number;
}

/** One file that is not as HEAD has it. */
export interface FileDiff {
  /** The path relative to the folder that was asked about, with slashes. */
  path: string;
  /** The bytes of `path`, base64, when it is not UTF-8. */
  pathBase64?: string | undefined;
  /** The path at HEAD, relative like `path`; only with the status renamed. */
  oldPath?: string | undefined;
  /** The bytes of `oldPath`, base64, when it is not UTF-8. */
  oldPathBase64?: string | undefined;
  /**
   * HEAD against the working tree: added, modified, deleted, renamed, typeChanged (from file to link or back),
   * untracked (not in the index and not ignored) or conflicted (a merge left it undecided).
   */
  status: "added" | "modified" | "deleted" | "renamed" | "typeChanged" | "untracked" | "conflicted";
  /**
   * Lines that the working tree has and HEAD has not; null for a binary file, and for an untracked one that is too
   * large, or not to be read.
   */
  additions?: number | undefined;
  /** Lines that HEAD has and the working tree has not; null for a binary file. */
  deletions?: number | undefined;
  /** Whether git takes it for binary: there are no lines to count. */
  binary: boolean;
}

/** One name in a folder. */
export interface FolderEntry {
  /** The name; bytes that are not UTF-8 are replaced, and `nameBase64` has them. */
  name: string;
  /** file, directory, link (never followed) or other (FIFO, socket, device). */
  type: string;
  /** The size in bytes of a file. */
  size?: number | undefined;
  /** The name's bytes, when they are not UTF-8. */
  nameBase64?: string | undefined;
}

/** One uploaded file. */
export interface UploadedFile {
  /** The last component of its path; bytes that are not UTF-8 are replaced. */
  name: string;
  /** Its path below the folder of uploads, with `/` between the components, for uploads/read. */
  path: string;
  /** Its size in bytes. */
  sizeBytes: number;
  /** The media type by the name, else by the first bytes: text/plain or application/octet-stream at the least. */
  mimeType: string;
  /** When it was last written to, in milliseconds since 1970 UTC. */
  modifiedAt: number;
  /** The path's bytes, when they are not UTF-8. */
  pathBase64?: string | undefined;
}

/** What happened to one session, or to all of them. */
export interface SessionChange {
  /** The session; absent with `everything`. */
  sessionId?: string | undefined;
  /** created, changed, deleted or restored; everything: what was listed before may be wrong, so list again. */
  kind: "created" | "changed" | "deleted" | "restored" | "everything";
  /**
   * What made it: the verb of our own operation, or `disk` for other programs; `quiet` when nobody has written to it
   * for a while, so that its status may be another; with `everything` also `behind`.
   */
  reason: string;
}

/** agents/list takes nothing. */
export type ListAgentsParams = Record<string, never>;

/** workDirs/list takes nothing. */
export type ListWorkDirsParams = Record<string, never>;

/** workDirs/startup takes nothing. */
export type StartupWorkDirParams = Record<string, never>;

/** workDirs/workspace takes nothing. */
export type LocateWorkspaceParams = Record<string, never>;

/** Which folder was moved, and where it is now; or what an earlier call is taken back by. */
export interface RelocateWorkDirParams {
  /** The absolute path that sessions work in by what they say; it, and what lies below it, has moved. */
  readonly from?: string | undefined;
  /** The absolute path of the folder that it is now; it must exist. */
  readonly to?: string | undefined;
  /** Change the agents' own files, for agents whose format allows it; no agent does yet. */
  readonly rewrite?: boolean | undefined;
  /** False only counts: nothing is changed. */
  readonly apply?: boolean | undefined;
  /** What an earlier call answered as `previous`: takes that back. Stands without `from` and `to`. */
  readonly previous?: readonly Relocation[] | undefined;
}

/** Filters of a list; all that are given must hold. */
export interface ListSessionsParams {
  /**
   * Only sessions that work in one of these folders or below it, links resolved; absolute paths. Absent: all folders,
   * whatever the workspace.
   */
  readonly folders?: readonly string[] | undefined;
  /** Not the sessions that work in one of these folders or below it, links resolved; absolute paths. */
  readonly excludeFolders?: readonly string[] | undefined;
  /** Whether the other git worktrees of `folders` and of `excludeFolders` count as these folders too. */
  readonly worktrees?: boolean | undefined;
  /** Only sessions of these agents. */
  readonly agents?: readonly string[] | undefined;
  /** Only sessions of these profiles of an agent. */
  readonly profiles?: readonly string[] | undefined;
  /** True for archived sessions only, false for the others only, `all` for both. */
  readonly archived?: boolean | "all" | undefined;
  /** Only sessions with this text in their title or folder, in any case. Blank counts as absent. */
  readonly text?: string | undefined;
  /** Only sessions worked on within this many milliseconds before now. */
  readonly activeWithinMs?: number | undefined;
  /** Only forks of this session. */
  readonly parentSessionId?: string | undefined;
  /** True for pinned sessions only, false for the others only. */
  readonly pinned?: boolean | undefined;
  /** Only the session with this label, in exactly this case. */
  readonly label?: string | undefined;
  /** Only sessions of this group, in exactly this case. */
  readonly group?: string | undefined;
  /** True for the sessions only that are in any group, false for the others only. */
  readonly grouped?: boolean | undefined;
  /** updated and created: newest first; title: in the order of the alphabet. */
  readonly sort?: "updated" | "created" | "title" | undefined;
  /** Rows of a page, 1 to 500. */
  readonly limit?: number | undefined;
  /** `nextCursor` of the page before, with the same filters. */
  readonly cursor?: string | undefined;
  /** Wait for a walk over the disk; every list is one until there is an index. */
  readonly fresh?: boolean | undefined;
}

/** Which session. */
export interface GetSessionParams {
  /** The session's id. */
  readonly sessionId: string;
}

/** Which session. */
export interface DiagnoseSessionParams {
  /** The session's id. */
  readonly sessionId: string;
}

/** Which session. */
export interface DebugSessionParams {
  /** The session's id. */
  readonly sessionId: string;
}

/** From where on. */
export interface SubscribeSessionsParams {
  /** `revision` of a list or a notice: what came after it is told too. Absent: from now on. */
  readonly revision?: string | undefined;
}

/** Nothing. */
export type UnsubscribeSessionsParams = Record<string, never>;

/** What the new session is. */
export interface CreateSessionParams {
  /** The folder it works in; an absolute path. */
  readonly workDir: string;
  /** Make that folder when it is missing. */
  readonly createDir?: boolean | undefined;
  /** The agent that keeps it, one with the capability `create`; `forkpoint` needs no agent at all. */
  readonly agent?: string | undefined;
  /** The agent's profile; absent: its first. */
  readonly profile?: string | undefined;
  /** Its title, 1 to 200 characters. */
  readonly title?: string | undefined;
  /** A name that no other session has, 1 to 512 characters. */
  readonly label?: string | undefined;
  /** The model it begins with, as `provider/model`. */
  readonly model?: string | undefined;
  /** The session it comes from. */
  readonly parentSessionId?: string | undefined;
}

/** Which session, and the fields that change; a field that is left out stays as it is, null clears it. */
export interface UpdateSessionParams {
  /** The session's id. */
  readonly sessionId: string;
  /** Its own title, 1 to 200 characters; null takes it away. */
  readonly title?: string | null | undefined;
  /** A name that no other session has, 1 to 512 characters; null takes it away. */
  readonly label?: string | null | undefined;
  /** The group that a person puts it in; null takes it out. */
  readonly group?: string | null | undefined;
  /** Whether it is put away; null counts as false. */
  readonly archived?: boolean | null | undefined;
  /** Whether it is pinned; null counts as false. */
  readonly pinned?: boolean | null | undefined;
  /** The model for what comes next, as `provider/model`; null leaves it to the agent, where that can be said. */
  readonly model?: string | null | undefined;
  /** The thinking level for what comes next; null leaves it to the agent. */
  readonly thinkingLevel?: string | null | undefined;
  /** Fields of this agent alone: those that agents/list calls writable; null puts one back to the agent's default. */
  readonly agentFields?: Readonly<Record<string, unknown>> | undefined;
  /** The `revision` the session must still have. */
  readonly ifRevision?: string | undefined;
}

/** Which session, and how much of it. */
export interface ForkSessionParams {
  /** The session's id. */
  readonly sessionId: string;
  /** Where it is cut; absent: everything comes along. */
  readonly at?: ForkPoint | undefined;
  /** The fork's title, 1 to 200 characters; absent: the agent's own rule. */
  readonly title?: string | undefined;
}

/** Which session, and how much of it. */
export interface PlanForkParams {
  /** The session's id. */
  readonly sessionId: string;
  /** Where it would be cut; absent: everything comes along. */
  readonly at?: ForkPoint | undefined;
}

/** Which session. */
export interface GenerateSessionTitleParams {
  /** The session's id. */
  readonly sessionId: string;
  /** Whether the title may take the place of one that a person gave. */
  readonly force?: boolean | undefined;
}

/** Which value of which plugin. */
export interface SetSessionExtensionParams {
  /** The session's id. */
  readonly sessionId: string;
  /** The plugin's own name, 1 to 512 characters. */
  readonly namespace: string;
  /** The name of the value, 1 to 512 characters. */
  readonly key: string;
  /**
   * The value, any JSON, null too: at most 256 KiB of it, 32 levels deep, 4,096 values in all, 512 keys of one object,
   * 65,536 characters of one text.
   */
  readonly value?: unknown | null | undefined;
  /** Remove the value instead; `value` is then absent or null. */
  readonly unset?: boolean | undefined;
  /** The `revision` the session must still have. */
  readonly ifRevision?: string | undefined;
}

/** Which session, and how. */
export interface DeleteSessionParams {
  /** The session's id; not together with `trashId`. */
  readonly sessionId?: string | undefined;
  /** What is taken out of the trash for good, by its id there; only with `permanently`. */
  readonly trashId?: string | undefined;
  /**
   * Delete it for good and not into the trash; needs the scope admin. What of it cannot be removed at once is removed
   * as soon as a server starts that can.
   */
  readonly permanently?: boolean | undefined;
  /** Take away the session and leave its transcript, for agents that keep the two apart. */
  readonly keepTranscript?: boolean | undefined;
  /** Delete it although somebody worked on it a moment ago. */
  readonly stop?: boolean | undefined;
}

/** What to bring back. */
export interface RestoreSessionParams {
  /** The id that sessions/delete gave, and sessions/generations gives. */
  readonly trashId: string;
}

/** Of which session. */
export interface ListGenerationsParams {
  /** The session's id, also of one that is only in the trash; absent: everything in the trash. */
  readonly sessionId?: string | undefined;
}

/** What to look for, and whether to do something about it. */
export interface CleanupSessionsParams {
  /**
   * At least one, done in this order: autoArchive: sessions that nobody has worked on for as long as the setting
   * `autoArchive.days` says are archived; missing: what we noted about sessions that are nowhere any more, and were
   * first seen to be so 30 days ago, is forgotten; trash: what has lain there for its time goes for good; staging: what
   * killed processes left under temporary names is removed.
   */
  readonly tasks: readonly ("autoArchive" | "missing" | "trash" | "staging")[];
  /** Do it. Otherwise it is only said what would be done, and nothing at all is written. */
  readonly apply?: boolean | undefined;
}

/** Which entries of which session. */
export interface ReadHistoryParams {
  /** The session's id. */
  readonly sessionId: string;
  /** Only entries that come before this one; not together with `after`. */
  readonly before?: string | undefined;
  /** Only entries that come after this one; not together with `before`. */
  readonly after?: string | undefined;
  /** Entries of a page, 1 to 500. */
  readonly limit?: number | undefined;
  /** From which end a page without `before` and `after` comes. */
  readonly order?: "newest" | "oldest" | undefined;
  /** `raw` adds the stored lines to each entry. */
  readonly include?: readonly "raw"[] | undefined;
}

/** Which turns of which session. */
export interface ListTurnsParams {
  /** The session's id. */
  readonly sessionId: string;
  /** Only turns with a greater number. */
  readonly after?: number | undefined;
  /** The most turns, 1 to 5,000. */
  readonly limit?: number | undefined;
}

/** Which session. */
export interface ReplayHistoryParams {
  /** The session's id. */
  readonly sessionId: string;
  /** `raw` adds the stored lines to each entry. */
  readonly include?: readonly "raw"[] | undefined;
}

/** Which session, and what of it the client has. */
export interface SubscribeMessagesParams {
  /** The session's id. */
  readonly sessionId: string;
  /**
   * The last entry that the client has, such as the last one of a replay; empty when it has none. Absent: only what
   * comes from now on.
   */
  readonly after?: string | undefined;
}

/** Which session. */
export interface UnsubscribeMessagesParams {
  /** The session's id; one that nobody subscribed to is no mistake. */
  readonly sessionId: string;
}

/** Which folder: a session's work dir, or one that is named. */
export interface DiffStatsParams {
  /** The session whose work dir is meant; not together with `folder`. */
  readonly sessionId?: string | undefined;
  /** The absolute path of a folder; not together with `sessionId`. */
  readonly folder?: string | undefined;
}

/** Which file of which folder. */
export interface FileDiffParams {
  /** The session in whose work dir the file lies; not together with `folder`. */
  readonly sessionId?: string | undefined;
  /** The absolute path of a folder in which the file lies; not together with `sessionId`. */
  readonly folder?: string | undefined;
  /** The file's path relative to the folder, with `/` between the components. */
  readonly path?: string | undefined;
  /** The path's bytes, for a path that is not UTF-8; goes before `path`. */
  readonly pathBase64?: string | undefined;
}

/** Which file, or which range of it. */
export interface ReadFileParams {
  /** The session in whose work dir the file lies. */
  readonly sessionId: string;
  /** The file's path relative to the work dir, with `/` between the components. */
  readonly path?: string | undefined;
  /** The path's bytes, for a path that is not UTF-8; goes before `path`. */
  readonly pathBase64?: string | undefined;
  /** The first byte wanted, counted from 0; past the end nothing is answered. */
  readonly offset?: number | undefined;
  /** The most bytes wanted; absent or null: to the end. */
  readonly length?: number | undefined;
}

/** Which folder. */
export interface ListFilesParams {
  /** The session in whose work dir the folder lies. */
  readonly sessionId: string;
  /** The folder's path relative to the work dir; absent or null: the work dir itself. */
  readonly path?: string | undefined;
  /** The path's bytes, for a path that is not UTF-8; goes before `path`. */
  readonly pathBase64?: string | undefined;
}

/** A file, or one portion of it. */
export interface AddUploadParams {
  /** The session it is for. */
  readonly sessionId: string;
  /** The file's name as the user has it; what of it is kept is answered. The same for every portion. */
  readonly name: string;
  /** The next bytes, in base64, each portion complete in itself; may be empty. A megabyte is a good portion. */
  readonly data: string;
  /** Absent with the first portion; then what that answered. */
  readonly uploadId?: string | undefined;
  /** Whether these are the last bytes; then the file appears, whole. */
  readonly last?: boolean | undefined;
}

/** Of which session. */
export interface ListUploadsParams {
  /** The session's id. */
  readonly sessionId: string;
}

/** Which file, or which range of it. */
export interface ReadUploadParams {
  /** The session it was uploaded to. */
  readonly sessionId: string;
  /** The file's path as uploads/list gives it. */
  readonly path?: string | undefined;
  /** The path's bytes, for a path that is not UTF-8; goes before `path`. */
  readonly pathBase64?: string | undefined;
  /** The first byte wanted, counted from 0; past the end nothing is answered. */
  readonly offset?: number | undefined;
  /** The most bytes wanted; absent or null: to the end. */
  readonly length?: number | undefined;
}

/** Every agent, sorted by id. */
export interface ListAgentsResult {
  /** The agents, whether or not they are installed here. */
  agents: Agent[];
}

/** The folders, the one with the newest session first. */
export interface ListWorkDirsResult {
  /** The folders; those under a temporary folder are left out unless they are open in the editor. */
  items: WorkDir[];
}

/** The folder that new work begins in. */
export interface StartupWorkDirResult {
  /** The editor's first workspace folder, else the folder the server was started in; absolute. */
  folder: string;
}

/** The editor's workspace folders. */
export interface LocateWorkspaceResult {
  /** The folders, in the editor's order; whether or not a session works in them. */
  folders: WorkspaceFolder[];
}

/** What followed. */
export interface RelocateWorkDirResult {
  /** How many sessions are shown in another folder now, or would be with `apply`. */
  sessions: number;
  /** What was noted before about every folder that is noted otherwise now; given back it undoes this call. */
  previous: Relocation[];
  /** What to know: that `from` is still there, or which agents would not find their sessions in the new place. */
  problems: Problem[];
}

/** One page of sessions. */
export interface ListSessionsResult {
  /** The rows; empty when they went out as partial results. */
  items: SessionRow[];
  /** Gives the next page; absent on the last. */
  nextCursor?: string | undefined;
  /** How many sessions pass the filters, when that is known without reading more. */
  total?: number | undefined;
  /** Whether the list equals the disk as it was when asked. */
  complete: boolean;
  /** The position of the stream of changes before the list was made; sessions/subscribe takes it. */
  revision: string;
  /** What kept a whole folder from being listed; what is wrong with one session stands in its row. */
  problems: Problem[];
}

/** One session, read whole. */
export interface GetSessionResult {
  /** The row, never `partial`. */
  session: SessionRow;
}

/** Every problem found. */
export interface DiagnoseSessionResult {
  /** The problems, by file and then by place; at most 1,000 of each kind of check. */
  problems: Problem[];
}

/** What is known about it. */
export interface DebugSessionResult {
  /** Everything beside its contents. */
  session: SessionFacts;
}

/** The subscription. */
export interface SubscribeSessionsResult {
  /** True: sessions/changed and git/changed are sent from now on, as long as the connection lasts. */
  subscribed: boolean;
  /** The position as it is now. */
  revision: string;
}

/** The end of a subscription. */
export interface UnsubscribedResult {
  /** False: nothing more is sent. */
  subscribed: boolean;
}

/** The new session. */
export interface CreateSessionResult {
  /** Its row. */
  session: SessionRow;
  /** What could not be noted about it, or tidied. */
  problems: Problem[];
}

/** The session as it is now. */
export interface UpdateSessionResult {
  /** Its row. */
  session: SessionRow;
  /** The fields that changed, with their values before: given back to sessions/update they undo it. */
  previous: Record<string, unknown>;
  /** What a model or thinking level that was asked for stands for; absent when none was. */
  resolved?: ResolvedSettings | undefined;
}

/** The fork. */
export interface ForkSessionResult {
  /** The new session's row. */
  session: SessionRow;
  /** What the user said in the entry before which it was cut: the prompt to begin with. */
  prefill?: string | undefined;
  /** How many tool calls were open at the cut and are recorded as interrupted. */
  closedToolCalls: number;
  /** What of the session could not come along, and whether somebody is still writing to it. */
  problems: Problem[];
}

/** What a fork would be. */
export interface PlanForkResult {
  /** What the user said in the entry before which it would be cut. */
  prefill?: string | undefined;
  /** How many tool calls are open at that place. */
  closedToolCalls: number;
  /** The size of the new session's files, in bytes. */
  sizeBytes: number;
  /** What of the session could not come along, and whether somebody is still writing to it. */
  problems: Problem[];
}

/** The session as it is now. */
export interface GenerateSessionTitleResult {
  /** Its row. */
  session: SessionRow;
  /** Whether its title is now the one made here; it may have been the same before. */
  generated: boolean;
  /**
   * Why it is not. customTitle: a person gave it one, and `force` was not set. noText: nobody has said anything yet
   * that a title could be made of.
   */
  reason?: "customTitle" | "noText" | undefined;
  /**
   * The person's title that was there before, or null for none; empty when nothing changed. Given back to
   * sessions/update it undoes the change.
   */
  previous: Record<string, unknown>;
}

/** The session as it is now. */
export interface SetSessionExtensionResult {
  /** Its row, with all `extensions`. */
  session: SessionRow;
  /** What was there before. */
  previous: PreviousExtension;
}

/** The session is gone. */
export interface DeleteSessionResult {
  /** True. */
  deleted: boolean;
  /** Its id in the trash, for sessions/restore; absent when it is gone for good. */
  trashId?: string | undefined;
}

/** The session is back. */
export interface RestoreSessionResult {
  /** Its row. */
  session: SessionRow;
  /** What of our notes could not be put back: a label that another session has by now. */
  problems: Problem[];
}

/** What there is. */
export interface ListGenerationsResult {
  /** What lies in the trash, then what was moved aside, the newest of each first. */
  items: Generation[];
}

/** What all tasks came to. */
export interface CleanupSessionsResult {
  /** Whether anything was done, and not only said. */
  applied: boolean;
  /** One for each that was asked for, in that order. */
  tasks: CleanupTask[];
}

/** One page of entries. */
export interface ReadHistoryResult {
  /** The entries, oldest first. */
  entries: Entry[];
  /** Whether there are entries before the first. */
  hasMoreBefore: boolean;
  /** Whether there are entries after the last. */
  hasMoreAfter: boolean;
  /** What is wrong with the lines this page covers, and with files that could not be opened. */
  problems: Problem[];
}

/** Turns along the current path. */
export interface ListTurnsResult {
  /** The turns, oldest first; empty when they went out as partial results. */
  turns: Turn[];
  /** How many turns there are in all. */
  total: number;
}

/** All entries, or how many went out before. */
export interface ReplayHistoryResult {
  /** The entries, oldest first; empty when they went out as partial results or history/chunk. */
  entries: Entry[];
  /** How many entries there are. */
  entryCount: number;
}

/** The subscription, and what came after the last entry that the client has. */
export interface SubscribeMessagesResult {
  /**
   * Whether sessions/message is sent from now on, for what comes after `lastEntryId`. False when there is more than
   * fits here: ask again with `after` as `lastEntryId`.
   */
  subscribed: boolean;
  /** The session. */
  sessionId: string;
  /** The entries after `after`, oldest first. */
  entries: Entry[];
  /** Entries up to `after` that may say more than when the client got them. */
  updated: Entry[];
  /** The newest entry that the client has now; absent while there is none. */
  lastEntryId?: string | undefined;
}

/**
 * How the working tree below a folder differs from HEAD.
 *
 * Submodules and other repositories inside the folder are not looked into and not listed.
 */
export interface DiffStats {
  /** Whether the folder lies in the working tree of a repository; when false, all else is empty. */
  isGitRepo: boolean;
  /** The branch, also before its first commit; absent with a detached HEAD. */
  branch?: string | undefined;
  /** Commits that the branch has and its upstream has not; absent without an upstream. */
  ahead?: number | undefined;
  /** Commits that the upstream has and the branch has not; absent without an upstream. */
  behind?: number | undefined;
  /** Whether `files` has any. */
  hasChanges: boolean;
  /** The sum over the files that were counted. */
  totalAdditions: number;
  /** The sum over the files that were counted. */
  totalDeletions: number;
  /** The changed files, one entry each, in the order of their paths' bytes. */
  files: FileDiff[];
}

/** One file as HEAD has it and as the working tree has it. */
export interface FileSides {
  /** The text at HEAD; absent when HEAD has no such file, and when `binary`. A link's text is where it points. */
  old?: string | undefined;
  /** The text in the working tree; absent when it has no such file, and when `binary`. */
  new?: string | undefined;
  /** Whether a side is not UTF-8 text; both texts are absent then. */
  binary: boolean;
}

/** The bytes of a file or of a range of it: `text` or `base64`, never both. */
export interface FileContent {
  /** The bytes as text, when they are valid UTF-8 as they stand; a byte order mark stays in it. */
  text?: string | undefined;
  /** The bytes otherwise; so the ranges of a file, each turned back into bytes, always join to the file. */
  base64?: string | undefined;
  /** The size of the whole file, in bytes. */
  size: number;
  /** The media type by the name, else by the first bytes: text/plain or application/octet-stream at the least. */
  mimeType: string;
}

/** What is in a folder, as far as the guard shows it. */
export interface FolderListing {
  /** Folders first, then by name; at most 5,000. */
  entries: FolderEntry[];
  /** How many names the guard left out. */
  hidden: number;
  /** Whether there are more entries than were listed. */
  truncated: boolean;
}

/** The file that is there now, or how far it has come. */
export interface AddUploadResult {
  /** The bytes taken so far: all of them, when `name` is there. */
  sizeBytes: number;
  /** What the next portion has to name; absent with the last one. */
  uploadId?: string | undefined;
  /** The name it was given, which is its `path` for uploads/read; absent until the last portion. */
  name?: string | undefined;
  /** Its absolute path; absent until the last portion. */
  path?: string | undefined;
  /** The media type by the name, else by the first bytes; absent until the last portion. */
  mimeType?: string | undefined;
  /** The SHA-256 of its bytes, in 64 hex digits; absent until the last portion. */
  sha256?: string | undefined;
}

/** The uploaded files of a session, as far as the guard shows them. */
export interface UploadListing {
  /** By path, down to ten folders deep; at most 5,000. */
  items: UploadedFile[];
  /** How many names were left out: links, special files, and what the guard refuses. */
  hidden: number;
  /** Whether there are more files than were listed, or folders that lie deeper. */
  truncated: boolean;
  /** Folders that could not be listed. */
  problems: Problem[];
}

/** The next entries of a history/replay. Not sent for a request that carried a `partialResultToken`. */
export interface HistoryChunk {
  /** The id of the request. */
  requestId: number | string;
  /** The entries that follow on those sent before, oldest first. */
  entries: Entry[];
}

/**
 * Sessions came, went or changed: by an operation of ours, or on disk by any program.
 *
 * That a session came or went is told of it alone, though rows of others name it as their parent or child.
 */
export interface SessionsChanged {
  /** The position after these changes; lists answer such a position too. */
  revision: string;
  /** One per session, oldest first; or one `everything`. */
  changes: SessionChange[];
}

/** What was written in a session that messages/subscribe named. */
export interface SessionMessage {
  /** The session. */
  sessionId: string;
  /** New entries, oldest first, which follow on those that were sent before. */
  entries: Entry[];
  /** Entries that were sent before and say more now, such as a call that has its result. */
  updated: Entry[];
  /**
   * True when the current path no longer holds what was sent before: read the history again. What comes after follows
   * on the end of the path as it was when this was sent.
   */
  reset?: boolean | undefined;
  /** The newest entry there is, after which the next notice goes on; absent while there is none. */
  lastEntryId?: string | undefined;
}

/** The branch, the commit or the index of a folder changed, or an agent was at work in it. */
export interface GitChanged {
  /** The folder as the rows of its sessions name it. */
  folder: string;
}

/** What the server tells a client that names it: the params of each notification. */
export interface Events {
  "history/chunk": HistoryChunk;
  "sessions/changed": SessionsChanged;
  "sessions/message": SessionMessage;
  "git/changed": GitChanged;
}

/** How a client cancels a call; an AbortSignal's counterpart in the editor. */
export interface Cancellation {
  readonly isCancellationRequested: boolean;
  onCancellationRequested(listener: () => void): { dispose(): void };
}

/** Sends one request. Errors: whatever the connection raises; the server's own have `data.kind`. */
export type Send = (method: string, params: object, cancel?: Cancellation) => Promise<unknown>;

/** Every operation of the server as a method. */
export class Calls {
  constructor(private readonly send: Send) {}

  /** List the agents this server knows, where their sessions lie, and what their formats can do. */
  listAgents(params: ListAgentsParams = {}, cancel?: Cancellation): Promise<ListAgentsResult> {
    return this.send("agents/list", params, cancel) as Promise<ListAgentsResult>;
  }

  /** List the folders that sessions on this machine work in, with their session counts. */
  listWorkDirs(params: ListWorkDirsParams = {}, cancel?: Cancellation): Promise<ListWorkDirsResult> {
    return this.send("workDirs/list", params, cancel) as Promise<ListWorkDirsResult>;
  }

  /** Give the folder that new work begins in: the first workspace folder, else the server's own. */
  startupWorkDir(params: StartupWorkDirParams = {}, cancel?: Cancellation): Promise<StartupWorkDirResult> {
    return this.send("workDirs/startup", params, cancel) as Promise<StartupWorkDirResult>;
  }

  /**
   * Tell where the editor's workspace folders lie, so that the worktrees of one repository can be shown together.
   *
   * Two folders with equal `repository` and `repositoryPath` are the same place in two worktrees.
   */
  locateWorkspace(params: LocateWorkspaceParams = {}, cancel?: Cancellation): Promise<LocateWorkspaceResult> {
    return this.send("workDirs/workspace", params, cancel) as Promise<LocateWorkspaceResult>;
  }

  /**
   * Let sessions follow a folder that was moved: they are listed, and their files read, where it is now.
   *
   * That is kept in our own notes; the agents' files stay as they are.
   *
   * Error kinds: fileNotFound when `to` is no folder, notSupported, noSpace, unwritable, timedOut.
   */
  relocateWorkDir(params: RelocateWorkDirParams = {}, cancel?: Cancellation): Promise<RelocateWorkDirResult> {
    return this.send("workDirs/relocate", params, cancel) as Promise<RelocateWorkDirResult>;
  }

  /**
   * List sessions of all agents, one page at a time, filtered and sorted.
   *
   * Times are milliseconds since 1970 UTC. A broken session is a row with `problems`.
   *
   * Error kinds: cursorExpired.
   */
  listSessions(params: ListSessionsParams = {}, cancel?: Cancellation): Promise<ListSessionsResult> {
    return this.send("sessions/list", params, cancel) as Promise<ListSessionsResult>;
  }

  /**
   * Get one session's row, with everything that only a whole read tells.
   *
   * Error kinds: sessionNotFound.
   */
  getSession(params: GetSessionParams, cancel?: Cancellation): Promise<GetSessionResult> {
    return this.send("sessions/get", params, cancel) as Promise<GetSessionResult>;
  }

  /**
   * Read a session's files whole and name everything that is wrong, with line and byte offset.
   *
   * Nothing is changed. Lines count from 1, offsets in bytes from the start of the file.
   *
   * Error kinds: sessionNotFound, discontinued.
   */
  diagnoseSession(params: DiagnoseSessionParams, cancel?: Cancellation): Promise<DiagnoseSessionResult> {
    return this.send("sessions/diagnose", params, cancel) as Promise<DiagnoseSessionResult>;
  }

  /**
   * Tell what is known about a session: files, branches, compactions, problems, locks, notes, lineage.
   *
   * Nothing that was said in it is told, nothing is changed and no lock is taken. Times are milliseconds since 1970
   * UTC,
   * sizes bytes. While the workspace is not trusted it needs the scope admin.
   *
   * Error kinds: sessionNotFound, scopeMissing.
   */
  debugSession(params: DebugSessionParams, cancel?: Cancellation): Promise<DebugSessionResult> {
    return this.send("sessions/debug", params, cancel) as Promise<DebugSessionResult>;
  }

  /**
   * Be told of sessions that come, go and change, by whatever program, with sessions/changed.
   *
   * With the `revision` of a list nothing is lost in between: a change that the list may not show is told.
   */
  subscribeSessions(params: SubscribeSessionsParams = {}, cancel?: Cancellation): Promise<SubscribeSessionsResult> {
    return this.send("sessions/subscribe", params, cancel) as Promise<SubscribeSessionsResult>;
  }

  /** Be told no more of changed sessions, even if `initialize` named the notification. */
  unsubscribeSessions(params: UnsubscribeSessionsParams = {}, cancel?: Cancellation): Promise<UnsubscribedResult> {
    return this.send("sessions/unsubscribe", params, cancel) as Promise<UnsubscribedResult>;
  }

  /**
   * Make a new session, empty but for what is given here.
   *
   * It is there whole, or not at all.
   *
   * Error kinds: fileNotFound when the folder is missing, sessionNotFound for an unknown parent, profileNotFound,
   * labelInUse, notSupported, sessionBusy, sessionChangedOnDisk, nameTaken, pathRefused for a link out of the agent's
   * home, noSpace, unreadable, unwritable, timedOut.
   */
  createSession(params: CreateSessionParams, cancel?: Cancellation): Promise<CreateSessionResult> {
    return this.send("sessions/create", params, cancel) as Promise<CreateSessionResult>;
  }

  /**
   * Change what a session is called and how it is kept: title, label, group, pin, archive flag, model.
   *
   * All of it is changed or none. What the session's own files have a field for goes there, all else into our notes.
   * When a title is taken away a generated one shows again, if there is one; taken away once more, that goes too.
   *
   * Error kinds: sessionNotFound, revisionMismatch, labelInUse, notSupported, discontinued, sessionBusy,
   * sessionChangedOnDisk, pathRefused for a link out of the agent's home, noSpace, unreadable, unwritable, timedOut.
   */
  updateSession(params: UpdateSessionParams, cancel?: Cancellation): Promise<UpdateSessionResult> {
    return this.send("sessions/update", params, cancel) as Promise<UpdateSessionResult>;
  }

  /**
   * Fork a session: a new one that begins with what was said in this one up to a turn or an entry.
   *
   * Kept lines stay as they are, byte for byte. History and model context are cut at the same place; where that cannot
   * be found the answer is notSupported, with the reason. The fork is there whole, or not at all.
   *
   * Error kinds: sessionNotFound, entryNotFound, turnOutOfRange, notSupported, discontinued, sessionBusy,
   * sessionChangedOnDisk, nameTaken, pathRefused for a link out of the agent's home, noSpace, unreadable, unwritable,
   * timedOut.
   */
  forkSession(params: ForkSessionParams, cancel?: Cancellation): Promise<ForkSessionResult> {
    return this.send("sessions/fork", params, cancel) as Promise<ForkSessionResult>;
  }

  /**
   * Say what a fork would be, without making it: whether it can be made there, and the prompt it would begin with.
   *
   * Error kinds: sessionNotFound, entryNotFound, turnOutOfRange, notSupported, discontinued, unreadable.
   */
  planFork(params: PlanForkParams, cancel?: Cancellation): Promise<PlanForkResult> {
    return this.send("sessions/forkPlan", params, cancel) as Promise<PlanForkResult>;
  }

  /**
   * Give a session a title made of its first words, by rule and without a model.
   *
   * The first turn with words counts; slash commands, what agents put around a prompt, attached files and blocks of
   * code
   * are left out. It has at most 50 characters on one line. A title that a person gave stays unless `force` is set.
   *
   * Error kinds: sessionNotFound, notSupported, discontinued, sessionBusy, sessionChangedOnDisk, pathRefused for a link
   * out of the agent's home, noSpace, unreadable, unwritable, timedOut.
   */
  generateSessionTitle(params: GenerateSessionTitleParams, cancel?: Cancellation): Promise<GenerateSessionTitleResult> {
    return this.send("sessions/generateTitle", params, cancel) as Promise<GenerateSessionTitleResult>;
  }

  /**
   * Keep a value of a plugin with a session, or remove it; it lies in our notes, and goes and comes back with it.
   *
   * Error kinds: sessionNotFound, revisionMismatch, notSupported, discontinued, sessionBusy, noSpace, unreadable,
   * unwritable, timedOut.
   */
  setSessionExtension(params: SetSessionExtensionParams, cancel?: Cancellation): Promise<SetSessionExtensionResult> {
    return this.send("sessions/setExtension", params, cancel) as Promise<SetSessionExtensionResult>;
  }

  /**
   * Delete a session: it goes into the trash with everything that belongs to it alone, for `trash.days` days.
   *
   * One that somebody wrote to in the last seconds is refused unless `stop` is set.
   *
   * Error kinds: sessionNotFound, trashNotFound, sessionBusy, scopeMissing, notSupported, discontinued,
   * sessionChangedOnDisk, pathRefused for a link out of the agent's home, noSpace, unreadable, unwritable, timedOut.
   */
  deleteSession(params: DeleteSessionParams = {}, cancel?: Cancellation): Promise<DeleteSessionResult> {
    return this.send("sessions/delete", params, cancel) as Promise<DeleteSessionResult>;
  }

  /**
   * Bring a session back from the trash, to where it was, with what was noted about it.
   *
   * Nothing is overwritten: when something lies in its place it stays in the trash, and so it does where its agent's
   * sessions are looked for elsewhere by now, or not at all.
   *
   * Error kinds: trashNotFound, nameTaken, notSupported, pathRefused for a link out of the agent's home, sessionBusy,
   * sessionChangedOnDisk, noSpace, unwritable, timedOut, unreadable when it is back and is no session any more.
   */
  restoreSession(params: RestoreSessionParams, cancel?: Cancellation): Promise<RestoreSessionResult> {
    return this.send("sessions/restore", params, cancel) as Promise<RestoreSessionResult>;
  }

  /**
   * List what there is of a session beside its present state, or everything in the trash.
   *
   * Error kinds: sessionNotFound, discontinued, unreadable.
   */
  listGenerations(params: ListGenerationsParams = {}, cancel?: Cancellation): Promise<ListGenerationsResult> {
    return this.send("sessions/generations", params, cancel) as Promise<ListGenerationsResult>;
  }

  /**
   * Clean up: archive what is old, forget what is lost, empty the trash, remove what was left behind.
   *
   * Sessions that are pinned, exempt or in use are never archived. A session counts as missing only once it was seen at
   * a place which is empty now, while its home can be read without a problem and has other sessions.
   *
   * Error kinds: noSpace, unwritable, timedOut, notSupported.
   */
  cleanupSessions(params: CleanupSessionsParams, cancel?: Cancellation): Promise<CleanupSessionsResult> {
    return this.send("sessions/cleanup", params, cancel) as Promise<CleanupSessionsResult>;
  }

  /**
   * Read one page of a session's entries along its current path, oldest first inside the page.
   *
   * Times are milliseconds since 1970 UTC.
   *
   * Error kinds: sessionNotFound, entryNotFound, discontinued.
   */
  readHistory(params: ReadHistoryParams, cancel?: Cancellation): Promise<ReadHistoryResult> {
    return this.send("history/read", params, cancel) as Promise<ReadHistoryResult>;
  }

  /**
   * List the turns of a session along its current path: what was asked, when, and how many tools were called.
   *
   * Error kinds: sessionNotFound, discontinued.
   */
  listTurns(params: ListTurnsParams, cancel?: Cancellation): Promise<ListTurnsResult> {
    return this.send("history/turns", params, cancel) as Promise<ListTurnsResult>;
  }

  /**
   * Replay all entries of a session along its current path, in order, as they are on disk when asked.
   *
   * They go out in portions: as partial results to a client that sent a token, as `history/chunk` to one that named
   * that notification, else in the one reply.
   *
   * Error kinds: sessionNotFound, discontinued; tooLarge when all of it would have to fit into one reply and does not.
   */
  replayHistory(params: ReplayHistoryParams, cancel?: Cancellation): Promise<ReplayHistoryResult> {
    return this.send("history/replay", params, cancel) as Promise<ReplayHistoryResult>;
  }

  /**
   * Be told of a session's entries as they are written, with sessions/message, after the last one of a replay.
   *
   * Nothing is left out and nothing comes twice between the replay, this reply and the notices. Subscribing again
   * to the same session replaces the subscription.
   *
   * Error kinds: sessionNotFound; entryNotFound when `after` is not on the current path; discontinued.
   */
  subscribeMessages(params: SubscribeMessagesParams, cancel?: Cancellation): Promise<SubscribeMessagesResult> {
    return this.send("messages/subscribe", params, cancel) as Promise<SubscribeMessagesResult>;
  }

  /** Be told no more of a session's entries. */
  unsubscribeMessages(params: UnsubscribeMessagesParams, cancel?: Cancellation): Promise<UnsubscribedResult> {
    return this.send("messages/unsubscribe", params, cancel) as Promise<UnsubscribedResult>;
  }

  /**
   * Show how the working tree of a folder differs from HEAD, file by file.
   *
   * Only what lies in the folder counts, with paths relative to it. Nothing that the repository names is executed and
   * no lock is taken in it. Content filters (large-file pointers) are therefore not applied.
   *
   * Error kinds: repositoryRefused, notSupported, timedOut, tooLarge, unreadable, pathRefused, fileNotFound,
   * sessionNotFound, remoteFolder.
   */
  diffStats(params: DiffStatsParams = {}, cancel?: Cancellation): Promise<DiffStats> {
    return this.send("git/diffStats", params, cancel) as Promise<DiffStats>;
  }

  /**
   * Show one file as HEAD has it and as the working tree has it.
   *
   * Both sides pass the guard of files/read. Before the first commit, and outside a repository, there is no old side.
   *
   * Error kinds: pathRefused, fileNotFound, tooLarge, repositoryRefused, notSupported, timedOut, unreadable,
   * sessionNotFound, remoteFolder.
   */
  fileDiff(params: FileDiffParams = {}, cancel?: Cancellation): Promise<FileSides> {
    return this.send("git/fileDiff", params, cancel) as Promise<FileSides>;
  }

  /**
   * Read a file of a session's work dir, or a range of its bytes.
   *
   * Offset, length and size are bytes. A file over the setting `maxReadBytes` is read by ranges within it.
   *
   * Error kinds: pathRefused, fileNotFound, tooLarge, unreadable, notSupported, sessionNotFound, remoteFolder.
   */
  readFile(params: ReadFileParams, cancel?: Cancellation): Promise<FileContent> {
    return this.send("files/read", params, cancel) as Promise<FileContent>;
  }

  /**
   * List a folder of a session's work dir: folders first, then by name.
   *
   * What the guard refuses is left out and counted; links are listed as links and never followed.
   *
   * Error kinds: pathRefused, fileNotFound, unreadable, notSupported, sessionNotFound, remoteFolder.
   */
  listFiles(params: ListFilesParams, cancel?: Cancellation): Promise<FolderListing> {
    return this.send("files/list", params, cancel) as Promise<FolderListing>;
  }

  /**
   * Hand a file to a session, whole or in portions; with the last one it appears, in one step, or not at all.
   *
   * It goes where the agent keeps such files, else into our own state. Its name keeps letters, digits, `. _ -` and
   * blanks; a name that is taken becomes `stem (2).ext`. It is never executable. More than the setting
   * `uploads.maxBytes` is refused while it comes. An upload that is refused, cancelled, or not continued for ten
   * minutes is dropped.
   *
   * Error kinds: sessionNotFound, uploadNotFound, tooLarge, nameTaken, pathRefused, notSupported, discontinued,
   * sessionBusy, sessionChangedOnDisk when the session went meanwhile, noSpace, unreadable, unwritable, timedOut.
   */
  addUpload(params: AddUploadParams, cancel?: Cancellation): Promise<AddUploadResult> {
    return this.send("uploads/add", params, cancel) as Promise<AddUploadResult>;
  }

  /**
   * List the files that were uploaded to a session, by path.
   *
   * Links and special files are never followed and never listed.
   *
   * Error kinds: sessionNotFound, pathRefused, unreadable, notSupported, discontinued.
   */
  listUploads(params: ListUploadsParams, cancel?: Cancellation): Promise<UploadListing> {
    return this.send("uploads/list", params, cancel) as Promise<UploadListing>;
  }

  /**
   * Read a file that was uploaded to a session, or a range of its bytes.
   *
   * Offset, length and size are bytes. A file over the setting `maxReadBytes` is read by ranges within it.
   *
   * Error kinds: sessionNotFound, pathRefused, fileNotFound, tooLarge, unreadable, notSupported, discontinued.
   */
  readUpload(params: ReadUploadParams, cancel?: Cancellation): Promise<FileContent> {
    return this.send("uploads/read", params, cancel) as Promise<FileContent>;
  }
}
