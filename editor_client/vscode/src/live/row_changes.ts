/** What a list has to do about sessions that changed; pure. */

import type { SessionChange, SessionRow } from "../protocol/calls";

/** More changed sessions than this are not asked for one by one. */
export const MOST_ASKED = 10;

/**
 * What is to be done: list everything anew, or only what nobody pinned or put into a group, or ask for some sessions
 * alone.
 */
export type Wish = "list" | "newest" | readonly string[];

/** What a list shows of a session: nothing, a row among the others, or one that a person put somewhere. */
export type Place = "none" | "among others" | "apart";

/** Gathers changes until somebody has time for them; however many there are, what is kept stays small. */
export class RowChanges {
  private list = false;
  private newest = false;
  /** Whether somebody used Forkpoint: agents neither pin sessions nor put them into groups. */
  private isOurs = false;
  private readonly ids = new Set<string>();
  private readonly gone = new Set<string>();

  /** Whether there is nothing to do. */
  get isEmpty(): boolean {
    return !this.list && !this.newest && this.ids.size === 0 && this.gone.size === 0;
  }

  /** Take note of changes. What came, went or is not known by its id can be told by a list alone. */
  add(changes: readonly SessionChange[]): void {
    for (const { kind, sessionId, reason } of changes) {
      const isOurs = reason !== "disk";
      this.isOurs ||= isOurs;
      if (sessionId === undefined || (isOurs && kind !== "changed")) {
        this.list = true;
      } else if (kind === "changed" || kind === "deleted") {
        note(kind === "changed" ? this.ids : this.gone, sessionId);
      } else {
        this.newest = true;
      }
    }
  }

  /** Give what is to be done, and begin anew. A session that is not shown may have to be from now on. */
  take(placeOf: (sessionId: string) => Place): Wish {
    const wish = this.wish(placeOf);
    this.clear();
    return wish;
  }

  /** Forget all of it: the list is loaded anew for another reason. */
  clear(): void {
    this.list = false;
    this.newest = false;
    this.isOurs = false;
    this.ids.clear();
    this.gone.clear();
  }

  private wish(placeOf: (sessionId: string) => Place): Wish {
    const areManyGone = this.gone.size > MOST_ASKED || [...this.gone].some((id) => placeOf(id) === "apart");
    const ids = [...this.ids];
    const isListed = ids.length > MOST_ASKED || ids.some((id) => placeOf(id) === "none");
    if (this.list || areManyGone || (isListed && this.isOurs)) {
      return "list";
    }
    return isListed || this.newest || this.gone.size > 0 ? "newest" : ids;
  }
}

/** One more than are asked for is enough to know that they are too many. */
function note(ids: Set<string>, id: string): void {
  if (ids.size <= MOST_ASKED) {
    ids.add(id);
  }
}

/** Whether a row belongs where it is listed, apart from its place in the order: what filters ask for is as it was. */
export function isListedAlike(before: SessionRow, now: SessionRow): boolean {
  const same = (name: "title" | "archived" | "pinned" | "group" | "label" | "workDir" | "repository" | "profile") =>
    before[name] === now[name];
  return (
    now.updatedAt >= before.updatedAt &&
    same("title") &&
    same("archived") &&
    same("pinned") &&
    same("group") &&
    same("label") &&
    same("workDir") &&
    same("repository") &&
    same("profile")
  );
}
