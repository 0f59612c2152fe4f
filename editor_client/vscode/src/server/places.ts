/** Where the extension keeps things. */

import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join, parse } from "node:path";
import type { ExtensionContext } from "vscode";

/** A file of the bundled server. */
export function serverFile(context: ExtensionContext, name: "start.py" | "probe.py"): string {
  return join(context.extensionPath, "dist", "server", name);
}

/** The virtual environment with the speed-ups; absent until they were installed. */
export function speedupsFolder(context: ExtensionContext): string {
  return join(context.globalStorageUri.fsPath, "speedups");
}

/** The folder that the server and probes run in: never the workspace, whose files Python might take for modules. */
export function neutralFolder(): string {
  return existsSync(homedir()) ? homedir() : parse(homedir()).root;
}
