/** Making a new session. */

import { l10n, type QuickPickItem, ThemeIcon, window } from "vscode";
import type { Agents } from "../common/agents";
import { HOME } from "../common/editor_words";
import { displayText, iconName, noticeText, shortPath } from "../common/labels";
import type { Agent, SessionRow } from "../protocol/calls";
import { openFolders } from "../sessions/workspace_groups";
import type { Sidecar } from "../sidecar";
import { askNewTitle } from "./ask";
import { creators, EMBEDDED } from "./choices";

/** Ask for agent, folder and title, and make the session; undefined when a question was given up. */
export async function makeSession(sidecar: Sidecar, agents: Agents): Promise<SessionRow | undefined> {
  await agents.load();
  const agent = await askAgent(creators(agents.all));
  const workDir = agent === undefined ? undefined : await askFolder();
  const title = workDir === undefined ? undefined : await askNewTitle();
  if (agent === undefined || workDir === undefined || title === undefined) {
    return undefined;
  }
  const named = title.trim() === "" ? {} : { title: title.trim() };
  const { session, problems } = await sidecar.calls.createSession({ agent: agent.id, workDir, ...named });
  for (const { reason } of problems.slice(0, 1)) {
    void window.showWarningMessage(l10n.t("The session was made, but: {0}", noticeText(reason)));
  }
  return session;
}

async function askAgent(agents: readonly Agent[]): Promise<Agent | undefined> {
  const items = agents.map((agent) => ({
    label: displayText(agent.title),
    description: agent.homes.length > 0 || agent.id === EMBEDDED ? "" : l10n.t("not used on this machine yet"),
    detail: agent.id === EMBEDDED ? l10n.t("Kept by Forkpoint itself; no agent has to be installed") : "",
    iconPath: new ThemeIcon(iconName(agent.icon)),
    agent,
  }));
  const title = l10n.t("New Session");
  const placeHolder = l10n.t("The agent that keeps the session");
  return (await window.showQuickPick(items, { title, placeHolder }))?.agent;
}

interface FolderItem extends QuickPickItem {
  /** Absent: ask for one. */
  readonly path?: string;
}

async function askFolder(): Promise<string | undefined> {
  const open = openFolders();
  if (open.length <= 1) {
    return open[0]?.path ?? (await browse());
  }
  const items: FolderItem[] = open.map(({ name, path }) => ({
    label: displayText(name),
    description: shortPath(path, HOME),
    iconPath: new ThemeIcon("folder"),
    path,
  }));
  items.push({ label: l10n.t("Another folder…"), iconPath: new ThemeIcon("folder-opened") });
  const title = l10n.t("New Session");
  const chosen = await window.showQuickPick(items, { title, placeHolder: l10n.t("The folder it works in") });
  return chosen === undefined ? undefined : (chosen.path ?? (await browse()));
}

async function browse(): Promise<string | undefined> {
  const chosen = await window.showOpenDialog({
    canSelectFolders: true,
    canSelectFiles: false,
    title: l10n.t("Folder of the New Session"),
    openLabel: l10n.t("Work Here"),
  });
  return chosen?.[0]?.fsPath;
}
