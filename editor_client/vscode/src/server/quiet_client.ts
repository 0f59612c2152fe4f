/** The language client, kept quiet: what goes wrong is told by the supervisor, in the log and in the view. */

import type { LogOutputChannel } from "vscode";
import {
  CloseAction,
  DidChangeConfigurationNotification,
  ErrorAction,
  ExecuteCommandRequest,
  LanguageClient,
  type LanguageClientOptions,
  RevealOutputChannelOn,
  type StaticFeature,
} from "vscode-languageclient/node";
import { HEARD, type Notices } from "../common/notices";
import { messageOf } from "../protocol/errors";
import type { ServerProcess } from "./server_process";
import { answerConfiguration, type LiveSettings, type StartSettings } from "./settings";

/** What the client tells the server, and where it writes. */
export interface ClientOptions {
  /** The settings the server starts with. */
  readonly settings: StartSettings;
  /** The settings as they are now. */
  readonly live: () => LiveSettings;
  /** Gets what the server tells. */
  readonly notices: Pick<Notices, "tell">;
  readonly log: LogOutputChannel;
}

/** A language client for one server process; it neither restarts anything nor opens messages. */
export class QuietClient extends LanguageClient {
  constructor(process: ServerProcess, options: ClientOptions) {
    const streams = () => Promise.resolve({ reader: process.output, writer: process.input });
    super("forkpoint", "Forkpoint", streams, clientOptions(process, options));
    this.registerFeature(NOTIFICATIONS);
    for (const method of HEARD) {
      this.onNotification(method, (params) => options.notices.tell(method, params));
    }
    this.middleware.workspace = {
      configuration: (params) => answerConfiguration(params.items, options.live()),
      didChangeConfiguration: () => this.pushSettings(options.live()),
    };
  }

  /**
   * The base class would also show it in a message, one of them even when told not to. While the client does not run,
   * it is a consequence of what the supervisor says in one sentence.
   */
  override error(message: string, data?: unknown): void {
    if (this.isRunning()) {
      super.error(message, data, false);
    } else {
      this.outputChannel.debug(data === undefined ? message : `${message} ${messageOf(data)}`);
    }
  }

  private async pushSettings(live: LiveSettings): Promise<void> {
    if (this.isRunning()) {
      await this.sendNotification(DidChangeConfigurationNotification.type, { settings: { forkpoint: live } });
    }
  }

  /** Take back the server's commands: the next client registers the same ones. */
  releaseCommands(): void {
    this.getFeature(ExecuteCommandRequest.method).clear();
  }
}

/** Names the notifications we want from the server. */
const NOTIFICATIONS: StaticFeature = {
  fillClientCapabilities(capabilities) {
    capabilities.experimental = { ...capabilities.experimental, forkpoint: { notifications: [...HEARD] } };
  },
  initialize() {},
  getState: () => ({ kind: "static" }),
  clear() {},
};

function clientOptions(process: ServerProcess, options: ClientOptions): LanguageClientOptions {
  return {
    documentSelector: [],
    initializationOptions: options.settings,
    outputChannel: options.log,
    traceOutputChannel: options.log,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    initializationFailedHandler: () => false,
    errorHandler: {
      // Frames are lost: nothing on this connection can be trusted any more. The error's text may hold contents.
      error: (error) => {
        process.kill();
        return { action: ErrorAction.Continue, handled: true, message: `The connection broke: ${error.name}.` };
      },
      closed: () => {
        process.endSoon();
        return { action: CloseAction.DoNotRestart, handled: true, message: "The connection to the server is closed." };
      },
    },
  };
}
