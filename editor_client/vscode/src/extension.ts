/** Where the parts are put together. */

import { type ExtensionContext, window } from "vscode";
import { Changer } from "./changing/changer";
import { registerChangingCommands } from "./changing/commands";
import { registerSessionCommands } from "./commands/session_commands";
import { UploadDrops } from "./commands/upload";
import { Documents } from "./documents/documents";
import { registerServerCommands } from "./server/commands";
import { Supervisor } from "./server/supervisor";
import { registerTreeCommands } from "./sessions/commands";
import { SessionTree } from "./sessions/tree";
import type { Sidecar } from "./sidecar";
import { registerTrashCommands } from "./trash/commands";
import { TrashView } from "./trash/trash_view";

/** What `activate` gives to other extensions and to the tests. */
export interface Api {
  readonly sidecar: Sidecar;
  readonly tree: SessionTree;
  readonly documents: Documents;
  readonly trash: TrashView;
}

let supervisor: Supervisor | undefined;

export function activate(context: ExtensionContext): Api {
  const log = window.createOutputChannel("Forkpoint", { log: true });
  const sidecar = new Supervisor(context, log);
  const tree = new SessionTree(context, sidecar, log, new UploadDrops(sidecar));
  const documents = new Documents(sidecar, tree.onDidRefresh, log);
  const trash = new TrashView(sidecar, tree.onDidRefresh, log);
  const changer = new Changer({
    sidecar,
    refresh: async () => {
      trash.follow();
      await tree.followOwnChange();
    },
  });
  supervisor = sidecar;
  context.subscriptions.push(log, sidecar, tree, documents, trash);
  registerServerCommands(context, sidecar, log);
  registerTreeCommands(context, tree, sidecar);
  registerSessionCommands(context, { sidecar, tree, documents, changer });
  registerChangingCommands(context, { sidecar, tree, documents, changer });
  registerTrashCommands(context, { sidecar, trash, changer });
  void sidecar.start();
  return { sidecar, tree, documents, trash };
}

/** The editor waits for this, so that no server outlives its window. */
export async function deactivate(): Promise<void> {
  await supervisor?.stop();
}
