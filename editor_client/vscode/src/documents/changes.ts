/** What changed in a session's folder, as a comparison of many files. */

import { commands, l10n, Uri, window } from "vscode";
import { editorWords } from "../common/editor_words";
import { noticeText, titleText } from "../common/labels";
import type { DiffStats, SessionRow } from "../protocol/calls";
import type { Sidecar } from "../sidecar";
import { type ComparedFile, comparedFiles, MOST_FILES } from "./diff_sides";
import { withProgress } from "./progress";
import { type SideRef, sideUri } from "./uris";

/**
 * Compare the files of a session's folder with what they were at the last commit.
 *
 * When there is nothing to compare a message says why. Errors: those of git/diffStats.
 */
export async function openChanges(sidecar: Sidecar, row: SessionRow): Promise<void> {
  const folder = row.workDir;
  if (folder === undefined) {
    tell(l10n.t("Which folder the session works in is not known."));
    return;
  }
  const title = noticeText(titleText(row, editorWords().t));
  const stats = await withProgress(l10n.t("Looking for changes: {0}", title), "cancellable", (token) =>
    sidecar.calls.diffStats({ sessionId: row.sessionId }, token),
  );
  const nothing = nothingText(stats, noticeText(folder));
  if (nothing !== undefined) {
    tell(nothing);
    return;
  }
  const files = comparedFiles(row.sessionId, stats).map((file) => comparison(folder, file));
  await commands.executeCommand("vscode.changes", l10n.t("Changes: {0}", title), files);
  if (stats.files.length > MOST_FILES) {
    tell(l10n.t("{0} files have changed; the first {1} are shown.", stats.files.length, MOST_FILES));
  }
}

function nothingText(stats: DiffStats, folder: string): string | undefined {
  if (!stats.isGitRepo) {
    return l10n.t("{0} is in no git repository, so what changed there is not known.", folder);
  }
  return stats.files.length === 0 ? l10n.t("Nothing has changed in {0} since the last commit.", folder) : undefined;
}

/** A file as the editor's command takes it: whose name and icon it has, before, after. */
function comparison(folder: string, file: ComparedFile): [Uri, Uri | undefined, Uri | undefined] {
  return [Uri.joinPath(Uri.file(folder), file.path), side(file.left), side(file.right)];
}

function side(ref: SideRef | undefined): Uri | undefined {
  return ref === undefined ? undefined : Uri.from(sideUri(ref));
}

function tell(message: string): void {
  void window.showInformationMessage(message);
}
