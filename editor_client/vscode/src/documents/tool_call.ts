/** A tool call with its arguments and results in Markdown; pure. */

import type { Words } from "../common/words";
import type { Block } from "../protocol/calls";
import { jsonText, output } from "./block_markdown";
import { fence } from "./fences";
import { nameSpan } from "./problem_lines";

/** Arguments up to this many characters stand on one line. */
const SHORT = 100;
/** Texts among the arguments that are longer than this stand for themselves. */
const LONG_TEXT = 200;
/** How deep in the arguments such texts are looked for. */
const DEEPEST_TEXT = 4;

/** The line a call begins with: the tool, and how it ended. */
export function callHeading(block: Block, words: Words): string {
  return [`**${words.t("Tool")}**`, nameSpan(block.name ?? ""), endText(block.state, words)]
    .filter((part) => part !== "")
    .join(" - ");
}

/** The line that a result begins with which stands alone, because its call is not shown. */
export function resultHeading(block: Block | undefined, words: Words): string {
  return [`**${words.t("Result")}**`, nameSpan(block?.name ?? ""), endText(block?.state, words)]
    .filter((part) => part !== "")
    .join(" - ");
}

/** How a call ended; nothing for one that ended well, or of which nothing is known. */
function endText(state: string | undefined, words: Words): string {
  switch (state) {
    case undefined:
    case "done":
      return "";
    case "failed":
      return words.t("failed");
    case "rejected":
      return words.t("rejected");
    case "interrupted":
      return words.t("interrupted");
    default:
      return nameSpan(state);
  }
}

/** A call's arguments: short ones as JSON, each long text in it by itself, so that it keeps its lines. */
export function callArguments(args: unknown, words: Words): string[] {
  if (args === undefined || args === null || args === "") {
    return [];
  }
  if (typeof args === "string") {
    return [output(args, words)];
  }
  const texts: LongText[] = [];
  const rest = withoutLongTexts(args, [], texts);
  return [
    ...(rest === undefined ? [] : [json(rest, words)]),
    ...texts.flatMap(({ name, text }) => [words.t("{0}:", nameSpan(name)), output(text, words)]),
  ];
}

interface LongText {
  /** Where it stands in the arguments, such as `edit.new` or `edits.0.new`. */
  readonly name: string;
  readonly text: string;
}

/** A value with the long texts taken out; undefined when nothing is left of it. */
function withoutLongTexts(value: unknown, path: readonly string[], texts: LongText[]): unknown {
  if (typeof value === "string" && path.length > 0 && (value.includes("\n") || value.length > LONG_TEXT)) {
    texts.push({ name: path.join("."), text: value });
    return undefined;
  }
  if (typeof value !== "object" || value === null || path.length >= DEEPEST_TEXT) {
    return value;
  }
  const members = Object.entries(value).flatMap(([name, member]) => {
    const rest = withoutLongTexts(member, [...path, name], texts);
    return rest === undefined ? [] : [[name, rest] as const];
  });
  if (members.length === 0 && Object.keys(value).length > 0) {
    return undefined;
  }
  return Array.isArray(value) ? members.map(([, member]) => member) : Object.fromEntries(members);
}

function json(value: unknown, words: Words): string {
  const short = jsonText(value, undefined, words);
  return short.length <= SHORT ? fence(short, "json") : output(jsonText(value, 2, words), words, "json");
}
