/** The last lines of what a program says. */

/** Takes text in chunks and keeps the last lines of it: bounded, and safe to show. */
export class LineTail {
  private readonly kept: string[] = [];
  private rest = "";

  /** Keeps at most `count` lines of at most `length` characters; `onLine` is told each line as soon as it is whole. */
  constructor(
    private readonly count: number,
    private readonly length: number,
    private readonly onLine: (line: string) => void = () => {},
  ) {}

  /** Take a chunk, which may end in the middle of a line. */
  push(chunk: string): void {
    const lines = (this.rest + chunk).split(/\r\n|[\r\n]/);
    this.rest = (lines.pop() ?? "").slice(0, this.length);
    for (const line of lines) {
      this.keep(line);
    }
  }

  /** Take what came as the last line, without an end. */
  end(): void {
    this.keep(this.rest);
    this.rest = "";
  }

  /** The lines, oldest first; blank ones are left out. */
  get lines(): readonly string[] {
    return this.kept;
  }

  private keep(line: string): void {
    const shown = showable(line.slice(0, this.length)).trimEnd();
    if (shown === "") {
      return;
    }
    this.kept.push(shown);
    if (this.kept.length > this.count) {
      this.kept.shift();
    }
    this.onLine(shown);
  }
}

/** The text without control and formatting characters, which could hide or reorder what is around it. */
function showable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, " ");
}
