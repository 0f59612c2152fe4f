/** The rows of one group of the tree, in the order a person gave them; pure. */

import type { Cancellation, Problem, SessionRow } from "../protocol/calls";
import { GroupRows, type ListPage, type Question } from "./group_rows";

/** The sessions that a person put into one group of their own. */
export interface OwnGroup {
  readonly name: string;
  /** Pinned ones first, then the newest first; never empty. */
  readonly rows: readonly SessionRow[];
}

/** All rows: what a person put somewhere is loaded whole, all else page by page. */
const ALL = Number.POSITIVE_INFINITY;

/**
 * What is shown below one group of the tree: the groups of a person's own, then what is pinned, then all else.
 *
 * These are three questions, so that what a person put first is seen however old it is.
 */
export class FolderRows {
  private readonly grouped: GroupRows;
  private readonly pinned: GroupRows;
  private readonly rest: GroupRows;

  constructor(list: ListPage, question: Question) {
    this.grouped = new GroupRows(list, { ...question, grouped: true });
    this.pinned = new GroupRows(list, { ...question, grouped: false, pinned: true });
    this.rest = new GroupRows(list, { ...question, grouped: false, pinned: false });
  }

  /** Load anew what is shown, and at least a page. */
  async reload(pageSize: number, cancel?: Cancellation): Promise<void> {
    await Promise.all([
      this.grouped.reload(ALL, cancel),
      this.pinned.reload(ALL, cancel),
      this.rest.reload(pageSize, cancel),
    ]);
  }

  /** Load anew what is neither in a group of a person's own nor pinned. */
  reloadRest(pageSize: number, cancel?: Cancellation): Promise<void> {
    return this.rest.reload(pageSize, cancel);
  }

  /** Load the next page. */
  more(pageSize: number, cancel?: Cancellation): Promise<void> {
    return this.rest.more(pageSize, cancel);
  }

  /** Let a loaded row be this one, in its place by time. */
  async replace(row: SessionRow): Promise<void> {
    await Promise.all(this.all.map((rows) => rows.replace(row)));
  }

  /** Why the last load failed; undefined when it did not. */
  get failure(): string | undefined {
    return this.all.map(({ failure }) => failure).find((reason) => reason !== undefined);
  }

  /** What kept whole folders from being listed. */
  get problems(): readonly Problem[] {
    return this.all.flatMap(({ loaded }) => loaded.problems);
  }

  /** How many sessions there are in all, when that is known. */
  get total(): number | undefined {
    const totals = this.all.map(({ loaded }) => loaded.total);
    return totals.reduce((sum, one) => (sum === undefined || one === undefined ? undefined : sum + one), 0);
  }

  /** Whether there are more than are loaded. */
  get hasMore(): boolean {
    return this.rest.loaded.nextCursor !== undefined;
  }

  /** Every row that is loaded, once: one that moved between two questions is where it was met first. */
  get rows(): readonly SessionRow[] {
    const rows = this.all.flatMap(({ loaded }) => loaded.rows);
    return [...new Map([...rows].reverse().map((row) => [row.sessionId, row])).values()].reverse();
  }

  /** The groups of a person's own, in the order of the alphabet. */
  get groups(): readonly OwnGroup[] {
    const groups = new Map<string, SessionRow[]>();
    for (const row of this.rows) {
      if (row.group !== undefined) {
        groups.set(row.group, [...(groups.get(row.group) ?? []), row]);
      }
    }
    return [...groups]
      .map(([name, rows]) => ({ name, rows: pinnedFirst(rows) }))
      .sort((one, two) => one.name.localeCompare(two.name, undefined, { numeric: true }));
  }

  /** The rows that are in none of these: pinned ones, then all else. */
  get loose(): readonly SessionRow[] {
    return pinnedFirst(this.rows.filter(({ group }) => group === undefined));
  }

  private get all(): readonly GroupRows[] {
    return [this.grouped, this.pinned, this.rest];
  }
}

function pinnedFirst(rows: readonly SessionRow[]): readonly SessionRow[] {
  return [...rows.filter(({ pinned }) => pinned), ...rows.filter(({ pinned }) => !pinned)];
}
