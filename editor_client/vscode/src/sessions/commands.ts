/** The commands of the sidebar. */

import { commands, type ExtensionContext, l10n } from "vscode";
import { guarded } from "../common/guarded";
import type { Sidecar } from "../sidecar";
import {
  chooseAgents,
  chooseArchived,
  chooseFilter,
  chooseFolders,
  chooseGroup,
  chooseText,
  clearFilter,
} from "./filter_commands";
import type { Node } from "./nodes";
import { pickSession } from "./quick_pick";
import type { SessionTree } from "./tree";

/** Register forkpoint.refresh, filter and its kinds, clearFilter, loadMore and findSession. */
export function registerTreeCommands(context: ExtensionContext, tree: SessionTree, sidecar: Sidecar): void {
  const actions: Record<string, (node?: Node) => Promise<void>> = {
    "forkpoint.refresh": () => tree.refresh(),
    "forkpoint.filter": () => chooseFilter(tree),
    "forkpoint.filterText": () => chooseText(tree),
    "forkpoint.filterAgents": () => chooseAgents(tree),
    "forkpoint.filterGroup": () => chooseGroup(tree, sidecar),
    "forkpoint.filterFolders": () => chooseFolders(tree, sidecar),
    "forkpoint.filterArchived": () => chooseArchived(tree),
    "forkpoint.clearFilter": () => clearFilter(tree),
    "forkpoint.loadMore": async (node) => {
      if (node?.kind === "more") {
        await tree.loadMore(node);
      }
    },
    "forkpoint.findSession": () => findSession(sidecar),
  };
  for (const [id, action] of Object.entries(actions)) {
    context.subscriptions.push(commands.registerCommand(id, (node?: Node) => guarded(() => action(node))));
  }
}

async function findSession(sidecar: Sidecar): Promise<void> {
  const row = await pickSession(sidecar, l10n.t("Find Session"));
  if (row !== undefined) {
    await commands.executeCommand("forkpoint.openSession", row.sessionId);
  }
}
