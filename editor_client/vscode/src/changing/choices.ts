/** What may be typed for a title, a label or a group, and what of it is meant; pure. */

import { displayText } from "../common/labels";
import type { Translate } from "../common/words";
import type { SessionRow } from "../protocol/calls";

/** The most characters that the server takes. */
export const LONGEST_TITLE = 200;
export const LONGEST_NAME = 512;

/** Why a text cannot be taken; undefined when it can. An empty one takes away what there is. */
export function textFault(text: string, longest: number, t: Translate): string | undefined {
  const length = [...text.trim()].length;
  return length > longest ? t("At most {0} characters; these are {1}.", longest, length) : undefined;
}

/** What a typed text means: null takes away, undefined changes nothing. */
export function meantText(typed: string | undefined, now: string | undefined): string | null | undefined {
  if (typed === undefined) {
    return undefined;
  }
  const text = typed.trim();
  return text === (now ?? "") ? undefined : text === "" ? null : text;
}

/** A line of the list of groups; `group` null takes the sessions out of theirs. */
export interface GroupChoice {
  readonly label: string;
  readonly description?: string;
  readonly group: string | null;
}

/** The lines for the groups there are and what is typed: one that is not there yet can be made. */
export function groupChoices(
  known: readonly string[],
  typed: string,
  rows: readonly Pick<SessionRow, "group">[],
  t: Translate,
): GroupChoice[] {
  const name = typed.trim();
  const used = new Set(rows.map(({ group }) => group));
  const only = used.size === 1 ? [...used][0] : undefined;
  const lines: GroupChoice[] = known.map((group) => ({
    label: `$(layers) ${displayText(group)}`,
    ...(group === only ? { description: t("where it is now") } : {}),
    group,
  }));
  if (name !== "" && !known.includes(name)) {
    lines.unshift({ label: `$(add) ${t("New group “{0}”", displayText(name))}`, group: name });
  }
  if (name === "" && rows.some(({ group }) => group !== undefined)) {
    lines.push({ label: `$(close) ${t("No group")}`, description: t("take it out of its group"), group: null });
  }
  return lines;
}

/** Agents that new sessions can be made for: the one that needs no program first, those without a home here last. */
export function creators<A extends { id: string; homes: readonly string[]; capabilities: readonly string[] }>(
  agents: readonly A[],
): A[] {
  const rank = (agent: A) => (agent.id === EMBEDDED ? 0 : agent.homes.length > 0 ? 1 : 2);
  return agents.filter(({ capabilities }) => capabilities.includes("create")).sort((a, b) => rank(a) - rank(b));
}

/** The agent that Forkpoint keeps sessions for itself. */
export const EMBEDDED = "forkpoint";
