/** Where the parts are put together. */

import { type ExtensionContext, window } from "vscode";
import { registerSessionCommands } from "./commands/session_commands";
import { Documents } from "./documents/documents";
import { registerServerCommands } from "./server/commands";
import { Supervisor } from "./server/supervisor";
import { registerTreeCommands } from "./sessions/commands";
import { SessionTree } from "./sessions/tree";
import type { Sidecar } from "./sidecar";

/** What `activate` gives to other extensions and to the tests. */
export interface Api {
  readonly sidecar: Sidecar;
  readonly tree: SessionTree;
  readonly documents: Documents;
}

let supervisor: Supervisor | undefined;

export function activate(context: ExtensionContext): Api {
  const log = window.createOutputChannel("Forkpoint", { log: true });
  const sidecar = new Supervisor(context, log);
  const tree = new SessionTree(context, sidecar, log);
  const documents = new Documents(sidecar, tree.onDidRefresh, log);
  supervisor = sidecar;
  context.subscriptions.push(log, sidecar, tree, documents);
  registerServerCommands(context, sidecar, log);
  registerTreeCommands(context, tree, sidecar);
  registerSessionCommands(context, { sidecar, tree, documents });
  void sidecar.start();
  return { sidecar, tree, documents };
}

/** The editor waits for this, so that no server outlives its window. */
export async function deactivate(): Promise<void> {
  await supervisor?.stop();
}
