/** The server, as the rest of the extension sees it. */

import type { Event } from "vscode";
import type { Notices } from "./common/notices";
import type { Calls } from "./protocol/calls";

/** What the server is doing now; also the context key `forkpoint.state`. */
export type SidecarState =
  | { readonly kind: "stopped" }
  | { readonly kind: "starting" }
  | { readonly kind: "running"; readonly facts: SidecarFacts }
  /** No Python that can run the server; `tried` says what was tried and why each was not taken. */
  | { readonly kind: "noPython"; readonly tried: readonly string[] }
  /** It ended too often, or refused to start; nothing runs until somebody restarts it. */
  | { readonly kind: "failed"; readonly reason: string };

/** Whether nothing runs until somebody does something about it. */
export function isDown(state: SidecarState): boolean {
  return state.kind === "noPython" || state.kind === "failed";
}

/** Facts about a running server, for people. */
export interface SidecarFacts {
  /** The server's version, such as `0.1.0`. */
  readonly version: string;
  /** The version of the protocol it speaks. */
  readonly protocolVersion: number;
  /** The absolute path of the Python that runs it. */
  readonly python: string;
  /** That Python's version, such as `3.11.7`. */
  readonly pythonVersion: string;
  /** Where that Python was named: by the setting, by VIRTUAL_ENV, ... */
  readonly pythonSource: string;
  /** The optional packages that this Python has, of msgspec and watchfiles. */
  readonly speedups: readonly string[];
  /** The process, for the log and the tests. */
  readonly pid: number | undefined;
}

/** The server and its life. */
export interface Sidecar {
  readonly state: SidecarState;
  readonly onDidChangeState: Event<SidecarState>;
  /**
   * The server's operations. A call made while it starts waits for it; without a server it fails with
   * `SidecarUnavailable`.
   */
  readonly calls: Calls;
  /** What the server that runs tells without being asked. */
  readonly notices: Pick<Notices, "on">;
  /** Start it anew. While a restart goes on, at most one more is queued, however often it is asked for. */
  restart(): Promise<void>;
}

/** There is no server that could answer. */
export class SidecarUnavailable extends Error {
  override readonly name = "SidecarUnavailable";
}
