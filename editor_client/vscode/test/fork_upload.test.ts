import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isForkPoint, planText, TurnPages, turnTexts } from "../src/commands/fork_turns";
import { bytesSource, PORTION, sendFile } from "../src/commands/upload_portions";
import { Notices } from "../src/common/notices";
import { Calls, type Turn } from "../src/protocol/calls";
import { words } from "./sessions_support";

function turns(count: number): Turn[] {
  return Array.from({ length: count }, (_, turn) => ({ turn, entryId: `e${turn}`, text: `ask ${turn}`, toolCalls: 0 }));
}

function pagesOf(all: Turn[], page: number): TurnPages {
  const calls = new Calls(async (_, params) => {
    const { after = -1, limit = 500 } = params as { after?: number; limit?: number };
    return { turns: all.filter(({ turn }) => turn > after).slice(0, limit), total: all.length };
  });
  return new TurnPages(() => calls, "s", page);
}

describe("the turns of a session", () => {
  it("come newest first, page by page, each once", async () => {
    const pages = pagesOf(turns(25), 10);
    const shown = () => pages.turns.map(({ turn }) => turn);
    await pages.more();
    assert.deepEqual([shown().length, shown()[0], shown().at(-1), pages.hasMore], [10, 24, 15, true]);
    await pages.more();
    await pages.more();
    assert.deepEqual(shown(), [...Array(25).keys()].reverse());
    assert.equal(pages.hasMore, false);
  });

  it("of a short session come at once, of an empty one there are none", async () => {
    const short = pagesOf(turns(3), 10);
    await short.more();
    assert.deepEqual([short.turns.map(({ turn }) => turn), short.hasMore], [[2, 1, 0], false]);
    const empty = pagesOf([], 10);
    await empty.more();
    assert.deepEqual([empty.turns, empty.hasMore], [[], false]);
  });

  it("are told in one line", () => {
    const [turn] = turns(1) as [Turn];
    const told = turnTexts({ ...turn, text: "", startedAt: 0, toolCalls: 2 }, 60_000, words);
    assert.deepEqual(told, { label: "(no text)", description: "turn 1 · 1 minute ago · 2 tool calls" });
  });

  it("say what a fork would be", () => {
    const problem = { kind: "stillGrowing", reason: "somebody writes to it", path: "/p" };
    const plan = { closedToolCalls: 1, sizeBytes: 1000, problems: [problem] };
    assert.equal(planText(plan, words), "1 kB · 1 open tool call is closed · somebody writes to it");
  });

  it("are named by a number or an entry, and by nothing else", () => {
    for (const at of [{ turn: 0 }, { entryId: "e", position: "before" }]) {
      assert.ok(isForkPoint(at));
    }
    for (const at of [undefined, {}, { turn: "0" }, { turn: 0, entryId: "e" }, { entryId: "e", position: "x" }]) {
      assert.ok(!isForkPoint(at));
    }
  });
});

const NEVER = { isCancellationRequested: false, onCancellationRequested: () => ({ dispose() {} }) };

describe("uploads", () => {
  const send = async (bytes: Uint8Array, cancel = NEVER) => {
    const sent: { uploadId?: string; last: boolean; size: number }[] = [];
    const calls = new Calls(async (_, params) => {
      const { data, last, uploadId } = params as { data: string; last: boolean; uploadId?: string };
      sent.push({ ...(uploadId === undefined ? {} : { uploadId }), last, size: Buffer.from(data, "base64").length });
      return last ? { sizeBytes: bytes.length, path: "/p" } : { sizeBytes: 0, uploadId: "u" };
    });
    const told: number[] = [];
    const answer = await sendFile(calls, "s", bytesSource("f", bytes), cancel, (count) => told.push(count));
    return { sent, told, answer };
  };

  it("go in portions, the last of which says so", async () => {
    const { sent, told, answer } = await send(new Uint8Array(2 * PORTION + 5));
    assert.deepEqual(sent, [
      { last: false, size: PORTION },
      { uploadId: "u", last: false, size: PORTION },
      { uploadId: "u", last: true, size: 5 },
    ]);
    assert.deepEqual([told, answer?.path], [[PORTION, PORTION, 5], "/p"]);
  });

  it("of an exact portion, or of nothing, are one call", async () => {
    assert.deepEqual((await send(new Uint8Array(PORTION))).sent, [{ last: true, size: PORTION }]);
    assert.deepEqual((await send(new Uint8Array(0))).sent, [{ last: true, size: 0 }]);
  });

  it("end when they are cancelled", async () => {
    const { sent, answer } = await send(new Uint8Array(5), { ...NEVER, isCancellationRequested: true });
    assert.deepEqual([sent, answer], [[], undefined]);
  });
});

describe("notices", () => {
  it("reach those who listen, until they do not any more", () => {
    const notices = new Notices();
    const heard: string[] = [];
    const listening = notices.on("git/changed", ({ folder }) => heard.push(folder));
    notices.tell("git/changed", { folder: "/a" });
    listening.dispose();
    notices.tell("git/changed", { folder: "/b" });
    assert.deepEqual(heard, ["/a"]);
  });
});
