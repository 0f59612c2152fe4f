/** Somebody else's Markdown made harmless, one line of it; pure. */

/** A link that can stay: it leads to the web, and holds nothing that some other rule of Markdown might begin with. */
const WEB_LINK = /\]\((?:https?:\/\/|mailto:)(?:[^\s()[\]<>`\\$]|\([^\s()[\]<>`\\$]*\))*\)/y;
const PLAIN = /[^\\`<!$:\]\s]+|[^\\`<!$:\]\S]+/y;
const BACKTICKS = /`+/g;

/** Where a line stands. */
export interface LinePlace {
  /** In a table, whose cells end before code does. */
  readonly table?: boolean;
  /** Near code, which a formula between `$` could take apart. */
  readonly formulas?: boolean;
}

/**
 * A line of Markdown that loads nothing and runs nothing, and in which no code goes on to the next line.
 *
 * HTML is text, images are links, links lead to the web, formulas are text. `line` has passed `cleanText`, and is not in
 * a fence; the beginning of a fence or a heading is left as it is.
 */
export function inertLine(line: string, place: LinePlace = { formulas: line.includes("`") }): string {
  let out = "";
  let inAddress = false;
  for (let at = 0; at < line.length; ) {
    const piece = inAddress ? takeAddress(line, at, place) : takePiece(line, at, place);
    out += piece.out;
    inAddress = (inAddress || line.startsWith("://", at)) && !/\s/.test(line[at] ?? "");
    at += piece.length;
  }
  return out;
}

interface Piece {
  /** What is written for it. */
  readonly out: string;
  /** How many characters of the line it stands for. */
  readonly length: number;
}

/** The next piece of a bare web address: the preview takes it whole, backslashes too, so these would not help there. */
function takeAddress(line: string, at: number, place: LinePlace): Piece {
  const character = line[at] ?? "";
  const piece = takePiece(line, at, place);
  const isPlain = character !== "`" && (character !== "\\" || line[at + 1] === "|");
  return isPlain && piece.out === line.slice(at, at + piece.length)
    ? piece
    : { out: `%${character.charCodeAt(0).toString(16).toUpperCase()}`, length: 1 };
}

function takePiece(line: string, at: number, place: LinePlace): Piece {
  const plain = matchAt(PLAIN, line, at);
  if (plain !== undefined) {
    return { out: plain, length: plain.length };
  }
  const character = line[at] ?? "";
  const next = line[at + 1] ?? "";
  switch (character) {
    case "\\":
      return takeBackslash(line, at);
    case "`":
      return takeBackticks(line, at, place);
    case "]":
      return takeBracket(line, at);
    case "<":
      return mark(character, /[A-Za-z/!?]/.test(next));
    case "!":
      return mark(character, next === "[");
    case "$":
      return mark(character, next === "$" || line[at - 1] === "$" || place.formulas === true);
    default:
      return mark(character, line.startsWith(":::", at));
  }
}

function mark(character: string, dangerous: boolean): Piece {
  return { out: dangerous ? `\\${character}` : character, length: 1 };
}

/** A backslash with the mark it makes plain; one that begins a formula is made plain itself. */
function takeBackslash(line: string, at: number): Piece {
  if (line.startsWith("\\begin", at)) {
    return { out: "\\\\", length: 1 };
  }
  const length = /[!-/:-@[-`{-~]/.test(line[at + 1] ?? "") ? 2 : 1;
  return { out: line.slice(at, at + length), length };
}

/** Code within the line; backticks that no others on it close are made plain. */
function takeBackticks(line: string, at: number, place: LinePlace): Piece {
  const code = codeAt(line, at);
  // Where code is, the editor finds out by other means too, and might offer a link to a command in it.
  const safe = code !== undefined && !(place.table && code.includes("|")) && !/(?:\]\(|<)\s*command:/i.test(code);
  if (safe) {
    return { out: code, length: code.length };
  }
  const { length } = runAt(line, at);
  return { out: "\\`".repeat(length), length };
}

/** The code that begins with a run of backticks and ends with the next run of the same length. */
function codeAt(line: string, at: number): string | undefined {
  const { length } = runAt(line, at);
  BACKTICKS.lastIndex = at + length;
  for (let match = BACKTICKS.exec(line); match !== null; match = BACKTICKS.exec(line)) {
    if (match[0].length === length) {
      return line.slice(at, match.index + length);
    }
  }
  return undefined;
}

function runAt(line: string, at: number): string {
  BACKTICKS.lastIndex = at;
  return BACKTICKS.exec(line)?.[0] ?? "";
}

/** The end of a link's text, with its target if that can stay. */
function takeBracket(line: string, at: number): Piece {
  const link = matchAt(WEB_LINK, line, at);
  if (link !== undefined) {
    return { out: link, length: link.length };
  }
  const next = line[at + 1];
  return { out: next === "(" || (next === ":" && mayDefine(line.slice(0, at))) ? "]\\" : "]", length: 1 };
}

/** Whether a bracket that closes after this may end the name of a link's definition, perhaps begun a line before. */
function mayDefine(before: string): boolean {
  return !before.includes("[") || /^[\s>*+\-\d.)]*\[/.test(before);
}

function matchAt(pattern: RegExp, line: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(line)?.[0];
}
