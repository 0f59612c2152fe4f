/** Work that runs once at a time, with at most one repeat queued. */

/** Runs `work` one at a time. Asking again while it runs queues one repeat, however often it is asked for. */
export class SingleFlight {
  private running: Promise<void> | undefined;
  private queued: Promise<void> | undefined;

  constructor(private readonly work: () => Promise<void>) {}

  /** Whether another run follows the one that goes on. */
  get hasQueued(): boolean {
    return this.queued !== undefined;
  }

  /**
   * Run the work; settles as the run does that began after this call.
   *
   * A run that fails keeps nobody from the next one: only those who waited for it get its error.
   */
  run(): Promise<void> {
    if (this.queued !== undefined) {
      return this.queued;
    }
    if (this.running === undefined) {
      return this.begin();
    }
    const beginNext = () => {
      this.queued = undefined;
      return this.begin();
    };
    this.queued = this.running.then(beginNext, beginNext);
    return this.queued;
  }

  private begin(): Promise<void> {
    this.running = Promise.resolve()
      .then(this.work)
      .finally(() => {
        this.running = undefined;
      });
    return this.running;
  }
}
