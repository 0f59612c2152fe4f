/** When the tree is loaded anew; pure. */

import { SingleFlight } from "../common/single_flight";

/** Milliseconds after which what is shown is loaded anew when somebody looks at it again. */
export const STALE_AFTER = 10_000;

/** Runs loads once at a time with one repeat queued, and none for a view that nobody sees. */
export class Freshness {
  private readonly flight: SingleFlight;
  private underWay: Promise<void> | undefined;
  private loadedAt: number | undefined;
  private stale = false;
  /** Whether somebody asked for the load that comes next. */
  private wished = false;

  /**
   * `load` tells whether it came to its end, and was not overtaken by another; `done` is called after each that did;
   * both are told whether anybody waits for it. `clock` gives milliseconds.
   */
  constructor(
    private readonly load: (wished: boolean) => Promise<boolean>,
    private readonly done: (wished: boolean) => void,
    private readonly clock: () => number,
  ) {
    this.flight = new SingleFlight(() => this.run());
  }

  /** Whether anything was loaded yet, with or without success. */
  get loaded(): boolean {
    return this.loadedAt !== undefined;
  }

  /** Load now; settles as the load does that began after this call. Not `wished` is what happens by itself. */
  refresh(wished = true): Promise<void> {
    this.wished ||= wished;
    this.stale = false;
    const run = this.flight.run().finally(() => {
      if (this.underWay === run) {
        this.underWay = undefined;
      }
    });
    this.underWay = run;
    return run;
  }

  /** Load if nothing is loaded yet; joins a load that goes on. */
  async first(): Promise<void> {
    if (!this.loaded) {
      await (this.underWay ?? this.refresh());
    }
  }

  /** Load when somebody sees it: now, or when the view is looked at. */
  async whenSeen(visible: boolean): Promise<void> {
    if (visible) {
      await this.refresh();
    } else {
      this.stale = true;
    }
  }

  /**
   * Somebody looks at the view: load if what is shown may be out of date. While changes are told of (`isTold`), only
   * what was missed makes it so. A load that goes on will do, unless something was missed since it began.
   */
  async looked(isTold = false): Promise<void> {
    const age = this.loadedAt === undefined || isTold ? 0 : this.clock() - this.loadedAt;
    if (this.stale || (age > STALE_AFTER && this.underWay === undefined)) {
      await this.refresh();
    }
  }

  private async run(): Promise<void> {
    const { wished } = this;
    this.stale = false;
    this.wished = false;
    if (await this.load(wished)) {
      this.loadedAt = this.clock();
      this.done(wished);
    }
  }
}
