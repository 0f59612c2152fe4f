/** All groups with their rows: what the tree shows; pure. */

import type { Cancellation, Problem, SessionRow } from "../protocol/calls";
import { FolderRows, type OwnGroup } from "./folder_rows";
import { type ListPage, problemKey, type Question } from "./group_rows";
import type { Group } from "./groups";
import type { GroupNode, Node, OwnGroupNode, SessionNode } from "./nodes";

interface Part {
  readonly group: Group;
  readonly key: string;
  readonly rows: FolderRows;
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

  /** Load anew what no person pinned or put into a group: all that agents change by themselves. */
  async loadRest(pageSize: number, cancel?: Cancellation): Promise<void> {
    await Promise.all(this.parts.map(({ rows }) => rows.reloadRest(pageSize, cancel)));
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
    const all = this.parts.flatMap(({ rows }) => rows.problems);
    return [...new Map(all.map((problem) => [problemKey(problem), problem])).values()];
  }

  /** The groups; none when there is nothing in any of them, or none could be loaded, so that the view can say so. */
  roots(): GroupNode[] {
    const nothing = this.parts.every(({ rows }) => rows.failure === undefined && isEmpty(rows));
    return nothing || this.failed ? [] : this.parts.map(nodeOf);
  }

  /** What lies below a node. */
  below(node: Node): Node[] {
    switch (node.kind) {
      case "group":
        return this.children(node.group);
      case "ownGroup":
        return this.ownChildren(node);
      default:
        return [];
    }
  }

  /** The person's own groups below a group, its other rows, then why there are no more of them, or what loads more. */
  children(group: Group): Node[] {
    const part = this.find(group);
    if (part === undefined) {
      return [];
    }
    const { failure, groups, loose, hasMore } = part.rows;
    const nodes: Node[] = groups.map((own) => ownGroupNode(part.group, own));
    nodes.push(...loose.map((row) => ({ kind: "session", group: part.group, row }) as const));
    if (failure !== undefined || nodes.length === 0) {
      nodes.push({ kind: "note", group: part.group, failure });
    }
    if (hasMore) {
      nodes.push({ kind: "more", group: part.group });
    }
    return nodes;
  }

  /** What a node lies in; undefined for a group. */
  parentOf(node: Node): GroupNode | OwnGroupNode | undefined {
    if (node.kind === "group") {
      return undefined;
    }
    const name = node.kind === "session" ? this.row(node.row.sessionId)?.group : undefined;
    const own = name === undefined ? undefined : this.ownGroup(node.group, name);
    return own === undefined ? this.groupNode(node.group) : ownGroupNode(node.group, own);
  }

  /** The node of a group, when it is shown. */
  groupNode(group: Group): GroupNode | undefined {
    const part = this.find(group);
    return part === undefined ? undefined : nodeOf(part);
  }

  /** The row of a session as it was loaded last. */
  row(sessionId: string): SessionRow | undefined {
    return this.parts.flatMap(({ rows }) => rows.rows).find((row) => row.sessionId === sessionId);
  }

  /** Let a loaded row be this one, in its place by time. */
  async replace(row: SessionRow): Promise<void> {
    await Promise.all(this.parts.map(({ rows }) => rows.replace(row)));
  }

  /** The node of a session, when it is loaded. */
  sessionNode(sessionId: string): SessionNode | undefined {
    for (const { group, rows } of this.parts) {
      const row = rows.rows.find((one) => one.sessionId === sessionId);
      if (row !== undefined) {
        return { kind: "session", group, row };
      }
    }
    return undefined;
  }

  private ownChildren({ group, name }: OwnGroupNode): Node[] {
    const rows = this.ownGroup(group, name)?.rows ?? [];
    return rows.map((row) => ({ kind: "session", group, row }));
  }

  private partOf(group: Group, question: Question): Part {
    const key = JSON.stringify([group.id, question]);
    const known = this.parts.find((part) => part.key === key);
    return { group, key, rows: known?.rows ?? new FolderRows(this.list, question) };
  }

  private ownGroup(group: Group, name: string): OwnGroup | undefined {
    return this.find(group)?.rows.groups.find((own) => own.name === name);
  }

  private find(group: Group): Part | undefined {
    return this.parts.find((part) => part.group.id === group.id);
  }
}

function isEmpty(rows: FolderRows): boolean {
  return rows.rows.length === 0;
}

function ownGroupNode(group: Group, { name, rows }: OwnGroup): OwnGroupNode {
  return { kind: "ownGroup", group, name, count: rows.length };
}

function nodeOf({ group, rows }: Part): GroupNode {
  return { kind: "group", group, shown: rows.rows.length, total: rows.total, more: rows.hasMore };
}
