/** Going on with a session in its own agent, in a terminal. */

import { stat } from "node:fs/promises";
import {
  commands,
  type Disposable,
  env,
  l10n,
  type Memento,
  type Terminal,
  type TerminalOptions,
  type TerminalShellIntegration,
  ThemeIcon,
  window,
  workspace,
} from "vscode";
import { Agents } from "../common/agents";
import { editorWords } from "../common/editor_words";
import { noticeText, titleText } from "../common/labels";
import type { Resume, SessionRow } from "../protocol/calls";
import type { Sidecar } from "../sidecar";
import { ResumedTerminals } from "./resumed_terminals";
import { commandLine, hasControls, shellOf } from "./shell_words";

/** Milliseconds for a shell to say that it can be spoken to. */
const PATIENCE = 3000;
const LONGEST_NAME = 40;

/** Resumes sessions, each in one terminal at a time: two agents on one session lose work. */
export class Resumer implements Disposable {
  private readonly terminals: ResumedTerminals;
  private readonly agents: Agents;
  /** Sessions whose terminal is about to be there. */
  private readonly starting = new Set<string>();

  constructor(sidecar: Sidecar, state: Memento) {
    this.terminals = new ResumedTerminals(state);
    this.agents = new Agents(() => sidecar.calls);
  }

  dispose(): void {
    this.terminals.dispose();
  }

  /** Resume a session, or show the terminal it was resumed in; a message says what keeps it from that. */
  async resume(row: SessionRow): Promise<void> {
    if (this.starting.has(row.sessionId)) {
      return;
    }
    this.starting.add(row.sessionId);
    try {
      await this.showOrStart(row);
    } finally {
      this.starting.delete(row.sessionId);
    }
  }

  private async showOrStart(row: SessionRow): Promise<void> {
    if (!workspace.isTrusted) {
      void refuseUntrusted();
      return;
    }
    const running = await this.terminals.find(row.sessionId);
    if (running !== undefined) {
      running.show();
      return;
    }
    const { resume } = row;
    if (resume === undefined || resume.command.length === 0) {
      refuse(l10n.t("This session cannot be resumed here: its folder is not known, or on another machine."));
      return;
    }
    const obstacle = await obstacleOf(resume);
    if (obstacle !== undefined) {
      refuse(obstacle);
      return;
    }
    await this.agents.load().catch(() => undefined);
    await this.start(row, resume);
  }

  private async start(row: SessionRow, resume: Resume): Promise<void> {
    const name = [...titleText(row, editorWords().t)].slice(0, LONGEST_NAME).join("");
    const look = { name, iconPath: new ThemeIcon(this.agents.icon(row.agent)), cwd: resume.cwd };
    const terminal = this.open(row.sessionId, look);
    const shellIntegration = await integrationOf(terminal);
    if (terminal.exitStatus !== undefined) {
      return;
    }
    const shell = shellOf(terminal.state.shell ?? env.shell);
    const line = shell === undefined ? undefined : commandLine(shell, resume.command);
    if (line === undefined) {
      // The shell has no words for it: the agent runs without one.
      terminal.dispose();
      const [shellPath = "", ...shellArgs] = resume.command;
      this.open(row.sessionId, { ...look, shellPath, shellArgs });
    } else if (shellIntegration === undefined) {
      terminal.sendText(line);
    } else {
      this.terminals.setExecution(row.sessionId, shellIntegration.executeCommand(line));
    }
  }

  private open(sessionId: string, options: TerminalOptions): Terminal {
    const terminal = window.createTerminal(options);
    void this.terminals.add(sessionId, terminal);
    terminal.show();
    return terminal;
  }
}

async function refuseUntrusted(): Promise<void> {
  const manage = l10n.t("Manage Workspace Trust");
  const message = l10n.t("A session is resumed in trusted workspaces only, because its agent runs programs.");
  if ((await window.showWarningMessage(message, manage)) === manage) {
    await commands.executeCommand("workbench.trust.manage");
  }
}

function refuse(message: string): void {
  void window.showErrorMessage(message);
}

/** Why a session cannot be resumed, as a sentence; undefined when it can. */
async function obstacleOf(resume: Resume): Promise<string | undefined> {
  if (resume.command.some(hasControls)) {
    return l10n.t("The command that resumes this session holds control characters, and is not run.");
  }
  const isFolder = await stat(resume.cwd).then(
    (found) => found.isDirectory(),
    () => false,
  );
  return isFolder ? undefined : l10n.t("The session's folder is not there any more: {0}", noticeText(resume.cwd));
}

/** What a terminal's shell is spoken to with; undefined when it does not say in time that it can be. */
async function integrationOf(terminal: Terminal): Promise<TerminalShellIntegration | undefined> {
  return await new Promise((resolve) => {
    const end = () => {
      listener.dispose();
      clearTimeout(timer);
      resolve(terminal.shellIntegration);
    };
    const listener = window.onDidChangeTerminalShellIntegration((event) => {
      if (event.terminal === terminal) {
        end();
      }
    });
    const timer = setTimeout(end, terminal.shellIntegration === undefined ? PATIENCE : 0);
  });
}
