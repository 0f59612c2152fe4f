/** Where the parts are put together. */

import type { ExtensionContext } from "vscode";

export function activate(_context: ExtensionContext): void {}
