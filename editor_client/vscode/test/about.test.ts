import assert from "node:assert/strict";
import { test } from "node:test";
import { aboutLines, missingSpeedups } from "../src/server/about";
import type { SidecarState } from "../src/sidecar";

const t = (text: string, ...args: (string | number)[]) =>
  text.replace(/\{(\d)\}/g, (_, index: string) => String(args[Number(index)]));

const RUNNING: SidecarState = {
  kind: "running",
  facts: {
    version: "0.1.0",
    protocolVersion: 1,
    python: "/usr/bin/python3",
    pythonVersion: "3.12.1",
    pythonSource: "PATH",
    speedups: ["msgspec"],
    pid: 42,
  },
};
const WANTED = ["msgspec", "watchfiles"];

test("a running server is told with its Python, its speed-ups and the agents' homes", () => {
  const agent = { id: "pi", title: "pi", icon: "x", homes: ["/a", "/b"], profiles: [], capabilities: [], fields: [] };
  const agents = [agent, { ...agent, title: "Kimi CLI", homes: [] }];
  assert.deepEqual(aboutLines({ version: "0.1.0", state: RUNNING, agents, wanted: WANTED }, t), [
    "Extension 0.1.0",
    "Server 0.1.0, protocol 1, process 42",
    "Python 3.12.1: /usr/bin/python3",
    "Named by: PATH",
    "Speed-ups: msgspec",
    "Speed-ups not installed: watchfiles",
    "pi: /a, /b",
    "Kimi CLI: not found on this machine",
  ]);
});

test("without a Python, everything that was tried is told", () => {
  const tried = ["python3: not found", "/opt/py: not found"];
  const lines = aboutLines({ version: "1", state: { kind: "noPython", tried }, agents: undefined, wanted: WANTED }, t);
  assert.deepEqual(lines.slice(-2), tried);
});

test("speed-ups are missing only from a Python that runs", () => {
  assert.deepEqual(missingSpeedups(RUNNING, WANTED), ["watchfiles"]);
  assert.deepEqual(missingSpeedups({ kind: "starting" }, WANTED), []);
});
