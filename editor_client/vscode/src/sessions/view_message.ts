/** The line above the rows; pure. */

import { listProblemsText } from "../common/labels";
import type { Words } from "../common/words";
import type { Problem } from "../protocol/calls";

/** What decides about the line. */
export interface ViewFacts {
  /** Whether there is no server, and none will start by itself. */
  readonly down: boolean;
  /** Whether anything was loaded yet. */
  readonly loaded: boolean;
  /** Whether no row is shown. */
  readonly empty: boolean;
  /** Whether the workspace is not trusted. */
  readonly restricted: boolean;
  /** The filter in words; empty without one. */
  readonly filter: string;
  /** What kept whole folders from being listed. */
  readonly problems: readonly Problem[];
}

/**
 * The line above the rows; empty for none.
 *
 * The view welcomes in place of rows only while there is no line. So without rows it says what no welcome says: that
 * they are looked for, or what kept them from being listed.
 */
export function viewMessage(facts: ViewFacts, words: Words): string {
  const { t } = words;
  if (facts.down) {
    return "";
  }
  if (!facts.loaded) {
    return t("Looking for sessions…");
  }
  // The view's description says the filter too, and is not seen while the trash is hidden.
  const filter = facts.filter === "" ? undefined : t("Filter: {0}.", facts.filter);
  const restricted = facts.restricted
    ? t(
        "Restricted Mode: sessions are shown for reading only; files with a leading dot and folders outside the workspace are not read.",
      )
    : undefined;
  const problems = listProblemsText(facts.problems, words);
  const parts = facts.empty ? [problems] : [filter, restricted, problems];
  return parts.filter((part) => part !== undefined).join(" ");
}
