// Runs inside the extension host of a real VS Code: the extension's API, commands and documents, without a screen.
//
// The editor calls `run()`; what it throws makes the run fail. Each check is told on the console, which the test that
// started the window reads. FORKPOINT_EXPECTED names what the home holds.

"use strict";

const assert = require("node:assert/strict");
const vscode = require("vscode");

const EXTENSION = "forkpoint.forkpoint";
const PATIENCE_MS = 45_000;
const expected = JSON.parse(process.env.FORKPOINT_EXPECTED);

/** What `activate` gave; set by the first check. */
let api;

const checks = {
  async "nothing is active before the view is opened"() {
    assert.equal(extension().isActive, false);
    const events = extension().packageJSON.activationEvents ?? [];
    assert.ok(!events.includes("*") && !events.includes("onStartupFinished"), String(events));
  },

  async "opening the view makes it active, and the server runs"() {
    await vscode.commands.executeCommand("forkpoint.sessions.focus");
    await until(() => extension().isActive, "the extension is active");
    api = extension().exports;
    await until(() => api.sidecar.state.kind === "running", "the server runs");
    const { facts } = api.sidecar.state;
    assert.equal(facts.version, extension().packageJSON.version);
    assert.equal(facts.python, expected.python);
    assert.ok(facts.pid > 0);
  },

  async "every command of the manifest is registered, and none besides"() {
    const declared = extension().packageJSON.contributes.commands.map((command) => command.command);
    const all = await vscode.commands.getCommands(true);
    const made = /^forkpoint\.((sessions|trash|server)\.|forkAt$)/; // the views' own, the lenses', and those that the server offers
    const registered = all.filter((id) => id.startsWith("forkpoint.") && !made.test(id));
    assert.deepEqual(registered.sort(), declared.sort());
  },

  async "the server answers through the typed calls"() {
    const { items } = await api.sidecar.calls.listSessions({ limit: 500 });
    assert.deepEqual(items.map((row) => row.sessionId).sort(), expected.sessionIds);
    const { session } = await api.sidecar.calls.getSession({ sessionId: expected.importer });
    assert.equal(session.title, expected.importerTitle);
  },

  async "an error of the server has its kind"() {
    await assert.rejects(
      () => api.sidecar.calls.getSession({ sessionId: "pi:none" }),
      (error) => error.data.kind === "sessionNotFound",
    );
  },

  async "a call that is cancelled ends as cancelled"() {
    const source = new vscode.CancellationTokenSource();
    const pending = api.sidecar.calls.listSessions({ limit: 500 }, source.token);
    source.cancel();
    await assert.rejects(pending, (error) => error.name === "Canceled" || error.data?.kind === "cancelled");
  },

  async "many restarts at once are one, and one more"() {
    const started = [];
    const before = api.sidecar.state.facts.pid;
    const listener = api.sidecar.onDidChangeState((state) => state.kind === "running" && started.push(state.facts.pid));
    await Promise.all(Array.from({ length: 10 }, () => api.sidecar.restart()));
    await until(() => api.sidecar.state.kind === "running", "the server runs again");
    listener.dispose();
    assert.ok(started.length >= 1 && started.length <= 2, `it was started ${started.length} times`);
    assert.equal(started.at(-1), api.sidecar.state.facts.pid);
    assert.ok(!started.includes(before));
  },

  async "a change that is asked for twice, of nothing, or while the server restarts, ends"() {
    const sessionId = expected.importer;
    const run = (name, id) => vscode.commands.executeCommand(`forkpoint.${name}`, id);
    const pinned = async () => (await api.sidecar.calls.getSession({ sessionId })).session.pinned;
    await Promise.all([run("pin", sessionId), run("pin", sessionId)]);
    assert.equal(await pinned(), true);
    await Promise.all([run("deleteSession", "pi:none"), run("unpin", sessionId), api.sidecar.restart()]);
    await until(() => api.sidecar.state.kind === "running", "the server runs again");
    await run("unpin", sessionId);
    assert.equal(await pinned(), false);
    await run("pin", sessionId);
    await run("undo");
    assert.equal(await pinned(), false);
  },

  async "a call made while the server starts is answered by the new one"() {
    const restarted = api.sidecar.restart();
    const { items } = await api.sidecar.calls.listSessions({ limit: 1 });
    assert.equal(items.length, 1);
    await restarted;
  },

  async "many refreshes at once are one, and one more"() {
    let refreshed = 0;
    const listener = api.tree.onDidRefresh(() => (refreshed += 1));
    await Promise.all(Array.from({ length: 10 }, () => api.tree.refresh()));
    listener.dispose();
    assert.ok(refreshed >= 1 && refreshed <= 2, `it refreshed ${refreshed} times`);
  },

  async "a session is a document that nobody can write to"() {
    await vscode.commands.executeCommand("forkpoint.openSession", expected.importer);
    const document = await documentWith(expected.firstTurn);
    assert.equal(document.uri.scheme, "forkpoint");
    assert.equal(document.languageId, "markdown");
    assert.ok(document.getText().includes(expected.firstAnswer));
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), "mine ");
    await vscode.workspace.applyEdit(edit).then(undefined, () => false);
    assert.ok(!document.isDirty, "the document took an edit");
    const outline = () => vscode.commands.executeCommand("vscode.executeDocumentSymbolProvider", document.uri);
    await until(async () => (await outline())?.length > 0, "an outline of the document");
  },

  async "a command about a session that is not there ends, and opens nothing"() {
    const open = () => vscode.workspace.textDocuments.map((document) => document.uri.toString()).sort();
    const before = open();
    for (const command of ["openSession", "openChanges", "copyId", "diagnose", "resumeInTerminal"]) {
      await vscode.commands.executeCommand(`forkpoint.${command}`, "pi:none");
    }
    assert.deepEqual(open(), before);
    assert.equal(vscode.window.terminals.length, 0);
  },

  async "the id goes to the clipboard"() {
    await vscode.commands.executeCommand("forkpoint.copyId", expected.importer);
    assert.equal(await vscode.env.clipboard.readText(), expected.importer);
  },

  async "the changes open as one editor with all files"() {
    await vscode.commands.executeCommand("forkpoint.openChanges", expected.importer);
    const active = () => vscode.window.tabGroups.activeTabGroup.activeTab;
    await until(() => active() && active().label.includes(expected.importerTitle), "the changes are open");
  },

  async "a restart of the server leaves open documents readable"() {
    await api.sidecar.restart();
    await vscode.commands.executeCommand("forkpoint.openSession", expected.importer);
    await documentWith(expected.firstTurn);
  },
};

async function run() {
  const failed = [];
  for (const [name, check] of Object.entries(checks)) {
    const begun = Date.now();
    try {
      await withinTime(check(), name);
      console.log(`ok ${name} (${Date.now() - begun} ms)`);
    } catch (error) {
      console.log(`FAILED ${name}: ${error.stack ?? error}`);
      failed.push(name);
      if (api === undefined) break;
    }
  }
  if (failed.length > 0) throw new Error(`failed: ${failed.join("; ")}`);
}

function extension() {
  const found = vscode.extensions.getExtension(EXTENSION);
  assert.ok(found, "the extension is not installed");
  return found;
}

async function documentWith(text) {
  const holds = (document) => document.uri.scheme === "forkpoint" && document.getText().includes(text);
  await until(() => vscode.workspace.textDocuments.some(holds), `a document with “${text}”`);
  return vscode.workspace.textDocuments.find(holds);
}

async function until(condition, what) {
  const end = Date.now() + PATIENCE_MS;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`this did not come: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function withinTime(promise, name) {
  let timer;
  const late = new Promise((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`it did not end: ${name}`)), PATIENCE_MS + 5_000);
  });
  try {
    await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

module.exports = { run };
