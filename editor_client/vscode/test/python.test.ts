import assert from "node:assert/strict";
import { test } from "node:test";
import {
  describeRefusal,
  fileNames,
  liesIn,
  type Python,
  readProbe,
  readPythonSetting,
  samePython,
  searchFolders,
  searchNames,
  venvPython,
} from "../src/server/python";

const t = (text: string, ...args: (string | number)[]) =>
  text.replace(/\{(\d)\}/g, (_, index: string) => String(args[Number(index)]));

test("a blank setting, and one that is no text, is not set", () => {
  for (const value of ["", "  \t", undefined, null, 3, ["/usr/bin/python3"], {}]) {
    assert.equal(readPythonSetting(value, "/home/ana", "linux").kind, "unset");
  }
});

test("the setting is an absolute path, a path below the home folder, or a name", () => {
  const read = (text: string) => readPythonSetting(text, "/home/ana", "linux");
  assert.deepEqual(read(" /opt/py/bin/python "), {
    kind: "path",
    text: "/opt/py/bin/python",
    path: "/opt/py/bin/python",
  });
  assert.deepEqual(read("~/py/bin/python"), {
    kind: "path",
    text: "~/py/bin/python",
    path: "/home/ana/py/bin/python",
  });
  assert.deepEqual(read("python3.12"), { kind: "name", text: "python3.12", name: "python3.12" });
  const windows = readPythonSetting("C:\\Python312\\python.exe", "C:\\Users\\ana", "win32");
  assert.equal(windows.kind === "path" && windows.path, "C:\\Python312\\python.exe");
});

test("a relative path is refused, whatever it looks like", () => {
  for (const text of ["./python", "venv/bin/python", "..", ".", "~ana/python", "~", "a\\b", "$HOME/python"]) {
    assert.equal(readPythonSetting(text, "/home/ana", "linux").kind, "relative", text);
  }
});

test("only absolute folders of PATH are searched", () => {
  assert.deepEqual(searchFolders("/usr/local/bin::bin:.:./x:/usr/bin/", "linux"), ["/usr/local/bin", "/usr/bin/"]);
  assert.deepEqual(searchFolders("C:\\Python;bin;;D:\\x", "win32"), ["C:\\Python", "D:\\x"]);
  assert.deepEqual(searchFolders(undefined, "linux"), []);
});

test("the stand-ins of macOS are never run: they open a dialogue", () => {
  assert.deepEqual(searchFolders("/opt/homebrew/bin:/usr/bin:/usr/bin/", "darwin"), ["/opt/homebrew/bin"]);
});

test("python3 comes first, and Windows' launcher is asked for version 3", () => {
  assert.deepEqual(searchNames("linux")[0], { name: "python3", args: [] });
  assert.deepEqual(searchNames("win32").at(-1), { name: "py", args: ["-3"] });
  assert.deepEqual(fileNames("py", "win32"), ["py.exe"]);
  assert.deepEqual(fileNames("py.EXE", "win32"), ["py.EXE"]);
  assert.equal(venvPython("C:\\v", "win32"), "C:\\v\\Scripts\\python.exe");
  assert.equal(venvPython("/v", "linux"), "/v/bin/python");
});

test("a path lies in a folder only from a component's start on", () => {
  assert.equal(liesIn("/ws/app/bin/python", "/ws/app", "linux"), true);
  assert.equal(liesIn("/ws/app", "/ws/app", "linux"), true);
  assert.equal(liesIn("/ws/app2/bin/python", "/ws/app", "linux"), false);
  assert.equal(liesIn("/ws", "/ws/app", "linux"), false);
  assert.equal(liesIn("/ws/app/..python", "/ws/app", "linux"), true);
  assert.equal(liesIn("/anything", "/", "linux"), true);
  assert.equal(liesIn("D:\\py\\python.exe", "C:\\ws", "win32"), false);
});

test("spellings in another case count as inside where a disk may not tell them apart", () => {
  assert.equal(liesIn("/WS/App/python", "/ws/app", "darwin"), true);
  assert.equal(liesIn("c:\\WS\\python.exe", "C:\\ws", "win32"), true);
  assert.equal(liesIn("/WS/App/python", "/ws/app", "linux"), false);
});

test("a report is found among other lines, the last one counts, and foreign members are harmless", () => {
  const report = { version: "3.12.1", supported: true, speedups: ["msgspec", 3, null], executable: "/usr/bin/python3" };
  assert.deepEqual(
    readProbe(["hello from sitecustomize", '{"version": 3}', JSON.stringify({ ...report, more: 1 }), "[]"]),
    {
      version: "3.12.1",
      supported: true,
      speedups: ["msgspec"],
      executable: "/usr/bin/python3",
    },
  );
  const old = readProbe(['{"version": "2.7.18", "supported": false}']);
  assert.deepEqual(old, { version: "2.7.18", supported: false, speedups: [], executable: "" });
});

test("what is no report is none", () => {
  for (const line of [
    "",
    "null",
    "3",
    '"x"',
    "[1]",
    "{}",
    '{"version": "3.12.1"}',
    '{"supported": true}',
    "Python 3.12",
  ]) {
    assert.equal(readProbe([line]), undefined, line);
  }
});

test("another path, version or launcher argument is another Python; new packages alone are not", () => {
  const python: Python = {
    source: "path",
    command: "/usr/bin/python3",
    args: [],
    executable: "/usr/bin/python3",
    version: "3.12.1",
    speedups: [],
  };
  assert.equal(samePython(python, { ...python, source: "msPython", speedups: ["msgspec"] }), true);
  assert.equal(samePython(python, { ...python, version: "3.12.2" }), false);
  assert.equal(samePython(python, { ...python, command: "/opt/python3" }), false);
  assert.equal(samePython(python, { ...python, args: ["-3"] }), false);
  assert.equal(samePython(python, undefined), false);
  assert.equal(samePython(undefined, undefined), true);
});

test("a refusal names what was tried, and what would be needed", () => {
  assert.equal(
    describeRefusal("python3", { kind: "tooOld", version: "3.9.2" }, t),
    "python3: version 3.9.2 is too old, 3.11 or newer is needed",
  );
  assert.match(describeRefusal("/ws/venv/bin/python", { kind: "untrusted" }, t), /not trusted/);
});
