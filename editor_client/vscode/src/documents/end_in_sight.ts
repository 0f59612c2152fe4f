/** Whether somebody who reads a document wants to stay at its end; pure. */

/** Lines from the end that count as the end. */
const NEAR = 2;
/** Milliseconds after which the editor has told of all that the reader did before the document grew. */
const TOLD_BY = 1000;

/**
 * The end of a growing document in one editor.
 *
 * What the editor tells of the reader comes late: the document may have grown meanwhile, more than once. So the end
 * that counts for a while is the one before it grew.
 */
export class EndInSight {
  private follows: boolean;
  private grownAt = Number.NEGATIVE_INFINITY;
  /** The lines that there were before it grew the last times, while that was a moment ago. */
  private before: number;

  /** The document has so many lines, of which `last` is the last one in sight, counted from 0. */
  constructor(
    private lines: number,
    last: number,
  ) {
    this.before = lines;
    this.follows = isEnd(last, lines);
  }

  /** Whether the reader wants to stay at the end, as far as is known. */
  get isFollowed(): boolean {
    return this.follows;
  }

  /** The document has so many lines from now on. */
  grown(lines: number, now: number): void {
    if (now - this.grownAt > TOLD_BY) {
      this.before = this.lines;
    }
    this.lines = lines;
    this.grownAt = now;
  }

  /**
   * The last line in sight is this one now. Whether the end is to be shown: the reader came there before it moved on. Who
   * was there already is not called back, and may have left meanwhile.
   */
  scrolled(last: number, now: number): boolean {
    if (isEnd(last, this.lines)) {
      this.before = this.lines;
      this.follows = true;
      return false;
    }
    const followed = this.follows;
    this.follows = now - this.grownAt <= TOLD_BY && isEnd(last, this.before);
    return this.follows && !followed;
  }
}

function isEnd(last: number, lines: number): boolean {
  return last >= lines - 1 - NEAR;
}
