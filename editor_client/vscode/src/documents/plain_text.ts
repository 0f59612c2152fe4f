/** Text of a session made fit to be shown: harmless characters only, and no more of it than a person reads; pure. */

import { stripVTControlCharacters } from "node:util";
import type { Words } from "../common/words";

/** How much of a text is shown. */
export interface Extent {
  /** Lines from its beginning. */
  readonly head: number;
  /** Lines from its end. */
  readonly tail: number;
  /** Characters of one line. */
  readonly line: number;
  /** Characters in all, of which none beyond are even looked at; absent when the lines are limit enough. */
  readonly size?: number;
}

const LINE_ENDS = /\r\n?|[\v\f\u0085\u2028\u2029]/g;
/** Controls but for tab and line feed, and the marks that turn the direction of text around. */
const UNSHOWABLE = /[^\P{Cc}\t\n]|[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF\uFFF9-\uFFFB]/gu;

/**
 * A text without what an editor or a terminal would take for more than text: colours and other terminal sequences are
 * left out, control characters become pictures of themselves, halves of characters are replaced. Lines end with `\n`.
 */
export function cleanText(text: string): string {
  return stripVTControlCharacters(text)
    .replace(LINE_ENDS, "\n")
    .replace(/\p{Cs}/gu, "\uFFFD")
    .replace(UNSHOWABLE, picture);
}

/** As `cleanText`, with what lies beyond `extent` left out; lines in its place say how much that is. */
export function cutText(text: string, extent: Extent, words: Words): string {
  const { size = text.length } = extent;
  if (text.length > size) {
    const left = words.t("… {0} more characters are not shown here …", words.number(text.length - size));
    return `${cutText(text.slice(0, size), extent, words)}\n\n${left}`;
  }
  const lines = text.replace(LINE_ENDS, "\n").split("\n");
  const left = lines.length - extent.head - extent.tail;
  const shown = (some: readonly string[]) => some.map((line) => cutLine(line, extent.line, words));
  // One line that says that two are missing helps nobody.
  if (left <= 2) {
    return shown(lines).join("\n");
  }
  const missing = words.t("… {0} more lines are not shown here …", words.number(left));
  const tail = extent.tail === 0 ? [] : lines.slice(-extent.tail);
  return [...shown(lines.slice(0, extent.head)), missing, ...shown(tail)].join("\n");
}

function cutLine(line: string, limit: number, words: Words): string {
  if (line.length <= limit) {
    return cleanText(line);
  }
  const left = words.number(line.length - limit);
  return `${cleanText(line.slice(0, limit))} ${words.t("… {0} more characters", left)}`;
}

function picture(character: string): string {
  const code = character.charCodeAt(0);
  // U+2400 and up show the first 32 control characters by their names.
  return code < 0x20 ? String.fromCharCode(0x2400 + code) : code === 0x7f ? "\u2421" : "\uFFFD";
}
