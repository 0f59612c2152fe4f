import assert from "node:assert/strict";
import { test } from "node:test";
import { LineTail } from "../src/server/line_tail";

test("lines are put together from chunks, whatever ends them", () => {
  const tail = new LineTail(10, 100);
  for (const chunk of ["o", "ne\r", "\ntwo\nthr", "ee\rfour"]) {
    tail.push(chunk);
  }
  assert.deepEqual(tail.lines, ["one", "two", "three"]);
  tail.end();
  assert.deepEqual(tail.lines, ["one", "two", "three", "four"]);
});

test("only the last lines are kept, each cut, and each is told once", () => {
  const told: string[] = [];
  const tail = new LineTail(2, 5, (line) => told.push(line));
  tail.push("first line\nsecond\n\n   \nthird\n");
  assert.deepEqual(tail.lines, ["secon", "third"]);
  assert.deepEqual(told, ["first", "secon", "third"]);
  assert.equal(tail.lines.at(-1), "third");
});

test("a line that never ends takes no more memory than a line may", () => {
  const tail = new LineTail(2, 10);
  for (let chunk = 0; chunk < 1000; chunk += 1) {
    tail.push("x".repeat(1000));
  }
  tail.end();
  assert.deepEqual(tail.lines, ["x".repeat(10)]);
});

test("nothing that could move the cursor or turn the text around is shown", () => {
  const tail = new LineTail(2, 100);
  tail.push("\u001b[31mred\u001b[0m \u202eevil\u0007\n");
  assert.equal(tail.lines.at(-1), " [31mred [0m  evil");
});
