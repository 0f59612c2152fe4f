/** What the server tells without being asked; pure. */

import type { Events } from "../protocol/calls";

/** The notifications that the server is asked for when it starts. */
export const HEARD = ["sessions/changed", "sessions/message", "git/changed"] as const satisfies (keyof Events)[];

export type Heard = (typeof HEARD)[number];

type Listeners = { readonly [M in Heard]: Set<(params: Events[M]) => void> };

/** Hands the notifications of whichever server runs to those who listen. */
export class Notices {
  private readonly listeners: Listeners = {
    "sessions/changed": new Set(),
    "sessions/message": new Set(),
    "git/changed": new Set(),
  };

  /** Call a function with the params of each notification of a kind. */
  on<M extends Heard>(method: M, listener: (params: Events[M]) => void): { dispose(): void } {
    const listeners: Set<(params: Events[M]) => void> = this.listeners[method];
    listeners.add(listener);
    return { dispose: () => void listeners.delete(listener) };
  }

  /** Tell those who listen. */
  tell<M extends Heard>(method: M, params: Events[M]): void {
    const listeners: Set<(params: Events[M]) => void> = this.listeners[method];
    for (const listener of [...listeners]) {
      listener(params);
    }
  }
}
