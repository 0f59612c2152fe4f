/** Progress of what takes its time. */

import { type CancellationToken, CancellationTokenSource, ProgressLocation, window } from "vscode";

/** Milliseconds after which work is worth a notification. */
const PATIENCE = 300;

/** Whether the one who waits can end it. */
export type Ending = "cancellable" | "whole";

/** Do something; when it takes long a notification says so, with a button to cancel it. Errors: those of `work`. */
export async function withProgress<T>(
  title: string,
  ending: Ending,
  work: (token: CancellationToken) => Promise<T>,
): Promise<T> {
  const cancel = new CancellationTokenSource();
  let timer: NodeJS.Timeout | undefined;
  try {
    const result = work(cancel.token);
    const late = new Promise<"late">((resolve) => {
      timer = setTimeout(() => resolve("late"), PATIENCE);
    });
    if ((await Promise.race([late, result.then(settled, settled)])) === "late") {
      show(title, ending === "cancellable", cancel, result);
    }
    return await result;
  } finally {
    clearTimeout(timer);
    cancel.dispose();
  }
}

function settled(): "settled" {
  return "settled";
}

function show(title: string, cancellable: boolean, cancel: CancellationTokenSource, result: Promise<unknown>): void {
  void window.withProgress({ location: ProgressLocation.Notification, title, cancellable }, async (_, token) => {
    token.onCancellationRequested(() => cancel.cancel());
    await result.then(settled, settled);
  });
}
