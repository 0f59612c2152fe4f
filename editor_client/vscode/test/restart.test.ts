import assert from "node:assert/strict";
import { test } from "node:test";
import { afterCrash } from "../src/server/restart_policy";

/** The pauses after crashes of servers that ran for these times, in milliseconds. */
function pauses(...ranMs: number[]): (number | undefined)[] {
  let crashes = 0;
  return ranMs.map((ran) => {
    const after = afterCrash(crashes, ran);
    crashes = after.crashes;
    return after.pauseMs;
  });
}

test("five crashes in a row are followed by growing pauses, the sixth by none", () => {
  assert.deepEqual(pauses(0, 5, 0, 900, 20, 0), [1000, 2000, 4000, 8000, 16000, undefined]);
});

test("a server that ran for three minutes makes the count start anew", () => {
  assert.deepEqual(pauses(0, 0, 0, 0, 180_000, 0), [1000, 2000, 4000, 8000, 1000, 2000]);
  assert.deepEqual(pauses(0, 0, 179_999), [1000, 2000, 4000]);
});

test("it stays given up", () => {
  assert.deepEqual(pauses(0, 0, 0, 0, 0, 0, 0, 0).slice(5), [undefined, undefined, undefined]);
});
