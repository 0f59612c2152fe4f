/** The texts of the sidebar's rows; pure. */

import type { Problem, SessionRow } from "../protocol/calls";
import type { Translate, Words } from "./words";

/** Control characters and line ends, and the marks that turn the direction of text around. */
const UNSHOWABLE = /[\p{Cc}\u2028\u2029\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF\uFFF9-\uFFFB]/gu;

/** Characters of scripts that run from right to left. */
const RIGHT_TO_LEFT = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u;

/**
 * A text from outside as one line that can be shown anywhere outside of Markdown: unshowable characters are blanks,
 * runs of blanks are one, halves of characters are replaced, and `$(name)` does not become an icon. A text that runs
 * from right to left keeps that to itself.
 */
export function displayText(text: string): string {
  const line = text
    .replace(/\p{Cs}/gu, "\uFFFD")
    .replace(UNSHOWABLE, " ")
    .replace(/\s+/g, " ")
    .trim();
  // A zero-width space: the backslash that the editor also takes would be seen wherever icons are not looked for.
  const inert = line.replaceAll("$(", "$\u200B(");
  return RIGHT_TO_LEFT.test(inert) ? `\u2068${inert}\u2069` : inert;
}

/** A text from outside for a notification: as `displayText`, and `[text](target)` does not become a link. */
export function noticeText(text: string): string {
  return displayText(text).replaceAll("](", "]\u200B(");
}

/** The title of a session, never empty. */
export function titleText(row: SessionRow, t: Translate): string {
  return displayText(row.title) || t("Untitled");
}

/** An icon's name as agents/list gives it, when it is one; else the icon of a conversation. */
export function iconName(name: string | undefined): string {
  return name !== undefined && /^[a-z][a-z0-9-]*$/.test(name) ? name : "comment-discussion";
}

/** The last part of a path, as the other folders show it. */
export function folderName(path: string): string {
  const parts = path.split(/[\\/]/).filter((part) => part !== "");
  return displayText(parts.at(-1) ?? path);
}

/** A path with the home folder as `~`. */
export function shortPath(path: string, home: string): string {
  const inHome = home !== "" && (path === home || path.startsWith(home.endsWith("/") ? home : `${home}/`));
  return displayText(inHome ? `~${path.slice(home.replace(/\/$/, "").length)}` : path);
}

/** A state for people; undefined for the two that say nothing worth a word in a row: idle and unknown. */
export function stateText(status: string, t: Translate): string | undefined {
  switch (status) {
    case "idle":
    case "unknown":
      return undefined;
    case "running":
      return t("running");
    case "waiting":
      return t("waiting for you");
    case "failed":
      return t("failed");
    case "interrupted":
      return t("interrupted");
    default:
      return displayText(status);
  }
}

/** What stands beside a row's title: age, turns, state, archived, label; with `folder` the folder's name, too. */
export function rowDescription(row: SessionRow, now: number, words: Words, folder = false): string {
  return joined([
    folder && row.workDir !== undefined ? folderName(row.workDir) : undefined,
    words.age(row.updatedAt, now),
    row.turnCount === undefined ? undefined : words.turns(row.turnCount),
    stateText(row.status, words.t),
    row.archived ? words.t("archived") : undefined,
    row.label === undefined ? undefined : displayText(row.label),
  ]);
}

/** A row as a screen reader says it: all that its icon, its badge and its short description stand for. */
export function rowSentence(row: SessionRow, agent: string, now: number, words: Words): string {
  const parts = [
    titleText(row, words.t),
    words.t("{0} session", displayText(agent)),
    words.t("last worked on {0}", words.ago(row.updatedAt, now)),
    row.turnCount === undefined ? undefined : words.turns(row.turnCount),
    stateText(row.status, words.t),
    row.problems.length === 0 ? undefined : words.problems(row.problems.length),
    row.archived ? words.t("archived") : undefined,
    row.pinned ? words.t("pinned") : undefined,
    row.label === undefined ? undefined : words.t("label {0}", displayText(row.label)),
  ];
  return parts.filter((part) => part !== undefined && part !== "").join(", ");
}

/** The badge of a row with problems: at most two characters. */
export function problemBadge(count: number): string | undefined {
  return count <= 0 ? undefined : count > 9 ? "9+" : String(count);
}

/** The name of a group: its folders' names, of more than three only the first. */
export function groupLabel(group: { readonly names: readonly string[] }, anyFolderOpen: boolean, t: Translate): string {
  const names = [...new Set(group.names.map(displayText))];
  if (names.length === 0) {
    return anyFolderOpen ? t("Other folders") : t("All folders");
  }
  return names.length > 3 ? t("{0} and {1} more", names[0] ?? "", names.length - 1) : names.join(", ");
}

/** The number of sessions in a group: `12`, or `50+` when there are more that nobody counted. */
export function countText(shown: number, total: number | undefined, more: boolean, words: Words): string {
  return total === undefined ? `${words.number(shown)}${more ? "+" : ""}` : words.number(total);
}

/** One sentence about what kept whole folders from being listed; undefined without such problems. */
export function listProblemsText(problems: readonly Problem[], words: Words): string | undefined {
  const [first] = problems;
  if (first === undefined) {
    return undefined;
  }
  const what = words.t("{0} ({1})", displayText(first.path), displayText(first.reason));
  return problems.length === 1
    ? words.t("Not listed: {0}.", what)
    : words.t("Not listed: {0}, and {1} more (see the log).", what, words.number(problems.length - 1));
}

/** What is there of several texts, with dots between, or with what is given. */
export function joined(parts: readonly (string | undefined)[], between = " · "): string {
  return parts.filter((part) => part !== undefined && part !== "").join(between);
}

/** Whether a session's folder is on this machine: only there does the server resume it, or look for its repository. */
export function hasLocalFolder(row: SessionRow): boolean {
  return row.workDir !== undefined && (row.resume !== undefined || row.repository !== undefined);
}
