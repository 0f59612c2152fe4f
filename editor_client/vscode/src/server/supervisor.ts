/** Starts the server, keeps it running, and says what it is doing. */

import { performance } from "node:perf_hooks";
import {
  CancellationError,
  type ConfigurationChangeEvent,
  commands,
  type Disposable,
  EventEmitter,
  type ExtensionContext,
  type LogOutputChannel,
  l10n,
  workspace,
} from "vscode";
import { Notices } from "../common/notices";
import { SingleFlight } from "../common/single_flight";
import { Calls, type Cancellation, PROTOCOL_VERSION } from "../protocol/calls";
import { messageOf } from "../protocol/errors";
import { type Sidecar, type SidecarFacts, type SidecarState, SidecarUnavailable } from "../sidecar";
import { missingSpeedups } from "./about";
import { Connection } from "./connection";
import { isPythonSet, PythonFinder } from "./find_python";
import { MsPython } from "./ms_python";
import { neutralFolder, serverFile } from "./places";
import { type Python, samePython, sourceName } from "./python";
import { afterCrash } from "./restart_policy";
import { describeEnding } from "./server_process";
import { AT_START_ALONE, liveSettings, needsRestart, type StartSettings, startSettings } from "./settings";
import { SPEEDUPS } from "./speedups_venv";

/** The server that runs now, and what it was started with. */
interface Running {
  readonly connection: Connection;
  readonly python: Python;
  readonly settings: StartSettings;
}

/** The server and its life; there is one in a window. */
export class Supervisor implements Sidecar, Disposable {
  readonly calls = new Calls((method, params, cancel) => this.send(method, params, cancel));
  readonly notices = new Notices();
  private readonly changed = new EventEmitter<SidecarState>();
  readonly onDidChangeState = this.changed.event;
  private now: SidecarState = { kind: "stopped" };
  private running: Running | undefined;
  /** Settles when nothing is left of the server before this one. */
  private gone: Promise<void> = Promise.resolve();
  private readonly flight = new SingleFlight(() => this.startAnew());
  private readonly look = new SingleFlight(() => this.lookForPython());
  /** Aborted when the extension ends. */
  private readonly life = new AbortController();
  private readonly msPython: MsPython;
  private readonly finder: PythonFinder;
  private readonly listening: Disposable[];
  /** Crashes in a row. */
  private crashes = 0;
  private pause: NodeJS.Timeout | undefined;
  /** Whether something that names a Python changed since it was last looked for. */
  private pythonChanged = false;

  constructor(
    private readonly context: ExtensionContext,
    private readonly log: LogOutputChannel,
  ) {
    this.msPython = new MsPython(log);
    this.finder = new PythonFinder(context, this.msPython, log);
    this.listening = [
      this.msPython,
      this.msPython.onDidChange(() => this.reconsider()),
      workspace.onDidChangeConfiguration((event) => this.configured(event)),
      workspace.onDidGrantWorkspaceTrust(() => void this.restart()),
    ];
  }

  get state(): SidecarState {
    return this.now;
  }

  /** Start the server; the returned promise settles when it runs, or when it is known that it does not. */
  start(): Promise<void> {
    return this.restart();
  }

  restart(): Promise<void> {
    this.crashes = 0;
    if (!this.life.signal.aborted) {
      this.enter({ kind: "starting" });
    }
    return this.flight.run();
  }

  /** End the server for good; takes at most four seconds. For the editor's `deactivate`, which waits for it. */
  async stop(): Promise<void> {
    this.life.abort();
    clearTimeout(this.pause);
    for (const listener of this.listening.splice(0)) {
      listener.dispose();
    }
    await this.close();
    this.enter({ kind: "stopped" });
  }

  dispose(): void {
    void this.stop().finally(() => this.changed.dispose());
  }

  private enter(state: SidecarState): void {
    if (state.kind === this.now.kind && (state.kind === "starting" || state.kind === "stopped")) {
      return;
    }
    this.now = state;
    const lacks = !isPythonSet() && missingSpeedups(state, Object.keys(SPEEDUPS)).length > 0;
    void commands.executeCommand("setContext", "forkpoint.state", state.kind);
    void commands.executeCommand("setContext", "forkpoint.speedupsMissing", lacks);
    this.changed.fire(state);
  }

  private async startAnew(): Promise<void> {
    clearTimeout(this.pause);
    await this.close();
    if (this.life.signal.aborted) {
      return;
    }
    this.enter({ kind: "starting" });
    this.pythonChanged = false;
    try {
      const found = await this.finder.find(this.life.signal);
      if (this.life.signal.aborted) {
        return;
      }
      if (found.python === undefined) {
        this.log.error("No Python that can run the server was found.");
        if (!this.flight.hasQueued) {
          this.enter({ kind: "noPython", tried: found.tried });
        }
      } else {
        await this.open(found.python, found.env);
      }
    } catch (error) {
      this.crashed(messageOf(error), 0);
    }
    if (this.pythonChanged) {
      this.reconsider();
    }
  }

  /** Errors: one whose message is a sentence that says why it does not run. */
  private async open(python: Python, env: NodeJS.ProcessEnv): Promise<void> {
    const began = performance.now();
    const args = [...python.args, serverFile(this.context, "start.py")];
    const settings = startSettings(readSetting, workspace.isTrusted);
    const connection = await Connection.open({
      launch: { command: python.command, args, cwd: neutralFolder(), env },
      settings,
      live: () => liveSettings(readSetting),
      notices: this.notices,
      log: this.log,
      signal: this.life.signal,
    });
    if (this.life.signal.aborted) {
      await connection.close();
      return;
    }
    this.running = { connection, python, settings };
    const runs = performance.now();
    const facts = factsOf(connection, python);
    this.log.info(`The server runs after ${Math.round(runs - began)} ms: ${JSON.stringify(facts)}`);
    if (facts.protocolVersion !== PROTOCOL_VERSION) {
      this.log.warn(`The server speaks protocol ${facts.protocolVersion}, this extension ${PROTOCOL_VERSION}.`);
    }
    if (!this.flight.hasQueued) {
      this.enter({ kind: "running", facts }); // else its end is near, and whoever waits shall not ask it
    }
    void connection.ended.then((ending) => {
      if (this.running?.connection === connection) {
        this.running = undefined;
        this.gone = connection.close();
        this.crashed(describeEnding(ending, l10n.t), performance.now() - runs);
      }
    });
  }

  private async close(): Promise<void> {
    const running = this.running;
    this.running = undefined;
    if (running !== undefined) {
      this.gone = running.connection.close();
    }
    await this.gone;
  }

  private crashed(reason: string, ranMs: number): void {
    if (this.life.signal.aborted) {
      return;
    }
    const { crashes, pauseMs } = afterCrash(this.crashes, ranMs);
    this.crashes = crashes;
    this.log.error(reason);
    if (pauseMs === undefined) {
      this.enter({ kind: "failed", reason: l10n.t("It ended {0} times in a row. {1}", crashes, reason) });
      return;
    }
    this.log.info(`The server is started again in ${pauseMs} ms (crash ${crashes} in a row).`);
    this.enter({ kind: "starting" });
    this.pause = setTimeout(() => void this.flight.run(), pauseMs);
  }

  private configured(event: ConfigurationChangeEvent): void {
    if (event.affectsConfiguration("forkpoint.python")) {
      this.reconsider();
    }
    const before = this.running?.settings;
    const changed = before === undefined || needsRestart(before, startSettings(readSetting, workspace.isTrusted));
    if (changed && AT_START_ALONE.some((name) => event.affectsConfiguration(`forkpoint.${name}`))) {
      void this.restart();
    }
  }

  /** Something that names a Python changed; while the server starts, that is looked at afterwards. */
  private reconsider(): void {
    this.pythonChanged = true;
    if (this.now.kind !== "starting") {
      this.look.run().catch((error: unknown) => this.log.error(messageOf(error)));
    }
  }

  /** Restarts only when another Python is the answer now: a restart costs whoever waits for the server. */
  private async lookForPython(): Promise<void> {
    this.pythonChanged = false;
    const found = this.running && (await this.finder.find(this.life.signal));
    if (this.life.signal.aborted || this.now.kind === "starting") {
      return; // a start that began meanwhile looks for itself
    }
    if (found === undefined || !samePython(found.python, this.running?.python)) {
      await this.restart();
    }
  }

  private async send(method: string, params: object, cancel?: Cancellation): Promise<unknown> {
    while (this.now.kind === "starting" && !cancel?.isCancellationRequested) {
      await this.nextState(cancel);
    }
    if (cancel?.isCancellationRequested) {
      throw new CancellationError();
    }
    if (this.now.kind !== "running" || this.running === undefined) {
      throw new SidecarUnavailable(whyUnavailable(this.now));
    }
    return this.running.connection.request(method, params, cancel);
  }

  /** Settles with the next change of state, or with the cancel. */
  private nextState(cancel: Cancellation | undefined): Promise<void> {
    return new Promise((resolve) => {
      const listeners: { dispose(): void }[] = [];
      const done = () => {
        for (const listener of listeners) {
          listener.dispose();
        }
        resolve();
      };
      listeners.push(this.onDidChangeState(done));
      if (cancel !== undefined) {
        listeners.push(cancel.onCancellationRequested(done));
      }
    });
  }
}

function readSetting(name: string): unknown {
  return workspace.getConfiguration("forkpoint").get(name);
}

function factsOf(connection: Connection, python: Python): SidecarFacts {
  return {
    version: connection.version,
    protocolVersion: connection.protocolVersion ?? 0,
    python: python.executable,
    pythonVersion: python.version,
    pythonSource: sourceName(python.source, l10n.t),
    speedups: python.speedups,
    pid: connection.pid,
  };
}

function whyUnavailable(state: SidecarState): string {
  switch (state.kind) {
    case "noPython":
      return l10n.t("There is no Python that can run the Forkpoint server.");
    case "failed":
      return l10n.t("The Forkpoint server does not run. {0}", state.reason);
    default:
      return l10n.t("The Forkpoint server does not run.");
  }
}
