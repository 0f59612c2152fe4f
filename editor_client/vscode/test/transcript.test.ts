import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Block, Entry, Problem } from "../src/protocol/calls";
import { dangersIn, hostileText, numbers, tokensOf } from "./hostile_markdown";
import { sessionRow } from "./sessions_support";
import { body, document, entry, text } from "./transcript_support";

describe("the head of a session", () => {
  it("says what is known", () => {
    const row = sessionRow("kimi:1", {
      title: "Fix *prices*",
      profile: "work",
      workDir: "/home/ana/my `shop`",
      status: "failed",
      archived: true,
      turnCount: 1200,
      messageCount: 1,
      model: "a/b",
      thinkingLevel: "high",
    });
    const lines = document([], { row, agent: "Kimi CLI" }).text.split("\n");
    assert.deepEqual(
      lines.slice(0, 4),
      ["# Fix *prices*", "", "- Agent: Kimi CLI - work", "- Folder: ``/home/ana/my `shop` ``"].map((line) =>
        line.replace("``/home/ana/my `shop` ``", "`` /home/ana/my `shop` ``"),
      ),
    );
    assert.deepEqual(lines.slice(5), [
      "- State: failed - archived",
      "- Length: 1,200 turns - 1 message",
      "- Model: `a/b`",
      "- Thinking: high",
      "- Session: `kimi:1`",
      "- Stored in: `/home/ana/.pi/kimi:1.jsonl` - 1 kB",
      "",
      "The session has no entries.",
      "",
    ]);
  });

  it("names the first problems, each once, and how many more there are", () => {
    const problem = (line: number): Problem => ({
      kind: "notJson",
      reason: "no <b>",
      path: "/s",
      line,
      byteOffset: line,
    });
    const row = sessionRow("pi:1", { problems: [problem(1), problem(2)] });
    const few = document([], { row, problems: [problem(2), problem(3)] }).text;
    assert.match(
      few,
      /\*\*3 problems\*\*\n\n- `notJson` - no \\<b> - line 1, byte 1\n- .*line 2.*\n- .*line 3, byte 3\n\nThe command/,
    );
    const many = document([], { problems: Array.from({ length: 9 }, (_, index) => problem(index)) }).text;
    assert.match(many, /\*\*9 problems\*\*[\s\S]*And 4 more: the command “Forkpoint: Diagnose Session”/);
  });

  it("has a name for a session without one", () => {
    assert.match(document([], { row: sessionRow("pi:1", { title: " \n" }) }).text, /^# Untitled\n/);
  });
});

describe("turns", () => {
  it("are headings with the first words of the person", () => {
    const said = [
      entry("user", [text("\n\n  Why   does it\nfail?")]),
      entry("assistant", [text("It does not.")]),
      entry("user", [text("x".repeat(500))], { turn: 1 }),
    ];
    const gist = `${"x".repeat(79)}…`;
    assert.equal(
      body(said),
      "## Turn 1 - Why does it fail?\n\n**User**\n\n  Why   does it\nfail?\n\n**Assistant**\n\nIt does not.\n\n" +
        `## Turn 2 - ${gist}\n\n**User**\n\n${"x".repeat(500)}\n`,
    );
  });

  it("are the only headings of their kind, so that the outline is ours", () => {
    const said = [entry("user", [text("# One\n\n## Two\n\nThree\n=====")]), entry("assistant", [text("```\nopen")])];
    const headings = tokensOf(document([...said, entry("user", [text("next")], { turn: 1 })]).text)
      .filter((token) => token.type === "heading_open" && token.markup.length < 4)
      .map((token) => token.markup);
    assert.deepEqual(headings, ["#", "##", "##"]);
  });

  it("that are not numbered yet begin with what a person says", () => {
    const late = { turn: undefined };
    const parts = body([entry("assistant", [text("a")], late), entry("user", [text("b")], late)]);
    assert.equal(parts, "**Assistant**\n\na\n\n## Turn - b\n\n**User**\n\nb\n");
  });

  it("that a person adds to have no second heading", () => {
    const parts = body([entry("user", [text("a")]), entry("user", [text("b")])]);
    assert.equal(parts, "## Turn 1 - a\n\n**User**\n\na\n\n**User**\n\nb\n");
  });

  it("before the first are under no heading", () => {
    const change = entry("modelChange", [text("a/b"), { type: "raw", raw: { c: 1 } }], { turn: undefined });
    assert.equal(body([{ ...change, agentKind: "model_change" }]), '**Changed** - `model_change` - a/b\n\n`{"c":1}`\n');
  });
});

describe("what is not shown", () => {
  it("is said at the top, where it can be asked for", () => {
    const { text: whole, moreLine } = document([entry("assistant", [text("a")], { turn: 7 })], { hasMoreBefore: true });
    assert.ok(moreLine !== undefined);
    assert.match(whole.split("\n")[moreLine] ?? "", /^\*Earlier entries are not shown: 7 turns before this/);
    assert.match(whole, /\n## Turn 8, continued\n/);
    assert.equal(document([entry("user", [text("a")])]).moreLine, undefined);
  });

  it("is what does not fit, the oldest first; the newest entry always does", () => {
    const entries = Array.from({ length: 50 }, (_, index) =>
      entry("assistant", [text("word ".repeat(100))], { turn: index }),
    );
    const { text: whole, firstShown, moreLine } = document(entries, {}, 3000);
    assert.equal(firstShown, 45);
    assert.equal(moreLine, undefined);
    assert.match(whole, /\*Earlier entries are not shown: 45 turns before this.*This document holds no more\.\*/);
    assert.equal(document(entries, {}, 10).firstShown, 49);
    assert.match(document(entries.slice(0, 1), { isFull: true, hasMoreBefore: true }).text, /holds no more/);
  });

  it("is bounded within one entry too", () => {
    const blocks = Array.from(
      { length: 5000 },
      (): Block => ({ type: "toolCall", name: "t", arguments: "x".repeat(900) }),
    );
    const whole = body([entry("assistant", blocks)]);
    assert.ok(whole.length < 500_000);
    assert.match(whole, /… the rest of this entry is not shown here …\n$/);
  });
});

describe("a hostile session", () => {
  it("loads nothing, runs nothing and stays inside of its turn", () => {
    const next = numbers(7);
    const kinds = ["user", "assistant", "toolCall", "toolResult", "compaction", "modelChange", "label", "note", "odd"];
    const types = ["text", "thinking", "image", "file", "toolCall", "diff", "raw", "odd"];
    const any = (most: number) => hostileText(next, most);
    const blockOf = (depth: number): Block => ({
      type: types[Math.floor(next() * types.length)] ?? "text",
      text: any(8),
      name: any(2),
      mimeType: any(2),
      uri: any(2),
      path: any(3),
      oldText: any(4),
      newText: any(4),
      state: any(1),
      raw: { a: any(5) },
      arguments: { [any(2)]: any(5), b: { c: any(6) } },
      nested: depth > 0 && next() < 0.5 ? [entryOf(depth - 1)] : undefined,
    });
    const entryOf = (depth: number): Entry => ({
      entryId: "e",
      kind: kinds[Math.floor(next() * kinds.length)] ?? "odd",
      agentKind: any(2),
      turn: next() < 0.5 ? 0 : undefined,
      content: Array.from({ length: Math.floor(next() * 4) }, () => blockOf(depth)),
      problems: next() < 0.1 ? [{ kind: any(2), reason: any(5), path: any(3), line: 1 }] : undefined,
    });
    for (let round = 0; round < 600; round += 1) {
      const entries = Array.from({ length: 4 }, () => entryOf(2));
      const row = sessionRow("pi:1", { title: any(4), workDir: any(3), model: any(2), status: any(1), path: any(3) });
      const whole = document([...entries, entry("user", [text("LAST")], { turn: 9 })], { row, agent: any(2) }).text;
      assert.deepEqual(dangersIn(whole), [], JSON.stringify(entries));
      const tokens = tokensOf(whole);
      const last = tokens.findIndex((token) => token.type === "inline" && token.content === "Turn 10 - LAST");
      assert.equal(tokens[last]?.level, 1, JSON.stringify(entries));
      assert.equal(tokens.at(-3)?.content, "LAST", JSON.stringify(entries));
    }
  });
});
