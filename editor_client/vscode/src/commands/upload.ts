/** Handing files to a session: chosen from a dialog, or dropped on its row. */

import { type FileHandle, open } from "node:fs/promises";
import { basename } from "node:path";
import {
  type CancellationToken,
  type DataTransfer,
  env,
  l10n,
  ProgressLocation,
  type TreeDragAndDropController,
  Uri,
  window,
} from "vscode";
import { editorWords } from "../common/editor_words";
import { guarded } from "../common/guarded";
import { noticeText, titleText } from "../common/labels";
import type { AddUploadResult, SessionRow } from "../protocol/calls";
import type { Node } from "../sessions/nodes";
import type { Sidecar } from "../sidecar";
import { bytesSource, PORTION, type Source, sendFile } from "./upload_portions";

const URIS = "text/uri-list";

/** Opens what is to be sent; the second function gives it up again. */
type Opening = () => Promise<{ source: Source; close(): Promise<void> }>;

/** Ask for files and hand them to a session. Errors: those of uploads/add, and the system's. */
export async function chooseUploads(row: SessionRow, sidecar: Sidecar): Promise<void> {
  const chosen = await window.showOpenDialog({
    canSelectMany: true,
    title: l10n.t("Files for “{0}”", noticeText(titleText(row, editorWords().t))),
    openLabel: l10n.t("Upload"),
  });
  if (chosen !== undefined && chosen.length > 0) {
    await upload(row, chosen.map(fileOpening), sidecar);
  }
}

/** Takes files that are dropped on the row of a session. */
export class UploadDrops implements TreeDragAndDropController<Node> {
  readonly dropMimeTypes = [URIS, "files"];
  readonly dragMimeTypes = [];

  constructor(private readonly sidecar: Sidecar) {}

  async handleDrop(target: Node | undefined, dropped: DataTransfer): Promise<void> {
    if (target?.kind !== "session") {
      return;
    }
    const openings = await openingsOf(dropped);
    if (openings.length > 0) {
      await guarded(() => upload(target.row, openings, this.sidecar));
    }
  }
}

async function openingsOf(dropped: DataTransfer): Promise<Opening[]> {
  const uris = (await dropped.get(URIS)?.asString()) ?? "";
  const local = uris
    .split(/\r?\n/)
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => Uri.parse(line))
    .filter(({ scheme }) => scheme === "file");
  if (local.length > 0) {
    return local.map(fileOpening);
  }
  // Files of another machine, such as the browser's, have no path here: their bytes come with them.
  const files = [...dropped].flatMap(([, item]) => item.asFile() ?? []);
  return files.map((file) => async () => {
    return { source: bytesSource(file.name, await file.data()), close: () => Promise.resolve() };
  });
}

async function upload(row: SessionRow, openings: readonly Opening[], sidecar: Sidecar): Promise<void> {
  const title = l10n.t("Uploading to “{0}”", noticeText(titleText(row, editorWords().t)));
  const options = { location: ProgressLocation.Notification, title, cancellable: true };
  const done: AddUploadResult[] = [];
  try {
    await window.withProgress(options, async (progress, token) => {
      for (const opening of openings) {
        const answer = await send(row, opening, sidecar, token, (message, increment) =>
          progress.report({ message, increment: increment / openings.length }),
        );
        if (answer === undefined) {
          return;
        }
        done.push(answer);
      }
    });
  } finally {
    await tell(done);
  }
}

async function send(
  { sessionId }: SessionRow,
  opening: Opening,
  sidecar: Sidecar,
  token: CancellationToken,
  report: (message: string, increment: number) => void,
): Promise<AddUploadResult | undefined> {
  const { source, close } = await opening();
  try {
    const name = noticeText(source.name);
    report(name, 0);
    return await sendFile(sidecar.calls, sessionId, source, token, (bytes) =>
      report(name, (100 * bytes) / Math.max(1, source.size)),
    );
  } finally {
    await close();
  }
}

/** The paths go where they can be pasted from: into a prompt, for one. */
async function tell(done: readonly AddUploadResult[]): Promise<void> {
  const paths = done.flatMap(({ path }) => path ?? []);
  if (paths.length === 0) {
    return;
  }
  await env.clipboard.writeText(paths.join("\n"));
  const [name = ""] = done.flatMap((file) => file.name ?? []);
  void window.showInformationMessage(
    paths.length === 1
      ? l10n.t("Uploaded {0}. Its path was copied.", noticeText(name))
      : l10n.t("Uploaded {0} files. Their paths were copied.", paths.length),
  );
}

function fileOpening(uri: Uri): Opening {
  return async () => {
    const file = await open(uri.fsPath, "r");
    try {
      const { size } = await file.stat();
      return { source: { name: basename(uri.fsPath), size, read: () => portionOf(file) }, close: () => file.close() };
    } catch (error) {
      await file.close();
      throw error;
    }
  };
}

async function portionOf(file: FileHandle): Promise<Uint8Array> {
  const { buffer, bytesRead } = await file.read(new Uint8Array(PORTION));
  return buffer.subarray(0, bytesRead);
}
