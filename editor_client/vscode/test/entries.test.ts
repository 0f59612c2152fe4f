import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Block, Entry, Problem } from "../src/protocol/calls";
import { tokensOf } from "./hostile_markdown";
import { body, entry, text } from "./transcript_support";

describe("tools", () => {
  it("have their arguments and results with them, in whatever order the log has them", () => {
    const call = (callId: string, more: Partial<Block>): Block => ({ type: "toolCall", callId, name: callId, ...more });
    const result = (callId: string, value: string) => entry("toolResult", [{ type: "text", text: value, callId }]);
    const calls = [
      call("read", { arguments: { path: "a.py" }, state: "done" }),
      call("run", { arguments: "ls", state: "failed" }),
      call("ask", { state: "interrupted" }),
    ];
    assert.equal(
      body([
        entry("assistant", [text("Go."), ...calls]),
        result("run", "no\n"),
        result("read", "text"),
        result("lost", "x"),
      ]),
      "## Turn 1, continued\n\n**Assistant**\n\nGo.\n\n" +
        '**Tool** - `read`\n\n```json\n{"path":"a.py"}\n```\n\nResult:\n\n```\ntext\n```\n\n' +
        "**Tool** - `run` - failed\n\n```\nls\n```\n\nResult:\n\n```\nno\n```\n\n" +
        "**Tool** - `ask` - interrupted\n\n**Result**\n\n```\nx\n```\n",
    );
  });

  it("keep the lines of long texts among the arguments", () => {
    const args = {
      path: "a.py",
      edits: [
        { old: "a\nb\n", new: "" },
        { old: "c", new: "d\n```\n" },
      ],
    };
    assert.equal(
      body([entry("toolCall", [{ type: "toolCall", name: "edit", arguments: args }], { turn: undefined })]),
      '**Tool** - `edit`\n\n```json\n{"path":"a.py","edits":[{"new":""},{"old":"c"}]}\n```\n\n' +
        "`edits.0.old`:\n\n```\na\nb\n```\n\n`edits.1.new`:\n\n````\nd\n```\n````\n",
    );
  });

  it("show long results with both ends, and how much is between", () => {
    const lines = Array.from({ length: 1000 }, (_, index) => `line ${index}`).join("\n");
    const shown = body([entry("toolResult", [{ type: "text", text: `\u001b[1m${lines}`, name: "run" }])]);
    assert.match(
      shown,
      /\n```\nline 0\n[\s\S]*\nline 39\n… 940 more lines are not shown here …\nline 980\n[\s\S]*line 999\n```\n/,
    );
  });

  it("show what changed as a difference", () => {
    const blocks: Block[] = [
      { type: "diff", path: "a.py", oldText: "x = 1\ny = 2\n", newText: "x = 1\ny = 3\n" },
      { type: "diff", text: "+1 a\n-1 b" },
    ];
    assert.equal(
      body([entry("toolResult", blocks, { turn: undefined })]),
      "**Result**\n\nChanges in `a.py`:\n\n```diff\n x = 1\n-y = 2\n+y = 3\n```\n\n```diff\n+1 a\n-1 b\n```\n",
    );
  });

  it("say when nothing came back", () => {
    const call: Block = { type: "toolCall", callId: "c", name: "t" };
    const empty = entry("toolResult", [{ type: "text", text: "", callId: "c" }]);
    assert.match(body([entry("assistant", [call]), empty]), /\*\*Tool\*\* - `t`\n\nResult: nothing\n$/);
  });

  it("quote what a helper did, with its own tools", () => {
    const inner = [
      entry("user", [text("Find\n\tit.")]),
      entry("assistant", [{ type: "toolCall", callId: "g", name: "grep", arguments: "x" }]),
      entry("toolResult", [{ type: "text", text: "a:1", callId: "g" }]),
      entry("assistant", [text("```\nopen")]),
    ];
    const call: Block = { type: "toolCall", callId: "h", name: "Agent", nested: inner };
    assert.equal(
      body([entry("assistant", [call], { turn: undefined })]),
      [
        "**Tool** - `Agent`",
        "",
        "> **Helper**",
        ">",
        "> **User**",
        ">",
        "> Find",
        ">     it.",
        ">",
        "> **Tool** - `grep`",
        ">",
        "> ```",
        "> x",
        "> ```",
        ">",
        "> Result:",
        ">",
        "> ```",
        "> a:1",
        "> ```",
        ">",
        "> **Assistant**",
        ">",
        "> ```",
        "> open",
        "> ```",
        "",
      ].join("\n"),
    );
  });

  it("end helpers of helpers somewhere", () => {
    let nested: Entry[] = [entry("assistant", [text("deepest")])];
    for (let depth = 0; depth < 200; depth += 1) {
      nested = [entry("assistant", [{ type: "toolCall", name: "Agent", nested }])];
    }
    const whole = body(nested);
    assert.match(whole, /the work of a further helper is not shown here/);
    assert.doesNotMatch(whole, /deepest/);
  });
});

describe("other entries", () => {
  it("say what they are, also kinds that are new", () => {
    const parts = body([
      { ...entry("note", [text("Approved")], { turn: undefined }), agentKind: "Approval" },
      entry("label", [text("done")], { turn: undefined }),
      entry("branchSummary", [text("Tried it.")], { turn: undefined }),
      { ...entry("unknown", [{ type: "raw", raw: { a: "`" } }], { turn: undefined }), agentKind: "hologram" },
      { ...entry("fromTheFuture", [{ type: "smell", text: "x" }], { turn: undefined }), agentKind: "" },
    ]);
    assert.equal(
      parts,
      "**Note** - `Approval`\n\nApproved\n\n**Label** - done\n\n**Summary of another branch**\n\nTried it.\n\n" +
        '**Unknown entry** - `hologram`\n\n``{"a":"`"}``\n\n' +
        '**Unknown entry** - \n\n`smell`\n\n`{"type":"smell","text":"x"}`\n',
    );
  });

  it("mark where the agent goes on with a summary", () => {
    const parts = body([entry("user", [text("a")]), entry("compaction", [text("# Goal\nAll.")])]);
    assert.ok(
      parts.endsWith(
        "a\n\n---\n\n**Compaction** - from here on the agent goes by a summary of what is above\n\n#### Goal\nAll.\n",
      ),
    );
    assert.equal(tokensOf(parts).filter((token) => token.type === "hr").length, 1);
  });

  it("say what a model thought, and what was attached, on a line each", () => {
    const blocks: Block[] = [
      { type: "thinking", text: "Hm.\n\n- a" },
      text("So."),
      { type: "image", mimeType: "image/png", data: "AAAA".repeat(1000) },
      { type: "image", uri: "https://evil.example/x.png" },
      { type: "file", path: "/a/b.pdf", mimeType: "application/pdf" },
    ];
    assert.equal(
      body([entry("assistant", blocks, { turn: undefined })]),
      "**Assistant**\n\n> **Thinking**\n>\n> Hm.\n>\n> - a\n\nSo.\n\n**Image** - `image/png` - 3 kB\n\n" +
        "**Image** - `https://evil.example/x.png`\n\n**File** - `/a/b.pdf` - `application/pdf`\n",
    );
  });

  it("name what is wrong with them, also under a call", () => {
    const problems: Problem[] = [{ kind: "badUtf8", reason: "not UTF-8", path: "/s", line: 3, byteOffset: 9 }];
    const call: Block = { type: "toolCall", callId: "c", name: "t" };
    const result = entry("toolResult", [{ type: "text", text: "x", callId: "c" }], { problems });
    const parts = body([entry("user", [text("a")], { problems }), entry("assistant", [call]), result]);
    assert.equal(parts.split("**Problem** - `badUtf8` - not UTF-8 - line 3, byte 9").length, 3);
  });
});
