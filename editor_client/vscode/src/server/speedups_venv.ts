/** Makes the virtual environment with the packages that make the server faster. */

import { mkdir, mkdtemp, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { type RunResult, runChild } from "./child";
import { readProbe, venvPython } from "./python";

/** The packages and the versions the server works with; it runs without them too. */
export const SPEEDUPS: Readonly<Record<string, string>> = { msgspec: ">=0.20,<1", watchfiles: ">=1.1,<2" };

/** How long making the environment, and filling it, may take, in milliseconds. */
const VENV_LIMIT_MS = 5 * 60_000;
const INSTALL_LIMIT_MS = 15 * 60_000;

/** How old an unfinished environment is, in milliseconds, before it counts as left behind. */
const LEFT_BEHIND_MS = 60 * 60_000;

/** How to make it. */
export interface VenvOptions {
  /** The Python it is made from. */
  readonly python: string;
  /** Where it will lie; absent or a former one. */
  readonly folder: string;
  /** The script that reports what an interpreter is. */
  readonly probeScript: string;
  readonly env: NodeJS.ProcessEnv;
  /** Gives it up: nothing has changed then. */
  readonly signal: AbortSignal;
  /** Is told each line that the programs say. */
  readonly onLine: (line: string) => void;
  /** Is told which step begins. */
  readonly onStep: (step: "create" | "install" | "check") => void;
}

/** A step did not succeed. */
export class VenvFailed extends Error {
  override readonly name = "VenvFailed";

  constructor(
    /** `aborted` by whoever asked, or what else became of the program. */
    readonly outcome: RunResult["outcome"] | "missing",
    /** The last lines it said. */
    readonly lastLines: readonly string[],
  ) {
    super(lastLines.at(-1) ?? outcome);
  }
}

/**
 * Make the environment beside its place and rename it into place, so that a half-made one is never used.
 *
 * Errors: VenvFailed, or the error of the file system; the former environment is then as it was.
 */
export async function makeSpeedupsVenv(options: VenvOptions): Promise<void> {
  const parent = dirname(options.folder);
  const prefix = `${basename(options.folder)}-making-`;
  await mkdir(parent, { recursive: true });
  await removeLeftBehind(parent, prefix);
  const staged = await mkdtemp(join(parent, prefix));
  try {
    await fill(staged, options);
    await moveInto(staged, options.folder);
  } finally {
    await rm(staged, { recursive: true, force: true });
  }
}

async function fill(staged: string, options: VenvOptions): Promise<void> {
  const python = venvPython(staged, process.platform);
  const packages = Object.entries(SPEEDUPS).map(([name, versions]) => name + versions);
  // Only ready-made packages: building one from source needs a compiler and runs what it brings.
  const install = [
    "-m",
    "pip",
    "install",
    "--disable-pip-version-check",
    "--no-input",
    "--progress-bar",
    "off",
    "--only-binary",
    ":all:",
  ];
  options.onStep("create");
  await run(options, options.python, ["-m", "venv", staged], VENV_LIMIT_MS);
  options.onStep("install");
  await run(options, python, [...install, ...packages], INSTALL_LIMIT_MS);
  options.onStep("check");
  const checked = await run(options, python, [options.probeScript], VENV_LIMIT_MS);
  const has = readProbe(checked.output)?.speedups ?? [];
  const missing = Object.keys(SPEEDUPS).filter((name) => !has.includes(name));
  if (missing.length > 0) {
    throw new VenvFailed("missing", [missing.join(", ")]);
  }
}

async function run(options: VenvOptions, command: string, args: string[], timeoutMs: number): Promise<RunResult> {
  const { env, signal, onLine } = options;
  const ran = await runChild(command, args, { cwd: dirname(options.folder), env, signal, onLine, timeoutMs });
  if (ran.outcome !== "exited" || ran.code !== 0) {
    throw new VenvFailed(ran.outcome, ran.tail.slice(-5));
  }
  return ran;
}

/** A former environment steps aside first and comes back if the new one cannot take its place. */
async function moveInto(staged: string, folder: string): Promise<void> {
  const aside = `${staged}-former`;
  const had = await rename(folder, aside).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") {
        throw error;
      }
      return false;
    },
  );
  try {
    await rename(staged, folder);
  } catch (error) {
    if (had) {
      await rename(aside, folder);
    }
    throw error;
  }
  await rm(aside, { recursive: true, force: true });
}

async function removeLeftBehind(parent: string, prefix: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const path = join(parent, name);
    const age = name.startsWith(prefix) ? Date.now() - (await stat(path)).mtimeMs : 0;
    if (age > LEFT_BEHIND_MS) {
      await rm(path, { recursive: true, force: true });
    }
  }
}
