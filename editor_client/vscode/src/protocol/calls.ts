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
  | "cursorExpired"
  | "tooLarge"
  | "notSupported"
  | "repositoryRefused"
  | "remoteFolder"
  | "discontinued"
  | "unreadable"
  | "timedOut";

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
  /** What its format can do, of: archive, titles, tree, compaction, subagents, usage. */
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
  /** Whether it is put away, by the agent's own flag. */
  archived: boolean;
  /** When it was archived, in milliseconds since 1970 UTC; absent when it is not, or the agent does not say. */
  archivedAt?: number | undefined;
  /** running, waiting, idle, failed, interrupted, or unknown when nothing on disk tells. */
  status: string;
  /** The size of the session's own transcript files, in bytes. */
  sizeBytes: number;
  /** Changes whenever the session's files change; to be compared, never interpreted. */
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
  /** The model last used, as `provider/model` where the log has both. */
  model?: string | undefined;
  /** The thinking level last set. */
  thinkingLevel?: string | undefined;
  /** How to continue it in its own agent; absent when its work dir is unknown or on another machine. */
  resume?: Resume | undefined;
  /** Fields of this agent alone; agents/list declares them. */
  agentFields?: Record<string, unknown> | undefined;
  /** What is wrong with its files, at most 20 of them; complete with sessions/diagnose. */
  problems: Problem[];
  /**
   * True when the transcript is over 8 MiB and was not read whole. Counts, preview, status, usage and the problems of
   * its lines are then absent until sessions/get.
   */
  partial?: boolean | undefined;
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

/** One thing found wrong while reading; it never costs more than what it names. */
export interface Problem {
  /**
   * What is wrong. In lines: tornTail, notJson, notObject, badUtf8, badRecord, blankLine, noFinalNewline, lineTooLong,
   * noHeader, byteOrderMark, carriageReturns. In links between entries: orphan, duplicateId, cycle. In files:
   * linkLeavesStore, notRegular, unreadable, badIndexFile.
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

/** agents/list takes nothing. */
export type ListAgentsParams = Record<string, never>;

/** workDirs/list takes nothing. */
export type ListWorkDirsParams = Record<string, never>;

/** workDirs/startup takes nothing. */
export type StartupWorkDirParams = Record<string, never>;

/** workDirs/workspace takes nothing. */
export type LocateWorkspaceParams = Record<string, never>;

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
}
