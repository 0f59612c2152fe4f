/** The order of rows; pure. */

import type { SessionRow } from "../protocol/calls";

/** The rows with one of them replaced, where the server's order has it: last worked on first. */
export function withRow(rows: readonly SessionRow[], row: SessionRow): SessionRow[] {
  const others = rows.filter(({ sessionId }) => sessionId !== row.sessionId);
  const place = others.findIndex((other) => isBefore(row, other));
  others.splice(place === -1 ? others.length : place, 0, row);
  return others;
}

function isBefore(one: SessionRow, other: SessionRow): boolean {
  return one.updatedAt === other.updatedAt ? one.sessionId > other.sessionId : one.updatedAt > other.updatedAt;
}
