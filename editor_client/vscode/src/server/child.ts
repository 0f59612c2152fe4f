/** Runs a program to its end, with limits on its time and on what is kept of its output. */

import { type ChildProcess, spawn } from "node:child_process";
import { messageOf } from "../protocol/errors";
import { LineTail } from "./line_tail";

/** How many lines of output are kept, and how many characters of each: a path fits into one. */
const KEPT_LINES = 40;
const KEPT_LENGTH = 10_000;

/** How long after its end a program's output may stay open, in milliseconds. */
const OUTPUT_PATIENCE_MS = 1000;

/** How to run a program. */
export interface RunOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** When it is killed, in milliseconds after its start. */
  readonly timeoutMs: number;
  /** Kills it when aborted. */
  readonly signal?: AbortSignal | undefined;
  /** Is told every line it says on either output. */
  readonly onLine?: (line: string) => void;
}

/** How a program ended. */
export interface RunResult {
  /** `notStarted`: there is no such program, or it may not be run; the tail then says why. */
  readonly outcome: "exited" | "timedOut" | "aborted" | "notStarted";
  /** The exit code; null when it has none, because a signal ended it. */
  readonly code: number | null;
  /** The last lines of its standard output. */
  readonly output: readonly string[];
  /** The last lines of both outputs, in the order they came. */
  readonly tail: readonly string[];
}

/** Run a program without a shell and without input. Never raises: what went wrong is in the result. */
export async function runChild(command: string, args: readonly string[], options: RunOptions): Promise<RunResult> {
  if (options.signal?.aborted) {
    return { outcome: "aborted", code: null, output: [], tail: [] };
  }
  try {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env,
      stdio: ["ignore", "pipe", "pipe"],
      windowsHide: true,
      // A process group of its own, so that what it starts itself is ended with it.
      detached: process.platform !== "win32",
    });
    return await watch(child, options);
  } catch (error) {
    return { outcome: "notStarted", code: null, output: [], tail: [messageOf(error)] };
  }
}

/** Waits for the end of a program, and brings it about when it is due. Errors: it could not be started. */
function watch(child: ChildProcess, options: RunOptions): Promise<RunResult> {
  const both = new LineTail(KEPT_LINES, KEPT_LENGTH, options.onLine);
  const output = new LineTail(KEPT_LINES, KEPT_LENGTH, (line) => both.push(`${line}\n`));
  const errors = new LineTail(KEPT_LINES, KEPT_LENGTH, (line) => both.push(`${line}\n`));
  child.stdout?.setEncoding("utf8").on("data", (chunk: string) => output.push(chunk));
  child.stderr?.setEncoding("utf8").on("data", (chunk: string) => errors.push(chunk));
  return new Promise((resolve, reject) => {
    let stopped: "timedOut" | "aborted" | undefined;
    const timers: NodeJS.Timeout[] = [];
    const settle = () => {
      timers.forEach(clearTimeout);
      options.signal?.removeEventListener("abort", abort);
      child.stdout?.destroy();
      child.stderr?.destroy();
      output.end();
      errors.end();
      resolve({ outcome: stopped ?? "exited", code: child.exitCode, output: output.lines, tail: both.lines });
    };
    const stop = (why: "timedOut" | "aborted") => {
      stopped ??= why;
      killGroup(child);
    };
    const abort = () => stop("aborted");
    timers.push(setTimeout(() => stop("timedOut"), options.timeoutMs));
    options.signal?.addEventListener("abort", abort);
    child.on("close", settle);
    // Something that it left behind may hold its output open for ever.
    child.on("exit", () => timers.push(setTimeout(settle, OUTPUT_PATIENCE_MS)));
    child.on("error", (error) => {
      reject(error);
      settle();
    });
  });
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined || process.platform === "win32") {
    child.kill("SIGKILL");
    return;
  }
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // It has ended already, and all that it started.
  }
}
