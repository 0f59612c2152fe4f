import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { test } from "node:test";
import { type RunOptions, runChild } from "../src/server/child";

const OPTIONS: RunOptions = { cwd: tmpdir(), env: process.env, timeoutMs: 45_000 };
const node = (script: string, options: Partial<RunOptions> = {}) =>
  runChild(process.execPath, ["-e", script], { ...OPTIONS, ...options });

/** Says its process id, starts a child of its own that says its own, and neither ends. */
const STUBBORN = `
  process.on("SIGTERM", () => {});
  const { spawn } = require("node:child_process");
  spawn(process.execPath, ["-e", "console.log(process.pid); setInterval(() => {}, 1000)"], { stdio: "inherit" });
  setInterval(() => {}, 1000);`;

test("a program that ends is told with its code and what it said last", async () => {
  const ran = await node("console.log('one'); console.error('two'); process.exitCode = 3");
  assert.equal(ran.outcome, "exited");
  assert.equal(ran.code, 3);
  assert.deepEqual(ran.output, ["one"]);
  assert.deepEqual([...ran.tail].sort(), ["one", "two"]);
});

test("a program that is not there is not started, and nothing is raised", async () => {
  const ran = await runChild("/nowhere/python3", [], OPTIONS);
  assert.equal(ran.outcome, "notStarted");
  assert.match(ran.tail[0] ?? "", /ENOENT/);
  const odd = await runChild("/nowhere/python\0", [], OPTIONS);
  assert.equal(odd.outcome, "notStarted");
});

test("a shell's words mean nothing", async () => {
  const ran = await runChild(process.execPath, ["-e", "console.log(process.argv[1])", "$HOME; `id` && x"], OPTIONS);
  assert.deepEqual(ran.output, ["$HOME; `id` && x"]);
});

test("a program that takes too long is killed, with what it started", async () => {
  const pids: number[] = [];
  const abort = new AbortController();
  const ran = await node(STUBBORN, {
    signal: abort.signal,
    onLine: (line) => {
      pids.push(Number(line));
      abort.abort();
    },
  });
  assert.equal(ran.outcome, "aborted");
  assert.equal(pids.length, 1);
  await gone(pids[0] ?? 0);
});

test("a time limit ends it as well", async () => {
  const ran = await node("setInterval(() => {}, 1000)", { timeoutMs: 300 });
  assert.equal(ran.outcome, "timedOut");
  assert.equal(ran.code, null);
});

test("what was aborted before it began is never started", async () => {
  const ran = await node("console.log('ran')", { signal: AbortSignal.abort() });
  assert.equal(ran.outcome, "aborted");
  assert.deepEqual(ran.output, []);
});

test("output that something left behind keeps open does not keep us waiting", { timeout: 45_000 }, async () => {
  const ran = await node(`
    const { spawn } = require("node:child_process");
    const options = { stdio: "inherit", detached: true };
    const left = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], options);
    left.unref();
    process.stdout.write(left.pid + "\\n", () => process.exit(0));`);
  const left = Number(ran.output[0]);
  assert.equal(ran.outcome, "exited");
  process.kill(left, "SIGKILL");
  await gone(left);
});

/** Waits until a process is gone; the test's own time limit ends the wait. */
async function gone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
