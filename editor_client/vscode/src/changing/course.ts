/** How a change that takes its time is shown, and stopped. */

import { ProgressLocation, window } from "vscode";
import { limited, TimedOut } from "../common/limited";
import type { Course } from "./batch";

/** Milliseconds that a change may take before it is more than a line above the tree. */
const PATIENCE = 700;

/** Do the work; when that takes long, with a notification that tells how far it is and can stop it. */
export async function withCourse<R>(title: string, work: (course: Course) => Promise<R>): Promise<R> {
  let stopped = false;
  let percent = 0;
  let report: (increment: number) => void = () => undefined;
  const step = (all: number) => {
    percent += 100 / all;
    report(100 / all);
  };
  const running = work({ stopped: () => stopped, step });
  try {
    return await window.withProgress({ location: { viewId: "forkpoint.sessions" } }, () => limited(running, PATIENCE));
  } catch (error) {
    if (!(error instanceof TimedOut)) {
      throw error;
    }
  }
  const options = { location: ProgressLocation.Notification, title, cancellable: true };
  return await window.withProgress(options, (progress, cancel) => {
    cancel.onCancellationRequested(() => {
      stopped = true;
    });
    report = (increment) => progress.report({ increment });
    report(percent);
    return running;
  });
}
