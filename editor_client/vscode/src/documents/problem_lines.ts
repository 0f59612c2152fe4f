/** What is wrong with a session's files, in Markdown; pure. */

import type { Words } from "../common/words";
import type { Problem } from "../protocol/calls";
import { codeSpan } from "./fences";
import { inertLine } from "./inert_line";
import { cleanText } from "./plain_text";

/** One problem on one line: its kind, the reason, and the place in its file; without the file's name. */
export function problemLine(problem: Problem, words: Words): string {
  return [codeSpan(cleanText(problem.kind)), oneLine(problem.reason), placeText(problem, words)]
    .filter((part) => part !== "")
    .join(" - ");
}

/** Where in its file a problem is; empty for the whole file. */
export function placeText(problem: Problem, words: Words): string {
  const { line, byteOffset } = problem;
  if (line === undefined) {
    return "";
  }
  return byteOffset === undefined
    ? words.t("line {0}", words.number(line))
    : words.t("line {0}, byte {1}", words.number(line), words.number(byteOffset));
}

/** A text from outside as one line of harmless Markdown. */
export function oneLine(text: string): string {
  return inertLine(cleanText(text).replace(/\s+/g, " ").trim());
}

/** A path, or another name from outside, as one line of code. */
export function nameSpan(name: string): string {
  return codeSpan(cleanText(name));
}
