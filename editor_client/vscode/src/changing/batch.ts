/** Doing the same to many; pure. */

import { isCancelled } from "../protocol/errors";

/** What came of it. */
export interface Outcome<T, R> {
  readonly done: readonly { readonly item: T; readonly result: R }[];
  readonly failed: readonly { readonly item: T; readonly error: unknown }[];
}

/** How it goes on. */
export interface Course {
  /** Whether to stop before the next one. */
  stopped(): boolean;
  /** Called after each, with how many there are in all. */
  step?(all: number): void;
}

/**
 * Do it to one after the other. What fails keeps nobody from the next one; what was cancelled ends it, in silence.
 *
 * One at a time: changes of sessions wait for each other's locks anyway.
 */
export async function doEach<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
  course: Course,
): Promise<Outcome<T, R>> {
  const done: { item: T; result: R }[] = [];
  const failed: { item: T; error: unknown }[] = [];
  for (const item of items) {
    if (course.stopped()) {
      break;
    }
    try {
      done.push({ item, result: await work(item) });
    } catch (error) {
      if (isCancelled(error)) {
        break;
      }
      failed.push({ item, error });
    }
    course.step?.(items.length);
  }
  return { done, failed };
}

/** Both outcomes in one. */
export function together<T, R>(one: Outcome<T, R>, two: Outcome<T, R>): Outcome<T, R> {
  return { done: [...one.done, ...two.done], failed: [...one.failed, ...two.failed] };
}
