/** The commands of the trash. */

import { commands, type ExtensionContext, l10n, window } from "vscode";
import { shortTitle } from "../changing/change_text";
import type { Changer } from "../changing/changer";
import { tellRowLost } from "../commands/session_commands";
import { isRowLost } from "../commands/target";
import { editorWords } from "../common/editor_words";
import { guarded } from "../common/guarded";
import { memberOf } from "../protocol/errors";
import type { Sidecar } from "../sidecar";
import type { TrashNode } from "./trash_rows";
import type { TrashView } from "./trash_view";

/** What the commands work with. */
export interface Parts {
  readonly sidecar: Sidecar;
  readonly trash: TrashView;
  readonly changer: Changer;
}

/** Register forkpoint.restoreSession, deleteForGood and refreshTrash. */
export function registerTrashCommands(context: ExtensionContext, parts: Parts): void {
  const actions: Record<string, (nodes: readonly TrashNode[]) => Promise<void>> = {
    "forkpoint.restoreSession": (nodes) => restore(nodes, parts),
    "forkpoint.deleteForGood": (nodes) => deleteForGood(nodes, parts),
  };
  for (const [id, action] of Object.entries(actions)) {
    const run = async (...args: unknown[]) => {
      if (isRowLost(args)) {
        tellRowLost();
        return;
      }
      await action(await findNodes(args[0], args[1], parts));
    };
    context.subscriptions.push(commands.registerCommand(id, (...args: unknown[]) => guarded(() => run(...args))));
  }
  context.subscriptions.push(commands.registerCommand("forkpoint.refreshTrash", () => parts.trash.refresh()));
}

/** The rows it was called for; without any, what is selected, or what is picked. */
async function findNodes(argument: unknown, all: unknown, parts: Parts): Promise<readonly TrashNode[]> {
  const selected = parts.trash.selected();
  if (Array.isArray(all) && all.length > 0) {
    return all.filter(isTrashNode);
  }
  if (!isTrashNode(argument)) {
    return selected.length > 0 ? selected : await pick(parts);
  }
  return selected.some(({ trashId }) => trashId === argument.trashId) ? selected : [argument];
}

async function pick({ trash }: Parts): Promise<readonly TrashNode[]> {
  await trash.refresh();
  const items = (await trash.getChildren()).map((node) => {
    const { label, description } = trash.getTreeItem(node);
    return { label: String(label), description: String(description), node };
  });
  const chosen = await window.showQuickPick(items, {
    title: l10n.t("Sessions in the Trash"),
    placeHolder: items.length === 0 ? l10n.t("The trash is empty") : "",
    canPickMany: true,
  });
  return (chosen ?? []).map(({ node }) => node);
}

async function restore(nodes: readonly TrashNode[], { sidecar, changer }: Parts): Promise<void> {
  const outcome = await changer.each(nodes, "restore", ({ trashId }) => sidecar.calls.restoreSession({ trashId }));
  const done = outcome.done.map(({ item }) => item.title ?? "");
  changer.tell("restore", { done, errors: outcome.failed.map(({ error }) => error) }, []);
  const lost = outcome.done.flatMap(({ result }) => result.problems).filter(({ kind }) => kind === "labelInUse");
  if (lost.length > 0) {
    void window.showWarningMessage(l10n.t("A label was not put back: another session has it by now."));
  }
}

async function deleteForGood(nodes: readonly TrashNode[], { sidecar, changer }: Parts): Promise<void> {
  if (nodes.length === 0 || !(await confirm(nodes))) {
    return;
  }
  const outcome = await changer.each(nodes, "deleteForGood", ({ trashId }) =>
    sidecar.calls.deleteSession({ trashId, permanently: true }),
  );
  const done = outcome.done.map(({ item }) => item.title ?? "");
  changer.tell("deleteForGood", { done, errors: outcome.failed.map(({ error }) => error) }, []);
}

async function confirm(nodes: readonly TrashNode[]): Promise<boolean> {
  const [first] = nodes;
  const question =
    nodes.length === 1 && first !== undefined
      ? l10n.t("Delete “{0}” for good?", shortTitle(first.title ?? "", editorWords()))
      : l10n.t("Delete {0} sessions for good?", nodes.length);
  const button = l10n.t("Delete for Good");
  const options = { modal: true, detail: l10n.t("Nothing brings them back afterwards.") };
  return (await window.showWarningMessage(question, options, button)) === button;
}

function isTrashNode(value: unknown): value is TrashNode {
  return memberOf(value, "kind") === "trash" && typeof memberOf(value, "trashId") === "string";
}
