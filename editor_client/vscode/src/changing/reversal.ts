/** Taking one change of one session back, without taking back what somebody else did since; pure. */

import type { Translate } from "../common/words";
import type { Calls, SessionRow } from "../protocol/calls";
import { errorKind } from "../protocol/errors";

/** What takes back one change of one session. */
export type Reversal =
  | {
      readonly kind: "update";
      readonly sessionId: string;
      /** The fields that were changed, with their values before. */
      readonly previous: Readonly<Record<string, unknown>>;
      /** The session as the change left it. */
      readonly left: SessionRow;
    }
  | { readonly kind: "restore"; readonly sessionId: string; readonly trashId: string }
  /** The session was made; it had so many turns then. */
  | { readonly kind: "remove"; readonly sessionId: string; readonly turns: number };

/** Somebody did something to the session since, which must not be lost. */
export class LeftAlone extends Error {
  override readonly name = "LeftAlone";
}

/** How often a session that changes all the time is looked at again. */
const MOST_TRIES = 5;

type UndoCalls = Pick<Calls, "getSession" | "updateSession" | "restoreSession" | "deleteSession">;

/** What takes back changes of fields. */
export function reversalOf(sessionId: string, previous: Record<string, unknown>, left: SessionRow): Reversal[] {
  return Object.keys(previous).length === 0 ? [] : [{ kind: "update", sessionId, previous, left }];
}

/**
 * Take a change back; gives the session, or as it was before it went to the trash.
 *
 * Errors: `LeftAlone`; those of sessions/get, update, restore and delete.
 */
export async function takeBack(reversal: Reversal, calls: UndoCalls, t: Translate): Promise<SessionRow> {
  const { sessionId } = reversal;
  switch (reversal.kind) {
    case "restore":
      return (await calls.restoreSession({ trashId: reversal.trashId })).session;
    case "update":
      return await takeBackFields(reversal, calls, t);
    case "remove": {
      const { session } = await calls.getSession({ sessionId });
      if ((session.turnCount ?? 0) > reversal.turns) {
        throw new LeftAlone(t("It was worked on since, so it was left as it is."));
      }
      await calls.deleteSession({ sessionId });
      return session;
    }
  }
}

async function takeBackFields(
  { sessionId, previous, left }: Extract<Reversal, { kind: "update" }>,
  calls: UndoCalls,
  t: Translate,
): Promise<SessionRow> {
  for (let tries = 1; ; tries += 1) {
    const { session } = await calls.getSession({ sessionId });
    if (Object.keys(previous).some((field) => !isAlike(field as keyof SessionRow, left, session))) {
      throw new LeftAlone(t("Somebody changed it since, so it was left as it is."));
    }
    try {
      return (await calls.updateSession({ ...previous, sessionId, ifRevision: session.revision })).session;
    } catch (error) {
      // An agent that works on it makes another revision of it, too: only the fields decide.
      if (errorKind(error) !== "revisionMismatch" || tries === MOST_TRIES) {
        throw error;
      }
    }
  }
}

/** A title that nobody gave may be another each time the session grows. */
function isAlike(field: keyof SessionRow, left: SessionRow, now: SessionRow): boolean {
  if (field === "title" && left.titleSource !== "custom") {
    return now.titleSource !== "custom";
  }
  return JSON.stringify(left[field]) === JSON.stringify(now[field]);
}
