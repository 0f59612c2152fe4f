/** What is wrong with a session's files as a Markdown document; pure. */

import type { Words } from "../common/words";
import type { Problem, SessionRow } from "../protocol/calls";
import type { FileLink, Rendering } from "./live_document";
import { nameSpan, oneLine, placeText } from "./problem_lines";

/** The most problems that the server names of each kind of check. */
const MOST_OF_A_KIND = 1000;

/**
 * The document: what was looked at, then each problem, by file, with a link to its line.
 *
 * `checkedAt` is milliseconds since 1970 UTC.
 */
export function diagnosisDocument(
  row: SessionRow,
  problems: readonly Problem[],
  checkedAt: number,
  words: Words,
): Rendering {
  const { t } = words;
  const lines = [
    `# ${t("Diagnosis: {0}", oneLine(row.title) || t("Untitled"))}`,
    "",
    `- ${t("Session")}: ${nameSpan(row.sessionId)}`,
    `- ${t("Stored in")}: ${nameSpan(row.path)} - ${words.size(row.sizeBytes)}`,
    `- ${t("Checked")}: ${words.date(checkedAt)}`,
    "",
    t("Every line of the session's files was read, and every link between its entries was followed."),
    "",
    `**${problems.length === 0 ? t("Nothing is wrong with them.") : words.problems(problems.length)}**`,
    "",
  ];
  const links: FileLink[] = [];
  for (const path of new Set(problems.map((problem) => problem.path))) {
    lines.push(`## ${nameSpan(path) || t("Unnamed file")}`, "");
    for (const problem of problems.filter((item) => item.path === path)) {
      links.push(...linksOf(problem, lines.length, words));
      lines.push(problemItem(problem, words));
    }
    lines.push("");
  }
  if (problems.length >= MOST_OF_A_KIND) {
    lines.push(t("There may be more: no more than {0} of a kind are named.", words.number(MOST_OF_A_KIND)), "");
  }
  return { text: lines.join("\n"), links };
}

const ITEM = "- ";

function problemItem(problem: Problem, words: Words): string {
  const parts = [placeText(problem, words), nameSpan(problem.kind), oneLine(problem.reason)];
  return ITEM + parts.filter((part) => part !== "").join(" - ");
}

/** The link that a problem's place is; none for a whole file, and for a path that is none here or not UTF-8. */
function linksOf(problem: Problem, line: number, words: Words): FileLink[] {
  const { path, line: target } = problem;
  const isHere = /^(?:\/|[A-Za-z]:[\\/])/.test(path) && !/[\uFFFD\p{Cs}]/u.test(path);
  const end = ITEM.length + placeText(problem, words).length;
  return target === undefined || !isHere ? [] : [{ line, start: ITEM.length, end, path, target }];
}
