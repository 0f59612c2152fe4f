/** The words of the editor's language. */

import { homedir } from "node:os";
import { env, l10n } from "vscode";
import { makeWords, type Words } from "./words";

/** How this editor says numbers, times and texts. */
export function editorWords(): Words {
  return makeWords(env.language, (text, ...args) => l10n.t(text, ...args));
}

/** The user's home folder on the machine the sessions are on. */
export const HOME = homedir();
