/** What becomes of a command that fails. */

import { CancellationError, commands, l10n, window } from "vscode";
import { isCancelled } from "../protocol/errors";
import { editorWords } from "./editor_words";
import { failureText } from "./failure_text";

/** Run a command: what goes wrong is said in a notification, what was cancelled ends in silence. Never rejects. */
export async function guarded(action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    if (!isCancelled(error) && !(error instanceof CancellationError)) {
      report(failureText(error, editorWords().t));
    }
  }
}

function report(message: string): void {
  const showLog = l10n.t("Show Log");
  void window.showErrorMessage(message, showLog).then(async (choice) => {
    if (choice === showLog) {
      await commands.executeCommand("forkpoint.showLog");
    }
  });
}
