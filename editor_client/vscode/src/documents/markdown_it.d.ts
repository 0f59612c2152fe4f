/** The part of markdown-it that is used here. */

declare module "markdown-it" {
  interface Token {
    readonly type: string;
    /** How deep it stands in lists and quotations. */
    readonly level: number;
    /** Its first line and the line after its last, counted from 0. */
    readonly map: readonly [number, number] | null;
    /** The marks it was written with, such as three backticks. */
    readonly markup: string;
    /** Its text, as it was written. */
    readonly content: string;
    /** What a line of text consists of, such as links. */
    readonly children: readonly Token[] | null;
    attrGet(name: string): string | null;
  }

  class MarkdownIt {
    constructor(options?: { html?: boolean; linkify?: boolean });
    disable(rules: string | string[]): this;
    parse(text: string, env: object): Token[];
  }

  export default MarkdownIt;
}
