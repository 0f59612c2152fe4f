/** The document of one side of a changed file. */

import { failureText } from "../common/failure_text";
import type { Translate } from "../common/words";
import { sideText } from "./diff_sides";
import type { ShownDocument } from "./live_document";
import type { SideContents } from "./side_contents";
import type { SideRef } from "./uris";

/** One side of a changed file; in place of what cannot be shown it says why. */
export class SideDocument implements ShownDocument {
  private text: string | undefined;

  /** `changed` is called whenever the text is another than before. */
  constructor(
    private readonly contents: SideContents,
    readonly ref: SideRef,
    private readonly t: Translate,
    private readonly changed: () => void,
  ) {}

  get isLoaded(): boolean {
    return this.text !== undefined;
  }

  get rendering() {
    return { text: this.text ?? "" };
  }

  async update(): Promise<void> {
    const before = this.text;
    this.text = await this.load();
    if (before !== undefined && before !== this.text) {
      this.changed();
    }
  }

  private async load(): Promise<string> {
    try {
      return sideText(this.ref.side, await this.contents.get(this.ref), this.t);
    } catch (error) {
      return `(${failureText(error, this.t)})\n`;
    }
  }
}
