/** Finds the Python that runs the server, in the places where a user or the editor names one. */

import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute } from "node:path";
import { type ExtensionContext, type LogOutputChannel, l10n, workspace } from "vscode";
import { lookUp, probe, pythonEnvironment } from "./interpreter";
import type { MsPython } from "./ms_python";
import { neutralFolder, serverFile, speedupsFolder } from "./places";
import {
  type Candidate,
  describeRefusal,
  type Python,
  type PythonSetting,
  type PythonSource,
  type Refusal,
  readPythonSetting,
  searchFolders,
  searchNames,
  sourceName,
  venvPython,
} from "./python";

/** A Python and the environment to run it in, or what was tried, one sentence each. */
export type Found =
  | { readonly python: Python; readonly env: NodeJS.ProcessEnv }
  | { readonly python: undefined; readonly tried: readonly string[] };

/** Somebody names a Python that cannot even be probed. */
interface Named {
  readonly source: PythonSource;
  /** What it was called. */
  readonly what: string;
  readonly refusal: Refusal;
}

/** Looks for a Python; asks again each time. */
export class PythonFinder {
  constructor(
    private readonly context: ExtensionContext,
    private readonly msPython: MsPython,
    private readonly log: LogOutputChannel,
  ) {}

  /** The first candidate that can run the server. */
  async find(signal: AbortSignal): Promise<Found> {
    const forbidden = forbiddenFolders();
    const env = await pythonEnvironment(process.env, forbidden);
    const options = { script: serverFile(this.context, "probe.py"), cwd: neutralFolder(), env, forbidden, signal };
    const tried: string[] = [];
    const refuse = (source: PythonSource, what: string, refusal: Refusal) => {
      const sentence = `${describeRefusal(what, refusal, l10n.t)} [${sourceName(source, l10n.t)}]`;
      this.log.warn(sentence);
      tried.push(sentence);
    };
    for await (const candidate of this.candidates(forbidden)) {
      if ("refusal" in candidate) {
        refuse(candidate.source, candidate.what, candidate.refusal);
        continue;
      }
      const probed = await probe(candidate, options);
      if ("executable" in probed) {
        return { python: probed, env };
      }
      refuse(candidate.source, [candidate.command, ...candidate.args].join(" "), probed);
    }
    return { python: undefined, tried };
  }

  /** Lazily: whoever comes later is not asked when an earlier one will do. */
  private async *candidates(forbidden: readonly string[]): AsyncGenerator<Candidate | Named> {
    const platform = process.platform;
    const folders = searchFolders(process.env["PATH"], platform);
    const setting = pythonSetting();
    if (setting.kind !== "unset") {
      // A user who names one wants that one: no other is tried.
      yield await fromSetting(setting, folders, forbidden);
      return;
    }
    const speedups = speedupsFolder(this.context);
    if (existsSync(speedups)) {
      yield { source: "speedups", command: venvPython(speedups, platform), args: [] };
    }
    const virtualEnv = process.env["VIRTUAL_ENV"];
    if (virtualEnv !== undefined && isAbsolute(virtualEnv)) {
      yield { source: "virtualEnv", command: venvPython(virtualEnv, platform), args: [] };
    }
    const chosen = await this.msPython.interpreter();
    if (chosen !== undefined) {
      yield { source: "msPython", command: chosen, args: [] };
    }
    yield* onPath(folders, forbidden);
  }
}

/** Whether a user names a Python by the setting: then no other is tried. */
export function isPythonSet(): boolean {
  return pythonSetting().kind !== "unset";
}

function pythonSetting(): PythonSetting {
  return readPythonSetting(workspace.getConfiguration("forkpoint").get("python"), homedir(), process.platform);
}

async function fromSetting(
  setting: Exclude<PythonSetting, { kind: "unset" }>,
  folders: readonly string[],
  forbidden: readonly string[],
): Promise<Candidate | Named> {
  if (setting.kind === "relative") {
    return { source: "setting", what: setting.text, refusal: { kind: "relative" } };
  }
  const command = setting.kind === "path" ? setting.path : await lookUp(setting.name, folders, forbidden);
  return command === undefined
    ? { source: "setting", what: setting.text, refusal: { kind: "notFound" } }
    : { source: "setting", command, args: [] };
}

async function* onPath(folders: readonly string[], forbidden: readonly string[]): AsyncGenerator<Candidate | Named> {
  let found = false;
  for (const { name, args } of searchNames(process.platform)) {
    const command = await lookUp(name, folders, forbidden);
    if (command !== undefined) {
      found = true;
      yield { source: "path", command, args };
    }
  }
  if (!found) {
    yield { source: "path", what: "python3", refusal: { kind: "notFound" } };
  }
}

/** The folders nothing is run from: those of a workspace that is not trusted. */
function forbiddenFolders(): string[] {
  const folders = workspace.isTrusted ? [] : (workspace.workspaceFolders ?? []);
  return folders.filter((folder) => folder.uri.scheme === "file").map((folder) => folder.uri.fsPath);
}
