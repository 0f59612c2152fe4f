/** What the tests of a session's document share. */

import { type Transcript, transcriptDocument } from "../src/documents/transcript";
import type { Block, Entry } from "../src/protocol/calls";
import { sessionRow, words } from "./sessions_support";

let made = 0;

/** An entry of the first turn, of which only what matters is said. */
export function entry(kind: string, content: Block[], more: Partial<Entry> = {}): Entry {
  made += 1;
  return { entryId: `e${made}`, kind, agentKind: kind, content, turn: 0, ...more };
}

/** A block of text. */
export function text(value: string): Block {
  return { type: "text", text: value };
}

/** The document of these entries. */
export function document(entries: Entry[], more: Partial<Transcript> = {}, size?: number) {
  const given = { row: sessionRow("pi:1"), agent: "pi", entries, problems: [], hasMoreBefore: false, ...more };
  return transcriptDocument(given, words, size);
}

/** What stands under the head. */
export function body(entries: Entry[], more: Partial<Transcript> = {}): string {
  const whole = document(entries, more).text;
  return whole.slice(whole.indexOf("- 1 kB\n\n") + 8);
}
