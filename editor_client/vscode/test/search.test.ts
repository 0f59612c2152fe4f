import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { type Found, meantRow, Newest, NOTHING_FOUND, Search } from "../src/sessions/search";
import { HeldServer, page, sessionRow, settle, TestCanceller } from "./sessions_support";

class Trial {
  readonly server = new HeldServer();
  readonly cancellers: TestCanceller[] = [];
  readonly shown: Found[] = [];
  readonly search = new Search({
    list: this.server.list,
    makeCanceller: () => {
      const canceller = new TestCanceller();
      this.cancellers.push(canceller);
      return canceller;
    },
    pause: 5,
    pageSize: 2,
    show: (found) => {
      this.shown.push(found);
    },
  });

  get last(): Found {
    return this.shown.at(-1) ?? NOTHING_FOUND;
  }

  get ids(): string[] {
    return this.last.rows.map(({ sessionId }) => sessionId);
  }

  async untilAsked(count: number): Promise<void> {
    const end = Date.now() + 45_000;
    while (this.server.asked.length < count) {
      assert.ok(Date.now() < end, `only ${this.server.asked.length} calls were made`);
      await pause(1);
    }
  }
}

describe("the newest question", () => {
  it("is the only one that counts, and cancels the one before once", () => {
    const made: TestCanceller[] = [];
    const newest = new Newest(() => {
      const canceller = new TestCanceller();
      made.push(canceller);
      return canceller;
    });
    const first = newest.ask();
    assert.equal(newest.isCurrent(first), true);
    const second = newest.ask();
    assert.deepEqual([newest.isCurrent(first), newest.isCurrent(second)], [false, true]);
    newest.stop();
    newest.stop();
    assert.equal(newest.isCurrent(second), false);
    assert.deepEqual(
      made.map(({ cancelled, disposed }) => [cancelled, disposed]),
      [
        [1, 1],
        [1, 1],
      ],
    );
  });
});

describe("searching while typing", () => {
  it("finds all at once with an empty text, archived ones too", async () => {
    const trial = new Trial();
    const asked = trial.search.ask("");
    assert.deepEqual(trial.server.call(0).params, { text: "", archived: "all", limit: 2 });
    assert.equal(trial.last.busy, true);
    trial.server.call(0).answer(page([sessionRow("a")]));
    await asked;
    assert.deepEqual([trial.ids, trial.last.busy, trial.last.more], [["a"], false, false]);
  });

  it("asks once for keystrokes that follow each other closely", async () => {
    const trial = new Trial();
    for (const text of ["p", "pr", "pri"]) {
      trial.search.type(text);
    }
    await trial.untilAsked(1);
    await pause(30);
    assert.deepEqual(
      trial.server.asked.map(({ params }) => params.text),
      ["pri"],
    );
  });

  it("cancels what is asked with the next keystroke, and drops answers that come late", async () => {
    const trial = new Trial();
    void trial.search.ask("p");
    trial.search.type("pr");
    assert.equal(trial.cancellers[0]?.cancelled, 1);
    trial.server.call(0).answer(page([sessionRow("stale")]));
    await trial.untilAsked(2);
    assert.deepEqual([trial.ids, trial.last.busy], [[], true]);
    trial.server.call(1).answer(page([sessionRow("right")]));
    await settle();
    assert.deepEqual([trial.ids, trial.last.busy], [["right"], false]);
  });

  it("takes answers in whatever order they come for what they are", async () => {
    const trial = new Trial();
    void trial.search.ask("a");
    void trial.search.ask("b");
    trial.server.call(1).answer(page([sessionRow("b")]));
    await settle();
    trial.server.call(0).fail(new Error("late"));
    await settle();
    assert.deepEqual([trial.ids, trial.last.failure], [["b"], undefined]);
  });

  it("shows what went wrong, and forgets it with the next answer", async () => {
    const trial = new Trial();
    void trial.search.ask("a");
    trial.server.call(0).fail(new Error("down"));
    await settle();
    assert.deepEqual([trial.last.failure, trial.last.busy, trial.ids], ["down", false, []]);
    void trial.search.ask("b");
    trial.server.call(1).answer(page([sessionRow("b")]));
    await settle();
    assert.deepEqual([trial.last.failure, trial.ids], [undefined, ["b"]]);
  });

  it("adds the next page of the same text, every session once", async () => {
    const trial = new Trial();
    void trial.search.ask("x");
    trial.server.call(0).answer(page([sessionRow("a"), sessionRow("b")], { nextCursor: "c" }));
    await settle();
    assert.equal(trial.last.more, true);
    void trial.search.more();
    void trial.search.more();
    assert.equal(trial.server.asked.length, 2);
    assert.deepEqual(trial.server.call(1).params, { text: "x", archived: "all", limit: 2, cursor: "c" });
    trial.server.call(1).answer(page([sessionRow("b"), sessionRow("c")]));
    await settle();
    assert.deepEqual([trial.ids, trial.last.first, trial.last.more], [["a", "b", "c"], 2, false]);
  });

  it("keeps the rows when the next page fails, and can ask for it again", async () => {
    const trial = new Trial();
    void trial.search.ask("x");
    trial.server.call(0).answer(page([sessionRow("a")], { nextCursor: "c" }));
    await settle();
    void trial.search.more();
    trial.server.call(1).fail(new Error("lost"));
    await settle();
    assert.deepEqual([trial.ids, trial.last.failure, trial.last.more], [["a"], "lost", true]);
    void trial.search.more();
    assert.equal(trial.server.call(2).params.cursor, "c");
  });

  it("begins at the first page again with another text", async () => {
    const trial = new Trial();
    void trial.search.ask("x");
    trial.server.call(0).answer(page([sessionRow("a")], { nextCursor: "c" }));
    await settle();
    void trial.search.ask("y");
    assert.equal(trial.server.call(1).params.cursor, undefined);
    trial.server.call(1).answer(page([sessionRow("b")]));
    await settle();
    assert.deepEqual([trial.ids, trial.last.first], [["b"], 0]);
    await trial.search.more();
    assert.equal(trial.server.asked.length, 2);
  });

  it("shows and asks nothing any more when it is closed", async () => {
    const trial = new Trial();
    void trial.search.ask("a");
    trial.search.type("b");
    trial.search.close();
    const shown = trial.shown.length;
    trial.server.call(0).answer(page([sessionRow("a")]));
    await pause(30);
    assert.deepEqual([trial.shown.length, trial.server.asked.length], [shown, 1]);
    assert.equal(trial.cancellers[0]?.cancelled, 1);
  });
});

describe("a line accepted before its answer is there", () => {
  const found = { ...NOTHING_FOUND, rows: [sessionRow("a"), sessionRow("b")] };

  it("is that line when the answer has it, else the answer's first", () => {
    assert.equal(meantRow(found, sessionRow("b"))?.sessionId, "b");
    assert.equal(meantRow(found, sessionRow("gone"))?.sessionId, "a");
    assert.equal(meantRow(found, undefined)?.sessionId, "a");
    assert.equal(meantRow(NOTHING_FOUND, sessionRow("a")), undefined);
  });
});
