/** One server that runs, and the requests that are open on it. */

import { CancellationError, type LogOutputChannel, l10n } from "vscode";
import { CancellationToken, ErrorCodes, LSPErrorCodes, ResponseError } from "vscode-languageclient/node";
import { limited, TimedOut } from "../common/limited";
import type { Cancellation } from "../protocol/calls";
import { memberOf, messageOf } from "../protocol/errors";
import { SidecarUnavailable } from "../sidecar";
import { type ClientOptions, QuietClient } from "./quiet_client";
import { describeEnding, type Ending, type Launch, ServerProcess } from "./server_process";

/** How long a server may take to answer `initialize`, in milliseconds. */
const START_LIMIT_MS = 30_000;

/** How long it may take to answer `shutdown`, and then to end, in milliseconds; together less than the editor waits. */
const SHUTDOWN_LIMIT_MS = 2000;
const END_LIMIT_MS = 1000;

/** How many lines of a server's standard error go to the log. */
const MOST_LOGGED_LINES = 1000;

/** What it takes to start a server. */
export interface ConnectionOptions extends ClientOptions {
  readonly launch: Launch;
  /** Gives the start up. */
  readonly signal: AbortSignal;
}

/** A server that answered `initialize`. */
export class Connection {
  private readonly open = new Set<(error: Error) => void>();
  /** Settles when the process has ended, whether we asked for it or not. */
  readonly ended: Promise<Ending>;

  private constructor(
    private readonly process: ServerProcess,
    private readonly client: QuietClient,
    private readonly log: LogOutputChannel,
  ) {
    this.ended = process.ended.then((ending) => {
      this.rejectOpen();
      return ending;
    });
  }

  /**
   * Start a server and greet it.
   *
   * Errors: one whose message is a sentence that says why there is none; nothing of it runs then.
   */
  static async open(options: ConnectionOptions): Promise<Connection> {
    let logged = 0;
    const process = await ServerProcess.start(options.launch, (line) => {
      logged += 1;
      if (logged <= MOST_LOGGED_LINES) {
        options.log.info(`server: ${line}`);
      }
    });
    const kill = () => process.kill();
    options.signal.addEventListener("abort", kill);
    const client = new QuietClient(process, options);
    if (options.signal.aborted) {
      kill();
    }
    try {
      await limited(client.start(), START_LIMIT_MS);
      return new Connection(process, client, options.log);
    } catch (error) {
      const reason = await whyNotStarted(process, error);
      await release(process, client);
      throw new Error(reason);
    } finally {
      options.signal.removeEventListener("abort", kill);
    }
  }

  get pid(): number | undefined {
    return this.process.pid;
  }

  /** The server's own version. */
  get version(): string {
    return this.client.initializeResult?.serverInfo?.version ?? "?";
  }

  /** The version of the protocol it speaks; undefined when it does not say. */
  get protocolVersion(): number | undefined {
    const experimental: unknown = this.client.initializeResult?.capabilities.experimental;
    const version = memberOf(memberOf(experimental, "forkpoint"), "protocolVersion");
    return typeof version === "number" ? version : undefined;
  }

  /**
   * Send one request.
   *
   * Errors: the server's, with `data.kind`; the editor's CancellationError; SidecarUnavailable when the server ended.
   */
  request(method: string, params: object, cancel?: Cancellation): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.open.add(reject);
      this.client
        .sendRequest(method, params, tokenOf(cancel))
        .then(resolve, (error: unknown) => reject(this.translate(error, cancel)))
        .finally(() => this.open.delete(reject));
    });
  }

  /** End the server: politely, then by force. Takes at most four seconds. */
  async close(): Promise<void> {
    if (this.client.isRunning()) {
      await this.client.stop(SHUTDOWN_LIMIT_MS).catch(() => {}); // what then follows is force
    }
    await limited(this.ended, END_LIMIT_MS).catch(() => this.log.warn("The server did not end when asked to."));
    await release(this.process, this.client);
    this.rejectOpen();
  }

  private rejectOpen(): void {
    for (const reject of this.open) {
      reject(serverGone());
    }
    this.open.clear();
  }

  /** A server that ends cancels what is open: that is no cancel of ours. */
  private translate(error: unknown, cancel: Cancellation | undefined): unknown {
    const code = error instanceof ResponseError ? error.code : ErrorCodes.PendingResponseRejected;
    if (code === LSPErrorCodes.RequestCancelled && cancel?.isCancellationRequested) {
      return new CancellationError();
    }
    const ended = code === LSPErrorCodes.RequestCancelled || code === ErrorCodes.PendingResponseRejected;
    return ended || !this.client.isRunning() ? serverGone() : error;
  }
}

/** Always a token: the client would take a missing one for a second parameter. */
function tokenOf(cancel: Cancellation | undefined): CancellationToken {
  return cancel === undefined
    ? CancellationToken.None
    : {
        get isCancellationRequested() {
          return cancel.isCancellationRequested;
        },
        onCancellationRequested: (listener) => cancel.onCancellationRequested(() => listener(undefined)),
      };
}

function serverGone(): SidecarUnavailable {
  return new SidecarUnavailable(l10n.t("The Forkpoint server ended before it answered."));
}

/** A process that is about to end gets a moment for it: how it ended says more than what became of the connection. */
async function whyNotStarted(process: ServerProcess, error: unknown): Promise<string> {
  if (error instanceof TimedOut) {
    return l10n.t("The server did not answer within {0} seconds.", START_LIMIT_MS / 1000);
  }
  const ending = await limited(process.ended, END_LIMIT_MS).catch(() => undefined);
  return ending === undefined ? messageOf(error) : describeEnding(ending, l10n.t);
}

/** Makes sure that nothing of a server is left: neither its process nor its commands. */
async function release(process: ServerProcess, client: QuietClient): Promise<void> {
  process.kill();
  await limited(process.ended, END_LIMIT_MS).catch(() => {});
  client.releaseCommands();
}
