/** The places where a session can be forked; pure. */

import { displayText, joined } from "../common/labels";
import type { Words } from "../common/words";
import type { Calls, Cancellation, ForkPoint, PlanForkResult, Turn } from "../protocol/calls";

/** How many turns are asked for at once. */
export const TURN_PAGE = 100;

/** The turns of a session, the newest first, page by page. */
export class TurnPages {
  private found: readonly Turn[] = [];
  private total: number | undefined;

  constructor(
    private readonly calls: () => Pick<Calls, "listTurns">,
    private readonly sessionId: string,
    private readonly page = TURN_PAGE,
  ) {}

  /** Those that are loaded, the newest first. */
  get turns(): readonly Turn[] {
    return this.found;
  }

  /** Whether there are earlier ones. */
  get hasMore(): boolean {
    return this.total === undefined || this.found.length < this.total;
  }

  /** Load the next page. Errors: those of history/turns. */
  async more(cancel?: Cancellation): Promise<void> {
    const { sessionId, page } = this;
    if (this.total === undefined) {
      // The server counts from the oldest: a short session is all there, of a long one the number is learnt.
      const { turns, total } = await this.calls().listTurns({ sessionId, limit: page }, cancel);
      this.total = total;
      if (total <= page) {
        this.found = [...turns].reverse();
        return;
      }
    }
    const end = this.found.at(-1)?.turn ?? this.total;
    const begin = Math.max(0, end - page);
    const after = begin === 0 ? {} : { after: begin - 1 };
    const { turns } = await this.calls().listTurns({ sessionId, limit: end - begin, ...after }, cancel);
    this.found = [...this.found, ...turns.filter(({ turn }) => turn < end).reverse()];
    if (turns.length === 0) {
      this.total = this.found.length; // it was cut short meanwhile
    }
  }
}

/** What a fork at a place would be, in the few words that a line has room for; empty when there is nothing to say. */
export function planText(plan: PlanForkResult, words: Words): string {
  const { t } = words;
  const open = plan.closedToolCalls;
  return joined([
    words.size(plan.sizeBytes),
    open === 0
      ? undefined
      : open === 1
        ? t("1 open tool call is closed")
        : t("{0} open tool calls are closed", words.number(open)),
    ...plan.problems.map(({ reason }) => displayText(reason)),
  ]);
}

/** A turn in one line, and what stands behind it. */
export function turnTexts(turn: Turn, now: number, words: Words): { label: string; description: string } {
  const { t } = words;
  const tools = turn.toolCalls;
  const text = displayText(turn.text);
  return {
    label: text === "" ? t("(no text)") : text,
    description: joined([
      t("turn {0}", words.number(turn.turn + 1)),
      turn.startedAt === undefined ? undefined : words.ago(turn.startedAt, now),
      tools === 0 ? undefined : tools === 1 ? t("1 tool call") : t("{0} tool calls", words.number(tools)),
    ]),
  };
}

/** Whether a value from outside names a place in a session. */
export function isForkPoint(value: unknown): value is ForkPoint {
  if (typeof value !== "object" || value === null) {
    return false;
  }
  const { turn, entryId, position } = value as Record<string, unknown>;
  const isTurn = typeof turn === "number" && entryId === undefined;
  return isTurn || (typeof entryId === "string" && (position === "before" || position === "after"));
}
