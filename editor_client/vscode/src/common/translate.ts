/** The editor's `l10n.t`, for code that does not import the editor. */
export type Translate = (text: string, ...args: (string | number)[]) => string;
