/** The pieces of an entry in Markdown; pure. What comes from the session stays text. */

import type { Words } from "../common/words";
import type { Block } from "../protocol/calls";
import { fence, quote } from "./fences";
import { inertMarkdown } from "./inert_markdown";
import { lineDiff } from "./line_diff";
import { cleanText, cutText, type Extent } from "./plain_text";
import { nameSpan } from "./problem_lines";

const PROSE: Extent = { head: 2000, tail: 0, line: 20_000, size: 200_000 };
const OUTPUT: Extent = { head: 40, tail: 20, line: 1000 };
const DIFF: Extent = { head: 150, tail: 50, line: 1000 };
const STORED: Extent = { head: 20, tail: 0, line: 1000 };
/** Stored values up to this many characters stand on one line. */
const SHORT = 160;

/** What is said, as the Markdown it is. */
export function prose(text: string, words: Words, quoted: boolean): string {
  return inertMarkdown(cutText(text, PROSE, words), quoted);
}

/** What a model thought, as a quotation. */
export function thinking(text: string, words: Words): string {
  const shown = prose(text, words, true);
  return shown === "" ? "" : quote(`**${words.t("Thinking")}**\n\n${shown}`);
}

/** What a program wrote, or what was written to one. */
export function output(text: string, words: Words, language = ""): string {
  return fence(cutText(text.replace(/\s+$/, ""), OUTPUT, words), language);
}

/** A change of a file. */
export function diff(block: Block, words: Words): string {
  const text = block.text ?? lineDiff(block.oldText ?? "", block.newText ?? "");
  const shown = fence(cutText(text, DIFF, words), "diff");
  return block.path === undefined ? shown : `${words.t("Changes in {0}:", nameSpan(block.path))}\n\n${shown}`;
}

/** An image or a file on one line: what it is, where, how large. */
export function attachment(block: Block, words: Words): string {
  const what = block.type === "image" ? words.t("Image") : words.t("File");
  const parts = [
    `**${what}**`,
    nameSpan(block.path ?? ""),
    nameSpan(block.uri ?? ""),
    nameSpan(block.mimeType ?? ""),
    // Four characters of base64 stand for three bytes.
    block.data === undefined ? "" : words.size(Math.floor((block.data.length * 3) / 4)),
  ];
  return parts.filter((part) => part !== "").join(" - ");
}

/** A stored value as JSON, on one line when it is short. */
export function stored(value: unknown, words: Words): string {
  const short = jsonText(value, undefined, words);
  return short.length <= SHORT ? nameSpan(short) : fence(cutText(jsonText(value, 2, words), STORED, words), "json");
}

/** A value as JSON text; what is too deep for that is said to be. */
export function jsonText(value: unknown, indent: number | undefined, words: Words): string {
  try {
    return cleanText(JSON.stringify(value, undefined, indent) ?? "");
  } catch {
    return words.t("(too deep to be shown)");
  }
}
