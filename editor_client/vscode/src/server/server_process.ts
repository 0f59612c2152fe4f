/** The server's process: started, listened to, ended. */

import { type ChildProcess, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import type { Translate } from "../common/translate";
import { LineTail } from "./line_tail";

/** How many lines of its standard error are kept, and how many characters of each. */
const KEPT_LINES = 50;
const KEPT_LENGTH = 1000;

/** How long after its end the server's output may stay open, in milliseconds. */
const OUTPUT_PATIENCE_MS = 500;

/** What to start. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** How the process ended. */
export interface Ending {
  /** The exit code; null when a signal ended it. */
  readonly code: number | null;
  readonly signal: string | null;
  /** The last lines of its standard error. */
  readonly lastWords: readonly string[];
}

/** One running server. */
export class ServerProcess {
  /** Settles when the process has ended and all that it said was read. */
  readonly ended: Promise<Ending>;
  private readonly errors: LineTail;

  private constructor(
    private readonly child: ChildProcess,
    readonly input: Writable,
    readonly output: Readable,
    errors: Readable,
    onLine: (line: string) => void,
  ) {
    this.errors = new LineTail(KEPT_LINES, KEPT_LENGTH, onLine);
    errors.setEncoding("utf8").on("data", (chunk: string) => this.errors.push(chunk));
    // What is written to a process that has just ended fails; its end is told by `ended`.
    input.on("error", () => {});
    this.ended = this.watch();
  }

  /**
   * Start it, without a shell; `onLine` is told each line of its standard error.
   *
   * Errors: the program is missing or may not be run.
   */
  static start(launch: Launch, onLine: (line: string) => void): Promise<ServerProcess> {
    return new Promise((resolve, reject) => {
      const child = spawn(launch.command, launch.args, {
        cwd: launch.cwd,
        env: launch.env,
        stdio: ["pipe", "pipe", "pipe"],
        windowsHide: true,
      });
      const started = new ServerProcess(child, child.stdin, child.stdout, child.stderr, onLine);
      child.on("error", reject);
      child.on("spawn", () => resolve(started));
    });
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** End it at once. What it was about to change on disk is then either done or not begun. */
  kill(): void {
    this.child.kill("SIGKILL");
  }

  /** It has closed its output: end it, unless it is about to end by itself. */
  endSoon(): void {
    const timer = setTimeout(() => this.kill(), OUTPUT_PATIENCE_MS);
    void this.ended.then(() => clearTimeout(timer));
  }

  private watch(): Promise<Ending> {
    return new Promise((resolve) => {
      const settle = () => {
        clearTimeout(timer);
        this.child.stderr?.destroy();
        this.errors.end();
        resolve({ code: this.child.exitCode, signal: this.child.signalCode, lastWords: this.errors.lines });
      };
      let timer: NodeJS.Timeout | undefined;
      this.child.on("close", settle);
      // A program that the server started may hold its standard error open for longer.
      this.child.on("exit", () => {
        timer = setTimeout(settle, OUTPUT_PATIENCE_MS);
      });
    });
  }
}

/** How it ended, as a sentence. */
export function describeEnding(ending: Ending, t: Translate): string {
  const how =
    ending.signal === null
      ? t("The server ended with exit code {0}", ending.code ?? "?")
      : t("The server was ended by the signal {0}", ending.signal);
  const last = ending.lastWords.at(-1);
  return last === undefined ? `${how}.` : `${how}: ${last}`;
}
