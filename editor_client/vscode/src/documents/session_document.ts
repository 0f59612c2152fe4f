/** The document of a session's history. */

import type { Agents } from "../common/agents";
import type { Words } from "../common/words";
import type { Calls } from "../protocol/calls";
import { LiveDocument } from "./live_document";
import { SessionReader } from "./session_reader";
import { transcriptDocument } from "./transcript";

/** What documents are made with. */
export interface Means {
  readonly calls: () => Calls;
  readonly agents: Agents;
  readonly words: Words;
}

/** The history of a session, the newest entries first of all; earlier ones on demand, as long as they fit. */
export class SessionDocument extends LiveDocument {
  private readonly reader: SessionReader;
  private isFull = false;

  constructor(means: Means, sessionId: string, changed: () => void) {
    const reader = new SessionReader(means.calls, sessionId);
    super(
      {
        row: async () => (await means.calls().getSession({ sessionId })).session,
        render: async (row) => {
          const read = await reader.read(row.partial !== true);
          // Without the agents' names their ids will do.
          await means.agents.load().catch(() => undefined);
          const agent = means.agents.title(row.agent);
          const { text, moreLine, firstShown } = transcriptDocument(
            { row, agent, ...read, isFull: this.isFull },
            means.words,
          );
          const first = read.entries[firstShown];
          if (firstShown > 0 && first !== undefined) {
            this.isFull = true;
            reader.beginAt(first.entryId);
          }
          return { text, moreLine };
        },
      },
      means.words.t,
      changed,
    );
    this.reader = reader;
  }

  /** Show earlier entries too. */
  async showEarlier(): Promise<void> {
    if (!this.isFull) {
      this.reader.wantEarlier();
      await this.renew();
    }
  }
}
