/** Entries in Markdown, each made once as long as it stays as it is; pure. */

import type { Words } from "../common/words";
import type { Entry } from "../protocol/calls";
import { entryMarkdown, type ShownEntry } from "./entry_markdown";

interface Made {
  readonly results: readonly Entry[];
  readonly text: string;
}

/** Remembers the texts of the entries that are still in use. */
export class EntryTexts {
  private readonly made = new WeakMap<Entry, Made>();

  constructor(private readonly words: Words) {}

  /** The text of an entry with its results. */
  of(shown: ShownEntry): string {
    const results = [...shown.results.values()].flat();
    const known = this.made.get(shown.entry);
    if (known !== undefined && known.results.length === results.length) {
      if (known.results.every((entry, index) => entry === results[index])) {
        return known.text;
      }
    }
    const text = entryMarkdown(shown, this.words);
    this.made.set(shown.entry, { results, text });
    return text;
  }
}
