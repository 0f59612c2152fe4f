import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { EndInSight } from "../src/documents/end_in_sight";

function grown(end: EndInSight, lines: number, now: number): boolean {
  end.grown(lines, now);
  return end.isFollowed;
}

describe("the end of a document that grows", () => {
  it("stays in sight where it was, and is left alone elsewhere", () => {
    assert.equal(grown(new EndInSight(100, 99), 110, 0), true);
    assert.equal(grown(new EndInSight(100, 97), 110, 0), true);
    assert.equal(grown(new EndInSight(100, 50), 110, 0), false);
  });

  it("stays in sight when it grows twice before the editor has told of the first time", () => {
    const end = new EndInSight(100, 99);
    assert.equal(grown(end, 110, 0), true);
    assert.equal(grown(end, 120, 10), true);
    assert.equal(end.scrolled(99, 20), false); // what was in sight before the first time; the end is on its way
    assert.equal(grown(end, 125, 25), true);
    assert.equal(end.scrolled(124, 30), false);
    assert.equal(grown(end, 130, 40), true);
  });

  it("is followed by who came there a moment before it grew", () => {
    const end = new EndInSight(100, 50);
    assert.equal(grown(end, 110, 0), false);
    assert.equal(end.scrolled(99, 20), true);
    assert.equal(grown(end, 120, 30), true);
  });

  it("is left by who scrolls away in the moment in which it grows", () => {
    const end = new EndInSight(100, 99);
    end.grown(110, 0);
    assert.equal(end.scrolled(30, 10), false);
    assert.equal(end.isFollowed, false);
  });

  it("is left by who scrolls away", () => {
    const end = new EndInSight(100, 99);
    end.grown(110, 0);
    assert.equal(end.scrolled(109, 5), false);
    assert.equal(end.scrolled(99, 10), false); // it was in sight since, so this is the reader's wish
    assert.equal(grown(end, 120, 20), false);
    assert.equal(end.scrolled(60, 5000), false);
    assert.equal(grown(end, 130, 6000), false);
  });
});
