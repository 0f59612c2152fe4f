import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fence, quote } from "../src/documents/fences";
import { inertLine } from "../src/documents/inert_line";
import { inertMarkdown } from "../src/documents/inert_markdown";
import { cleanText } from "../src/documents/plain_text";
import { dangersIn, hostileText, numbers, tokensOf } from "./hostile_markdown";

describe("harmless Markdown", () => {
  it("leaves ordinary Markdown as it is", () => {
    const text = [
      "Use `Promise<void>` and *not* `List<int>`, a < b, 5 > 3, costs $5.",
      "",
      "- [x] done, see [the page](https://example.org/a_(b)?q=1#c)",
      "- https://example.org/~ana and ana@example.org",
      "",
      "1. Run this:",
      "",
      "   ```sh",
      "   cat <input | grep '![x](y)'",
      "   ```",
      "",
      "| a | b |",
      "|---|---|",
      "| 1 | 2 |",
      "",
      "> quoted",
    ].join("\n");
    assert.equal(inertMarkdown(text.replace("$5", "5 dollars")), text.replace("$5", "5 dollars"));
  });

  it("makes HTML text, also where it begins a line", () => {
    assert.equal(
      inertMarkdown("<b>bold</b>\n<!-- a -->\nx <br/> 1 < 2"),
      "\\<b>bold\\</b>\n\\<!-- a -->\nx \\<br/> 1 < 2",
    );
  });

  it("makes images links, so that nothing is loaded", () => {
    const inert = inertMarkdown("![a](https://evil.example/x.png) and ![b][r]\n\n[r]: https://evil.example/y.png");
    assert.equal(inert.startsWith("\\![a](https://evil.example/x.png) and \\![b][r]"), true);
    assert.deepEqual(dangersIn(inert), []);
  });

  it("keeps links to the web and takes the target from all others", () => {
    assert.equal(inertLine("[a](https://a.b) [b](mailto:a@b.c)"), "[a](https://a.b) [b](mailto:a@b.c)");
    for (const target of ["command:x", "COMMAND:x", "&#99;ommand:x", "file:///etc/passwd", "src/a.ts", "", "//a.b"]) {
      assert.equal(inertLine(`[a](${target})`), `[a]\\(${target})`);
    }
    assert.equal(inertMarkdown("[a](\ncommand:x)"), "[a]\\(\ncommand:x)");
  });

  it("makes definitions of links text, also those that begin a line before", () => {
    assert.equal(inertMarkdown("[a]: command:x"), "[a]\\: command:x");
    assert.equal(inertMarkdown("> - [a]: command:x"), "> - [a]\\: command:x");
    assert.equal(inertMarkdown("[a\nb]: command:x"), "[a\nb]\\: command:x");
    assert.equal(inertMarkdown("a dict[str, int]: it maps"), "a dict[str, int]: it maps");
  });

  it("leaves code within a line alone, and lets none go on over lines", () => {
    assert.equal(inertLine("`<a>` ``![x](y) ` z``"), "`<a>` ``![x](y) ` z``");
    assert.equal(inertMarkdown("a ` b\n` <img src=x> ` c"), "a \\` b\n` <img src=x> ` c");
    assert.deepEqual(dangersIn(inertMarkdown("a ` b\nc ` <img src=x> ` d")), []);
  });

  it("lets no code reach over the cells of a table", () => {
    assert.deepEqual(dangersIn(inertMarkdown("|a|b|\n|-|-|\n| ` | <img src=x> ` |")), []);
  });

  it("lets no bare address swallow what makes things harmless", () => {
    assert.equal(inertLine("https://a.b/`x <img> `"), "https://a.b/%60x \\<img> \\`");
    assert.deepEqual(dangersIn(inertLine("https://a.b/<img src=x>")), []);
  });

  it("lowers headings below ours, but not in fences", () => {
    assert.equal(
      inertMarkdown("# A\n## B ##\n###### C\n- # D\n\n```\n# E\n```"),
      "#### A\n##### B ##\n###### C\n- #### D\n\n```\n# E\n```",
    );
    assert.equal(inertMarkdown("A\n===\nB\n---\nc"), "#### A\n\n##### B\n\nc");
    assert.equal(inertMarkdown("A\nB\n===\n\n> C\n> ---"), "A\nB\n\n\n> C\n> ");
  });

  it("closes a fence that was left open, and only that", () => {
    assert.equal(inertMarkdown("a\n\n````js\nlet x;\n```"), "a\n\n````js\nlet x;\n```\n````");
    assert.equal(inertMarkdown("```\na\n    ```"), "```\na\n    ```\n```");
    assert.equal(inertMarkdown("~~~\na\n~~~~"), "~~~\na\n~~~~");
    assert.equal(inertMarkdown("```"), "```\n```");
    assert.equal(inertMarkdown("- ```\n  a\n\nb"), "- ```\n  a\n\nb");
  });

  it("keeps tabs in code, but for a quotation, where they are wider", () => {
    assert.equal(inertMarkdown("```make\nall:\n\tcc\n```"), "```make\nall:\n\tcc\n```");
    assert.equal(inertMarkdown("```make\nall:\n\tcc\n```", true), "```make\nall:\n    cc\n```");
    assert.equal(inertMarkdown("a\n\n\t- b"), "a\n\n    - b");
  });

  it("has no blank lines at its ends, and nothing for nothing", () => {
    assert.equal(inertMarkdown("\n  \n\n    indented\n\n \n"), "    indented");
    assert.equal(inertMarkdown(" \n \n"), "");
  });

  it("stays harmless and in its place, whatever it is made of", () => {
    const next = numbers(20260105);
    for (let round = 0; round < 6000; round += 1) {
      const said = cleanText(hostileText(next, 14));
      const quoted = cleanText(hostileText(next, 14));
      const output = cleanText(hostileText(next, 6));
      const markdown = [
        "**First**",
        inertMarkdown(said),
        fence(output),
        "**Second**",
        quote(`**Quoted**\n\n${inertMarkdown(quoted, true)}\n\n${fence(output)}`),
        "LAST",
      ].join("\n\n");
      const told = JSON.stringify({ said, quoted, output });
      assert.deepEqual(dangersIn(markdown), [], told);
      assert.equal(hasParagraph(markdown, "**Second**", 1), true, told);
      assert.equal(hasParagraph(markdown, "LAST", 1), true, told);
      assert.equal(hasParagraph(markdown, "**Quoted**", 2), true, told);
      assert.deepEqual(highHeadings(markdown), [], told);
    }
  });

  it("takes no longer than the text is long", () => {
    const pieces = [
      "`",
      "` `` ",
      "[",
      "[a",
      "]:",
      "](",
      "](http://a(",
      "> ",
      "- ",
      "<a ",
      "$",
      "\\",
      "https://a.b/` ",
      "#",
      "|-",
    ];
    const start = performance.now();
    for (const piece of pieces) {
      inertMarkdown(piece.repeat(300_000 / piece.length));
      inertMarkdown(`${piece}\n`.repeat(300_000 / (piece.length + 1)));
    }
    inertMarkdown(Array.from({ length: 700 }, (_, index) => "`".repeat(index)).join(" "));
    // It takes a second; a way that is quadratic in the length takes many minutes.
    assert.ok(performance.now() - start < 60_000);
  });
});

/** Whether a text is a paragraph of its own, `depth` levels deep. */
function hasParagraph(markdown: string, text: string, depth: number): boolean {
  return tokensOf(markdown).some((token) => token.type === "inline" && token.content === text && token.level === depth);
}

function highHeadings(markdown: string): string[] {
  return tokensOf(markdown)
    .filter((token) => token.type === "heading_open" && /^(?:#{1,3}|=+|-+)$/.test(token.markup))
    .map((token) => token.markup);
}
