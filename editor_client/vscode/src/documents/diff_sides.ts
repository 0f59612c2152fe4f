/** The changed files of a folder as documents to be compared; pure. */

import type { Translate } from "../common/words";
import type { DiffStats, FileDiff, FileSides } from "../protocol/calls";
import type { SideRef } from "./uris";

/** The most files that are compared at once. */
export const MOST_FILES = 300;

/** One changed file. */
export interface ComparedFile {
  /** Its path relative to the session's folder, for its name and icon. */
  readonly path: string;
  /** As it is at HEAD; absent when it is not there. */
  readonly left?: SideRef;
  /** As it is in the working tree; absent when it is not there. */
  readonly right?: SideRef;
}

/** The first `MOST_FILES` files of a session's changes. */
export function comparedFiles(sessionId: string, stats: DiffStats): ComparedFile[] {
  return stats.files.slice(0, MOST_FILES).map((file) => comparedFile(sessionId, file));
}

function comparedFile(sessionId: string, file: FileDiff): ComparedFile {
  const { path, pathBase64 } = file;
  const renamed = file.status === "renamed" && file.oldPath !== undefined;
  const left: SideRef = {
    kind: "side",
    sessionId,
    side: "old",
    path: renamed ? (file.oldPath ?? path) : path,
    pathBase64: renamed ? file.oldPathBase64 : pathBase64,
  };
  const right: SideRef = { kind: "side", sessionId, side: "new", path, pathBase64 };
  switch (file.status) {
    case "added":
    case "untracked":
      return { path, right };
    case "deleted":
      return { path, left };
    default:
      return { path, left, right };
  }
}

/** What a side's document says: the file's text, or why there is none. */
export function sideText(side: SideRef["side"], sides: FileSides, t: Translate): string {
  if (sides.binary) {
    return side === "old" ? t("(binary file, not shown: as it was)") : t("(binary file, not shown: as it is now)");
  }
  return (side === "old" ? sides.old : sides.new) ?? "";
}
