import assert from "node:assert/strict";
import { test } from "node:test";
import { answerConfiguration, liveSettings, needsRestart, startSettings } from "../src/server/settings";

const USER: Record<string, unknown> = {
  python: "/usr/bin/python3",
  pageSize: 20,
  "trace.server": "verbose",
  homes: { pi: ["~/agents/pi"] },
  readOnly: true,
  guard: "public",
  maxReadBytes: 4096,
  "git.timeoutMs": 500,
  "uploads.maxBytes": 9000,
  "autoArchive.days": 5,
  "trash.days": 60,
};
const read = (name: string) => USER[name];

test("the server gets its own settings, nested and without a prefix, and none of the client's", () => {
  assert.deepEqual(startSettings(read, false), {
    homes: { pi: ["~/agents/pi"] },
    readOnly: true,
    guard: "public",
    maxReadBytes: 4096,
    git: { timeoutMs: 500 },
    uploads: { maxBytes: 9000 },
    autoArchive: { days: 5 },
    trash: { days: 60 },
    trusted: false,
  });
});

test("homes, trust and what may be written are not pushed later: the server takes them only when it starts", () => {
  assert.deepEqual(Object.keys(liveSettings(read)).sort(), ["git", "guard", "maxReadBytes", "uploads"]);
});

test("a setting that is not there is left out, and a wrong one is passed on for the server to name", () => {
  const settings = startSettings((name) => (name === "guard" ? ["nonsense"] : undefined), true);
  assert.equal(
    JSON.stringify(settings),
    '{"guard":["nonsense"],"git":{},"uploads":{},"autoArchive":{},"trash":{},"trusted":true,"scopes":["read","write","admin"]}',
  );
});

test("only other homes, another trust and leave to read or write other things need a restart", () => {
  const before = startSettings(read, true);
  const other = (name: string, value: unknown) =>
    startSettings((asked) => (asked === name ? value : read(asked)), true);
  assert.equal(needsRestart(before, startSettings(read, true)), false);
  assert.equal(needsRestart(before, other("maxReadBytes", 1)), false);
  assert.equal(needsRestart(before, other("guard", "standard")), true);
  assert.equal(needsRestart(before, other("readOnly", false)), true);
  assert.equal(needsRestart(before, other("autoArchive.days", 4)), true);
  assert.equal(needsRestart(before, other("trash.days", 4)), true);
  assert.equal(needsRestart(before, other("homes", { pi: ["~/elsewhere"] })), true);
  assert.equal(needsRestart(before, other("homes", undefined)), true);
  assert.equal(needsRestart(before, startSettings(read, false)), true);
});

test("our section is answered, every other one is not", () => {
  const live = liveSettings(read);
  const items = [{ section: "forkpoint" }, { section: "forkpoint.python" }, {}, { section: "http" }];
  assert.deepEqual(answerConfiguration(items, live), [live, null, null, null]);
});
