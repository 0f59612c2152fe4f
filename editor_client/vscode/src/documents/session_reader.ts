/** The newest part of a session's history, read again and again. */

import type { Calls, Entry, Problem, ReadHistoryResult } from "../protocol/calls";

/** How many entries a document begins with. */
const FIRST_ENTRIES = 200;
/** How many more each wish for earlier ones adds. */
const MORE_ENTRIES = 500;
/** The most entries of one call. */
const PAGE = 500;
/** How many entries more than before are read to find where it began before. */
const LONGEST_SEARCH = 2000;

/** Entries up to the newest. */
export interface NewestEntries {
  /** Oldest first. */
  readonly entries: readonly Entry[];
  /** What is wrong with the lines that were read. */
  readonly problems: readonly Problem[];
  /** Whether there are entries before the first. */
  readonly hasMoreBefore: boolean;
}

/**
 * Reads a session from its end back to the same entry each time, so that what is shown grows at its end only.
 *
 * Errors: those of history/read.
 */
export class SessionReader {
  private wanted = FIRST_ENTRIES;
  private oldest: string | undefined;

  constructor(
    private readonly calls: () => Pick<Calls, "readHistory" | "listTurns">,
    private readonly sessionId: string,
  ) {}

  /** Let the next read give `MORE_ENTRIES` earlier ones. */
  wantEarlier(): void {
    this.wanted += MORE_ENTRIES;
    this.oldest = undefined;
  }

  /** Let the next reads give nothing before this entry, because it would not be shown. */
  beginAt(entryId: string): void {
    this.oldest = entryId;
  }

  /** Read; one at a time. With `numbered` a large session is counted first if need be, so that turns have numbers. */
  async read(numbered = false): Promise<NewestEntries> {
    let page = await this.newestPage();
    if (numbered && page.hasMoreBefore && page.entries.at(-1)?.turn === undefined) {
      await this.calls().listTurns({ sessionId: this.sessionId, limit: 1 });
      page = await this.newestPage();
    }
    let entries = page.entries;
    const problems = [...page.problems];
    for (let first = entries[0]; page.hasMoreBefore && first !== undefined; first = page.entries[0]) {
      const limit = this.missing(entries);
      if (limit <= 0) {
        break;
      }
      page = await this.calls().readHistory({ sessionId: this.sessionId, before: first.entryId, limit });
      entries = [...page.entries, ...entries];
      problems.push(...page.problems);
    }
    return this.fromOldest(entries, problems, page.hasMoreBefore);
  }

  private newestPage(): Promise<ReadHistoryResult> {
    return this.calls().readHistory({ sessionId: this.sessionId, limit: Math.min(this.wanted, PAGE) });
  }

  /** How many more entries to ask for; none when there are enough. */
  private missing(entries: readonly Entry[]): number {
    if (this.oldest === undefined) {
      return Math.min(this.wanted - entries.length, PAGE);
    }
    // The entry may be gone, so the search for it has an end.
    const isFound = entries.some((entry) => entry.entryId === this.oldest);
    return isFound || entries.length >= this.wanted + LONGEST_SEARCH ? 0 : PAGE;
  }

  private fromOldest(entries: readonly Entry[], problems: readonly Problem[], hasMoreBefore: boolean): NewestEntries {
    const found = entries.findIndex((entry) => entry.entryId === this.oldest);
    const start = Math.max(0, found);
    const kept = entries.slice(start);
    this.oldest = kept[0]?.entryId;
    this.wanted = Math.max(this.wanted, kept.length);
    return { entries: kept, problems, hasMoreBefore: hasMoreBefore || start > 0 };
  }
}
