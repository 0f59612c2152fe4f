/** What the tree draws for its nodes. */

import { MarkdownString, ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState } from "vscode";
import type { Agents } from "../common/agents";
import { HOME } from "../common/editor_words";
import {
  countText,
  displayText,
  groupLabel,
  hasLocalFolder,
  rowDescription,
  rowSentence,
  shortPath,
  titleText,
} from "../common/labels";
import type { Words } from "../common/words";
import type { DiffStats, SessionRow } from "../protocol/calls";
import { badgeUri } from "./badges";
import { OTHER_FOLDERS_ID } from "./groups";
import {
  type GroupNode,
  type MoreNode,
  type Node,
  type NoteNode,
  nodeId,
  type OwnGroupNode,
  type SessionNode,
} from "./nodes";
import { tooltipMarkdown } from "./tooltip";

/** What rows are drawn with. */
export interface Drawing {
  readonly words: Words;
  readonly agents: Agents;
  /** Whether a folder is open in the editor. */
  readonly anyFolderOpen: boolean;
  /** Whether the list is narrowed. */
  readonly filtered: boolean;
}

/** The item of a node, without a session's tooltip. */
export function itemOf(node: Node, drawing: Drawing): TreeItem {
  const item = draw(node, drawing);
  item.id = nodeId(node);
  return item;
}

/** A session's tooltip: what the row tells and, when they could be had, its folder's changes. */
export function tooltipOf(row: SessionRow, changes: DiffStats | undefined, { words, agents }: Drawing): MarkdownString {
  const facts = { row, changes, agent: agents.title(row.agent), home: HOME, now: Date.now() };
  const text = new MarkdownString(tooltipMarkdown(facts, words));
  text.isTrusted = false;
  text.supportHtml = false;
  return text;
}

function draw(node: Node, drawing: Drawing): TreeItem {
  switch (node.kind) {
    case "group":
      return groupItem(node, drawing);
    case "ownGroup":
      return ownGroupItem(node, drawing);
    case "session":
      return sessionItem(node, drawing);
    case "more":
      return moreItem(node, drawing);
    case "note":
      return noteItem(node, drawing);
  }
}

function groupItem({ group, shown, total, more }: GroupNode, { words, anyFolderOpen }: Drawing): TreeItem {
  const label = groupLabel(group, anyFolderOpen, words.t);
  const behind = group.id === OTHER_FOLDERS_ID && anyFolderOpen;
  const item = new TreeItem(label, behind ? TreeItemCollapsibleState.Collapsed : TreeItemCollapsibleState.Expanded);
  item.contextValue = "group";
  item.iconPath = new ThemeIcon(group.id === OTHER_FOLDERS_ID ? "folder-library" : "folder");
  item.description = countText(shown, total, more, words);
  item.tooltip = group.folders.map((folder) => shortPath(folder, HOME)).join("\n") || label;
  const known = total ?? shown;
  const count = known === 1 && !more ? words.t("1 session") : words.t("{0} sessions", words.number(known));
  item.accessibilityInformation = {
    label: total === undefined && more ? words.t("{0}, more than {1}", label, count) : `${label}, ${count}`,
  };
  return item;
}

function ownGroupItem({ name, count }: OwnGroupNode, { words }: Drawing): TreeItem {
  const label = displayText(name);
  const item = new TreeItem(label, TreeItemCollapsibleState.Expanded);
  item.contextValue = "ownGroup";
  item.iconPath = new ThemeIcon("layers");
  item.description = words.number(count);
  item.tooltip = label;
  const sessions = count === 1 ? words.t("1 session") : words.t("{0} sessions", words.number(count));
  item.accessibilityInformation = { label: words.t("group {0}, {1}", label, sessions) };
  return item;
}

function sessionItem(node: SessionNode, { words, agents }: Drawing): TreeItem {
  const { row, group } = node;
  const now = Date.now();
  const title = titleText(row, words.t);
  const item = new TreeItem(title, TreeItemCollapsibleState.None);
  item.description = rowDescription(row, now, words, group.id === OTHER_FOLDERS_ID);
  item.iconPath = new ThemeIcon(row.pinned ? "pinned" : agents.icon(row.agent), stateColor(row.status));
  item.resourceUri = badgeUri(row);
  item.contextValue = contextOf(row, agents);
  item.command = { command: "forkpoint.openSession", title: words.t("Open Session"), arguments: [node] };
  item.accessibilityInformation = { label: rowSentence(row, agents.title(row.agent), now, words) };
  return item;
}

function moreItem(node: MoreNode, { words }: Drawing): TreeItem {
  const title = words.t("Load more…");
  const item = new TreeItem(title, TreeItemCollapsibleState.None);
  item.contextValue = "more";
  item.iconPath = new ThemeIcon("ellipsis");
  item.command = { command: "forkpoint.loadMore", title, arguments: [node] };
  item.accessibilityInformation = { label: words.t("Load more sessions"), role: "button" };
  return item;
}

function noteItem({ failure }: NoteNode, { words, filtered }: Drawing): TreeItem {
  const nothing = filtered ? words.t("No session matches the filter") : words.t("No sessions");
  const text = failure === undefined ? nothing : displayText(failure);
  const item = new TreeItem(text, TreeItemCollapsibleState.None);
  item.contextValue = "note";
  item.tooltip = text;
  if (failure !== undefined) {
    item.iconPath = new ThemeIcon("warning", new ThemeColor("list.warningForeground"));
    item.accessibilityInformation = { label: words.t("Could not be loaded: {0}", text) };
  }
  return item;
}

/** The words that the menus ask for: what can be done with a row. */
function contextOf(row: SessionRow, agents: Agents): string {
  const words = ["session", row.pinned ? "pinned" : "unpinned", row.archived ? "archived" : "live"];
  if (row.group !== undefined) {
    words.push("grouped");
  }
  if (agents.can(row.agent, "delete")) {
    words.push("deletable");
  }
  if (agents.can(row.agent, "fork")) {
    words.push("forkable");
  }
  if (row.parentSessionId !== undefined) {
    words.push("forked");
  }
  if (hasLocalFolder(row)) {
    words.push("folder");
  }
  if (row.resume !== undefined) {
    words.push("resume");
  }
  return words.join(" ");
}

function stateColor(status: string): ThemeColor | undefined {
  switch (status) {
    case "running":
      return new ThemeColor("charts.green");
    case "waiting":
      return new ThemeColor("charts.yellow");
    case "failed":
      return new ThemeColor("list.errorForeground");
    default:
      return undefined;
  }
}
