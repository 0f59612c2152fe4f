/** The rows of one group, page by page; pure. */

import type { Cancellation, ListSessionsParams, ListSessionsResult, Problem, SessionRow } from "../protocol/calls";
import { errorKind, isCancelled, messageOf } from "../protocol/errors";
import { SidecarUnavailable } from "../sidecar";
import { withRow } from "./row_order";

/** Asks for one page: `sessions/list`. */
export type ListPage = (params: ListSessionsParams, cancel?: Cancellation) => Promise<ListSessionsResult>;

/** The question whose pages are loaded; without `limit` and `cursor`. */
export type Question = Omit<ListSessionsParams, "limit" | "cursor">;

/** The most rows that one page may have. */
export const MAX_PAGE = 500;

/** The rows loaded so far, newest first; every session once. */
export interface Loaded {
  readonly rows: readonly SessionRow[];
  /** Gives the next page; undefined when all is loaded. */
  readonly nextCursor: string | undefined;
  /** How many rows there are in all, when that is known. */
  readonly total: number | undefined;
  /** What kept whole folders from being listed. */
  readonly problems: readonly Problem[];
}

const NOTHING: Loaded = { rows: [], nextCursor: undefined, total: undefined, problems: [] };

/**
 * The pages of one question. Loads run one after another, in the order they were asked for; one that is cancelled, or
 * finds no server, changes nothing; one that fails leaves its message in `failure`. None of them rejects.
 */
export class GroupRows {
  private now: Loaded = NOTHING;
  /** How many rows the last load that succeeded ended with: as many are wanted when a failure has passed. */
  private wanted = 0;
  private last: Promise<void> = Promise.resolve();
  private growing: Promise<void> | undefined;
  private reason: string | undefined;

  constructor(
    private readonly list: ListPage,
    private readonly question: Question,
  ) {}

  /** What is loaded. */
  get loaded(): Loaded {
    return this.now;
  }

  /** Why the last load failed; undefined when it did not. */
  get failure(): string | undefined {
    return this.reason;
  }

  /** Load anew as many rows as there are, and at least a page. */
  reload(pageSize: number, cancel?: Cancellation): Promise<void> {
    return this.inTurn(() => this.load(() => this.fromTop(Math.max(this.wanted, pageSize), cancel), cancel, NOTHING));
  }

  /** Load the next page; asked for again while that goes on, it is the same page. */
  more(pageSize: number, cancel?: Cancellation): Promise<void> {
    this.growing ??= this.inTurn(() => this.load(() => this.nextPage(pageSize, cancel), cancel, this.now)).finally(
      () => {
        this.growing = undefined;
      },
    );
    return this.growing;
  }

  /** Let a loaded row be this one, in its place by time; settles in turn with the loads. */
  replace(row: SessionRow): Promise<void> {
    return this.inTurn(async () => {
      if (this.now.rows.some(({ sessionId }) => sessionId === row.sessionId)) {
        this.now = { ...this.now, rows: withRow(this.now.rows, row) };
      }
    });
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    this.last = this.last.then(work);
    return this.last;
  }

  private async load(read: () => Promise<Loaded>, cancel: Cancellation | undefined, onFailure: Loaded): Promise<void> {
    try {
      const loaded = await read();
      if (cancel?.isCancellationRequested !== true) {
        this.now = loaded;
        this.wanted = loaded.rows.length;
        this.reason = undefined;
      }
    } catch (error) {
      // Rows outlive the server they came from: they are loaded anew when it is back.
      const passing = isCancelled(error) || error instanceof SidecarUnavailable;
      if (cancel?.isCancellationRequested !== true && !passing) {
        this.now = onFailure;
        this.reason = messageOf(error);
      }
    }
  }

  private async fromTop(size: number, cancel: Cancellation | undefined): Promise<Loaded> {
    try {
      return await this.grow(NOTHING, size, cancel);
    } catch (error) {
      if (errorKind(error) !== "cursorExpired") {
        throw error;
      }
      return await this.grow(NOTHING, size, cancel);
    }
  }

  private async nextPage(pageSize: number, cancel: Cancellation | undefined): Promise<Loaded> {
    const size = this.now.rows.length + pageSize;
    if (this.now.nextCursor === undefined) {
      return this.now;
    }
    try {
      return await this.grow(this.now, size, cancel);
    } catch (error) {
      if (errorKind(error) !== "cursorExpired") {
        throw error;
      }
      return await this.fromTop(size, cancel);
    }
  }

  /** Read page after page until there are `size` rows, or no more. */
  private async grow(from: Loaded, size: number, cancel: Cancellation | undefined): Promise<Loaded> {
    const rows = new Map(from.rows.map((row) => [row.sessionId, row]));
    const problems = new Map(from.problems.map((problem) => [problemKey(problem), problem]));
    let { nextCursor, total } = from;
    let first = nextCursor === undefined;
    while (rows.size < size && (first || nextCursor !== undefined) && cancel?.isCancellationRequested !== true) {
      first = false;
      const limit = Math.min(MAX_PAGE, size - rows.size);
      const cursor: Pick<ListSessionsParams, "cursor"> = nextCursor === undefined ? {} : { cursor: nextCursor };
      const page = await this.list({ ...this.question, limit, ...cursor }, cancel);
      for (const row of page.items) {
        // A session that was worked on between two pages can come twice: it keeps its first place.
        rows.set(row.sessionId, row);
      }
      for (const problem of page.problems) {
        problems.set(problemKey(problem), problem);
      }
      total = page.total;
      nextCursor = page.nextCursor;
    }
    return { rows: [...rows.values()], nextCursor, total, problems: [...problems.values()] };
  }
}

/** What makes two reports of a problem the same. */
export function problemKey({ kind, path, line, reason }: Problem): string {
  return JSON.stringify([kind, path, line, reason]);
}
