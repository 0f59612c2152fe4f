/** The section `forkpoint` of the editor's configuration, as the server understands it. */

/** What the server takes at any time. The values are as the user wrote them: the server checks them. */
export interface LiveSettings {
  readonly readOnly?: unknown;
  readonly guard?: unknown;
  readonly maxReadBytes?: unknown;
  readonly git: { readonly timeoutMs?: unknown };
}

/** What it takes when it starts: also where the agents' homes are, and whether the workspace is trusted. */
export interface StartSettings extends LiveSettings {
  readonly homes?: unknown;
  readonly trusted: boolean;
}

/** Gives a setting's value by its name inside the section, such as `git.timeoutMs`. */
export type ReadSetting = (name: string) => unknown;

/** The settings that may change while the server runs. */
export function liveSettings(read: ReadSetting): LiveSettings {
  return plain({
    readOnly: read("readOnly"),
    guard: read("guard"),
    maxReadBytes: read("maxReadBytes"),
    git: { timeoutMs: read("git.timeoutMs") },
  });
}

/** The settings for `initializationOptions`. */
export function startSettings(read: ReadSetting, trusted: boolean): StartSettings {
  return plain({ ...liveSettings(read), homes: read("homes"), trusted });
}

/** Whether only a restart makes the server take the second settings in place of the first. */
export function needsRestart(started: StartSettings, now: StartSettings): boolean {
  return started.trusted !== now.trusted || JSON.stringify(started.homes) !== JSON.stringify(now.homes);
}

/** The answer to `workspace/configuration`: our section for those who ask for it, and nothing of other sections. */
export function answerConfiguration(items: readonly { section?: string }[], live: LiveSettings): unknown[] {
  return items.map((item) => (item.section === "forkpoint" ? live : null));
}

/** A copy without the editor's proxies and without absent members. */
function plain<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
