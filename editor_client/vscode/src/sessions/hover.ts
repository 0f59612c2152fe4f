/** What a tooltip needs beyond its row, asked for when somebody looks at it. */

import { CancellationTokenSource } from "vscode";
import type { Calls, Cancellation, DiffStats, SessionRow } from "../protocol/calls";

/** Milliseconds that a tooltip waits for the session to be read whole. */
const ROW_WITHIN = 3_000;

/** Milliseconds that a tooltip waits for the changes in the session's folder. */
const CHANGES_WITHIN = 1_500;

/** What could be had in time. */
export interface Hovered {
  /** The row as sessions/get gives it, else as it was listed. */
  readonly row: SessionRow;
  readonly changes: DiffStats | undefined;
}

/** Ask for the whole row and the folder's changes at once. Never rejects. */
export async function hoverFacts(calls: Calls, row: SessionRow, cancel: Cancellation): Promise<Hovered> {
  const { sessionId } = row;
  const [got, changes] = await Promise.all([
    within(ROW_WITHIN, cancel, (token) => calls.getSession({ sessionId }, token)),
    row.workDir === undefined
      ? undefined
      : within(CHANGES_WITHIN, cancel, (token) => calls.diffStats({ sessionId }, token)),
  ]);
  return { row: got?.session ?? row, changes };
}

/** The answer of a call; undefined when it fails, or takes too long and is cancelled. */
async function within<T>(
  limit: number,
  outer: Cancellation,
  call: (cancel: Cancellation) => Promise<T>,
): Promise<T | undefined> {
  const source = new CancellationTokenSource();
  const timer = setTimeout(() => source.cancel(), limit);
  const stop = outer.onCancellationRequested(() => source.cancel());
  try {
    return await call(source.token);
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
    stop.dispose();
    source.dispose();
  }
}
