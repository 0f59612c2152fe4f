/** The newest entries of a session, as the server tells of them while somebody looks. */

import type { Calls, Entry, SessionMessage } from "../protocol/calls";
import { errorKind } from "../protocol/errors";
import type { NewestEntries, SessionReader } from "./session_reader";

/** How often a subscription is asked for until it has caught up with a session that grows meanwhile. */
const MOST_PORTIONS = 100;

/** `lost`: the last entry that was read is not on the path any more. */
type Following = "followed" | "lost" | "not followed";

/**
 * Reads a session's newest entries once, and keeps them up to date as long as they are followed.
 *
 * What cannot be followed is read again each time. `changed` is called when there is something else to show.
 */
export class SessionFeed {
  private isWanted = false;
  /** Which subscription counts; what was begun before it does not any more. */
  private turn = 0;
  private kept: NewestEntries | undefined;
  private isLive = false;
  /** Whether what is kept cannot be built upon. */
  private isStale = false;
  /** Whether its turns have numbers, which in a large session cost more. */
  private isNumbered = false;
  /** What was told while the subscription was still under way. */
  private held: SessionMessage[] = [];

  constructor(
    private readonly calls: () => Pick<Calls, "subscribeMessages" | "unsubscribeMessages">,
    private readonly sessionId: string,
    private readonly reader: SessionReader,
    private readonly changed: () => void,
  ) {}

  /** Follow the session from the next reading on, or no more; whether that is another wish than before. */
  want(isWanted: boolean): boolean {
    if (this.isWanted === isWanted) {
      return false;
    }
    this.isWanted = isWanted;
    if (isWanted) {
      return true;
    }
    this.begin();
    this.calls()
      .unsubscribeMessages({ sessionId: this.sessionId })
      .catch(() => undefined); // without a server nobody tells anything
    return true;
  }

  /** Let the next reading begin anew, such as after the end of the server that told. */
  forget(): void {
    this.begin();
    this.isStale = true;
  }

  /** Give the newest entries. Errors: those of history/read. */
  async read(numbered: boolean): Promise<NewestEntries> {
    this.isStale ||= numbered && !this.isNumbered;
    if (this.isLive && this.kept !== undefined && !this.isStale) {
      return this.kept;
    }
    const turn = this.begin();
    if (this.kept !== undefined && !this.isStale && (await this.follow(turn)) === "followed") {
      return this.kept;
    }
    let read = await this.readAnew(numbered);
    if ((await this.follow(turn)) === "lost") {
      read = await this.readAnew(numbered); // the path was changed between reading and subscribing
      await this.follow(turn);
    }
    return this.kept ?? read;
  }

  /** Leave out the entries before this one: they would not be shown. */
  beginAt(first: Entry): void {
    this.reader.beginAt(first.entryId);
    if (this.kept !== undefined) {
      const found = this.kept.entries.findIndex(({ entryId }) => entryId === first.entryId);
      const entries = this.kept.entries.slice(Math.max(0, found));
      this.kept = { ...this.kept, entries, hasMoreBefore: true };
    }
  }

  /** The server told something. */
  take(message: SessionMessage): void {
    if (!this.isWanted || message.sessionId !== this.sessionId) {
      return;
    }
    if (!this.isLive) {
      this.held.push(message);
      return;
    }
    if (message.reset === true) {
      this.forget();
    } else {
      this.append(message.entries, message.updated);
    }
    this.changed();
  }

  private begin(): number {
    this.turn += 1;
    this.isLive = false;
    this.held = [];
    return this.turn;
  }

  private async readAnew(numbered: boolean): Promise<NewestEntries> {
    this.isStale = false;
    this.isNumbered = numbered;
    this.kept = await this.reader.read(numbered);
    return this.kept;
  }

  private isMeant(turn: number): boolean {
    return this.isWanted && turn === this.turn;
  }

  /** Subscribe to what comes after the entries that were read; what cannot be followed is read at the next change. */
  private async follow(turn: number): Promise<Following> {
    let after = this.kept?.entries.at(-1)?.entryId;
    for (let portion = 0; portion < MOST_PORTIONS && this.isMeant(turn); portion += 1) {
      const params = { sessionId: this.sessionId, ...(after === undefined ? {} : { after }) };
      const reply = await this.calls().subscribeMessages(params).catch(followingOf);
      if (typeof reply === "string") {
        return reply;
      }
      if (!this.isMeant(turn)) {
        break;
      }
      if (after === undefined && reply.lastEntryId !== undefined) {
        return "lost"; // it was empty when it was read
      }
      this.append(reply.entries, reply.updated);
      after = reply.lastEntryId;
      if (reply.subscribed) {
        this.goLive();
        return "followed";
      }
    }
    return "not followed";
  }

  private goLive(): void {
    this.isLive = true;
    for (const message of this.held.splice(0)) {
      this.take(message);
    }
  }

  private append(added: readonly Entry[], updated: readonly Entry[]): void {
    if (this.kept === undefined || added.length + updated.length === 0) {
      return;
    }
    const newer = new Map([...updated, ...added].map((entry) => [entry.entryId, entry]));
    const known = new Set(this.kept.entries.map(({ entryId }) => entryId));
    const entries = this.kept.entries.map((entry) => newer.get(entry.entryId) ?? entry);
    entries.push(...added.filter(({ entryId }) => !known.has(entryId)));
    this.kept = { ...this.kept, entries };
  }
}

function followingOf(error: unknown): Following {
  return errorKind(error) === "entryNotFound" ? "lost" : "not followed";
}
