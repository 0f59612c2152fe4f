/** The groups of the folders that are open in the editor. */

import { setTimeout as pause } from "node:timers/promises";
import { workspace } from "vscode";
import type { Calls, Cancellation, WorkspaceFolder } from "../protocol/calls";
import { type Group, makeGroups, type NamedFolder, unlocated } from "./groups";

/** Milliseconds to wait for the server to hear of folders that were just opened. */
const PAUSES = [50, 200, 500];

/** The open folders of this machine, in the editor's order. */
export function openFolders(): NamedFolder[] {
  return (workspace.workspaceFolders ?? [])
    .filter(({ uri }) => uri.scheme === "file")
    .map(({ name, uri }) => ({ name, path: uri.fsPath }));
}

/** The groups of the open folders. Errors: whatever the call raises. */
export async function workspaceGroups(calls: Calls, cancel: Cancellation): Promise<Group[]> {
  const named = openFolders();
  return makeGroups(named, named.length === 0 ? [] : await locate(calls, named, cancel));
}

/** The server is told of a folder by another message than ours, which may come later: ask again, but not for long. */
async function locate(calls: Calls, named: readonly NamedFolder[], cancel: Cancellation): Promise<WorkspaceFolder[]> {
  let { folders } = await calls.locateWorkspace({}, cancel);
  for (const wait of PAUSES) {
    if (cancel.isCancellationRequested || unlocated(named, folders).length === 0) {
      break;
    }
    await pause(wait);
    folders = (await calls.locateWorkspace({}, cancel)).folders;
  }
  return folders;
}
