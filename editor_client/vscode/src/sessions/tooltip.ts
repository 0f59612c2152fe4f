/** The Markdown of a session's tooltip; pure. Whatever comes from a session is escaped. */

import { displayText, joined, shortPath, stateText, titleText } from "../common/labels";
import type { Words } from "../common/words";
import type { DiffStats, Problem, SessionRow, TokenUsage } from "../protocol/calls";

/** What a tooltip is made of. */
export interface TooltipFacts {
  readonly row: SessionRow;
  /** The agent's name for people. */
  readonly agent: string;
  /** The changes in the session's folder; absent when they could not be had in time. */
  readonly changes?: DiffStats | undefined;
  /** The user's home folder, which is written `~`. */
  readonly home: string;
  /** Milliseconds since 1970 UTC. */
  readonly now: number;
}

const SHOWN_PROBLEMS = 3;
const LONGEST_VALUE = 400;

/** The tooltip as Markdown that holds no link, no HTML and no icon, whatever the session's texts are. */
export function tooltipMarkdown(facts: TooltipFacts, words: Words): string {
  const { row, now } = facts;
  const { t } = words;
  const state = stateText(row.status, t);
  const lines: [string, string | undefined][] = [
    [t("Agent"), joined([facts.agent, row.profile])],
    [t("Label"), row.label],
    [t("Group"), row.group],
    [t("Folder"), row.workDir === undefined ? undefined : shortPath(row.workDir, facts.home)],
    [t("Changes"), facts.changes === undefined ? undefined : changesText(facts.changes, words)],
    [
      t("State"),
      joined([state, row.pinned ? t("pinned") : undefined, row.archived ? archivedText(row, words) : undefined]),
    ],
    [t("Created"), row.createdAt === undefined ? undefined : timeText(row.createdAt, now, words)],
    [t("Updated"), timeText(row.updatedAt, now, words)],
    [t("Length"), lengthText(row, words)],
    [t("Model"), row.model],
    [t("Thinking"), row.thinkingLevel],
    [t("Usage"), row.usage === undefined ? undefined : usageText(row.usage, words)],
    [t("Stored"), joined([shortPath(row.path, facts.home), words.size(row.sizeBytes)])],
    [t("Forked from"), row.parentSessionId],
    [t("Forks"), row.childSessionIds === undefined ? undefined : words.number(row.childSessionIds.length)],
    [t("Resume with"), row.resume === undefined ? undefined : commandText(row.resume.command)],
  ];
  const shown = lines.flatMap(([name, value]) =>
    value ? [`**${escapeMarkdown(name)}**: ${escapeMarkdown(value)}`] : [],
  );
  const problems = problemLines(row.problems, words);
  return [`**${escapeMarkdown(titleText(row, t))}**`, shown.join("  \n"), problems.join("  \n")]
    .filter((block) => block !== "")
    .join("\n\n");
}

/** A text as Markdown that shows exactly it, on one line: every ASCII mark is escaped, so nothing is left to mean more. */
export function escapeMarkdown(text: string): string {
  const line = displayText(text);
  const short = line.length > LONGEST_VALUE ? `${line.slice(0, LONGEST_VALUE).replace(/\p{Cs}$/u, "")}…` : line;
  return short.replace(/[!-/:-@[-`{-~]/g, "\\$&");
}

function timeText(time: number, now: number, words: Words): string {
  return words.t("{0} ({1})", words.date(time), words.ago(time, now));
}

function archivedText(row: SessionRow, words: Words): string {
  return row.archivedAt === undefined ? words.t("archived") : words.t("archived on {0}", words.date(row.archivedAt));
}

function lengthText(row: SessionRow, words: Words): string {
  return joined([
    row.turnCount === undefined ? undefined : words.turns(row.turnCount),
    row.messageCount === undefined ? undefined : words.messages(row.messageCount),
  ]);
}

function usageText(usage: TokenUsage, words: Words): string {
  const { t } = words;
  const amount = (text: string, value: number | undefined) =>
    value === undefined ? undefined : t(text, words.number(value));
  return joined([
    amount("{0} tokens", usage.total),
    amount("{0} in", usage.input),
    amount("{0} out", usage.output),
    amount("{0} cached", usage.cacheRead),
    amount("window {0}", usage.window),
    usage.cost === undefined ? undefined : words.dollars(usage.cost),
  ]);
}

function changesText(changes: DiffStats, words: Words): string | undefined {
  const { t } = words;
  if (!changes.isGitRepo) {
    return undefined;
  }
  const branch = changes.branch === undefined ? undefined : t("on {0}", changes.branch);
  if (!changes.hasChanges) {
    return joined([t("none"), branch]);
  }
  const count = changes.files.length;
  return joined([
    count === 1 ? t("1 file") : t("{0} files", words.number(count)),
    `+${words.number(changes.totalAdditions)} −${words.number(changes.totalDeletions)}`,
    branch,
  ]);
}

function problemLines(problems: readonly Problem[], words: Words): string[] {
  if (problems.length === 0) {
    return [];
  }
  const lines = problems.slice(0, SHOWN_PROBLEMS).map(({ reason, line }) => {
    return line === undefined ? reason : words.t("line {0}: {1}", words.number(line), reason);
  });
  const more = problems.length - lines.length;
  const rest = more > 0 ? [words.t("and {0} more", words.number(more))] : [];
  return [`**${escapeMarkdown(words.problems(problems.length))}**`, ...[...lines, ...rest].map(escapeMarkdown)];
}

/** For reading; arguments that a shell would not take as they are stand in quotes. */
function commandText(command: readonly string[]): string {
  return command.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(" ");
}
