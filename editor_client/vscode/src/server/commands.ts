/** The commands about the server itself. */

import { commands, type ExtensionContext, env, type LogOutputChannel, l10n, window, workspace } from "vscode";
import { noticeText } from "../common/labels";
import { limited } from "../common/limited";
import type { Agent } from "../protocol/calls";
import { memberOf, messageOf } from "../protocol/errors";
import { aboutLines, missingSpeedups } from "./about";
import { isPythonSet } from "./find_python";
import { SpeedupsInstaller } from "./speedups";
import { SPEEDUPS } from "./speedups_venv";
import type { Supervisor } from "./supervisor";

/** How long the list of agents is waited for before the rest is shown without it, in milliseconds. */
const AGENTS_LIMIT_MS = 3000;

/** Registers restartServer, showLog, about, installSpeedups and selectPython. */
export function registerServerCommands(context: ExtensionContext, supervisor: Supervisor, log: LogOutputChannel): void {
  const installer = new SpeedupsInstaller(context, supervisor, log);
  const install = () => installer.install();
  context.subscriptions.push(
    installer,
    commands.registerCommand("forkpoint.restartServer", () => supervisor.restart()),
    commands.registerCommand("forkpoint.showLog", () => log.show()),
    commands.registerCommand("forkpoint.about", () => showAbout(context, supervisor, log, install)),
    commands.registerCommand("forkpoint.installSpeedups", install),
    commands.registerCommand("forkpoint.selectPython", selectPython),
    supervisor.onDidChangeState((state) => {
      if (state.kind === "failed") {
        void tellFailure(state.reason, supervisor, log);
      }
    }),
  );
}

/** The welcome view can only say that the server is gone; why it is, is said here, once. */
async function tellFailure(reason: string, supervisor: Supervisor, log: LogOutputChannel): Promise<void> {
  const restart = l10n.t("Restart Server");
  const showLog = l10n.t("Show Log");
  // It may still be read when the server runs again.
  const message = l10n.t("Forkpoint gave up starting its server. {0}", noticeText(reason));
  const choice = await window.showErrorMessage(message, restart, showLog);
  if (choice === restart && supervisor.state.kind === "failed") {
    await supervisor.restart();
  } else if (choice === showLog) {
    log.show();
  }
}

async function showAbout(
  context: ExtensionContext,
  supervisor: Supervisor,
  log: LogOutputChannel,
  install: () => Promise<void>,
): Promise<void> {
  const agents = await knownAgents(supervisor, log);
  const { state } = supervisor;
  const wanted = Object.keys(SPEEDUPS);
  const version = String(memberOf(context.extension.packageJSON, "version") ?? "?");
  const detail = aboutLines({ version, state, agents, wanted }, l10n.t).join("\n");
  const copy = l10n.t("Copy");
  const showLog = l10n.t("Show Log");
  const installSpeedups = l10n.t("Install Speed-Ups");
  const offers = workspace.isTrusted && !isPythonSet() && missingSpeedups(state, wanted).length > 0;
  const offered = offers ? [installSpeedups] : [];
  const choice = await window.showInformationMessage("Forkpoint", { modal: true, detail }, copy, showLog, ...offered);
  if (choice === copy) {
    await env.clipboard.writeText(`Forkpoint\n${detail}\n`);
  } else if (choice === showLog) {
    log.show();
  } else if (choice === installSpeedups) {
    await install();
  }
}

async function knownAgents(supervisor: Supervisor, log: LogOutputChannel): Promise<readonly Agent[] | undefined> {
  if (supervisor.state.kind !== "running") {
    return undefined;
  }
  try {
    return (await limited(supervisor.calls.listAgents(), AGENTS_LIMIT_MS)).agents;
  } catch (error) {
    log.warn(`The agents could not be listed: ${messageOf(error)}`);
    return undefined;
  }
}

/** The setting belongs to the machine the server runs on: in a remote window, that is among the remote settings. */
async function selectPython(): Promise<void> {
  const remote = env.remoteName !== undefined;
  const command = remote ? "workbench.action.openRemoteSettings" : "workbench.action.openSettings";
  await commands.executeCommand(command, { query: "@id:forkpoint.python" });
}
