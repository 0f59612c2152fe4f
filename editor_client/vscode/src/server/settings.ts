/** The section `forkpoint` of the editor's configuration, as the server understands it. */

/** What the server takes at any time. The values are as the user wrote them: the server checks them. */
export interface LiveSettings {
  readonly guard?: unknown;
  readonly maxReadBytes?: unknown;
  readonly git: { readonly timeoutMs?: unknown };
  readonly uploads: { readonly maxBytes?: unknown };
  readonly watch?: unknown;
}

/** What it takes when it starts: also where the agents' homes are, what may be written, and what may be lost. */
export interface StartSettings extends LiveSettings {
  readonly homes?: unknown;
  readonly readOnly?: unknown;
  readonly autoArchive: { readonly days?: unknown };
  readonly trash: { readonly days?: unknown };
  readonly trusted: boolean;
  /** Deleting for good is asked about each time, in the editor; without trust the server only reads. */
  readonly scopes?: readonly string[];
}

/** The members of those that are taken at the start alone. */
export const AT_START_ALONE = ["homes", "readOnly", "guard", "autoArchive", "trash", "trusted"] as const;

/** Gives a setting's value by its name inside the section, such as `git.timeoutMs`. */
export type ReadSetting = (name: string) => unknown;

/** The settings that may change while the server runs. */
export function liveSettings(read: ReadSetting): LiveSettings {
  return plain({
    guard: read("guard"),
    maxReadBytes: read("maxReadBytes"),
    git: { timeoutMs: read("git.timeoutMs") },
    uploads: { maxBytes: read("uploads.maxBytes") },
    watch: read("watch"),
  });
}

/** The settings for `initializationOptions`. */
export function startSettings(read: ReadSetting, trusted: boolean): StartSettings {
  const scopes = trusted ? { scopes: ["read", "write", "admin"] } : {};
  return plain({
    ...liveSettings(read),
    homes: read("homes"),
    readOnly: read("readOnly"),
    autoArchive: { days: read("autoArchive.days") },
    trash: { days: read("trash.days") },
    trusted,
    ...scopes,
  });
}

/** Whether only a restart makes the server take the second settings in place of the first. */
export function needsRestart(started: StartSettings, now: StartSettings): boolean {
  return AT_START_ALONE.some((name) => JSON.stringify(started[name]) !== JSON.stringify(now[name]));
}

/** The answer to `workspace/configuration`: our section for those who ask for it, and nothing of other sections. */
export function answerConfiguration(items: readonly { section?: string }[], live: LiveSettings): unknown[] {
  return items.map((item) => (item.section === "forkpoint" ? live : null));
}

/** A copy without the editor's proxies and without absent members. */
function plain<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
