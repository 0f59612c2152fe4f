/** Showing the files a session is stored in. */

import { stat } from "node:fs/promises";
import { commands, env, l10n, UIKind, Uri, window } from "vscode";
import { editorWords } from "../common/editor_words";
import { noticeText } from "../common/labels";
import type { Documents } from "../documents/documents";
import type { SessionRow } from "../protocol/calls";

/** Bytes; a file that is larger makes the editor slow, and is no pleasure to read. */
const LARGEST_TEXT = 50_000_000;

/**
 * Show a session's file or folder: in the system's file manager, or in the editor where that one is on another
 * machine. Errors: the system's, when there is no such file.
 */
export async function revealTranscript(row: SessionRow, documents: Pick<Documents, "openSession">): Promise<void> {
  const uri = Uri.file(row.path);
  const found = await stat(row.path);
  if (env.uiKind === UIKind.Desktop && env.remoteName === undefined) {
    await commands.executeCommand("revealFileInOS", uri);
    return;
  }
  const file = found.isDirectory() ? await chooseFile(uri) : uri;
  if (file !== undefined) {
    await openFile(file, row, documents);
  }
}

async function chooseFile(folder: Uri): Promise<Uri | undefined> {
  const chosen = await window.showOpenDialog({
    defaultUri: folder,
    title: l10n.t("Files of the Session"),
    openLabel: l10n.t("Open"),
  });
  return chosen?.[0];
}

async function openFile(uri: Uri, row: SessionRow, documents: Pick<Documents, "openSession">): Promise<void> {
  const { size } = await stat(uri.fsPath);
  if (size <= LARGEST_TEXT) {
    await commands.executeCommand("vscode.open", uri);
    // A stray key would otherwise be written into what an agent keeps.
    await commands.executeCommand("workbench.action.files.setActiveEditorReadonlyInSession");
    return;
  }
  const openSession = l10n.t("Open Session");
  const name = noticeText(uri.path.split("/").at(-1) ?? "");
  const question = l10n.t("{0} has {1}, which is too much for an editor.", name, editorWords().size(size));
  if ((await window.showInformationMessage(question, openSession)) === openSession) {
    await documents.openSession(row);
  }
}
