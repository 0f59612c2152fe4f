/** The commands that change sessions. */

import { commands, type ExtensionContext, l10n, window } from "vscode";
import { tellRowLost } from "../commands/session_commands";
import { type Finders, findTarget, isRowLost } from "../commands/target";
import { Agents } from "../common/agents";
import { guarded } from "../common/guarded";
import type { Documents } from "../documents/documents";
import { parseUri } from "../documents/uris";
import type { SessionRow } from "../protocol/calls";
import { memberOf } from "../protocol/errors";
import { allSessions } from "../sessions/all_sessions";
import { knownGroups } from "../sessions/known_groups";
import { pickSession } from "../sessions/quick_pick";
import type { Sidecar } from "../sidecar";
import { askGroup, askGroupName, askLabel, askTitle } from "./ask";
import type { Changer } from "./changer";
import { makeSession } from "./new_session";
import { chosenRows } from "./targets";

/** What the commands work with. */
export interface Parts {
  readonly sidecar: Sidecar;
  readonly tree: {
    selected(): SessionRow | undefined;
    selectedRows(): readonly SessionRow[];
    refresh(): Promise<void>;
  };
  readonly documents: Pick<Documents, "openSession">;
  readonly changer: Changer;
}

interface Command {
  /** The title of the list from which a session is picked. */
  readonly title: string;
  run(rows: readonly [SessionRow, ...SessionRow[]]): Promise<void>;
}

/**
 * Register forkpoint.newSession, renameSession, generateTitle, setLabel, pin, unpin, togglePinned, archive, unarchive,
 * toggleArchived, moveToGroup, removeFromGroup, renameGroup, dissolveGroup, deleteSession and undo.
 *
 * Each but the groups' takes a row of the tree and all that are selected, or a session's id, or nothing: then it is
 * about what is looked at, selected or picked.
 */
export function registerChangingCommands(context: ExtensionContext, parts: Parts): void {
  const { changer } = parts;
  const register = (id: string, run: (argument: unknown, all: unknown) => Promise<void>) => {
    const registered = commands.registerCommand(id, (argument?: unknown, all?: unknown) =>
      guarded(() => run(argument, all)),
    );
    context.subscriptions.push(registered);
  };
  const registerForRows = (id: string, command: Command) => {
    const run = async (...args: unknown[]) => {
      if (isRowLost(args)) {
        tellRowLost();
        return;
      }
      const [first, ...more] = await findRows(args[0], args[1], command.title, parts);
      if (first !== undefined) {
        await command.run([first, ...more]);
      }
    };
    context.subscriptions.push(commands.registerCommand(id, (...args: unknown[]) => guarded(() => run(...args))));
  };
  for (const [id, command] of Object.entries(sessionCommands(parts))) {
    registerForRows(id, command);
  }
  register("forkpoint.newSession", () => newSession(parts));
  register("forkpoint.undo", () => changer.undo());
  register("forkpoint.renameGroup", (node) => changeGroup(node, parts, askGroupName));
  register("forkpoint.dissolveGroup", (node) => changeGroup(node, parts, async () => null));
}

function sessionCommands({ changer, sidecar }: Parts): Record<string, Command> {
  return {
    "forkpoint.renameSession": {
      title: l10n.t("Rename Session"),
      run: async ([row]) => {
        const title = await askTitle(row);
        await (title === undefined ? undefined : changer.update([row], { title }, "rename"));
      },
    },
    "forkpoint.generateTitle": {
      title: l10n.t("Generate Title of Session"),
      run: (rows) => changer.generateTitles(rows),
    },
    "forkpoint.setLabel": {
      title: l10n.t("Set Label of Session"),
      run: async ([row]) => {
        const label = await askLabel(row);
        await (label === undefined ? undefined : changer.update([row], { label }, "label"));
      },
    },
    "forkpoint.pin": {
      title: l10n.t("Pin Session"),
      run: (rows) => changer.update(rows, { pinned: true }, "pin"),
    },
    "forkpoint.unpin": {
      title: l10n.t("Unpin Session"),
      run: (rows) => changer.update(rows, { pinned: false }, "unpin"),
    },
    "forkpoint.togglePinned": {
      title: l10n.t("Pin or Unpin Session"),
      run: async (rows) => {
        const pinned = rows.some((row) => !row.pinned);
        await changer.update(rows, { pinned }, pinned ? "pin" : "unpin");
      },
    },
    "forkpoint.archive": {
      title: l10n.t("Archive Session"),
      run: (rows) => changer.update(rows, { archived: true }, "archive"),
    },
    "forkpoint.unarchive": {
      title: l10n.t("Unarchive Session"),
      run: (rows) => changer.update(rows, { archived: false }, "unarchive"),
    },
    "forkpoint.toggleArchived": {
      title: l10n.t("Archive or Unarchive Session"),
      run: async (rows) => {
        const archived = rows.some((row) => !row.archived);
        await changer.update(rows, { archived }, archived ? "archive" : "unarchive");
      },
    },
    "forkpoint.moveToGroup": {
      title: l10n.t("Move Session to Group"),
      run: async (rows) => {
        const group = await askGroup(await knownGroups(sidecar.calls), rows);
        await (group === undefined ? undefined : changer.update(rows, { group }, group === null ? "ungroup" : "group"));
      },
    },
    "forkpoint.removeFromGroup": {
      title: l10n.t("Remove Session from Group"),
      run: (rows) => changer.update(rows, { group: null }, "ungroup"),
    },
    "forkpoint.deleteSession": {
      title: l10n.t("Delete Session"),
      run: (rows) => changer.remove(rows),
    },
  };
}

async function findRows(argument: unknown, all: unknown, title: string, parts: Parts): Promise<readonly SessionRow[]> {
  const shown = window.activeTextEditor && parseUri(window.activeTextEditor.document.uri)?.sessionId;
  const chosen = chosenRows(argument, all, parts.tree.selectedRows(), shown);
  if (chosen !== undefined) {
    return chosen;
  }
  const finders: Finders = { ...parts, shown: () => shown, pick: (text) => pickSession(parts.sidecar, text) };
  const row = await findTarget(argument, title, finders);
  return row === undefined ? [] : [row];
}

async function newSession({ sidecar, tree, documents, changer }: Parts): Promise<void> {
  const row = await makeSession(sidecar, new Agents(() => sidecar.calls));
  if (row !== undefined) {
    changer.made(row);
    void tree.refresh();
    await documents.openSession(row);
  }
}

/** Give all sessions of a group, archived ones and those of other folders too, another group or none. */
async function changeGroup(
  node: unknown,
  { sidecar, changer }: Parts,
  ask: (name: string) => Promise<string | null | undefined>,
): Promise<void> {
  const name = memberOf(node, "kind") === "ownGroup" ? memberOf(node, "name") : undefined;
  if (typeof name !== "string") {
    return;
  }
  const group = await ask(name);
  if (group !== undefined) {
    const rows = await allSessions(sidecar.calls, { group: name, archived: "all" });
    await changer.update(rows, { group }, group === null ? "ungroup" : "group");
  }
}
