/** All groups with their rows: what the tree shows; pure. */

import type { Cancellation, Problem, SessionRow } from "../protocol/calls";
import { GroupRows, type ListPage, problemKey, type Question } from "./group_rows";
import type { Group } from "./groups";
import type { GroupNode, Node } from "./nodes";

interface Part {
  readonly group: Group;
  readonly key: string;
  readonly rows: GroupRows;
}

/** The groups and rows that are loaded. Loads that were cancelled change nothing. */
export class Listing {
  private parts: readonly Part[] = [];

  constructor(private readonly list: ListPage) {}

  /**
   * Load the groups, all at once; a group that asks what it asked before shows as many rows as before.
   *
   * What is shown changes at the end, in one step. A group that fails says why in its own place.
   */
  async load(groups: readonly Group[], filter: Question, pageSize: number, cancel?: Cancellation): Promise<void> {
    const parts = groups.map((group) => this.partOf(group, { ...filter, ...group.where }));
    await Promise.all(parts.map(({ rows }) => rows.reload(pageSize, cancel)));
    if (cancel?.isCancellationRequested !== true) {
      this.parts = parts;
    }
  }

  /** Load the next page of a group that is shown. */
  async loadMore(group: Group, pageSize: number, cancel?: Cancellation): Promise<void> {
    await this.find(group)?.rows.more(pageSize, cancel);
  }

  /** Show nothing, and forget how much was shown. */
  clear(): void {
    this.parts = [];
  }

  /** Whether there are groups and none of them could be loaded. */
  get failed(): boolean {
    return this.parts.length > 0 && this.parts.every(({ rows }) => rows.failure !== undefined && isEmpty(rows));
  }

  /** Why groups could not be loaded. */
  get failures(): readonly string[] {
    return [...new Set(this.parts.flatMap(({ rows }) => rows.failure ?? []))];
  }

  /** What kept whole folders from being listed; each once, though every group hears of it. */
  get problems(): readonly Problem[] {
    const all = this.parts.flatMap(({ rows }) => rows.loaded.problems);
    return [...new Map(all.map((problem) => [problemKey(problem), problem])).values()];
  }

  /** The groups; none when there is nothing in any of them, or none could be loaded, so that the view can say so. */
  roots(): GroupNode[] {
    const nothing = this.parts.every(({ rows }) => rows.failure === undefined && isEmpty(rows));
    return nothing || this.failed ? [] : this.parts.map(nodeOf);
  }

  /** The rows of a group, then why there are no more of them, or what loads more. */
  children(group: Group): Node[] {
    const part = this.find(group);
    if (part === undefined) {
      return [];
    }
    const { failure, loaded } = part.rows;
    const nodes: Node[] = loaded.rows.map((row) => ({ kind: "session", group: part.group, row }));
    if (failure !== undefined || nodes.length === 0) {
      nodes.push({ kind: "note", group: part.group, failure });
    }
    if (loaded.nextCursor !== undefined) {
      nodes.push({ kind: "more", group: part.group });
    }
    return nodes;
  }

  /** The node of a group, when it is shown. */
  groupNode(group: Group): GroupNode | undefined {
    const part = this.find(group);
    return part === undefined ? undefined : nodeOf(part);
  }

  /** The row of a session as it was loaded last. */
  row(sessionId: string): SessionRow | undefined {
    return this.parts.flatMap(({ rows }) => rows.loaded.rows).find((row) => row.sessionId === sessionId);
  }

  private partOf(group: Group, question: Question): Part {
    const key = JSON.stringify([group.id, question]);
    const known = this.parts.find((part) => part.key === key);
    return { group, key, rows: known?.rows ?? new GroupRows(this.list, question) };
  }

  private find(group: Group): Part | undefined {
    return this.parts.find((part) => part.group.id === group.id);
  }
}

function isEmpty(rows: GroupRows): boolean {
  return rows.loaded.rows.length === 0;
}

function nodeOf({ group, rows }: Part): GroupNode {
  const { loaded } = rows;
  return {
    kind: "group",
    group,
    shown: loaded.rows.length,
    total: loaded.total,
    more: loaded.nextCursor !== undefined,
  };
}
