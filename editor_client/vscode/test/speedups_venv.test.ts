import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { venvPython } from "../src/server/python";
import { makeSpeedupsVenv, type VenvOptions } from "../src/server/speedups_venv";

const root = mkdtempSync(join(tmpdir(), "forkpoint-venv-"));
after(() => rmSync(root, { recursive: true, force: true }));

const PROBE = `import importlib.util, json, sys
found = [name for name in ("msgspec", "watchfiles") if importlib.util.find_spec(name)]
print(json.dumps({"version": "x", "supported": True, "speedups": found, "executable": sys.executable}))
`;
/** Makes a package that pip can install: nothing but its name and version. */
const MAKE_WHEEL = `import sys, zipfile
folder, name, version = sys.argv[1:]
info = f"{name}-{version}.dist-info"
with zipfile.ZipFile(f"{folder}/{name}-{version}-py3-none-any.whl", "w") as wheel:
    wheel.writestr(f"{name}/__init__.py", "")
    wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\n")
    wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    wheel.writestr(f"{info}/RECORD", f"{name}/__init__.py,,\\n{info}/METADATA,,\\n{info}/WHEEL,,\\n{info}/RECORD,,\\n")
`;

/** A storage folder of its own, where pip finds the given packages and no others. */
function storage(name: string, packages: Record<string, string>, change: Partial<VenvOptions> = {}): VenvOptions {
  const base = join(root, name);
  const wheels = join(base, "wheels");
  mkdirSync(wheels, { recursive: true });
  writeFileSync(join(base, "probe.py"), PROBE);
  for (const [packageName, version] of Object.entries(packages)) {
    execFileSync("python3", ["-c", MAKE_WHEEL, wheels, packageName, version]);
  }
  return {
    python: "python3",
    folder: join(base, "storage", "speedups"),
    probeScript: join(base, "probe.py"),
    env: { ...process.env, PIP_NO_INDEX: "1", PIP_FIND_LINKS: wheels, PIP_CONFIG_FILE: "/dev/null" },
    signal: new AbortController().signal,
    onLine: () => {},
    onStep: () => {},
    ...change,
  };
}

const BOTH = { msgspec: "0.20.0", watchfiles: "1.1.0" };
const inStorage = (options: VenvOptions) => readdirSync(join(options.folder, ".."));
const LONG = { timeout: 300_000 };

test("it is made, filled and put into the place of a former one, where its Python has the packages", LONG, async () => {
  const steps: string[] = [];
  const options = storage("good", BOTH, { onStep: (step) => steps.push(step) });
  mkdirSync(options.folder, { recursive: true });
  writeFileSync(join(options.folder, "former"), "");
  await makeSpeedupsVenv(options);
  assert.deepEqual(steps, ["create", "install", "check"]);
  assert.deepEqual(inStorage(options), ["speedups"]);
  assert.equal(existsSync(join(options.folder, "former")), false);
  const python = venvPython(options.folder, process.platform);
  const report = JSON.parse(execFileSync(python, [options.probeScript], { encoding: "utf8" }));
  assert.deepEqual(report.speedups, ["msgspec", "watchfiles"]);
  assert.equal(report.executable, python);
});

test("a failed installation leaves the former environment as it was, and nothing else", LONG, async () => {
  const options = storage("failing", { msgspec: "0.20.0" });
  mkdirSync(options.folder, { recursive: true });
  writeFileSync(join(options.folder, "former"), "");
  await assert.rejects(makeSpeedupsVenv(options), /watchfiles/);
  assert.deepEqual(inStorage(options), ["speedups"]);
  assert.ok(existsSync(join(options.folder, "former")));
});

test("a cancel while it is made ends the programs and leaves nothing", LONG, async () => {
  const abort = new AbortController();
  const options = storage("cancelled", BOTH, { signal: abort.signal });
  const halfMade = setInterval(() => {
    const made = existsSync(join(options.folder, ".."))
      ? inStorage(options).filter((name) => existsSync(join(options.folder, "..", name, "pyvenv.cfg")))
      : [];
    if (made.length > 0) {
      abort.abort();
    }
  }, 5);
  await assert.rejects(makeSpeedupsVenv(options), { outcome: "aborted" }).finally(() => clearInterval(halfMade));
  assert.deepEqual(inStorage(options), []);
});

test("a Python that is gone is an error that says so", LONG, async () => {
  const options = storage("gone", {}, { python: "/nowhere/python" });
  await assert.rejects(makeSpeedupsVenv(options), { outcome: "notStarted" });
  assert.deepEqual(inStorage(options), []);
});

test("what another try left behind long ago is removed, a newer one may still be at work", LONG, async () => {
  const options = storage("left", {}, { python: "/nowhere/python" });
  const [old, recent] = ["speedups-making-old", "speedups-making-new"].map((name) => join(options.folder, "..", name));
  for (const path of [old, recent]) {
    mkdirSync(path ?? "", { recursive: true });
  }
  utimesSync(old ?? "", 0, 0);
  await assert.rejects(makeSpeedupsVenv(options));
  assert.deepEqual(inStorage(options), ["speedups-making-new"]);
});
