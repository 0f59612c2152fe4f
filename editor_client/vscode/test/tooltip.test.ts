import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { DiffStats } from "../src/protocol/calls";
import { escapeMarkdown, tooltipMarkdown } from "../src/sessions/tooltip";
import { sessionRow, words } from "./sessions_support";

const NOW = Date.UTC(2026, 0, 5, 12);

const changes: DiffStats = {
  isGitRepo: true,
  branch: "fix/cents",
  hasChanges: true,
  totalAdditions: 1200,
  totalDeletions: 3,
  files: [{ path: "a.py", status: "modified", binary: false }],
};

/** The text that is seen: escapes and bold marks taken away. */
function seen(markdown: string): string {
  return markdown.replaceAll("**", "").replace(/\\([!-/:-@[-`{-~])/g, "$1");
}

function tooltip(row = sessionRow("pi:1"), stats?: DiffStats): string {
  return tooltipMarkdown({ row, agent: "pi", changes: stats, home: "/home/ana", now: NOW }, words);
}

describe("tooltip", () => {
  it("tells everything that is known", () => {
    const row = sessionRow("pi:1", {
      title: "Fix prices",
      profile: "work",
      workDir: "/home/ana/shop",
      createdAt: NOW - 7_200_000,
      updatedAt: NOW - 3_600_000,
      turnCount: 2,
      messageCount: 1,
      model: "anthropic/claude",
      thinkingLevel: "high",
      usage: { total: 12_345, input: 600, cost: 0.0033 },
      status: "failed",
      archived: true,
      archivedAt: NOW,
      parentSessionId: "pi:0",
      childSessionIds: ["pi:2", "pi:3"],
      resume: { command: ["pi", "--session", "/home/ana/my sessions/it's.jsonl"], cwd: "/home/ana/shop" },
    });
    const text = seen(tooltip(row, changes));
    for (const part of [
      "Fix prices",
      "Agent: pi · work",
      "Folder: ~/shop",
      "Changes: 1 file · +1,200 −3 · on fix/cents",
      "State: failed · archived on ",
      "2 hours ago)",
      "1 hour ago)",
      "Length: 2 turns · 1 message",
      "Model: anthropic/claude",
      "Thinking: high",
      "Usage: 12,345 tokens · 600 in · $0.0033",
      "Stored: ~/.pi/pi:1.jsonl · 1 kB",
      "Forked from: pi:0",
      "Forks: 2",
      "Resume with: pi --session '/home/ana/my sessions/it'\\''s.jsonl'",
    ]) {
      assert.ok(text.includes(part), `${part} is missing in ${text}`);
    }
  });

  it("leaves out what is not known", () => {
    const text = seen(tooltip());
    for (const name of [
      "Folder",
      "Changes",
      "State",
      "Created",
      "Length",
      "Model",
      "Thinking",
      "Usage",
      "Fork",
      "Resume",
    ]) {
      assert.ok(!text.includes(name), `${name} in ${text}`);
    }
  });

  it("says when a folder is as it was committed, and nothing outside a repository", () => {
    const clean = { ...changes, hasChanges: false, files: [], totalAdditions: 0, totalDeletions: 0 };
    assert.match(seen(tooltip(undefined, clean)), /Changes: none · on fix\/cents/);
    assert.doesNotMatch(seen(tooltip(undefined, { ...clean, isGitRepo: false })), /Changes/);
  });

  it("names the first problems and counts the rest", () => {
    const problems = [1, 2, 3, 4, 5].map((line) => ({ kind: "notJson", reason: `broken ${line}`, path: "/x", line }));
    const text = seen(tooltip(sessionRow("a", { problems })));
    assert.match(text, /5 problems\s+line 1: broken 1\s+line 2: broken 2\s+line 3: broken 3\s+and 2 more$/);
  });

  it("is never made to mean anything by a session's texts", () => {
    const hostile =
      "[run](command:evil) <img src=x onerror=y> ![i](http://t/x.png) https://evil.example www.evil.example a@b.example " +
      "$(zap) **b** _i_ `c` | t | &lt; # h\n\n- list\n\n[r]: http://evil.example\n```\ncode";
    const row = sessionRow("a", {
      title: hostile,
      workDir: `/home/ana/${hostile}`,
      path: hostile,
      model: hostile,
      status: hostile,
      parentSessionId: hostile,
      problems: [{ kind: "notJson", reason: hostile, path: hostile }],
      resume: { command: [hostile], cwd: "/" },
    });
    const text = tooltip(row, { ...changes, branch: hostile });
    assert.ok(text.includes("evil"));
    const unescaped = text
      .replace(/\\[!-/:-@[-`{-~]/g, "")
      .replaceAll("**", "")
      .replaceAll(" · ", " ");
    assert.doesNotMatch(unescaped, /[<>[\]()`&@_#|!$*]/);
    assert.doesNotMatch(text, /https?:\/\/|www\.|a@b|\n\s*- /);
  });

  it("has one line for each value, however long", () => {
    const text = tooltip(sessionRow("a", { model: `${"x".repeat(100_000)}\n\n# y` }));
    assert.ok(text.length < 2_000);
    assert.match(text, /x…/);
  });
});

describe("escapeMarkdown", () => {
  it("does not cut a character in half", () => {
    const text = escapeMarkdown(`${"x".repeat(399)}😀y`);
    assert.ok(text.endsWith("x…"), text.slice(-5));
  });
});
