/** The document of a session's history. */

import type { Agents } from "../common/agents";
import type { Words } from "../common/words";
import type { Calls, SessionMessage } from "../protocol/calls";
import { EntryTexts } from "./entry_texts";
import { LiveDocument } from "./live_document";
import { SessionFeed } from "./session_feed";
import { SessionReader } from "./session_reader";
import { transcriptDocument } from "./transcript";

/** What documents are made with. */
export interface Means {
  readonly calls: () => Calls;
  readonly agents: Agents;
  readonly words: Words;
}

/**
 * The history of a session, the newest entries first of all; earlier ones on demand, as long as they fit.
 *
 * While somebody sees it, it grows with the session.
 */
export class SessionDocument extends LiveDocument {
  private readonly reader: SessionReader;
  private readonly feed: SessionFeed;
  private isFull = false;

  constructor(
    means: Means,
    readonly sessionId: string,
    changed: (moved: number) => void,
  ) {
    const texts = new EntryTexts(means.words);
    const reader = new SessionReader(means.calls, sessionId);
    const feed = new SessionFeed(means.calls, sessionId, reader, () => void this.redraw());
    super(
      {
        row: async () => (await means.calls().getSession({ sessionId })).session,
        render: async (row) => {
          const read = await feed.read(row.partial !== true);
          // Without the agents' names their ids will do.
          await means.agents.load().catch(() => undefined);
          const agent = means.agents.title(row.agent);
          const transcript = { row, agent, ...read, isFull: this.isFull };
          const made = transcriptDocument(transcript, means.words, undefined, texts);
          const { text, moreLine, turns, firstShown } = made;
          const first = read.entries[firstShown];
          if (firstShown > 0 && first !== undefined) {
            this.isFull = true;
            feed.beginAt(first);
          }
          const canFork = means.agents.can(row.agent, "fork");
          const body = first === undefined ? undefined : { line: made.bodyLine, start: first.entryId };
          return { text, moreLine, body, turns: canFork ? turns : [] };
        },
      },
      means.words.t,
      changed,
    );
    this.reader = reader;
    this.feed = feed;
  }

  /** Show earlier entries too. */
  async showEarlier(): Promise<void> {
    if (!this.isFull) {
      this.reader.wantEarlier();
      this.feed.forget();
      await this.renew();
    }
  }

  /** Somebody sees it, or nobody does any more. */
  setSeen(isSeen: boolean): void {
    if (this.feed.want(isSeen) && isSeen) {
      void this.renew(); // nobody kept its head up to date meanwhile
    }
  }

  /** The server told of new entries. */
  take(message: SessionMessage): void {
    this.feed.take(message);
  }

  /** Another server runs, which knows nothing of what was told; the session may have changed meanwhile. */
  async begun(): Promise<void> {
    this.feed.forget();
    await this.renew();
  }
}
