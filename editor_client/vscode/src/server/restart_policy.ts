/** When a server that crashed is started again. */

/** The pause before each start, in milliseconds; after the last one nothing is started any more. */
const PAUSES_MS = [1000, 2000, 4000, 8000, 16000];

/** A server that ran this long, in milliseconds, ran well: its crash is counted as the first. */
const RAN_WELL_MS = 3 * 60 * 1000;

/** What to do after a crash. */
export interface AfterCrash {
  /** The crashes in a row, this one included. */
  readonly crashes: number;
  /** How long to wait before the next start, in milliseconds; undefined: give up. */
  readonly pauseMs: number | undefined;
}

/** What to do after a crash of a server that ran for `ranMs`, when `earlier` crashes in a row came before it. */
export function afterCrash(earlier: number, ranMs: number): AfterCrash {
  const crashes = ranMs >= RAN_WELL_MS ? 1 : earlier + 1;
  return { crashes, pauseMs: PAUSES_MS[crashes - 1] };
}
