import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { test } from "node:test";
import { describeEnding, type Ending, ServerProcess } from "../src/server/server_process";

const t = (text: string, ...args: (string | number)[]) =>
  text.replace(/\{(\d)\}/g, (_, index: string) => String(args[Number(index)]));

const start = (script: string, onLine: (line: string) => void = () => {}) =>
  ServerProcess.start({ command: process.execPath, args: ["-e", script], cwd: tmpdir(), env: process.env }, onLine);

test("a server that ends by itself is told with its code and its last words", { timeout: 45_000 }, async () => {
  const told: string[] = [];
  const server = await start(
    "console.error('Traceback'); console.error('ImportError: no x'); process.exit(3)",
    (line) => told.push(line),
  );
  const ending = await server.ended;
  assert.deepEqual(ending, { code: 3, signal: null, lastWords: ["Traceback", "ImportError: no x"] });
  assert.deepEqual(told, ["Traceback", "ImportError: no x"]);
  assert.equal(describeEnding(ending, t), "The server ended with exit code 3: ImportError: no x");
});

test("a killed server is told with the signal", { timeout: 45_000 }, async () => {
  const server = await start("setInterval(() => {}, 1000)");
  assert.ok(server.pid);
  server.kill();
  assert.equal(describeEnding(await server.ended, t), "The server was ended by the signal SIGKILL.");
});

test("a server that closes its output but does not end is ended", { timeout: 45_000 }, async () => {
  const server = await start("require('node:fs').closeSync(1); setInterval(() => {}, 1000)");
  const closed = new Promise((resolve) => server.output.once("close", resolve));
  server.output.resume();
  await closed;
  server.endSoon();
  assert.equal((await server.ended).signal, "SIGKILL");
});

test("one that ends by itself soon after keeps its own exit code", { timeout: 45_000 }, async () => {
  const server = await start("process.exit(4)");
  server.output.resume();
  server.endSoon();
  assert.equal((await server.ended).code, 4);
});

test("writing to one that has ended raises nothing", { timeout: 45_000 }, async () => {
  const server = await start("process.exit(0)");
  server.output.resume();
  await server.ended;
  await new Promise((resolve) => server.input.write("x".repeat(1_000_000), resolve));
});

test("a program that is not there cannot be started", async () => {
  const launch = { command: "/nowhere/python", args: [], cwd: tmpdir(), env: process.env };
  await assert.rejects(
    ServerProcess.start(launch, () => {}),
    /ENOENT/,
  );
});

test("an ending without last words is a sentence too", () => {
  const ending: Ending = { code: 1, signal: null, lastWords: [] };
  assert.equal(describeEnding(ending, t), "The server ended with exit code 1.");
});
