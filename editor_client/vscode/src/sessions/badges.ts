/** The badge of rows whose session has problems. */

import { type FileDecoration, type FileDecorationProvider, ThemeColor, Uri } from "vscode";
import { problemBadge } from "../common/labels";
import type { Words } from "../common/words";
import type { SessionRow } from "../protocol/calls";

const SCHEME = "forkpoint-session";

/** What a row is decorated by; it holds the number of problems, so that no change of it has to be announced. */
export function badgeUri(row: SessionRow): Uri {
  // Base64 takes any text, also one that is no valid Unicode and could not be percent-encoded.
  const path = `/${Buffer.from(row.sessionId).toString("base64url")}`;
  return Uri.from({ scheme: SCHEME, path, query: String(row.problems.length) });
}

/** Gives rows with problems a badge and the colour of warnings. */
export class ProblemBadges implements FileDecorationProvider {
  constructor(private readonly words: Words) {}

  provideFileDecoration(uri: Uri): FileDecoration | undefined {
    const count = uri.scheme === SCHEME ? Number.parseInt(uri.query, 10) : 0;
    const badge = problemBadge(count);
    return badge === undefined
      ? undefined
      : { badge, color: new ThemeColor("list.warningForeground"), tooltip: this.words.problems(count) };
  }
}
