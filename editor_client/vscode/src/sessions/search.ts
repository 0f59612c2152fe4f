/** Searching while somebody types: which answer counts, and when to ask; pure. */

import type { Cancellation, SessionRow } from "../protocol/calls";
import { messageOf } from "../protocol/errors";
import type { ListPage } from "./group_rows";

/** Cancels a call; the editor's `CancellationTokenSource` is one. */
export interface Canceller {
  readonly token: Cancellation;
  cancel(): void;
  dispose(): void;
}

/** Tells which of several questions is the newest: asking a new one cancels the one before. */
export class Newest {
  private current: Canceller | undefined;

  constructor(private readonly makeCanceller: () => Canceller) {}

  /** Begin a question; its answer counts as long as `isCurrent` says so. */
  ask(): Canceller {
    this.stop();
    this.current = this.makeCanceller();
    return this.current;
  }

  /** Whether no newer question was asked, and none of them was stopped. */
  isCurrent(question: Canceller): boolean {
    return this.current === question;
  }

  /** Cancel what is asked, if anything. */
  stop(): void {
    const former = this.current;
    this.current = undefined;
    former?.cancel();
    former?.dispose();
  }
}

/** What a search shows now. */
export interface Found {
  /** Whether an answer is waited for. */
  readonly busy: boolean;
  readonly rows: readonly SessionRow[];
  /** The index of the first row that the last answer brought: not 0 after `more`. */
  readonly first: number;
  /** Whether there are more rows than these. */
  readonly more: boolean;
  /** Why the last question has no answer. */
  readonly failure?: string | undefined;
}

/** How a search is done. */
export interface SearchMeans {
  readonly list: ListPage;
  readonly makeCanceller: () => Canceller;
  /** Milliseconds to wait after a keystroke, for the next one. */
  readonly pause: number;
  /** The rows of a page. */
  readonly pageSize: number;
  /** Called with each change of what is found. */
  show(found: Found): void;
}

/** What is found before anything was asked. */
export const NOTHING_FOUND: Found = { busy: false, rows: [], first: 0, more: false };

/**
 * The session that is meant by accepting a line: while an answer is waited for, its first row is, unless it has that
 * line, too. Undefined when nothing is found.
 */
export function meantRow(found: Found, active: SessionRow | undefined): SessionRow | undefined {
  return found.rows.find((row) => row.sessionId === active?.sessionId) ?? found.rows[0];
}

/** A search over all sessions, archived ones too. What was found stays until the answer to the newest text is there. */
export class Search {
  private readonly newest: Newest;
  private timer: NodeJS.Timeout | undefined;
  private text = "";
  private cursor: string | undefined;
  private found: Found = NOTHING_FOUND;

  constructor(private readonly means: SearchMeans) {
    this.newest = new Newest(means.makeCanceller);
  }

  /** Search for a text at once; an empty one finds all. */
  async ask(text: string): Promise<void> {
    this.forget();
    this.text = text;
    await this.page(undefined, []);
  }

  /** Search for a text after the pause, unless another one is typed. */
  type(text: string): void {
    this.forget();
    this.show({ ...this.found, busy: true, first: 0 });
    this.timer = setTimeout(() => {
      void this.ask(text);
    }, this.means.pause);
  }

  /** Add the next page of what was searched for last. */
  async more(): Promise<void> {
    const { cursor } = this;
    if (cursor !== undefined && !this.found.busy) {
      await this.page(cursor, this.found.rows);
    }
  }

  /** Ask nothing any more, and show nothing any more. */
  close(): void {
    this.forget();
  }

  private forget(): void {
    clearTimeout(this.timer);
    this.newest.stop();
  }

  private async page(cursor: string | undefined, before: readonly SessionRow[]): Promise<void> {
    const question = this.newest.ask();
    this.show({ ...this.found, busy: true, first: before.length });
    try {
      const { list, pageSize } = this.means;
      const place = cursor === undefined ? {} : { cursor };
      const page = await list({ text: this.text, archived: "all", limit: pageSize, ...place }, question.token);
      if (this.newest.isCurrent(question)) {
        this.cursor = page.nextCursor;
        const rows = new Map([...before, ...page.items].map((row) => [row.sessionId, row]));
        this.show({
          busy: false,
          rows: [...rows.values()],
          first: before.length,
          more: page.nextCursor !== undefined,
        });
      }
    } catch (error) {
      if (this.newest.isCurrent(question)) {
        this.cursor = cursor;
        const failure = messageOf(error);
        this.show({ busy: false, rows: before, first: before.length, more: cursor !== undefined, failure });
      }
    }
  }

  private show(found: Found): void {
    this.found = found;
    this.means.show(found);
  }
}
