import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Generation } from "../src/protocol/calls";
import {
  type TrashNode,
  trashDescription,
  trashNodes,
  trashSentence,
  trashTitle,
  trashTooltip,
} from "../src/trash/trash_rows";
import { words } from "./sessions_support";

const DAY = 86_400_000;
const node: TrashNode = {
  kind: "trash",
  sessionId: "pi:a",
  trashId: "t1",
  at: 10 * DAY,
  title: "Importer",
  agent: "pi",
  workDir: "/home/ana/shop",
  expiresAt: 40 * DAY,
};

describe("a row of the trash", () => {
  it("is what can be brought back", () => {
    const rotated: Generation = { kind: "rotated", sessionId: "kimi:a", at: 1, name: "context_1.jsonl" };
    assert.deepEqual(trashNodes([rotated, node, { ...node, trashId: undefined }]), [node]);
  });

  it("says since when it is here, and for how long", () => {
    assert.equal(trashDescription(node, 12 * DAY, words), "2 d · 28 days left");
    assert.equal(trashDescription(node, 39.5 * DAY, words), "29 d · 1 day left");
    assert.match(trashDescription(node, 41 * DAY, words), /may go any time$/);
    assert.equal(trashDescription({ ...node, expiresAt: undefined }, 10 * DAY, words), "now");
  });

  it("has a title in any case", () => {
    assert.equal(trashTitle({ ...node, title: " \n" }, words), "Untitled");
    assert.equal(trashTitle({ ...node, title: undefined }, words), "Untitled");
    assert.equal(trashSentence(node, "pi", 12 * DAY, words), "Importer, pi session, deleted 2 days ago, 28 days left");
  });

  it("shows what a session calls itself as text alone", () => {
    const text = trashTooltip({ ...node, title: "[x](command:foo) <b>" }, "pi", "/home/ana", 12 * DAY, words);
    assert.ok(text.startsWith("**\\[x\\]\\(command\\:foo\\) \\<b\\>**"));
    assert.ok(text.includes("\\~\\/shop"));
  });
});
