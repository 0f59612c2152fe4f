import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SessionReader } from "../src/documents/session_reader";
import type { Entry, ListTurnsResult, ReadHistoryParams, ReadHistoryResult } from "../src/protocol/calls";

/** A history of entries `e0`, `e1`, ... answered in pages as the server does. */
class Histories {
  readonly asked: ReadHistoryParams[] = [];
  entries: Entry[] = [];
  counted = true;

  constructor(count: number) {
    this.grow(count);
  }

  grow(count: number): void {
    const start = this.entries.length;
    for (let index = start; index < start + count; index += 1) {
      this.entries.push({ entryId: `e${index}`, kind: "assistant", agentKind: "a", turn: 0, content: [] });
    }
  }

  readonly listTurns = (): Promise<ListTurnsResult> => {
    this.counted = true;
    return Promise.resolve({ turns: [], total: 1 });
  };

  readonly readHistory = (params: ReadHistoryParams): Promise<ReadHistoryResult> => {
    this.asked.push(params);
    const { before, limit = 50 } = params;
    const end =
      before === undefined ? this.entries.length : this.entries.findIndex((entry) => entry.entryId === before);
    assert.ok(limit >= 1 && limit <= 500);
    const start = Math.max(0, end - limit);
    const problems = [{ kind: "notJson", reason: "", path: `page ${this.asked.length}` }];
    const whole = this.entries.slice(start, end);
    const entries = this.counted ? whole : whole.map((entry) => ({ ...entry, turn: undefined }));
    return Promise.resolve({ entries, hasMoreBefore: start > 0, hasMoreAfter: end < this.entries.length, problems });
  };
}

async function read(reader: SessionReader) {
  const { entries, hasMoreBefore } = await reader.read();
  return [entries[0]?.entryId, entries.at(-1)?.entryId, entries.length, hasMoreBefore];
}

describe("the newest entries", () => {
  it("are two hundred of many, and all of few", async () => {
    assert.deepEqual(await read(new SessionReader(() => new Histories(5000), "s")), ["e4800", "e4999", 200, true]);
    assert.deepEqual(await read(new SessionReader(() => new Histories(3), "s")), ["e0", "e2", 3, false]);
    assert.deepEqual(await read(new SessionReader(() => new Histories(0), "s")), [undefined, undefined, 0, false]);
  });

  it("are more with each wish, in pages that the server allows", async () => {
    const histories = new Histories(5000);
    const reader = new SessionReader(() => histories, "s");
    await reader.read();
    reader.wantEarlier();
    assert.deepEqual(await read(reader), ["e4300", "e4999", 700, true]);
    reader.wantEarlier();
    assert.deepEqual(await read(reader), ["e3800", "e4999", 1200, true]);
    assert.equal((await reader.read()).problems.length, 3);
  });

  it("end with a wish for more than there are", async () => {
    const reader = new SessionReader(() => new Histories(300), "s");
    await reader.read();
    reader.wantEarlier();
    assert.deepEqual(await read(reader), ["e0", "e299", 300, false]);
  });

  it("begin where they began when the session grows, so that what is read stays where it is", async () => {
    const histories = new Histories(1000);
    const reader = new SessionReader(() => histories, "s");
    assert.deepEqual(await read(reader), ["e800", "e999", 200, true]);
    histories.grow(30);
    assert.deepEqual(await read(reader), ["e800", "e1029", 230, true]);
    histories.grow(570);
    assert.deepEqual(await read(reader), ["e800", "e1599", 800, true]);
  });

  it("begin anew when the entry they began with is gone", async () => {
    const histories = new Histories(1000);
    const reader = new SessionReader(() => histories, "s");
    await reader.read();
    histories.entries = histories.entries.map((entry) => ({ ...entry, entryId: `other ${entry.entryId}` }));
    const { entries } = await reader.read();
    assert.equal(entries.at(-1)?.entryId, "other e999");
    assert.ok(entries.length >= 200);
    histories.entries = [];
    assert.deepEqual(await read(reader), [undefined, undefined, 0, false]);
  });

  it("do not go before what is shown", async () => {
    const histories = new Histories(1000);
    const reader = new SessionReader(() => histories, "s");
    await reader.read();
    reader.beginAt("e950");
    assert.deepEqual(await read(reader), ["e950", "e999", 50, true]);
    histories.grow(10);
    assert.deepEqual(await read(reader), ["e950", "e1009", 60, true]);
  });

  it("of a large session are numbered when that is asked for", async () => {
    const histories = new Histories(1000);
    const reader = new SessionReader(() => histories, "s");
    histories.counted = false;
    assert.equal((await reader.read()).entries[0]?.turn, undefined);
    assert.equal(histories.asked.length, 1);
    assert.equal((await reader.read(true)).entries[0]?.turn, 0);
    await reader.read(true);
    assert.equal(histories.asked.length, 4);
  });

  it("do not ask for ever when a server says more and gives none", async () => {
    const asked: ReadHistoryParams[] = [];
    const entries: Entry[] = [{ entryId: "e", kind: "user", agentKind: "u", content: [] }];
    const readHistory = (params: ReadHistoryParams): Promise<ReadHistoryResult> => {
      asked.push(params);
      const found = params.before === undefined ? entries : [];
      return Promise.resolve({ entries: found, hasMoreBefore: true, hasMoreAfter: false, problems: [] });
    };
    const { listTurns } = new Histories(0);
    await new SessionReader(() => ({ readHistory, listTurns }), "s").read();
    assert.equal(asked.length, 2);
  });
});
