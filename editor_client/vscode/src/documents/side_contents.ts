/** What the sides of changed files say; asked for once for both sides of a file. */

import type { Calls, FileSides } from "../protocol/calls";
import type { SideRef } from "./uris";

/** Milliseconds for which an answer serves: the other side of a comparison is asked for at once. */
const KEPT = 10_000;
/** Calls at a time. Each runs git, and an editor that compares 300 files asks for all of them. */
const AT_ONCE = 4;

/** The sides of files, kept for a moment. */
export class SideContents {
  private readonly kept = new Map<string, { readonly sides: Promise<FileSides>; readonly until: number }>();
  private readonly waiting: (() => void)[] = [];
  private running = 0;

  constructor(
    private readonly calls: () => Pick<Calls, "fileDiff">,
    private readonly now: () => number = Date.now,
  ) {}

  /** Both sides of a file. Errors: those of git/fileDiff. */
  get(ref: Pick<SideRef, "sessionId" | "path" | "pathBase64">): Promise<FileSides> {
    const key = JSON.stringify([ref.sessionId, ref.path, ref.pathBase64]);
    const known = this.kept.get(key);
    if (known !== undefined && known.until > this.now()) {
      return known.sides;
    }
    this.dropOld();
    const sides = this.ask(ref);
    this.kept.set(key, { sides, until: this.now() + KEPT });
    return sides;
  }

  /** Ask again for everything from here on. */
  forget(): void {
    this.kept.clear();
  }

  private dropOld(): void {
    for (const [key, { until }] of this.kept) {
      if (until <= this.now()) {
        this.kept.delete(key);
      }
    }
  }

  private async ask({ sessionId, path, pathBase64 }: Pick<SideRef, "sessionId" | "path" | "pathBase64">) {
    if (this.running >= AT_ONCE) {
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    } else {
      this.running += 1;
    }
    try {
      return await this.calls().fileDiff({ sessionId, ...(pathBase64 === undefined ? { path } : { pathBase64 }) });
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) {
        this.running -= 1;
      } else {
        next();
      }
    }
  }
}
