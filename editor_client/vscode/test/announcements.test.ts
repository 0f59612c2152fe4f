import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it, mock } from "node:test";
import { Announcements, TAKEN_BY } from "../src/documents/announcements";

describe("announcements of changed texts", () => {
  let told: string[] = [];
  let announcements: Announcements;
  beforeEach(() => {
    mock.timers.enable({ apis: ["setTimeout"] });
    told = [];
    announcements = new Announcements((address) => told.push(address));
  });
  afterEach(() => mock.timers.reset());

  it("are made at once, and again when the editor has taken the last one", () => {
    for (let change = 0; change < 100; change += 1) {
      announcements.announce("a");
    }
    assert.deepEqual(told, ["a"]);
    announcements.taken("a");
    assert.deepEqual(told, ["a", "a"]);
    announcements.taken("a");
    announcements.taken("a");
    assert.deepEqual(told, ["a", "a"]);
    announcements.announce("a");
    assert.equal(told.length, 3);
  });

  it("do not wait for another text, nor for ever", () => {
    announcements.announce("a");
    announcements.announce("b");
    announcements.announce("a");
    assert.deepEqual(told, ["a", "b"]);
    mock.timers.tick(TAKEN_BY);
    assert.deepEqual(told, ["a", "b", "a"]);
  });

  it("end with the document", () => {
    announcements.announce("a");
    announcements.announce("a");
    announcements.forget("a");
    mock.timers.tick(10 * TAKEN_BY);
    assert.deepEqual(told, ["a"]);
  });
});
