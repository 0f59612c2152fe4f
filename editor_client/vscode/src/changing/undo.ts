/** What can be taken back; pure. */

import type { Reversal } from "./reversal";

/** One command's changes, which are taken back together. */
export interface Step {
  /** What was done, as the end of "Undo: ...". */
  readonly title: string;
  readonly reversals: readonly Reversal[];
}

/** How many commands can be taken back. */
export const MOST_STEPS = 30;

/** The last commands that changed something, the newest last; the oldest are forgotten. */
export class UndoStack {
  private steps: readonly Step[] = [];

  /** `changed` is called whenever there is something to take back, or nothing any more. */
  constructor(private readonly changed: (any: boolean) => void) {
    changed(false); // the window may remember otherwise from an extension that ran before
  }

  get size(): number {
    return this.steps.length;
  }

  /** Note a command. Undefined, and nothing noted, when it changed nothing. */
  push(step: Step): Step | undefined {
    if (step.reversals.length === 0) {
      return undefined;
    }
    this.set([...this.steps, step].slice(-MOST_STEPS));
    return step;
  }

  /** Take a step out, the newest one without a name; undefined when it was taken out before, or there is none. */
  take(wanted: Step | undefined = this.steps.at(-1)): Step | undefined {
    const found = this.steps.find((step) => step === wanted);
    this.set(this.steps.filter((step) => step !== wanted));
    return found;
  }

  private set(steps: readonly Step[]): void {
    const before = this.steps.length > 0;
    this.steps = steps;
    if (before !== steps.length > 0) {
      this.changed(steps.length > 0);
    }
  }
}
