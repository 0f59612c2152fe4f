/** Markdown as an attacker would write it, and what a preview would make of it. */

import MarkdownIt from "markdown-it";

/** Pieces that together open, close, hide and confuse all that Markdown has. */
export const PIECES = [
  ..."`,``,```,~~~,$,$$,\\,\\\\,*,_,~,[,],(,),!,|,:::,>,&lt;img&gt;,&#60;, ,  ,\t,text,www.a.b,javascript:".split(","),
  ..."<img src=x onerror=1>,<div>,</div>,<!--,-->,<script>,<?,<![CDATA[,<command:foo>,<http://a.b>".split(","),
  ..."![a](http://evil/x.png),![a][r],![,](,[x](command:foo),[x](  <command:foo>),](command:foo)".split(","),
  ..."[a](http://ok.b),[a](http://ok.b 't`t'),http://a.b/`c,https://x.y/<z>,mailto:a@b.c,\\begin{a},\\end{a}".split(
    ",",
  ),
  ..."a ` b,`a$,$`,|`|,[^1],{,}".split(","),
  ...["\n", "\n\n", "\n    ", "\n\t", "\n- ", "\n  - ", "\n> ", "\n# a\n", "\n===\n", "\n---\n", "\n1. ", "```js\n"],
  ...[
    "\n|a|b|\n|-|-|\n|",
    "\n[r]: http://evil/y.png\n",
    "\n[r]: command:foo\n",
    "[r\nq]: command:x",
    "[x](\ncommand:foo)",
  ],
  ...["\n    ```\n", "\n  ```\n", "   ~~~~\n", "- ```\n", "\n$$\n", "\n::: mermaid\n", "\n\n- x\n\n  ", "\n[^1]: x\n"],
];

/** Numbers from 0 to 1, the same for the same seed. */
export function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A text of up to `most` of the pieces. */
export function hostileText(next: () => number, most: number): string {
  const count = 1 + Math.floor(next() * most);
  return Array.from({ length: count }, () => PIECES[Math.floor(next() * PIECES.length)] ?? "").join("");
}

const PREVIEW = new MarkdownIt({ html: true, linkify: true });

/** A piece of Markdown as the editor's preview takes it, with those inside of it. */
export function tokensOf(markdown: string) {
  return PREVIEW.parse(markdown, {}).flatMap((token) => [token, ...(token.children ?? [])]);
}

/** What a preview would load, run or follow that it must not. */
export function dangersIn(markdown: string): string[] {
  return tokensOf(markdown).flatMap((token) => {
    if (token.type === "html_block" || token.type === "html_inline" || token.type === "image") {
      return [`${token.type}: ${token.content}`];
    }
    const target = token.type === "link_open" ? (token.attrGet("href") ?? "") : "http:";
    return /^(?:https?|mailto|ftp):/i.test(target) ? [] : [`link: ${target}`];
  });
}
