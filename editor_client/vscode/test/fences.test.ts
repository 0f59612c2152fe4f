import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { codeSpan, fence, quote } from "../src/documents/fences";
import { lineDiff } from "../src/documents/line_diff";
import { cleanText, cutText } from "../src/documents/plain_text";
import { tokensOf } from "./hostile_markdown";
import { words } from "./sessions_support";

describe("fences", () => {
  it("are longer than any run of marks inside", () => {
    assert.equal(fence("a", "diff"), "```diff\na\n```");
    assert.equal(fence("x\n````\ny ``````"), "```````\nx\n````\ny ``````\n```````");
  });

  it("give back the text they were given", () => {
    for (const text of ["", "```\n~~~\n````", "    ```", "> ```", "\t", "`"]) {
      const [token] = tokensOf(fence(text));
      assert.deepEqual([token?.type, token?.content], ["fence", text === "" ? "\n" : `${text}\n`]);
    }
  });

  it("stand within a line for names of any kind", () => {
    assert.equal(codeSpan("a b"), "`a b`");
    assert.equal(codeSpan(""), "");
    assert.equal(codeSpan(" \n "), "");
    for (const name of ["`", "``", "a`b", "`a", "a``", " a ", "a\\", "<img>", "$x`$"]) {
      const code = tokensOf(`x ${codeSpan(name)} y`).find((token) => token.type === "code_inline");
      assert.equal(code?.content, name);
    }
  });

  it("hold no link to a command for those who look for links without knowing Markdown", () => {
    assert.equal(codeSpan("[x](command:foo)"), "`[x] (command:foo)`");
  });

  it("are quoted with everything inside", () => {
    assert.equal(quote("a\n\n```\n\nb\n```"), "> a\n>\n> ```\n>\n> b\n> ```");
  });
});

describe("text from a session", () => {
  it("loses colours and other terminal sequences", () => {
    assert.equal(cleanText("\u001b[31mFAILED\u001b[0m \u001b]8;;http://a.b\u0007x\u001b]8;;\u0007"), "FAILED x");
  });

  it("shows control characters as pictures, and has only line feeds", () => {
    assert.equal(cleanText("a\0b\bc\u007fd\u0085e\r\nf\rg\u2028h\ti"), "a\u2400b\u2408c\u2421d\ne\nf\ng\nh\ti");
  });

  it("turns no direction around and has no halves of characters", () => {
    assert.equal(cleanText("a\u202eb\u2066c\ud800d😀"), "a\ufffdb\ufffdc\ufffdd😀");
  });

  it("is cut with a word about how much is missing", () => {
    const lines = Array.from({ length: 1500 }, (_, index) => `line ${index}`).join("\n");
    assert.equal(
      cutText(lines, { head: 2, tail: 1, line: 100 }, words),
      "line 0\nline 1\n… 1,497 more lines are not shown here …\nline 1499",
    );
    assert.equal(cutText("abcdef", { head: 1, tail: 0, line: 4 }, words), "abcd … 2 more characters");
  });

  it("is not cut for a line or two, nor at its end when there is none", () => {
    assert.equal(cutText("a\nb\nc", { head: 1, tail: 0, line: 9 }, words), "a\nb\nc");
    assert.equal(
      cutText("a\r\nb\nc\nd", { head: 1, tail: 0, line: 9 }, words),
      "a\n… 3 more lines are not shown here …",
    );
  });

  it("may be cut before its lines are looked at", () => {
    assert.equal(
      cutText("ab\ncd\nef", { head: 9, tail: 0, line: 9, size: 4 }, words),
      "ab\nc\n\n… 4 more characters are not shown here …",
    );
  });

  it("may have a line of megabytes", () => {
    const cut = cutText(`${"x".repeat(3_000_000)}\ny`, { head: 9, tail: 9, line: 50 }, words);
    assert.equal(cut, `${"x".repeat(50)} … 2,999,950 more characters\ny`);
  });
});

describe("a replacement", () => {
  it("is shown with what is around it", () => {
    const before = "1\n2\n3\n4\n5\nold\n6\n7\n8\n9\n";
    assert.equal(lineDiff(before, before.replace("old", "new\nmore")), " 3\n 4\n 5\n-old\n+new\n+more\n 6\n 7\n 8");
  });

  it("can be of nothing, by nothing, and repeat what is around it", () => {
    assert.equal(lineDiff("", "a\nb\n"), "+a\n+b");
    assert.equal(lineDiff("a", ""), "-a");
    assert.equal(lineDiff("a", "a"), " a");
    assert.equal(lineDiff("x\nx", "x\nx\nx"), " x\n x\n+x");
  });
});
