// Asks a real pi about session files: node real_pi.mjs PACKAGE_FOLDER
//
// A line of stdin is {environment, requests}, a line of stdout {answers} or {error}. A request is {do, ...}; its answer
// is a value. PI_CODING_AGENT_DIR of the environment says where the sessions lie.

import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const file = join(process.argv[2], "dist", "core", "session-manager.js");
const { SessionManager } = await import(pathToFileURL(file).href);

let clock = Date.UTC(2026, 0, 5, 10);
const usage = { input: 1, output: 1, cacheRead: 0, cacheWrite: 0, totalTokens: 2 };
usage.cost = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, total: 0 };

function user(text) {
  return { role: "user", content: [{ type: "text", text }], timestamp: (clock += 1000) };
}

function assistant(text, calls = []) {
  const content = [{ type: "text", text }];
  for (const id of calls) content.push({ type: "toolCall", id, name: "bash", arguments: { command: `echo ${id}` } });
  const stopReason = calls.length > 0 ? "toolUse" : "stop";
  const from = { api: "anthropic-messages", provider: "anthropic", model: "claude-sonnet-4-5" };
  return { role: "assistant", content, ...from, usage, stopReason, timestamp: (clock += 1000) };
}

function result(id) {
  const content = [{ type: "text", text: `result of ${id}` }];
  return { role: "toolResult", toolCallId: id, toolName: "bash", content, isError: false, timestamp: (clock += 1000) };
}

/** Write a session as a person would, with everything a fork has to keep; gives its file and its entries' names. */
function make({ cwd }) {
  const session = SessionManager.create(cwd);
  const ids = {};
  ids.model = session.appendModelChange("anthropic", "claude-sonnet-4-5");
  ids.level = session.appendThinkingLevelChange("medium");
  ids.user0 = session.appendMessage(user("first turn"));
  ids.calls0 = session.appendMessage(assistant("looking", ["c1", "c2"]));
  ids.result1 = session.appendMessage(result("c1"));
  ids.result2 = session.appendMessage(result("c2"));
  ids.answer0 = session.appendMessage(assistant("found it"));
  ids.labelStart = session.appendLabelChange(ids.user0, "start");
  ids.name0 = session.appendSessionInfo("A first name");
  ids.user1 = session.appendMessage(user("second turn"));
  ids.answer1 = session.appendMessage(assistant("fine"));
  ids.labelGone = session.appendLabelChange(ids.answer0, "for a while");
  ids.compaction = session.appendCompaction("what came before", ids.labelStart, 1234);
  ids.note = session.appendCustomMessageEntry("demo.note", "Mind the tests.", true);
  ids.state = session.appendCustomEntry("demo.state", { open: 2 });
  ids.user2 = session.appendMessage(user("third turn"));
  ids.answer2 = session.appendMessage(assistant("done"));
  session.branch(ids.user2);
  ids.other2 = session.appendMessage(assistant("another answer"));
  ids.labelOther = session.appendLabelChange(ids.other2, "other");
  session.branchWithSummary(ids.answer2, "tried another answer");
  ids.summary = session.getLeafId();
  ids.user3 = session.appendMessage(user("fourth turn"));
  ids.calls3 = session.appendMessage(assistant("running", ["c3"]));
  ids.labelLate = session.appendLabelChange(ids.answer1, "late");
  ids.labelCleared = session.appendLabelChange(ids.answer0, undefined);
  ids.name1 = session.appendSessionInfo("A later name");
  return { path: session.getSessionFile(), ids };
}

/** What a session is, and what labels say that stand on the way to its leaf. */
function state(session) {
  const labels = {};
  const labelsOnPath = {};
  for (const entry of session.getEntries()) {
    const label = session.getLabel(entry.id);
    if (label !== undefined) labels[entry.id] = label;
  }
  const branch = session.getBranch();
  for (const entry of branch) {
    if (entry.type !== "label") continue;
    if (entry.label) labelsOnPath[entry.targetId] = entry.label;
    else delete labelsOnPath[entry.targetId];
  }
  return {
    id: session.getSessionId(),
    cwd: session.getCwd(),
    leaf: session.getLeafId(),
    file: session.getSessionFile(),
    name: session.getSessionName() ?? null,
    parent: session.getHeader().parentSession ?? null,
    path: branch.map((entry) => entry.id),
    messages: branch.filter((entry) => entry.type === "message").map((entry) => entry.id),
    entries: session.getEntries().length,
    labels,
    labelsOnPath,
    context: session.buildSessionContext(),
  };
}

const actions = {
  make,
  list: async () => (await SessionManager.listAll()).map(row),
  /** The sessions of a folder; `dir` is what --session-dir would say. */
  listOf: async ({ cwd, dir }) => (await SessionManager.list(cwd, dir)).map(row),
  open: ({ path, dir }) => state(SessionManager.open(path, dir)),
  /** What --continue opens. */
  recent: ({ cwd, dir }) => state(SessionManager.continueRecent(cwd, dir)),
  /** What pi shows of a session when it goes back to an entry. */
  at: ({ path, leaf }) => {
    const session = SessionManager.open(path);
    if (leaf === null) session.resetLeaf();
    else session.branch(leaf);
    return state(session);
  },
  /** pi's own fork at an entry. */
  extract: ({ path, leaf }) => {
    const session = SessionManager.open(path);
    session.createBranchedSession(leaf);
    return state(session);
  },
  /** A further turn, then the session as it is on disk. */
  continue: ({ path }) => {
    const session = SessionManager.open(path);
    const asked = session.appendMessage(user("one more"));
    const answered = session.appendMessage(assistant("gladly"));
    return { added: [asked, answered], ...state(SessionManager.open(path)) };
  },
};

function row(info) {
  const { path, id, cwd, name, parentSessionPath, messageCount } = info;
  return { path, id, cwd, name: name ?? null, parent: parentSessionPath ?? null, messages: messageCount };
}

async function answersTo({ environment, requests }) {
  Object.assign(process.env, environment);
  const answers = [];
  try {
    for (const request of requests) answers.push(await actions[request.do](request));
    return { answers };
  } catch (error) {
    return { error: error.stack };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await answersTo(JSON.parse(line)))}\n`);
}
