/** Every session that a question is about; pure. */

import type { Calls, SessionRow } from "../protocol/calls";
import { MAX_PAGE, type Question } from "./group_rows";

/** All pages of a list in one. Errors: those of sessions/list. */
export async function allSessions(calls: Pick<Calls, "listSessions">, question: Question): Promise<SessionRow[]> {
  const rows: SessionRow[] = [];
  let cursor: string | undefined;
  do {
    const page = await calls.listSessions({ ...question, limit: MAX_PAGE, cursor });
    rows.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return rows;
}
