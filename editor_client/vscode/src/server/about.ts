/** What the command "About" says, as plain text. */

import type { Translate } from "../common/translate";
import type { Agent } from "../protocol/calls";
import type { SidecarFacts, SidecarState } from "../sidecar";

/** What is told. */
export interface AboutInput {
  /** The extension's version. */
  readonly version: string;
  readonly state: SidecarState;
  /** The agents the server knows; undefined when it could not be asked. */
  readonly agents: readonly Agent[] | undefined;
  /** The packages that make the server faster. */
  readonly wanted: readonly string[];
}

/** The lines: the extension, the server and its Python, the agents and where their sessions lie. */
export function aboutLines(input: AboutInput, t: Translate): string[] {
  return [
    t("Extension {0}", input.version),
    ...stateLines(input.state, input.wanted, t),
    ...(input.agents ?? []).map((agent) => agentLine(agent, t)),
  ];
}

/** The wanted packages that the server's Python does not have; empty when no server runs. */
export function missingSpeedups(state: SidecarState, wanted: readonly string[]): string[] {
  return state.kind === "running" ? wanted.filter((name) => !state.facts.speedups.includes(name)) : [];
}

function stateLines(state: SidecarState, wanted: readonly string[], t: Translate): string[] {
  switch (state.kind) {
    case "running":
      return factLines(state.facts, missingSpeedups(state, wanted), t);
    case "starting":
      return [t("The server is starting.")];
    case "stopped":
      return [t("The server is stopped.")];
    case "noPython":
      return [t("There is no Python that can run the server."), ...state.tried];
    case "failed":
      return [t("The server does not run."), state.reason];
  }
}

function factLines(facts: SidecarFacts, missing: readonly string[], t: Translate): string[] {
  const lines = [
    t("Server {0}, protocol {1}, process {2}", facts.version, facts.protocolVersion, facts.pid ?? "?"),
    t("Python {0}: {1}", facts.pythonVersion, facts.python),
    t("Named by: {0}", facts.pythonSource),
    t("Speed-ups: {0}", facts.speedups.length > 0 ? facts.speedups.join(", ") : t("none")),
  ];
  return missing.length > 0 ? [...lines, t("Speed-ups not installed: {0}", missing.join(", "))] : lines;
}

function agentLine(agent: Agent, t: Translate): string {
  const homes = agent.homes.length > 0 ? agent.homes.join(", ") : t("not found on this machine");
  return t("{0}: {1}", agent.title, homes);
}
