/** When rows follow what the server tells: at once, then at most so often, and never for a view that nobody sees. */

import type { SessionChange } from "../protocol/calls";
import { type Place, RowChanges, type Wish } from "./row_changes";

/** The least milliseconds between two rounds in a window with the focus, and in one without it. */
export const GAP = 200;
export const GAP_BEHIND = 800;
/** Milliseconds after which everything is listed that was left out while only the newest were. */
export const WHOLE_AFTER = 5000;

/** What rows are brought up to date with. */
export interface Rows {
  /** Whether somebody can see them. */
  isSeen(): boolean;
  /** Whether their window has the focus. */
  isFocused(): boolean;
  placeOf(sessionId: string): Place;
  /** They are out of date, and are to be loaded when they are seen again. */
  missed(): void;
  /** Bring them up to date. Never rejects. */
  follow(wish: Wish): Promise<void>;
}

/** Rounds go one after the other, with pauses at least as long as the round before lasted. */
export class LiveRows {
  private readonly changes = new RowChanges();
  private timer: NodeJS.Timeout | undefined;
  private isBusy = false;
  /** The time from which the next round may begin. */
  private next = 0;
  /** The time at which everything is to be listed; undefined when it is. */
  private wholeAt: number | undefined;

  /** `clock` gives milliseconds. */
  constructor(
    private readonly rows: Rows,
    private readonly clock: () => number,
  ) {}

  dispose(): void {
    clearTimeout(this.timer);
    this.wholeAt = undefined;
    this.changes.clear();
  }

  /** Sessions changed. */
  take(changes: readonly SessionChange[]): void {
    this.changes.add(changes);
    this.plan();
  }

  private plan(): void {
    const from = this.changes.isEmpty ? this.wholeAt : 0;
    if (from !== undefined && !this.isBusy) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => void this.round(), Math.max(0, Math.max(from, this.next) - this.clock()));
    }
  }

  /** What a round is about, once what was left out before is old enough. */
  private asked(wish: Wish, now: number): Wish {
    const isDue = this.wholeAt !== undefined && now >= this.wholeAt;
    if (wish === "list" || isDue) {
      this.wholeAt = undefined;
      return "list";
    }
    if (wish === "newest") {
      this.wholeAt ??= now + WHOLE_AFTER;
    }
    return wish;
  }

  private async round(): Promise<void> {
    this.timer = undefined;
    if (!this.rows.isSeen()) {
      this.changes.clear();
      this.wholeAt = undefined;
      this.rows.missed();
      return;
    }
    const began = this.clock();
    this.isBusy = true;
    try {
      const wish = this.changes.take((sessionId) => this.rows.placeOf(sessionId));
      await this.rows.follow(this.asked(wish, began));
    } finally {
      const ended = this.clock();
      this.isBusy = false;
      this.next = ended + Math.max(ended - began, this.rows.isFocused() ? GAP : GAP_BEHIND);
      this.plan();
    }
  }
}
