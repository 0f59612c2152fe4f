/** What the tree is made of; also what its commands are called with. */

import type { SessionRow } from "../protocol/calls";
import type { Group } from "./groups";

export type Node = GroupNode | OwnGroupNode | SessionNode | MoreNode | NoteNode;

/** The sessions of one workspace folder and its worktrees, or of all other folders. */
export interface GroupNode {
  readonly kind: "group";
  readonly group: Group;
  /** How many rows are shown. */
  readonly shown: number;
  /** How many sessions there are, when that is known. */
  readonly total?: number | undefined;
  /** Whether there are more than are shown. */
  readonly more: boolean;
}

/** The sessions of a group that a person made, as far as they belong below one group of the tree. */
export interface OwnGroupNode {
  readonly kind: "ownGroup";
  readonly group: Group;
  readonly name: string;
  readonly count: number;
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
  /** Why the sessions cannot be shown; absent when there are none. */
  readonly failure?: string | undefined;
}

/** What names a node over refreshes, in the whole tree. */
export function nodeId(node: Node): string {
  switch (node.kind) {
    case "session":
      return `session ${node.group.id} ${node.row.sessionId}`;
    case "ownGroup":
      return `ownGroup ${node.group.id} ${node.name}`;
    default:
      return `${node.kind} ${node.group.id}`;
  }
}
