/** The groups that a person made; pure. */

import type { Calls } from "../protocol/calls";
import { allSessions } from "./all_sessions";

/** The names of all groups that have a session, archived ones too, in the order of the alphabet. */
export async function knownGroups(calls: Pick<Calls, "listSessions">): Promise<string[]> {
  const rows = await allSessions(calls, { grouped: true, archived: "all" });
  const names = new Set(rows.flatMap(({ group }) => group ?? []));
  return [...names].sort((one, two) => one.localeCompare(two, undefined, { numeric: true }));
}
