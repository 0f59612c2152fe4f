/** What the trash shows of a session; pure. */

import { displayText, joined, shortPath } from "../common/labels";
import type { Words } from "../common/words";
import type { Generation } from "../protocol/calls";
import { escapeMarkdown } from "../sessions/tooltip";

/** A session in the trash. */
export interface TrashNode extends Generation {
  readonly kind: "trash";
  readonly trashId: string;
}

const DAY_MS = 86_400_000;

/** What of sessions/generations can be brought back. */
export function trashNodes(items: readonly Generation[]): TrashNode[] {
  return items.filter((item): item is TrashNode => item.kind === "trash" && item.trashId !== undefined);
}

/** The title, never empty. */
export function trashTitle(node: TrashNode, { t }: Words): string {
  return displayText(node.title ?? "") || t("Untitled");
}

/** What stands beside the title: since when it is here, and for how long yet. */
export function trashDescription(node: TrashNode, now: number, words: Words): string {
  return joined([words.age(node.at, now), expiryText(node.expiresAt, now, words)]);
}

/** The tooltip as Markdown that holds no link, no HTML and no icon, whatever the session's texts are. */
export function trashTooltip(node: TrashNode, agent: string, home: string, now: number, words: Words): string {
  const { t } = words;
  const date = (time: number) => t("{0} ({1})", words.date(time), words.ago(time, now));
  const lines: [string, string | undefined][] = [
    [t("Agent"), agent],
    [t("Folder"), node.workDir === undefined ? undefined : shortPath(node.workDir, home)],
    [t("Deleted"), date(node.at)],
    [t("Kept until"), node.expiresAt === undefined ? undefined : words.date(node.expiresAt)],
  ];
  const shown = lines.flatMap(([name, value]) =>
    value ? [`**${escapeMarkdown(name)}**: ${escapeMarkdown(value)}`] : [],
  );
  return `**${escapeMarkdown(trashTitle(node, words))}**\n\n${shown.join("  \n")}`;
}

/** A row as a screen reader says it. */
export function trashSentence(node: TrashNode, agent: string, now: number, words: Words): string {
  const parts = [
    trashTitle(node, words),
    words.t("{0} session", displayText(agent)),
    words.t("deleted {0}", words.ago(node.at, now)),
    expiryText(node.expiresAt, now, words),
  ];
  return parts.filter((part) => part !== undefined && part !== "").join(", ");
}

function expiryText(expiresAt: number | undefined, now: number, { t }: Words): string | undefined {
  if (expiresAt === undefined) {
    return undefined;
  }
  const days = Math.ceil((expiresAt - now) / DAY_MS);
  return days <= 0 ? t("may go any time") : days === 1 ? t("1 day left") : t("{0} days left", days);
}
