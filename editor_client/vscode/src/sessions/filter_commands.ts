/** Asking what the sidebar is to be narrowed to. */

import { commands, l10n, type QuickPickItem, window } from "vscode";
import { HOME } from "../common/editor_words";
import { displayText, shortPath } from "../common/labels";
import type { WorkDir } from "../protocol/calls";
import type { Sidecar } from "../sidecar";
import { agentsText, archivedText, describeFilter, type Filter, foldersText, NO_FILTER } from "./filter";
import type { ChosenFolder } from "./groups";
import { knownGroups } from "./known_groups";
import { type SessionTree, VIEW } from "./tree";

/** Ask by what to narrow, saying what holds now, and then for that. */
export async function chooseFilter(tree: SessionTree): Promise<void> {
  const { filter } = tree;
  const names = tree.names();
  const all = l10n.t("all");
  const kinds: (QuickPickItem & { readonly command: string })[] = [
    {
      label: `$(search) ${l10n.t("Text…")}`,
      description: filter.text === undefined ? all : l10n.t("“{0}”", displayText(filter.text)),
      detail: l10n.t("Sessions with a text in their title or folder"),
      command: "forkpoint.filterText",
    },
    {
      label: `$(robot) ${l10n.t("Agents…")}`,
      description: filter.agents === undefined ? all : agentsText(filter.agents, names),
      detail: l10n.t("Sessions of some agents"),
      command: "forkpoint.filterAgents",
    },
    {
      label: `$(layers) ${l10n.t("Group…")}`,
      description: filter.group === undefined ? all : displayText(filter.group),
      detail: l10n.t("Sessions of one group that you made"),
      command: "forkpoint.filterGroup",
    },
    {
      label: `$(folder) ${l10n.t("Folders…")}`,
      description: filter.folders === undefined ? all : foldersText(filter.folders, names),
      detail: l10n.t("Sessions that work in some folders or below them"),
      command: "forkpoint.filterFolders",
    },
    {
      label: `$(archive) ${l10n.t("Archived…")}`,
      description: archivedText(filter.archived, names.t),
      detail: l10n.t("Live sessions, archived ones, or both"),
      command: "forkpoint.filterArchived",
    },
  ];
  const active = describeFilter(filter, names);
  if (active !== "") {
    const label = `$(clear-all) ${l10n.t("Clear the filter")}`;
    kinds.push({ label, description: active, command: "forkpoint.clearFilter" });
  }
  const chosen = await window.showQuickPick(kinds, { title: l10n.t("Filter Sessions"), placeHolder: activeText(tree) });
  if (chosen !== undefined) {
    await commands.executeCommand(chosen.command);
  }
}

/** Ask for a text; an empty one takes the filter away. */
export async function chooseText(tree: SessionTree): Promise<void> {
  const text = await window.showInputBox({
    title: l10n.t("Filter Sessions by Text"),
    prompt: `${l10n.t("A text in the title or the folder; leave it empty to show all.")} ${activeText(tree)}`,
    value: tree.filter.text ?? "",
  });
  if (text !== undefined) {
    await apply(tree, { ...tree.filter, text });
  }
}

/** Ask for agents; none of them takes the filter away. */
export async function chooseAgents(tree: SessionTree): Promise<void> {
  await tree.agents.load();
  const now = new Set(tree.filter.agents);
  const known = new Set(tree.agents.all.map(({ id }) => id));
  const ids = [...known, ...[...now].filter((id) => !known.has(id))];
  const items = ids.map((id) => ({
    label: `$(${tree.agents.icon(id)}) ${displayText(tree.agents.title(id))}`,
    description: tree.agents.title(id) === id ? "" : displayText(id),
    picked: now.has(id),
    id,
  }));
  const chosen = await window.showQuickPick(items, {
    title: l10n.t("Filter Sessions by Agent"),
    placeHolder: activeText(tree),
    canPickMany: true,
  });
  if (chosen !== undefined) {
    await apply(tree, { ...tree.filter, agents: chosen.map(({ id }) => id) });
  }
}

/** Ask for a group; all of them takes the filter away. */
export async function chooseGroup(tree: SessionTree, sidecar: Sidecar): Promise<void> {
  const groups = await knownGroups(sidecar.calls);
  const now = tree.filter.group;
  const names = now === undefined || groups.includes(now) ? groups : [...groups, now];
  const items = names.map((group) => ({
    label: `$(layers) ${displayText(group)}`,
    description: group === now ? l10n.t("shown now") : "",
    group: group as string | undefined,
  }));
  const all = { label: l10n.t("All sessions"), description: "", group: undefined };
  const chosen = await window.showQuickPick([all, ...items], {
    title: l10n.t("Filter Sessions by Group"),
    placeHolder: activeText(tree),
  });
  if (chosen !== undefined) {
    await apply(tree, { ...tree.filter, group: chosen.group });
  }
}

/** Ask for folders; none of them takes the filter away. */
export async function chooseFolders(tree: SessionTree, sidecar: Sidecar): Promise<void> {
  const { items: known } = await sidecar.calls.listWorkDirs();
  const now = tree.filter.folders ?? [];
  // The server cannot narrow a list to a folder of another machine.
  const local = known.filter(({ remote }) => remote === undefined);
  const gone = now.filter(({ path }) => !local.some((folder) => folder.path === path));
  const items = [
    ...local.map((folder) => folderItem(folder, sessionCount(folder))),
    ...gone.map((folder) => folderItem(folder, l10n.t("no sessions"))),
  ].map((item) => ({ ...item, picked: now.some(({ path }) => path === item.folder.path) }));
  const chosen = await window.showQuickPick(items, {
    title: l10n.t("Filter Sessions by Folder"),
    placeHolder: activeText(tree),
    canPickMany: true,
  });
  if (chosen !== undefined) {
    await apply(tree, { ...tree.filter, folders: chosen.map(({ folder }) => folder) });
  }
}

/** Ask whether live sessions are shown, archived ones, or both. */
export async function chooseArchived(tree: SessionTree): Promise<void> {
  const choices = [
    { label: l10n.t("Live"), detail: l10n.t("Sessions that are not archived"), archived: false },
    { label: l10n.t("Archived"), detail: l10n.t("Sessions that are put away"), archived: true },
    { label: l10n.t("All"), detail: l10n.t("Live and archived sessions"), archived: "all" },
  ] as const;
  const items = choices.map((choice) => ({
    ...choice,
    description: choice.archived === tree.filter.archived ? l10n.t("shown now") : "",
  }));
  const chosen = await window.showQuickPick(items, {
    title: l10n.t("Filter Archived Sessions"),
    placeHolder: activeText(tree),
  });
  if (chosen !== undefined) {
    await apply(tree, { ...tree.filter, archived: chosen.archived });
  }
}

/** Show all again. */
export async function clearFilter(tree: SessionTree): Promise<void> {
  await apply(tree, NO_FILTER);
}

async function apply(tree: SessionTree, filter: Filter): Promise<void> {
  if (!tree.view.visible) {
    await commands.executeCommand(`${VIEW}.focus`);
  }
  await tree.setFilter(filter);
}

function activeText(tree: SessionTree): string {
  const active = describeFilter(tree.filter, tree.names());
  return active === "" ? l10n.t("No filter is active.") : l10n.t("Active: {0}", active);
}

interface FolderItem extends QuickPickItem {
  readonly folder: ChosenFolder;
}

function folderItem({ path, repository }: ChosenFolder, description: string): FolderItem {
  const folder = repository === undefined ? { path } : { path, repository };
  return { label: `$(folder) ${shortPath(path, HOME)}`, description, folder };
}

function sessionCount({ sessionCount: count, exists }: WorkDir): string {
  const text = count === 1 ? l10n.t("1 session") : l10n.t("{0} sessions", count);
  return exists ? text : l10n.t("{0} · the folder is missing", text);
}
