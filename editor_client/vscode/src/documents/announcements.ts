/** Telling the editor that texts are others, no faster than it takes them; pure. */

/** Milliseconds after which a text counts as taken, such as one that nobody has open. */
export const TAKEN_BY = 1000;

interface Untaken {
  readonly timer: NodeJS.Timeout;
  /** Whether it has changed again since. */
  isDue: boolean;
}

/**
 * Each change sends the whole text to the editor. So a text is told of again only when the editor has taken the last
 * change; however many there were meanwhile, they are one.
 */
export class Announcements {
  private readonly untaken = new Map<string, Untaken>();

  /** `tell` says that the text at an address is another. */
  constructor(private readonly tell: (address: string) => void) {}

  dispose(): void {
    for (const address of [...this.untaken.keys()]) {
      this.forget(address);
    }
  }

  /** The text at an address is another. */
  announce(address: string): void {
    const untaken = this.untaken.get(address);
    if (untaken !== undefined) {
      untaken.isDue = true;
      return;
    }
    this.untaken.set(address, { timer: setTimeout(() => this.taken(address), TAKEN_BY), isDue: false });
    this.tell(address);
  }

  /** The editor has taken what was told. */
  taken(address: string): void {
    const isDue = this.untaken.get(address)?.isDue === true;
    this.forget(address);
    if (isDue) {
      this.announce(address);
    }
  }

  /** The text is not open any more. */
  forget(address: string): void {
    clearTimeout(this.untaken.get(address)?.timer);
    this.untaken.delete(address);
  }
}
