/** How sessions are grouped by workspace folder; pure. */

import type { ListSessionsParams, WorkspaceFolder } from "../protocol/calls";

/** One group of the tree. */
export interface Group {
  /** Stable over refreshes and restarts. */
  readonly id: string;
  /** Its name for people. */
  readonly label: string;
  /** The workspace folders it stands for; empty for the other folders. */
  readonly folders: readonly string[];
  /** What tells its sessions from those of the other groups. */
  readonly where: Pick<ListSessionsParams, "folders" | "excludeFolders" | "worktrees">;
}

/** A workspace folder as the editor names it. */
export interface NamedFolder {
  readonly name: string;
  readonly path: string;
}

export const OTHER_FOLDERS_ID = "other";

// The functions that make groups of folders come here.
export type MakeGroups = (
  named: readonly NamedFolder[],
  located: readonly WorkspaceFolder[],
  otherLabel: string,
) => readonly Group[];
