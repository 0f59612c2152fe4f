/** Looks at interpreters: where they lie, and whether they can run the server. */

import { constants } from "node:fs";
import { access, readlink, realpath, stat } from "node:fs/promises";
import { basename, delimiter, dirname, isAbsolute, join, resolve } from "node:path";
import { runChild } from "./child";
import { type Candidate, fileNames, liesIn, type Python, type Refusal, readProbe } from "./python";

/** How long a candidate may take to say what it is, in milliseconds. */
const PROBE_LIMIT_MS = 10_000;

/** How many links are followed, as an operating system does. */
const MOST_LINKS = 40;

/** How candidates are probed. */
export interface ProbeOptions {
  /** The script that reports what an interpreter is. */
  readonly script: string;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Folders from which nothing is run: those of a workspace that is not trusted. */
  readonly forbidden: readonly string[];
  readonly signal?: AbortSignal;
  /** In place of the usual 10 seconds, in milliseconds. */
  readonly limitMs?: number;
}

/** Run a candidate and give what it is, or why it cannot run the server. */
export async function probe(candidate: Candidate, options: ProbeOptions): Promise<Python | Refusal> {
  if (await touchesAny(candidate.command, options.forbidden)) {
    return { kind: "untrusted" };
  }
  if (!(await isProgram(candidate.command))) {
    return { kind: "notFound" };
  }
  const timeoutMs = options.limitMs ?? PROBE_LIMIT_MS;
  const ran = await runChild(candidate.command, [...candidate.args, options.script], { ...options, timeoutMs });
  const last = ran.tail.at(-1)?.slice(0, 200) ?? "";
  if (ran.outcome === "notStarted") {
    return { kind: "notStarted", detail: last };
  }
  if (ran.outcome === "timedOut") {
    return { kind: "timedOut", seconds: Math.round(timeoutMs / 1000) };
  }
  const report = readProbe(ran.output);
  if (report === undefined) {
    return { kind: "notPython", detail: last || `exit code ${ran.code ?? "?"}` };
  }
  if (!report.supported) {
    return { kind: "tooOld", version: report.version };
  }
  const executable = isAbsolute(report.executable) ? report.executable : candidate.command;
  if (await touchesAny(executable, options.forbidden)) {
    return { kind: "untrusted" };
  }
  return { ...candidate, executable, version: report.version, speedups: report.speedups };
}

/** The first file with this name in the folders that may be run; undefined when there is none. */
export async function lookUp(
  name: string,
  folders: readonly string[],
  forbidden: readonly string[],
): Promise<string | undefined> {
  for (const folder of folders) {
    for (const file of fileNames(name, process.platform)) {
      const path = join(folder, file);
      if ((await isProgram(path)) && !(await touchesAny(path, forbidden))) {
        return path;
      }
    }
  }
  return undefined;
}

/** Variables that name places of Python's code, and the one that names places of programs such as git. */
const PLACES = ["PYTHONPATH", "PYTHONHOME", "PYTHONUSERBASE", "PYTHONPYCACHEPREFIX", "PATH"];

/**
 * The environment for the server and for probes: without places for code and programs that are relative, which would
 * mean another folder here, and without those in a forbidden folder.
 */
export async function pythonEnvironment(
  env: NodeJS.ProcessEnv,
  forbidden: readonly string[],
): Promise<NodeJS.ProcessEnv> {
  const usable = async (place: string) => isAbsolute(place) && !(await touchesAny(place, forbidden));
  const result = { ...env };
  // Windows spells PATH as it likes.
  for (const name of Object.keys(env).filter((given) => PLACES.includes(given.toUpperCase()))) {
    const places = result[name]?.split(delimiter) ?? [];
    const kept = [];
    for (const place of places) {
      if (await usable(place)) {
        kept.push(place);
      }
    }
    delete result[name];
    if (kept.length > 0) {
      result[name] = kept.join(delimiter);
    }
  }
  return result;
}

/**
 * Whether a path lies in one of the folders: as it is written, after the links of its folders, or anywhere along the
 * links it is itself. An interpreter of a virtual environment is a link out of it, and still runs what lies there.
 */
export async function touchesAny(path: string, folders: readonly string[]): Promise<boolean> {
  const real = await Promise.all(folders.map(realOr));
  const places = [...folders, ...real];
  let here = resolve(path);
  for (let links = 0; links < MOST_LINKS; links += 1) {
    const landed = join(await realOr(dirname(here)), basename(here));
    if (places.some((folder) => liesIn(here, folder, process.platform) || liesIn(landed, folder, process.platform))) {
      return true;
    }
    const target = await readlink(landed).catch(() => undefined);
    if (target === undefined) {
      return false;
    }
    here = resolve(dirname(landed), target);
  }
  return folders.length > 0;
}

/** The path without links; as it is when it does not exist. */
function realOr(path: string): Promise<string> {
  return realpath(path).catch(() => resolve(path));
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
