/** What the tree is made of; also what its commands are called with. */

import type { SessionRow } from "../protocol/calls";
import type { Group } from "./groups";

export type Node = GroupNode | SessionNode | MoreNode | NoteNode;

/** The sessions of one workspace folder and its worktrees, or of all other folders. */
export interface GroupNode {
  readonly kind: "group";
  readonly group: Group;
}

/** One session. */
export interface SessionNode {
  readonly kind: "session";
  readonly group: Group;
  readonly row: SessionRow;
}

/** The row that loads the next page of its group. */
export interface MoreNode {
  readonly kind: "more";
  readonly group: Group;
}

/** A line of text in place of sessions: none here, or why they cannot be shown. */
export interface NoteNode {
  readonly kind: "note";
  readonly group: Group;
  readonly text: string;
}
