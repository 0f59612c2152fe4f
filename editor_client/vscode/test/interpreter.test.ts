import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { after, test } from "node:test";
import { lookUp, type ProbeOptions, probe, pythonEnvironment, touchesAny } from "../src/server/interpreter";
import type { Candidate } from "../src/server/python";

const root = realpathSync(mkdtempSync(join(tmpdir(), "forkpoint-python-")));
after(() => rmSync(root, { recursive: true, force: true }));

const workspace = folder("workspace");
const outside = folder("outside");
const OPTIONS: ProbeOptions = {
  script: join(root, "probe.py"),
  cwd: root,
  env: process.env,
  forbidden: [],
  limitMs: 45_000,
};

function folder(...parts: string[]): string {
  const path = join(root, ...parts);
  mkdirSync(path, { recursive: true });
  return path;
}

/** A program that says `says`, whatever it is asked. */
function program(path: string, says: string): string {
  writeFileSync(path, `#!/bin/sh\n${says}\n`);
  chmodSync(path, 0o755);
  return path;
}

function report(version: string, supported = true): string {
  const text = JSON.stringify({ version, supported, speedups: ["msgspec"], executable: process.execPath });
  return `echo '${text}'`;
}

const candidate = (command: string): Candidate => ({ source: "path", command, args: [] });

test("a candidate that reports a good version is taken, with what it reported", async () => {
  const command = program(join(outside, "good"), report("3.12.1"));
  assert.deepEqual(await probe(candidate(command), OPTIONS), {
    source: "path",
    command,
    args: [],
    executable: process.execPath,
    version: "3.12.1",
    speedups: ["msgspec"],
  });
});

test("the script comes after the candidate's own arguments", async () => {
  const command = program(join(outside, "echo"), 'echo "$1|$2" >&2; exit 1');
  const refused = await probe({ source: "path", command, args: ["-3"] }, OPTIONS);
  assert.deepEqual(refused, { kind: "notPython", detail: `-3|${OPTIONS.script}` });
});

test("every way to fail is told apart", async () => {
  const says = (name: string, text: string) => probe(candidate(program(join(outside, name), text)), OPTIONS);
  assert.deepEqual(await says("old", report("3.9.2", false)), { kind: "tooOld", version: "3.9.2" });
  assert.deepEqual(await says("garbled", "echo hello"), { kind: "notPython", detail: "hello" });
  assert.deepEqual(await says("silent", "exit 7"), { kind: "notPython", detail: "exit code 7" });
  assert.deepEqual(await probe(candidate(join(outside, "missing")), OPTIONS), { kind: "notFound" });
  assert.deepEqual(await probe(candidate(outside), OPTIONS), { kind: "notFound" });
  const headless = program(join(outside, "headless"), "");
  writeFileSync(headless, "#!/nowhere/interpreter\n");
  assert.deepEqual(await probe(candidate(headless), OPTIONS), {
    kind: "notStarted",
    detail: `spawn ${headless} ENOENT`,
  });
});

test("a candidate that never answers is given up", async () => {
  const command = program(join(outside, "slow"), "sleep 600");
  const refused = await probe(candidate(command), { ...OPTIONS, limitMs: 1000 });
  assert.deepEqual(refused, { kind: "timedOut", seconds: 1 });
});

test("nothing in a forbidden folder is run, by whatever way it is named", async () => {
  const ran = join(root, "ran");
  const inside = program(join(folder("workspace", "venv", "bin"), "python"), `touch ${ran}; ${report("3.12.1")}`);
  const good = program(join(outside, "plain"), report("3.12.1"));
  symlinkSync(inside, join(outside, "link-to-inside"));
  symlinkSync(workspace, join(outside, "link-to-workspace"));
  symlinkSync(good, join(workspace, "venv", "bin", "link-out"));
  symlinkSync(join(workspace, "venv", "bin", "link-out"), join(outside, "through-the-workspace"));
  symlinkSync(join(outside, "loop"), join(outside, "loop"));
  const refused = async (path: string) => probe(candidate(path), { ...OPTIONS, forbidden: [workspace] });
  for (const path of [
    inside,
    join(outside, "link-to-inside"),
    join(outside, "link-to-workspace", "venv", "bin", "python"),
    join(workspace, "venv", "bin", "link-out"),
    join(outside, "through-the-workspace"),
    join(workspace, "missing", "python"),
  ]) {
    assert.deepEqual(await refused(path), { kind: "untrusted" }, path);
  }
  assert.equal(await touchesAny(join(outside, "loop"), [workspace]), true);
  assert.equal("version" in (await refused(good)), true);
  await assert.rejects(async () => realpathSync(ran), /ENOENT/);
});

test("a workspace that is opened through a link is the same workspace", async () => {
  symlinkSync(workspace, join(root, "opened"));
  assert.equal(await touchesAny(join(workspace, "python"), [join(root, "opened")]), true);
  assert.equal(await touchesAny(join(outside, "python"), [join(root, "opened")]), false);
});

test("what reports that it is an interpreter in a forbidden folder is not taken", async () => {
  const text = JSON.stringify({ version: "3.12.1", supported: true, executable: join(workspace, "bin", "python") });
  const command = program(join(outside, "shim"), `echo '${text}'`);
  assert.deepEqual(await probe(candidate(command), { ...OPTIONS, forbidden: [workspace] }), { kind: "untrusted" });
});

test("a name is looked up in order, past what cannot be run and what must not be", async () => {
  const [first, second, third] = [folder("one"), folder("workspace", "two"), folder("three")];
  writeFileSync(join(first, "python3"), "not executable");
  program(join(second, "python3"), "exit 0");
  program(join(third, "python3"), "exit 0");
  const folders = [join(root, "absent"), first, second, third];
  assert.equal(await lookUp("python3", folders, []), join(second, "python3"));
  assert.equal(await lookUp("python3", folders, [workspace]), join(third, "python3"));
  assert.equal(await lookUp("python", folders, []), undefined);
});

test("what names places of code loses what is relative or forbidden, and nothing else is touched", async () => {
  const env = {
    PATH: [join(workspace, ".venv", "bin"), "bin", outside].join(delimiter),
    PYTHONPATH: ["", "src", outside, ".", join(workspace, "src")].join(delimiter),
    PYTHONHOME: "relative",
    PYTHONUSERBASE: join(workspace, "base"),
    HOME: "relative",
  };
  assert.deepEqual(await pythonEnvironment(env, [workspace]), {
    PATH: outside,
    PYTHONPATH: outside,
    HOME: "relative",
  });
  const trusted = await pythonEnvironment(env, []);
  assert.equal(trusted["PYTHONPATH"], [outside, join(workspace, "src")].join(delimiter));
  assert.equal(env.PYTHONHOME, "relative");
});
