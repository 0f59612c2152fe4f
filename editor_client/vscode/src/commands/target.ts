/** Which session a command is about; pure. */

import type { SessionRow } from "../protocol/calls";
import { memberOf } from "../protocol/errors";
import type { Node, SessionNode } from "../sessions/nodes";
import type { Sidecar } from "../sidecar";

/** Where sessions are found. */
export interface Finders {
  readonly sidecar: Pick<Sidecar, "calls">;
  readonly tree: { selected(): SessionRow | undefined };
  /** The id of the session whose document is looked at. */
  shown(): string | undefined;
  /** Asks for a session, under a title. */
  pick(title: string): Promise<SessionRow | undefined>;
}

const OTHER_NODES: readonly unknown[] = ["group", "ownGroup", "more", "note"] satisfies Node["kind"][];

/**
 * The session of a command's argument: a row of the tree, or a session's id. Without one it is the one whose document
 * is looked at, else what is selected in the tree, else what is picked under the title `title`.
 *
 * Undefined when nothing is picked, and for a row of the tree that is no session. Errors: those of sessions/get.
 */
export async function findTarget(argument: unknown, title: string, finders: Finders): Promise<SessionRow | undefined> {
  if (isSessionNode(argument)) {
    return argument.row;
  }
  if (OTHER_NODES.includes(memberOf(argument, "kind"))) {
    return undefined;
  }
  const selected = finders.tree.selected();
  const shown = finders.shown();
  const named = typeof argument === "string" ? argument : shown === selected?.sessionId ? undefined : shown;
  return named === undefined
    ? (selected ?? (await finders.pick(title)))
    : (await finders.sidecar.calls.getSession({ sessionId: named })).session;
}

/**
 * Whether a command was called for a row that the editor could not name any more.
 *
 * A menu or a key hands over a row; while the tree is drawn anew the editor hands over nothing in its place. That is not
 * the palette, which hands over no argument at all: who takes it for that changes another session than was meant.
 */
export function isRowLost(args: readonly unknown[]): boolean {
  const [first, all] = args;
  return (args.length > 0 && first == null) || (Array.isArray(all) && all.some((row) => row == null));
}

/** Whether a command was called for a session's row of the tree. */
export function isSessionNode(argument: unknown): argument is SessionNode {
  return (
    memberOf(argument, "kind") === "session" && typeof memberOf(memberOf(argument, "row"), "sessionId") === "string"
  );
}
