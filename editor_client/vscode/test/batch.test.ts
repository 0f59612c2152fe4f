import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { doEach, together } from "../src/changing/batch";
import { doneText, outcomeText } from "../src/changing/change_text";
import { serverError, words } from "./sessions_support";

const GO_ON = { stopped: () => false };

describe("doing the same to many", () => {
  it("does not end with the first that fails", async () => {
    const steps: number[] = [];
    const work = async (item: number) => {
      if (item === 2) {
        throw serverError("sessionBusy", "busy");
      }
      return item * 10;
    };
    const { done, failed } = await doEach([1, 2, 3], work, { ...GO_ON, step: (all) => steps.push(all) });
    assert.deepEqual(done, [
      { item: 1, result: 10 },
      { item: 3, result: 30 },
    ]);
    assert.deepEqual(
      failed.map(({ item }) => item),
      [2],
    );
    assert.deepEqual(steps, [3, 3, 3]);
  });

  it("stops when it is told to, and keeps what was done", async () => {
    let done = 0;
    const work = async () => {
      done += 1;
    };
    const outcome = await doEach([1, 2, 3, 4], work, { stopped: () => done === 2 });
    assert.deepEqual([done, outcome.done.length, outcome.failed.length], [2, 2, 0]);
  });

  it("ends in silence when a call was cancelled", async () => {
    const work = () => Promise.reject(serverError("cancelled", "cancelled"));
    assert.deepEqual(await doEach([1, 2], work, GO_ON), { done: [], failed: [] });
  });

  it("is one outcome over two rounds", async () => {
    const one = await doEach(["a"], async (item) => item, GO_ON);
    const two = await doEach(["b"], () => Promise.reject(new Error("no")), GO_ON);
    const both = together<string, string>(one, two);
    assert.deepEqual([both.done.length, both.failed.length], [1, 1]);
  });
});

describe("what is told of a change", () => {
  const busy = () => Object.assign(new Error("x"), { data: { kind: "sessionBusy", holder: "process 4711" } });
  const gone = () => serverError("sessionNotFound", "x");

  it("names one session and counts many", () => {
    assert.equal(doneText("archive", ["Importer"], words), "“Importer” was archived.");
    assert.equal(doneText("delete", ["a", "b", "c"], words), "3 sessions were moved to the trash.");
    assert.equal(doneText("pin", [""], words), "“Untitled” is pinned.");
  });

  it("is one sentence for each kind of reason, the most frequent first", () => {
    const told = { done: ["a", "b"], errors: [busy(), gone(), gone()] };
    assert.equal(
      outcomeText("delete", told, words),
      "2 sessions were moved to the trash. 2 were not: The session is not there any more. " +
        "1 was not: Another program is at work on it (process 4711).",
    );
  });

  it("is only the reason when one session alone was meant", () => {
    assert.equal(outcomeText("rename", { done: [], errors: [gone()] }, words), "The session is not there any more.");
    assert.equal(outcomeText("rename", { done: [], errors: [] }, words), "");
  });

  it("holds no link and no long title", () => {
    const text = doneText("archive", [`[x](command:foo) ${"y".repeat(300)}`], words);
    assert.ok(text.length < 100 && text.includes("…"));
    assert.doesNotMatch(text, /\]\(/);
  });
});
