/** The terminals in which sessions were resumed. */

import { Disposable, type Memento, type Terminal, type TerminalShellExecution, window } from "vscode";
import { limited } from "../common/limited";
import { ProcessIds } from "./process_ids";

/** Milliseconds to wait for a terminal's process id. */
const PATIENCE = 1000;

/** Knows the terminal of each resumed session, until it closes or the shell says that the agent has ended. */
export class ResumedTerminals implements Disposable {
  private readonly terminals = new Map<string, Terminal>();
  private readonly executions = new Map<TerminalShellExecution, string>();
  private readonly processIds: ProcessIds;
  private readonly disposables: Disposable;

  constructor(state: Memento) {
    this.processIds = new ProcessIds(state);
    this.disposables = Disposable.from(
      window.onDidCloseTerminal((closed) => {
        for (const [sessionId, terminal] of this.terminals) {
          if (terminal === closed) {
            this.forget(sessionId);
          }
        }
      }),
      window.onDidEndTerminalShellExecution(({ execution }) => {
        const sessionId = this.executions.get(execution);
        if (sessionId !== undefined) {
          this.executions.delete(execution);
          this.forget(sessionId);
        }
      }),
    );
  }

  dispose(): void {
    this.disposables.dispose();
  }

  /** The terminal a session was resumed in, if the agent may still run there. */
  async find(sessionId: string): Promise<Terminal | undefined> {
    const known = this.terminals.get(sessionId);
    if (known !== undefined) {
      return known.exitStatus === undefined ? known : undefined;
    }
    const processId = this.processIds.get(sessionId);
    if (processId === undefined) {
      return undefined;
    }
    const ids = await Promise.all(window.terminals.map(processIdOf));
    const found = window.terminals[ids.indexOf(processId)];
    if (found !== undefined) {
      this.terminals.set(sessionId, found);
    }
    return found;
  }

  /** A session is resumed in this terminal; settles when that is stored. */
  async add(sessionId: string, terminal: Terminal): Promise<void> {
    this.terminals.set(sessionId, terminal);
    const processId = await terminal.processId;
    if (processId !== undefined && this.terminals.get(sessionId) === terminal) {
      await this.processIds.set(sessionId, processId);
    }
  }

  /** The session's agent is this run; when it ends the session is free. */
  setExecution(sessionId: string, execution: TerminalShellExecution): void {
    this.executions.set(execution, sessionId);
  }

  private forget(sessionId: string): void {
    this.terminals.delete(sessionId);
    void this.processIds.set(sessionId, undefined);
  }
}

/** A terminal's process; undefined for one that has none, or tells too late. */
function processIdOf(terminal: Terminal): Promise<number | undefined> {
  return limited(Promise.resolve(terminal.processId), PATIENCE).catch(() => undefined);
}
