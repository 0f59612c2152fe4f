/** The process ids of terminals by session, which outlive a reload of the window. */

import type { Memento } from "vscode";
import { memberOf } from "../protocol/errors";

/** Where they are kept. */
const KEY = "forkpoint.resumedSessions";

/** Keeps the ids where the editor keeps a workspace's state; those of processes that have ended are left out at first. */
export class ProcessIds {
  private readonly ids: Map<string, number>;

  constructor(
    private readonly state: Pick<Memento, "get" | "update">,
    isAlive: (processId: number) => boolean = hasProcess,
  ) {
    const stored = state.get(KEY);
    const sessions = typeof stored === "object" && stored !== null ? Object.keys(stored) : [];
    const ids = sessions.map((sessionId) => [sessionId, memberOf(stored, sessionId)] as const);
    this.ids = new Map(
      ids.flatMap(([sessionId, id]) => (typeof id === "number" && isAlive(id) ? [[sessionId, id]] : [])),
    );
  }

  /** The process of a session's terminal. */
  get(sessionId: string): number | undefined {
    return this.ids.get(sessionId);
  }

  /** Keep a session's process, or with undefined forget it; settles when that is stored. */
  async set(sessionId: string, processId: number | undefined): Promise<void> {
    if (processId === undefined) {
      this.ids.delete(sessionId);
    } else {
      this.ids.set(sessionId, processId);
    }
    await this.state.update(KEY, Object.fromEntries(this.ids));
  }
}

function hasProcess(processId: number): boolean {
  try {
    return process.kill(processId, 0);
  } catch {
    return false;
  }
}
