import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { diagnosisDocument } from "../src/documents/diagnosis";
import type { Problem } from "../src/protocol/calls";
import { dangersIn } from "./hostile_markdown";
import { sessionRow, words } from "./sessions_support";

const row = sessionRow("pi:1", { title: "Fix <b>prices</b>" });

function diagnosis(problems: Problem[]): string {
  return diagnosisDocument(row, problems, 0, words).text;
}

/** What is linked, and where to. */
function linked(problems: Problem[]): [string | undefined, string, number][] {
  const { text, links = [] } = diagnosisDocument(row, problems, 0, words);
  return links.map(({ line, start, end, path, target }) => [text.split("\n")[line]?.slice(start, end), path, target]);
}

describe("diagnosis", () => {
  it("says what was looked at and that nothing is wrong", () => {
    const text = diagnosis([]);
    assert.match(text, /^# Diagnosis: Fix \\<b>prices\\<\/b>\n/);
    assert.match(text, /- Session: `pi:1`\n- Stored in: `\/home\/ana\/.pi\/pi:1.jsonl` - 1 kB\n/);
    assert.match(text, /\*\*Nothing is wrong with them\.\*\*\n$/);
  });

  it("names each problem with its place, by file", () => {
    const text = diagnosis([
      { kind: "notJson", reason: "not JSON", path: "/s/a.jsonl", line: 1200, byteOffset: 74200 },
      { kind: "unreadable", reason: "permission denied", path: "/s/b.jsonl" },
      { kind: "orphan", reason: "no parent", path: "/s/a.jsonl", line: 7 },
    ]);
    const end = [
      "**3 problems**",
      "## `/s/a.jsonl`",
      "- line 1,200, byte 74,200 - `notJson` - not JSON\n" + "- line 7 - `orphan` - no parent",
      "## `/s/b.jsonl`",
      "- `unreadable` - permission denied\n",
    ];
    assert.ok(text.endsWith(end.join("\n\n")), text);
  });

  it("links the places to the lines of the files that are here", () => {
    const kind = "notJson";
    const paths = ["/s/a b#?.jsonl", "C:\\s\\a", "", "a.jsonl", "../a", "/a\ufffd", "/a\ud800", "command:x"];
    assert.deepEqual(linked(paths.map((path, line) => ({ kind, reason: "no", path, line: line + 1, byteOffset: 0 }))), [
      ["line 1, byte 0", "/s/a b#?.jsonl", 1],
      ["line 2, byte 0", "C:\\s\\a", 2],
    ]);
    assert.deepEqual(linked([{ kind, reason: "no", path: "/s" }]), []);
  });

  it("says that there may be more than the server names", () => {
    const problem: Problem = { kind: "blankLine", reason: "blank", path: "/s/a", line: 1, byteOffset: 0 };
    assert.match(diagnosis(Array(1000).fill(problem)), /no more than 1,000 of a kind/);
    assert.doesNotMatch(diagnosis(Array(999).fill(problem)), /no more than/);
  });

  it("is harmless whatever the names and reasons are", () => {
    const text = diagnosis([
      { kind: "[x](command:a)", reason: "<img src=x> ![a](http://evil/a) `", path: "/s/`](command:a)\n# b", line: 1 },
    ]);
    assert.deepEqual(dangersIn(text), []);
    assert.doesNotMatch(text, /^# b/m);
  });
});
