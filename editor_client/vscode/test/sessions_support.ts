/** What the tests of the sidebar share. */

import { makeWords, type Translate, type Words } from "../src/common/words";
import type { Cancellation, ListSessionsParams, ListSessionsResult, SessionRow } from "../src/protocol/calls";

/** English, as the editor fills it in. */
export const translate: Translate = (text, ...args) =>
  text.replace(/\{(\d+)\}/g, (place, number: string) => String(args[Number(number)] ?? place));

export const words: Words = makeWords("en", translate);

/** A row of which only what matters is said. */
export function sessionRow(sessionId: string, more: Partial<SessionRow> = {}): SessionRow {
  return {
    sessionId,
    agent: "pi",
    nativeId: sessionId,
    title: `Session ${sessionId}`,
    titleSource: "derived",
    updatedAt: 0,
    archived: false,
    pinned: false,
    status: "idle",
    sizeBytes: 1000,
    revision: "1",
    path: `/home/ana/.pi/${sessionId}.jsonl`,
    problems: [],
    ...more,
  };
}

/** A page of a list. */
export function page(items: SessionRow[], more: Partial<ListSessionsResult> = {}): ListSessionsResult {
  return { items, complete: true, problems: [], revision: "0", ...more };
}

/** An error as the server answers it. */
export function serverError(kind: string, message: string): Error {
  return Object.assign(new Error(message), { data: { kind } });
}

/** A call of sessions/list that waits until the test answers it. */
export interface Asked {
  readonly params: ListSessionsParams;
  readonly cancel: Cancellation | undefined;
  answer(result: ListSessionsResult): void;
  fail(error: Error): void;
}

/** A server whose answers the test gives, in any order. */
export class HeldServer {
  readonly asked: Asked[] = [];

  readonly list = (params: ListSessionsParams, cancel?: Cancellation): Promise<ListSessionsResult> =>
    new Promise((answer, fail) => {
      this.asked.push({ params, cancel, answer, fail });
    });

  /** The call with this number, from 0. */
  call(number: number): Asked {
    const asked = this.asked[number];
    if (asked === undefined) {
      throw new Error(`only ${this.asked.length} calls were made`);
    }
    return asked;
  }
}

/** A server with sessions `s0`, `s1`, ... whose cursors are the index of the next row. */
export class PagedServer {
  readonly asked: ListSessionsParams[] = [];
  /** Cursors up to this one have expired. */
  expired = new Set<string>();

  constructor(public rows: SessionRow[]) {}

  static of(count: number): PagedServer {
    return new PagedServer(Array.from({ length: count }, (_, index) => sessionRow(`s${index}`)));
  }

  readonly list = (params: ListSessionsParams): Promise<ListSessionsResult> => {
    this.asked.push(params);
    if (params.cursor !== undefined && this.expired.delete(params.cursor)) {
      return Promise.reject(serverError("cursorExpired", "expired"));
    }
    const rows = this.rows.filter((row) => passes(row, params));
    const start = Number(params.cursor ?? 0);
    const end = start + (params.limit ?? 50);
    const more = end < rows.length ? { nextCursor: String(end) } : {};
    return Promise.resolve(page(rows.slice(start, end), { total: rows.length, ...more }));
  };
}

/** The filters of sessions/list that say where in its group a row is shown. */
export function passes(row: SessionRow, { grouped, pinned }: ListSessionsParams): boolean {
  return (grouped ?? row.group !== undefined) === (row.group !== undefined) && (pinned ?? row.pinned) === row.pinned;
}

/** Whether a question is for what nobody pinned or put in a group. */
export function isForRest({ grouped, pinned }: ListSessionsParams): boolean {
  return grouped === false && pinned === false;
}

/** Cancels as the editor does. */
export class TestCanceller {
  cancelled = 0;
  disposed = 0;
  private readonly state = { isCancellationRequested: false };
  readonly token: Cancellation = Object.assign(this.state, {
    onCancellationRequested: () => ({ dispose: () => undefined }),
  });

  cancel(): void {
    this.cancelled += 1;
    this.state.isCancellationRequested = true;
  }

  dispose(): void {
    this.disposed += 1;
  }
}

/** Lets everything that waits for answered promises go on. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
