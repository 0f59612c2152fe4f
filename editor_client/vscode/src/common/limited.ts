/** Waiting with an end. */

/** It took longer than it may. */
export class TimedOut extends Error {
  override readonly name = "TimedOut";
}

/** The value of a promise; `TimedOut` when it is not there after `limitMs`, whatever comes of it later. */
export function limited<T>(promise: Promise<T>, limitMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new TimedOut(`no answer within ${limitMs} ms`)), limitMs);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
