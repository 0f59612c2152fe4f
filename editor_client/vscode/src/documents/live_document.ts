/** A document about a session that is brought up to date when the session changes. */

import { failureText } from "../common/failure_text";
import { SingleFlight } from "../common/single_flight";
import type { Translate } from "../common/words";
import type { SessionRow } from "../protocol/calls";
import { oneLine } from "./problem_lines";

/** A document as it is shown. */
export interface Rendering {
  readonly text: string;
  /** The line, counted from 0, that says that there is more before; absent when there is none. */
  readonly moreLine?: number | undefined;
  /** Places in the text that lead to lines of files. */
  readonly links?: readonly FileLink[];
  /** The line, counted from 0, from which on the text only grows at its end, as long as `start` is the same. */
  readonly body?: { readonly line: number; readonly start: string } | undefined;
  /** The headings of the turns. */
  readonly turns?: readonly TurnPlace[];
}

/** A heading above which a turn begins. */
export interface TurnPlace {
  /** The line it stands on, counted from 0. */
  readonly line: number;
  /** The number of the turn, counted from 0; absent while it is not known. */
  readonly turn?: number | undefined;
  /** The entry that begins the turn. */
  readonly entryId: string;
}

/** A place in a document that leads to a line of a file. */
export interface FileLink {
  /** The line it stands on, counted from 0, and the columns it covers. */
  readonly line: number;
  readonly start: number;
  readonly end: number;
  /** The absolute path of the file, and the line in it, counted from 1. */
  readonly path: string;
  readonly target: number;
}

/** A document of ours that is open. */
export interface ShownDocument {
  /** Whether there is something to show. */
  readonly isLoaded: boolean;
  readonly rendering: Rendering;
  /** Bring it up to date. Never fails: what goes wrong is in the text. */
  update(): Promise<void>;
  /** Somebody sees it, or nobody does any more. */
  setSeen?(isSeen: boolean): void;
}

/** What a document is made from. */
export interface Source {
  /** The session's row. Errors: those of sessions/get. */
  row(): Promise<SessionRow>;
  /** The document. Errors: those of the calls it makes. */
  render(row: SessionRow): Promise<Rendering>;
}

/** A document, loaded and rendered again one at a time; what goes wrong is said in the document. */
export class LiveDocument implements ShownDocument {
  private readonly flight = new SingleFlight(() => this.load());
  private shown: Rendering | undefined;
  private failure: string | undefined;
  /** What the shown text was made from; undefined when it is to be made anew. */
  private revision: string | undefined;
  private knownRow: SessionRow | undefined;
  /** The row that the shown text was made with, while only what else it is made of has changed. */
  private redrawnRow: SessionRow | undefined;
  private shownRow: SessionRow | undefined;

  /** `changed` is called whenever the text is another than before, with how many lines its body moved down. */
  constructor(
    private readonly source: Source,
    private readonly t: Translate,
    private readonly changed: (moved: number) => void,
  ) {}

  get isLoaded(): boolean {
    return this.shown !== undefined || this.failure !== undefined;
  }

  /** The text, and where it says that there is more. */
  get rendering(): Rendering {
    if (this.failure === undefined) {
      return this.shown ?? { text: "" };
    }
    if (this.shown === undefined) {
      return { text: `${oneLine(this.failure)}\n` };
    }
    // What was read stays: it is all there is when the session is gone.
    const { text, moreLine, body, links = [] } = this.shown;
    const note = `**${this.t("Not up to date:")}** ${oneLine(this.failure)}`;
    return {
      text: `${note}\n\n${text}`,
      moreLine: moreLine === undefined ? undefined : moreLine + 2,
      body: body === undefined ? undefined : { ...body, line: body.line + 2 },
      links: links.map((link) => ({ ...link, line: link.line + 2 })),
      turns: [], // nothing can be done with them now
    };
  }

  /** Load it with a row that was just listed, so that the session need not be read whole before anything is seen. */
  async begin(row: SessionRow): Promise<void> {
    this.knownRow = this.isLoaded ? undefined : row;
    await this.update();
  }

  /** Bring it up to date; nothing happens when the session is as it was. */
  update(): Promise<void> {
    return this.flight.run();
  }

  /** Make it anew, whether or not the session has changed. */
  renew(): Promise<void> {
    this.revision = undefined;
    return this.flight.run();
  }

  /** Make it anew with the row it has: what else it is made of has changed. */
  redraw(): Promise<void> {
    this.redrawnRow = this.shownRow;
    return this.flight.run();
  }

  private async load(): Promise<void> {
    const before = this.isLoaded ? this.rendering : undefined;
    try {
      await this.loadChanged();
      this.failure = undefined;
    } catch (error) {
      this.failure = failureText(error, this.t);
    }
    const { text, body } = this.rendering;
    if (before !== undefined && before.text !== text) {
      this.changed(body?.start === before.body?.start ? (body?.line ?? 0) - (before.body?.line ?? 0) : 0);
    }
  }

  private async loadChanged(): Promise<void> {
    const given = this.knownRow ?? (this.failure === undefined ? this.redrawnRow : undefined);
    const isAnew = this.redrawnRow !== undefined;
    this.knownRow = undefined;
    this.redrawnRow = undefined;
    const row = given ?? (await this.source.row());
    if (this.shown !== undefined && this.revision === row.revision && !isAnew) {
      return;
    }
    // Set first: a wish to make it anew that comes meanwhile must not be lost.
    this.revision = row.partial === true ? undefined : row.revision;
    try {
      this.shown = await this.source.render(row);
      this.shownRow = row;
    } catch (error) {
      this.revision = undefined;
      throw error;
    }
    if (row.partial === true) {
      void this.update();
    }
  }
}
