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

  /**
   * `load` tells whether it came to its end, and was not overtaken by another; `done` is called after each that did;
   * `clock` gives milliseconds.
   */
  constructor(
    private readonly load: () => Promise<boolean>,
    private readonly done: () => void,
    private readonly clock: () => number,
  ) {
    this.flight = new SingleFlight(() => this.run());
  }

  /** Whether anything was loaded yet, with or without success. */
  get loaded(): boolean {
    return this.loadedAt !== undefined;
  }

  /** Load now; settles as the load does that began after this call. */
  refresh(): Promise<void> {
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

  /** Somebody looks at the view: load if what is shown may be out of date, and no load goes on. */
  async looked(): Promise<void> {
    const old = this.stale || (this.loadedAt !== undefined && this.clock() - this.loadedAt > STALE_AFTER);
    if (old && this.underWay === undefined) {
      await this.refresh();
    }
  }

  private async run(): Promise<void> {
    this.stale = false;
    if (await this.load()) {
      this.loadedAt = this.clock();
      this.done();
    }
  }
}
