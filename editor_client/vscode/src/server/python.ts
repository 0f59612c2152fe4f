/** Which Python runs the server: what can be decided without looking at the disk. */

import { posix, win32 } from "node:path";
import type { Translate } from "../common/translate";
import { memberOf } from "../protocol/errors";

/** The oldest Python that can run the server. */
const OLDEST_PYTHON = "3.11";

/** Who names an interpreter, in the order they are asked. */
export type PythonSource = "setting" | "speedups" | "virtualEnv" | "msPython" | "path";

/** A command that may be a Python. */
export interface Candidate {
  readonly source: PythonSource;
  /** An absolute path. */
  readonly command: string;
  /** What comes before the script, such as `-3` for Windows' launcher. */
  readonly args: readonly string[];
}

/** A candidate that can run the server. */
export interface Python extends Candidate {
  /** The interpreter's own path, which a launcher hides. */
  readonly executable: string;
  /** Such as `3.11.7`. */
  readonly version: string;
  /** The optional packages it has. */
  readonly speedups: readonly string[];
}

/** Why a candidate is not taken. */
export type Refusal =
  /** The setting names a path that is neither absolute nor a plain name. */
  | { readonly kind: "relative" }
  | { readonly kind: "notFound" }
  /** It lies in a folder of a workspace that is not trusted. */
  | { readonly kind: "untrusted" }
  | { readonly kind: "notStarted"; readonly detail: string }
  | { readonly kind: "timedOut"; readonly seconds: number }
  /** It ended with an error, or said something else than a Python does. */
  | { readonly kind: "notPython"; readonly detail: string }
  | { readonly kind: "tooOld"; readonly version: string };

/** What the setting `forkpoint.python` says; `text` is how the user wrote it. */
export type PythonSetting =
  | { readonly kind: "unset" }
  | { readonly kind: "path"; readonly text: string; readonly path: string }
  /** A name to look up on PATH. */
  | { readonly kind: "name"; readonly text: string; readonly name: string }
  /** Relative to nothing that could be trusted to stay the same: refused. */
  | { readonly kind: "relative"; readonly text: string };

/** Read the setting: a path, with `~` for the home folder, or a name; anything but text and blank text is unset. */
export function readPythonSetting(value: unknown, home: string, platform: NodeJS.Platform): PythonSetting {
  const text = typeof value === "string" ? value.trim() : "";
  const { isAbsolute, join } = pathsOf(platform);
  if (text === "") {
    return { kind: "unset" };
  }
  if (/^~[/\\]/.test(text)) {
    return { kind: "path", text, path: join(home, text.slice(2)) };
  }
  if (isAbsolute(text)) {
    return { kind: "path", text, path: text };
  }
  return /[/\\~]|^\.+$/.test(text) ? { kind: "relative", text } : { kind: "name", text, name: text };
}

/** Where a virtual environment has its Python. */
export function venvPython(folder: string, platform: NodeJS.Platform): string {
  const { join } = pathsOf(platform);
  return platform === "win32" ? join(folder, "Scripts", "python.exe") : join(folder, "bin", "python");
}

/** The folders of PATH that are searched: the absolute ones. */
export function searchFolders(pathVariable: string | undefined, platform: NodeJS.Platform): string[] {
  const { isAbsolute, delimiter, normalize } = pathsOf(platform);
  const folders = (pathVariable ?? "").split(delimiter).filter(isAbsolute).map(normalize);
  // macOS keeps stand-ins in /usr/bin that ask to install developer tools; the Python behind them is too old anyway.
  return platform === "darwin" ? folders.filter((folder) => !/^\/usr\/bin\/?$/.test(folder)) : folders;
}

/** What is looked up in these folders, the first found of each name; older systems have a newer Python by version. */
export function searchNames(platform: NodeJS.Platform): { readonly name: string; readonly args: readonly string[] }[] {
  const names = ["python3", "python", "python3.14", "python3.13", "python3.12", "python3.11"];
  return platform === "win32"
    ? [...["python3", "python"].map((name) => ({ name, args: [] })), { name: "py", args: ["-3"] }]
    : names.map((name) => ({ name, args: [] }));
}

/** The names under which a program's file may lie in a folder. */
export function fileNames(name: string, platform: NodeJS.Platform): string[] {
  return platform === "win32" && !/\.exe$/i.test(name) ? [`${name}.exe`] : [name];
}

/** Whether a path is a folder or lies below it; both absolute, links not looked at. */
export function liesIn(path: string, folder: string, platform: NodeJS.Platform): boolean {
  const { relative, isAbsolute, sep } = pathsOf(platform);
  // Outside Linux, two spellings may be one file: taking them for one refuses too much rather than too little.
  const fold = (text: string) => (platform === "linux" ? text : text.toLowerCase());
  const way = relative(fold(folder), fold(path));
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** What the probe script reports. */
export interface ProbeReport {
  readonly version: string;
  readonly supported: boolean;
  readonly speedups: readonly string[];
  readonly executable: string;
}

/** Read what a probed program said; undefined when no line of it is a report. */
export function readProbe(lines: readonly string[]): ProbeReport | undefined {
  for (const line of lines.toReversed()) {
    const report = parseReport(line);
    if (report !== undefined) {
      return report;
    }
  }
  return undefined;
}

function parseReport(line: string): ProbeReport | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  const [version, supported, speedups, executable] = ["version", "supported", "speedups", "executable"].map((name) =>
    memberOf(value, name),
  );
  if (typeof version !== "string" || typeof supported !== "boolean") {
    return undefined;
  }
  return {
    version,
    supported,
    speedups: Array.isArray(speedups) ? speedups.filter((name) => typeof name === "string") : [],
    executable: typeof executable === "string" ? executable : "",
  };
}

/** Whether a server that runs with the first would run the same with the second. */
export function samePython(one: Python | undefined, other: Python | undefined): boolean {
  const key = (python: Python | undefined) =>
    python && JSON.stringify([python.command, python.args, python.executable, python.version]);
  return key(one) === key(other);
}

/** Who named it, for people. */
export function sourceName(source: PythonSource, t: Translate): string {
  switch (source) {
    case "setting":
      return t("the setting forkpoint.python");
    case "speedups":
      return t("the environment with the speed-ups");
    case "virtualEnv":
      return "VIRTUAL_ENV";
    case "msPython":
      return t("the Python extension");
    case "path":
      return "PATH";
  }
}

/** Why `what` is not taken, as a sentence without a final full stop. */
export function describeRefusal(what: string, refusal: Refusal, t: Translate): string {
  switch (refusal.kind) {
    case "relative":
      return t("{0}: must be an absolute path, a path that starts with ~, or a name on PATH", what);
    case "notFound":
      return t("{0}: not found", what);
    case "untrusted":
      return t("{0}: lies in the workspace, which is not trusted", what);
    case "notStarted":
      return t("{0}: could not be started ({1})", what, refusal.detail);
    case "timedOut":
      return t("{0}: did not answer within {1} seconds", what, refusal.seconds);
    case "notPython":
      return t("{0}: is not a working Python ({1})", what, refusal.detail);
    case "tooOld":
      return t("{0}: version {1} is too old, {2} or newer is needed", what, refusal.version, OLDEST_PYTHON);
  }
}

function pathsOf(platform: NodeJS.Platform) {
  return platform === "win32" ? win32 : posix;
}
