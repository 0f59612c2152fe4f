/** The filter of this workspace, which outlives the window. */

import type { Memento } from "vscode";
import { type Filter, isFiltered, readFilter, tidyFilter } from "./filter";

const KEY = "forkpoint.filter";

/** Keeps a filter where the editor keeps a workspace's state. */
export class FilterStore {
  private now: Filter;

  constructor(private readonly state: Memento) {
    this.now = readFilter(state.get(KEY));
  }

  /** The filter that holds. */
  get filter(): Filter {
    return this.now;
  }

  /** Whether it hides anything. */
  get active(): boolean {
    return isFiltered(this.now);
  }

  /** Let another filter hold from now on; settles when it is stored. */
  async set(filter: Filter): Promise<void> {
    this.now = tidyFilter(filter);
    await this.state.update(KEY, this.active ? this.now : undefined);
  }
}
