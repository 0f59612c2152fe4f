/** A session as a Markdown document; pure. What comes from the session stays text. */

import { joined as joinedBy, stateText } from "../common/labels";
import type { Words } from "../common/words";
import type { Entry, Problem, SessionRow } from "../protocol/calls";
import { type ShownEntry, withResults } from "./entry_markdown";
import { EntryTexts } from "./entry_texts";
import type { TurnPlace } from "./live_document";
import { cleanText } from "./plain_text";
import { nameSpan, oneLine, problemLine } from "./problem_lines";

/** The most characters of a document; older entries are left out before it has more. */
const DOCUMENT_SIZE = 5_000_000;
const SHOWN_PROBLEMS = 5;
const GIST = 80;

/** What a document is made of. */
export interface Transcript {
  readonly row: SessionRow;
  /** The agent's name for people. */
  readonly agent: string;
  /** The newest entries, oldest first. */
  readonly entries: readonly Entry[];
  /** What is wrong with the lines that were read. */
  readonly problems: readonly Problem[];
  /** Whether there are entries before the first. */
  readonly hasMoreBefore: boolean;
  /** Whether earlier ones were already found not to fit. */
  readonly isFull?: boolean;
}

/** A document, and where its parts are. */
export interface TranscriptDocument {
  readonly text: string;
  /** The line, counted from 0, that says that there is more which can be shown too; absent when there is not. */
  readonly moreLine?: number | undefined;
  /** The line, counted from 0, on which the first entry stands. */
  readonly bodyLine: number;
  /** The headings of the turns that begin in it. */
  readonly turns: readonly TurnPlace[];
  /** The first of the entries that is shown: of more than fit, the oldest are left out. */
  readonly firstShown: number;
}

/**
 * The document of a session: its head, then a heading for each turn with what was said and done in it.
 *
 * `texts` remembers what was made of the entries the last time.
 */
export function transcriptDocument(
  transcript: Transcript,
  words: Words,
  size = DOCUMENT_SIZE,
  texts = new EntryTexts(words),
): TranscriptDocument {
  const parts = newestParts(withResults(transcript.entries), size, texts);
  const top = parts[0]?.shown.entry;
  const firstShown = top === undefined ? 0 : transcript.entries.indexOf(top);
  const head = headMarkdown(transcript, words).join("\n\n");
  const isWhole = firstShown === 0 && !transcript.hasMoreBefore;
  const isFull = firstShown > 0 || transcript.isFull === true;
  const begun = isWhole ? [head] : [head, moreText(top?.turn, isFull, words)];
  const bodyLine = lineCount(begun);
  const { body, turns } = bodyOf(parts, bodyLine, words);
  const said = isWhole && body.length === 0 ? [words.t("The session has no entries.")] : body;
  return {
    text: `${[...begun, ...said].join("\n\n")}\n`,
    bodyLine,
    turns,
    firstShown,
    moreLine: isWhole || isFull ? undefined : lineCount([head]),
  };
}

/** The paragraphs of what is shown, the first of which stands on a line, and where the turns in them begin. */
function bodyOf(parts: readonly Part[], firstLine: number, words: Words): { body: string[]; turns: TurnPlace[] } {
  const body: string[] = [];
  const turns: TurnPlace[] = [];
  let line = firstLine;
  for (const [index, { shown, text }] of parts.entries()) {
    const { entry } = shown;
    const heading = headingOf(entry, parts[index - 1]?.shown.entry, words);
    if (heading !== "" && entry.kind === "user") {
      turns.push({ line, turn: entry.turn, entryId: entry.entryId });
    }
    for (const part of [heading, text].filter((one) => one !== "")) {
      body.push(part);
      line += lineCount([part]);
    }
  }
  return { body, turns };
}

/** How many lines paragraphs fill, each with the blank line after it. */
function lineCount(paragraphs: readonly string[]): number {
  let count = 0;
  for (const text of paragraphs) {
    count += 2;
    for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) {
      count += 1;
    }
  }
  return count;
}

/** In a workspace that is not trusted the editor marks every character in a text that is not ASCII. */
function joined(parts: readonly (string | undefined)[]): string {
  return joinedBy(parts, " - ");
}

interface Part {
  readonly shown: ShownEntry;
  readonly text: string;
}

/** The newest entries that fit, oldest first, at least one. */
function newestParts(shown: readonly ShownEntry[], size: number, texts: EntryTexts): Part[] {
  const parts: Part[] = [];
  let left = size;
  for (const item of [...shown].reverse()) {
    const text = texts.of(item);
    if (parts.length > 0 && text.length > left) {
      break;
    }
    left -= text.length;
    parts.push({ shown: item, text });
  }
  return parts.reverse();
}

/** The heading that stands above an entry when it begins a turn, or what is shown of one; else nothing. */
function headingOf(entry: Entry, before: Entry | undefined, words: Words): string {
  const { kind, turn } = entry;
  // In the last page of a large session turns have no numbers until it is counted: what a person says begins one.
  if (turn === undefined) {
    return kind === "user" ? turnHeading(words.t("Turn"), entry, words) : "";
  }
  if (turn === before?.turn) {
    return "";
  }
  const number = words.number(turn + 1);
  return kind === "user"
    ? turnHeading(words.t("Turn {0}", number), entry, words)
    : turnHeading(words.t("Turn {0}, continued", number), { ...entry, content: [] }, words);
}

function turnHeading(name: string, entry: Entry, words: Words): string {
  return `## ${joined([name, entry.at === undefined ? undefined : words.date(entry.at), gistOf(entry)])}`;
}

/** The first words of an entry, on one line. */
function gistOf(entry: Entry): string {
  const text = entry.content.find((block) => block.type === "text" && block.text?.trim())?.text ?? "";
  const line = cleanText(text.slice(0, 10 * GIST))
    .replace(/\s+/g, " ")
    .trim();
  const characters = [...line];
  return oneLine(
    characters.length > GIST
      ? `${characters
          .slice(0, GIST - 1)
          .join("")
          .trimEnd()}…`
      : line,
  );
}

function moreText(turn: number | undefined, isFull: boolean, words: Words): string {
  const { t } = words;
  const what =
    turn === undefined || turn === 0
      ? t("Earlier entries are not shown.")
      : t(
          "Earlier entries are not shown: {0} before this, and perhaps a part of the first turn here.",
          words.turns(turn),
        );
  return `*${isFull ? `${what} ${t("This document holds no more.")}` : what}*`;
}

function headMarkdown(transcript: Transcript, words: Words): string[] {
  const { row } = transcript;
  const { t } = words;
  const facts: [string, string | undefined][] = [
    [t("Agent"), joined([oneLine(transcript.agent), oneLine(row.profile ?? "")])],
    [t("Folder"), nameSpan(row.workDir ?? "")],
    [t("Created"), row.createdAt === undefined ? undefined : words.date(row.createdAt)],
    [t("Updated"), words.date(row.updatedAt)],
    [t("State"), joined([oneLine(stateText(row.status, t) ?? t("quiet")), row.archived ? t("archived") : undefined])],
    [t("Length"), lengthText(row, words)],
    [t("Model"), nameSpan(row.model ?? "")],
    [t("Thinking"), oneLine(row.thinkingLevel ?? "")],
    [t("Session"), nameSpan(row.sessionId)],
    [t("Forked from"), nameSpan(row.parentSessionId ?? "")],
    [t("Stored in"), joined([nameSpan(row.path), words.size(row.sizeBytes)])],
  ];
  const lines = facts.flatMap(([name, value]) => (value ? [`- ${name}: ${value}`] : []));
  return [`# ${oneLine(row.title) || t("Untitled")}`, lines.join("\n"), ...problemParts(transcript, words)];
}

function lengthText(row: SessionRow, words: Words): string {
  return joined([
    row.turnCount === undefined ? undefined : words.turns(row.turnCount),
    row.messageCount === undefined ? undefined : words.messages(row.messageCount),
  ]);
}

function problemParts(transcript: Transcript, words: Words): string[] {
  const { t } = words;
  const problems = distinct([...transcript.row.problems, ...transcript.problems]);
  if (problems.length === 0) {
    return [];
  }
  const lines = problems.slice(0, SHOWN_PROBLEMS).map((problem) => `- ${problemLine(problem, words)}`);
  const rest = problems.length - lines.length;
  return [
    `**${words.problems(problems.length)}**`,
    lines.join("\n"),
    rest > 0
      ? t("And {0} more: the command “Forkpoint: Diagnose Session” names them all.", words.number(rest))
      : t("The command “Forkpoint: Diagnose Session” says where they are."),
  ];
}

function distinct(problems: readonly Problem[]): Problem[] {
  const byPlace = new Map(problems.map((item) => [`${item.path}\n${item.byteOffset}\n${item.kind}`, item]));
  return [...byPlace.values()];
}
