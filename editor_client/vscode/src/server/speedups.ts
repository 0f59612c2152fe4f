/** The command that installs the speed-ups. */

import {
  type Disposable,
  type ExtensionContext,
  type LogOutputChannel,
  l10n,
  ProgressLocation,
  window,
  workspace,
} from "vscode";
import { messageOf } from "../protocol/errors";
import { missingSpeedups } from "./about";
import { isPythonSet } from "./find_python";
import { pythonEnvironment } from "./interpreter";
import { serverFile, speedupsFolder } from "./places";
import { makeSpeedupsVenv, SPEEDUPS, VenvFailed } from "./speedups_venv";
import type { Supervisor } from "./supervisor";

/** Installs the speed-ups into the extension's own storage, with progress and a way to cancel. */
export class SpeedupsInstaller implements Disposable {
  /** There while an installation goes on. */
  private abort: AbortController | undefined;

  constructor(
    private readonly context: ExtensionContext,
    private readonly supervisor: Supervisor,
    private readonly log: LogOutputChannel,
  ) {}

  /** Install and restart the server; tells the user what came of it. While one goes on, asking again does nothing. */
  async install(): Promise<void> {
    const { state } = this.supervisor;
    if (!workspace.isTrusted) {
      void window.showWarningMessage(l10n.t("Speed-ups can be installed only in a trusted workspace."));
    } else if (state.kind !== "running") {
      void window.showWarningMessage(l10n.t("Speed-ups need the Python that runs the server, and no server runs."));
    } else if (isPythonSet()) {
      void window.showWarningMessage(
        l10n.t("The setting forkpoint.python names a Python: install {0} there.", Object.keys(SPEEDUPS).join(", ")),
      );
    } else if (this.abort === undefined) {
      await this.installWith(state.facts.python, new AbortController());
    }
  }

  dispose(): void {
    this.abort?.abort();
  }

  private async installWith(python: string, abort: AbortController): Promise<void> {
    this.abort = abort;
    try {
      await this.makeVenv(python, abort);
      await this.supervisor.restart();
      this.showSuccess();
    } catch (error) {
      if (!abort.signal.aborted) {
        this.log.error(`The speed-ups were not installed: ${messageOf(error)}`);
        void this.showFailure(error);
      }
    } finally {
      this.abort = undefined;
    }
  }

  private async makeVenv(python: string, abort: AbortController): Promise<void> {
    const env = await pythonEnvironment(process.env, []);
    const progressOptions = {
      location: ProgressLocation.Notification,
      title: l10n.t("Forkpoint speed-ups"),
      cancellable: true,
    };
    await window.withProgress(progressOptions, (progress, token) => {
      token.onCancellationRequested(() => abort.abort());
      return makeSpeedupsVenv({
        python,
        folder: speedupsFolder(this.context),
        probeScript: serverFile(this.context, "probe.py"),
        env,
        signal: abort.signal,
        onLine: (line) => this.log.info(`speed-ups: ${line}`),
        onStep: (step) => progress.report({ message: stepName(step) }),
      });
    });
  }

  private showSuccess(): void {
    const { state } = this.supervisor;
    const used = state.kind === "running" && missingSpeedups(state, Object.keys(SPEEDUPS)).length === 0;
    const text = used
      ? l10n.t("The Forkpoint speed-ups are installed, and the server uses them.")
      : l10n.t("The Forkpoint speed-ups are installed, but the server runs with another Python. See the log.");
    void window.showInformationMessage(text);
  }

  private async showFailure(error: unknown): Promise<void> {
    const showLog = l10n.t("Show Log");
    const text = l10n.t("The Forkpoint speed-ups could not be installed: {0}", failureDetail(error));
    if ((await window.showErrorMessage(text, showLog)) === showLog) {
      this.log.show();
    }
  }
}

function stepName(step: "create" | "install" | "check"): string {
  switch (step) {
    case "create":
      return l10n.t("making an environment of their own…");
    case "install":
      return l10n.t("installing {0}…", Object.keys(SPEEDUPS).join(", "));
    case "check":
      return l10n.t("checking…");
  }
}

function failureDetail(error: unknown): string {
  if (!(error instanceof VenvFailed)) {
    return messageOf(error);
  }
  const last = error.lastLines.join(" ");
  switch (error.outcome) {
    case "missing":
      return l10n.t("{0} cannot be imported", last);
    case "timedOut":
      return l10n.t("it took too long. {0}", last);
    default:
      return last;
  }
}
