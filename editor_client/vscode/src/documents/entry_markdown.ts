/** Entries of a history in Markdown; pure. */

import type { Words } from "../common/words";
import type { Block, Entry } from "../protocol/calls";
import { attachment, diff, output, prose, stored, thinking } from "./block_markdown";
import { quote } from "./fences";
import { nameSpan, oneLine, problemLine } from "./problem_lines";
import { callArguments, callHeading, resultHeading } from "./tool_call";

/** How much one entry may fill, in characters, before the rest of it is left out. */
const ENTRY_SIZE = 400_000;
/** How deep helpers of helpers are shown. */
const DEEPEST_HELPER = 5;
/** The most characters of an entry that is no more than a line. */
const LONGEST_LINE = 500;

/** An entry with the results that are shown under its calls. */
export interface ShownEntry {
  readonly entry: Entry;
  /** The results of its calls, by the calls' ids. */
  readonly results: ReadonlyMap<string, readonly Entry[]>;
}

/** Entries in order, each result with its call; one whose call is not among them stands for itself. */
export function withResults(entries: readonly Entry[]): ShownEntry[] {
  const shown: ShownEntry[] = [];
  const waiting = new Map<string, Map<string, Entry[]>>();
  for (const entry of entries) {
    const answered = entry.kind === "toolResult" ? entry.content[0]?.callId : undefined;
    const caller = answered === undefined ? undefined : waiting.get(answered);
    if (answered !== undefined && caller !== undefined) {
      caller.set(answered, [...(caller.get(answered) ?? []), entry]);
      continue;
    }
    const results = new Map<string, Entry[]>();
    for (const { type, callId } of entry.content) {
      if (type === "toolCall" && callId !== undefined) {
        waiting.set(callId, results);
      }
    }
    shown.push({ entry, results });
  }
  return shown;
}

/** An entry as Markdown, without a blank line at its ends; empty when it says nothing. */
export function entryMarkdown(shown: ShownEntry, words: Words): string {
  return new EntryWriter(words, 0, { left: ENTRY_SIZE }).write(shown);
}

/** How many characters may still be written. */
interface Room {
  left: number;
}

/** Writes one entry. Its parts are paragraphs, made one after the other so that none is made that has no room. */
class EntryWriter {
  constructor(
    private readonly words: Words,
    private readonly depth: number,
    private readonly room: Room,
  ) {}

  write(shown: ShownEntry): string {
    const parts: string[] = [];
    for (const part of this.parts(shown)) {
      if (part === "") {
        continue;
      }
      parts.push(part);
      this.room.left -= part.length;
      if (this.room.left <= 0) {
        parts.push(this.words.t("… the rest of this entry is not shown here …"));
        break;
      }
    }
    return parts.join("\n\n");
  }

  private *parts({ entry, results }: ShownEntry): Generator<string> {
    const isShort = entry.kind === "modelChange" || entry.kind === "label";
    const isOutput = entry.kind === "toolResult" || entry.kind === "toolCall";
    yield* this.heading(entry);
    for (const block of joinTexts(entry.content, isOutput)) {
      if (!(isShort && block.type === "text")) {
        yield* this.block(block, isOutput, results);
      }
    }
    if (entry.kind === "user" && entry.content.length === 0) {
      yield this.words.t("(nothing)");
    }
    yield* this.problems(entry);
  }

  /** The line that says whose words follow. What is said always has one before it, as `inertMarkdown` asks. */
  private *heading(entry: Entry): Generator<string> {
    const { t } = this.words;
    const name = nameSpan(entry.agentKind);
    switch (entry.kind) {
      case "user":
        yield `**${t("User")}**`;
        break;
      case "assistant":
        yield entry.content[0]?.type === "toolCall" ? "" : `**${t("Assistant")}**`;
        break;
      case "toolCall":
        break;
      case "toolResult":
        yield resultHeading(entry.content[0], this.words);
        break;
      case "compaction":
        yield "---";
        yield `**${t("Compaction")}** - ${t("from here on the agent goes by a summary of what is above")}`;
        break;
      case "branchSummary":
        yield `**${t("Summary of another branch")}**`;
        break;
      case "modelChange":
        yield `**${t("Changed")}** - ${name}${shortText(entry)}`;
        break;
      case "label":
        yield `**${t("Label")}**${shortText(entry)}`;
        break;
      case "note":
        yield `**${t("Note")}** - ${name}`;
        break;
      default:
        yield `**${t("Unknown entry")}** - ${name}`;
    }
  }

  private *block(block: Block, isOutput: boolean, results: ShownEntry["results"]): Generator<string> {
    switch (block.type) {
      case "text":
        yield isOutput ? outputText(block, this.words) : prose(block.text ?? "", this.words, this.depth > 0);
        break;
      case "thinking":
        yield thinking(block.text ?? "", this.words);
        break;
      case "image":
      case "file":
        yield attachment(block, this.words);
        break;
      case "diff":
        yield diff(block, this.words);
        break;
      case "toolCall":
        yield* this.call(block, results.get(block.callId ?? "") ?? []);
        break;
      case "raw":
        yield stored(block.raw, this.words);
        break;
      default:
        yield nameSpan(block.type);
        yield stored(block, this.words);
    }
  }

  private *call(block: Block, results: readonly Entry[]): Generator<string> {
    yield callHeading(block, this.words);
    yield* callArguments(block.arguments, this.words);
    yield* this.helper(block.nested ?? []);
    for (const result of results) {
      yield* this.result(result);
    }
  }

  /** What a helper did, as a quotation. */
  private *helper(entries: readonly Entry[]): Generator<string> {
    if (entries.length === 0) {
      return;
    }
    if (this.depth >= DEEPEST_HELPER) {
      yield this.words.t("(the work of a further helper is not shown here)");
      return;
    }
    const parts = [`**${this.words.t("Helper")}**`];
    const room = { left: this.room.left };
    for (const shown of withResults(entries)) {
      if (room.left > 0) {
        parts.push(new EntryWriter(this.words, this.depth + 1, room).write(shown));
      }
    }
    yield quote(parts.filter((part) => part !== "").join("\n\n"));
  }

  /** A result under its call. */
  private *result(entry: Entry): Generator<string> {
    const { t } = this.words;
    const isEmpty = entry.content.every(({ type, text }) => type === "text" && (text ?? "").trim() === "");
    yield isEmpty ? t("Result: nothing") : t("Result:");
    for (const block of entry.content) {
      yield* this.block(block, true, NO_RESULTS);
    }
    yield* this.problems(entry);
  }

  private *problems(entry: Entry): Generator<string> {
    for (const problem of entry.problems ?? []) {
      yield `**${this.words.t("Problem")}** - ${problemLine(problem, this.words)}`;
    }
  }
}

const NO_RESULTS: ShownEntry["results"] = new Map();

function outputText(block: Block, words: Words): string {
  return (block.text ?? "").trim() === "" ? "" : output(block.text ?? "", words);
}

/** The texts of an entry that is no more than a line. */
function shortText(entry: Entry): string {
  const text = entry.content.map((block) => block.text ?? "").join(" ");
  const line = oneLine(text.length > LONGEST_LINE ? `${text.slice(0, LONGEST_LINE)}…` : text);
  return line === "" ? "" : ` - ${line}`;
}

/** Blocks with neighbouring texts in one, since Markdown may go on from one to the next; outputs stay apart. */
function joinTexts(blocks: readonly Block[], isOutput: boolean): readonly Block[] {
  if (isOutput) {
    return blocks;
  }
  const joined: Block[] = [];
  for (const block of blocks) {
    const last = joined.at(-1);
    if (block.type === "text" && last?.type === "text") {
      joined[joined.length - 1] = { ...last, text: `${last.text ?? ""}\n\n${block.text ?? ""}` };
    } else {
      joined.push(block);
    }
  }
  return joined;
}
