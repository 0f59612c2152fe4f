/** Which sessions a command is about; pure. */

import { isSessionNode } from "../commands/target";
import type { SessionRow } from "../protocol/calls";

/**
 * The sessions of a command's arguments: the row it was called for, with all that are selected when it is one of them.
 *
 * `all` are the rows that the editor hands over beside the first one, which it does for menus and not for keys;
 * `shown` is the id of the session whose document is looked at. Undefined when one session has to be found otherwise.
 */
export function chosenRows(
  argument: unknown,
  all: unknown,
  selected: readonly SessionRow[],
  shown: string | undefined,
): readonly SessionRow[] | undefined {
  if (Array.isArray(all) && all.length > 0) {
    const rows = all.filter(isSessionNode).map(({ row }) => row);
    return rows.length > 0 ? rows : undefined;
  }
  const named = isSessionNode(argument) ? argument.row.sessionId : argument == null ? shown : undefined;
  const several = selected.length > 1;
  if (isSessionNode(argument)) {
    return several && selected.some(({ sessionId }) => sessionId === named) ? selected : [argument.row];
  }
  const meant = argument == null && (named === undefined || selected.some(({ sessionId }) => sessionId === named));
  return meant && several ? selected : undefined;
}
