/** What of a tree is drawn anew when it was brought up to date; pure. */

import { type Node, nodeId } from "../sessions/nodes";

/** Gives the nodes below one, or those at the top. */
export type ChildrenOf = (node?: Node) => readonly Node[];

interface Drawn {
  /** Undefined for what holds the nodes at the top. */
  readonly node: Node | undefined;
  readonly text: string;
  readonly children: readonly string[];
}

const TOP = "";

/**
 * The nodes of a tree as it was drawn last. A node is one object as long as it is there: the editor knows it by that,
 * and what is told of it changes in place.
 */
export class DrawnTree {
  private drawn: ReadonlyMap<string, Drawn> = new Map();
  private readonly nodes = new Map<string, Node>();

  /** The object for a node, with what the node tells now. */
  keep<T extends Node>(node: T): T {
    const id = nodeId(node);
    const known = this.nodes.get(id);
    if (known === undefined) {
      this.nodes.set(id, node);
      return node;
    }
    return Object.assign(known, node) as T;
  }

  /** The whole tree is drawn. */
  drawAll(children: ChildrenOf): void {
    this.drawn = this.read(children);
    for (const id of [...this.nodes.keys()]) {
      if (!this.drawn.has(id)) {
        this.nodes.delete(id);
      }
    }
  }

  /** What is to be drawn so that the tree is as it is now: all of it, or some nodes, each with what is below it. */
  update(children: ChildrenOf): "all" | readonly Node[] {
    const before = this.drawn;
    this.drawAll(children);
    const found: Node[] = [];
    const compare = (id: string): void => {
      const was = before.get(id);
      const is = this.drawn.get(id);
      if (is?.node !== undefined && (was?.text !== is.text || !sameIds(was.children, is.children))) {
        found.push(is.node);
        return;
      }
      is?.children.forEach(compare);
    };
    if (!sameIds(before.get(TOP)?.children, this.drawn.get(TOP)?.children)) {
      return "all";
    }
    compare(TOP);
    return found;
  }

  /** The nodes of sessions that work in a folder. */
  inFolder(folder: string): Node[] {
    return [...this.nodes.values()].filter((node) => node.kind === "session" && node.row.workDir === folder);
  }

  private read(childrenOf: ChildrenOf): Map<string, Drawn> {
    const read = new Map<string, Drawn>();
    const enter = (node: Node | undefined): void => {
      const children = childrenOf(node).map((child) => this.keep(child));
      const id = node === undefined ? TOP : nodeId(node);
      read.set(id, { node, text: JSON.stringify(node) ?? "", children: children.map(nodeId) });
      for (const child of children) {
        enter(child);
      }
    };
    enter(undefined);
    return read;
  }
}

function sameIds(one: readonly string[] | undefined, other: readonly string[] | undefined): boolean {
  return one?.length === other?.length && (one ?? []).every((id, index) => id === other?.[index]);
}
