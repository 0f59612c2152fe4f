/**
 * Somebody else's Markdown made harmless; pure.
 *
 * It stays Markdown, but it loads nothing, runs nothing, and stays inside the place it is given: HTML is text, images
 * are links, links lead to the web or nowhere, headings stand below ours, a fence that was left open is closed. Only
 * backslashes are put into the text, none of them into code.
 */

import MarkdownIt from "markdown-it";
import { inertLine } from "./inert_line";

/** Our own headings have the levels 1 to 3. */
const LEVELS_BELOW_OURS = 3;
const DEEPEST_LEVEL = 6;

/**
 * Finds the blocks as the preview of the editor does, which uses the same parser. Its HTML blocks and link definitions
 * are text here, since that is what they are once they are harmless.
 */
const PARSER = new MarkdownIt({ html: false }).disable(["inline", "reference"]);

/**
 * Markdown of several lines; `text` has passed `cleanText`. The result neither begins nor ends with a blank line.
 *
 * What stands before it in a document must be a line that is not indented and no item of a list, with a blank line
 * between: otherwise an indented beginning would belong to what is before it. With `quoted` it can be put into a
 * quotation, inside of which a tab has another width.
 */
export function inertMarkdown(text: string, quoted = false): string {
  const lines = text
    .replace(/^(?:[ \t]*\n)+/, "")
    .trimEnd()
    .split("\n");
  const wide = lines.map(expandIndent);
  const blocks = findBlocks(wide);
  const formulas = text.includes("`");
  const inert = wide.map((line, index) => {
    if (blocks.code.has(index)) {
      return quoted ? line : (lines[index] ?? "");
    }
    return inertLine(blocks.changed.get(index) ?? line, { table: blocks.tables.has(index), formulas });
  });
  return [...inert, ...blocks.missingFence].join("\n");
}

interface Blocks {
  /** Lines in fences, the fences included. */
  readonly code: ReadonlySet<number>;
  /** Lines in tables. */
  readonly tables: ReadonlySet<number>;
  /** Lines of headings, as they are to be. */
  readonly changed: ReadonlyMap<number, string>;
  /** What closes the last fence, when nothing does. */
  readonly missingFence: readonly string[];
}

function findBlocks(lines: readonly string[]): Blocks {
  const code = new Set<number>();
  const tables = new Set<number>();
  const changed = new Map<number, string>();
  let missingFence: string[] = [];
  for (const token of PARSER.parse(lines.join("\n"), {})) {
    const [start, end] = token.map ?? [0, 0];
    if (token.type === "fence") {
      addRange(code, start, end);
      missingFence = token.level === 0 && !isClosed(lines.slice(start, end), token.markup) ? [token.markup] : [];
    } else if (token.type === "table_open") {
      addRange(tables, start, end);
    } else if (token.type === "heading_open" && token.markup.startsWith("#")) {
      changed.set(start, (lines[start] ?? "").replace(/#+/, lower(token.markup.length)));
    } else if (token.type === "heading_open") {
      lowerUnderlined(lines, start, end - 1, token.level === 0, changed);
    }
  }
  return { code, tables, changed, missingFence };
}

/** Lower a heading that a line of `=` or `-` under it makes. */
function lowerUnderlined(
  lines: readonly string[],
  start: number,
  underline: number,
  outside: boolean,
  changed: Map<number, string>,
): void {
  const mark = lines[underline] ?? "";
  // Without its line it is a paragraph: that will do when it has several lines, or is in a list or quotation.
  changed.set(underline, mark.replace(/[=-]+\s*$/, ""));
  if (outside && underline === start + 1) {
    changed.set(start, `${lower(mark.includes("=") ? 1 : 2)} ${(lines[start] ?? "").trim()}`);
  }
}

function lower(level: number): string {
  return "#".repeat(Math.min(DEEPEST_LEVEL, level + LEVELS_BELOW_OURS));
}

function addRange(set: Set<number>, start: number, end: number): void {
  for (let line = start; line < end; line += 1) {
    set.add(line);
  }
}

/** Whether a fence, not in a list or quotation, has its end. */
function isClosed(block: readonly string[], markup: string): boolean {
  const last = /^ {0,3}(`+|~+) *$/.exec(block.at(-1) ?? "")?.[1];
  return block.length > 1 && last?.startsWith(markup) === true;
}

/** A line with blanks for the tabs before its first word, as wide as they are there. */
function expandIndent(line: string): string {
  if (!line.includes("\t")) {
    return line;
  }
  const indent = /^[\s>*+\-\d.)#~`]*/.exec(line)?.[0] ?? "";
  let wide = "";
  for (const character of indent) {
    wide += character === "\t" ? " ".repeat(4 - (wide.length % 4)) : character;
  }
  return wide + line.slice(indent.length);
}
